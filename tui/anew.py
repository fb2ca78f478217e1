"""The application leaves the store to a purge, and begins anew after it: what has shown people who
were erased writes nothing into a store that was purged of them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from data.clock import local_date
from data.errors import Refused
from data.purge import purging
from tui import purges
from tui.defaults import PURGED
from tui.dialogs import Agree
from tui.handling import Handling

HABEAS = (sys.executable, "-c", "from tui.cli import main; main()")


async def agreed(app: Handling) -> bool:
    """Shows what a purge needs; whether it is wanted. Raises Refused, StoreUnavailable."""
    store = app.opened()
    store.check_writable()
    store.check_current()
    if "TEXTUAL_DRIVER" in os.environ:
        raise Refused("A purge needs a terminal.", then="Close this page, then: habeas purge.")
    needs = await app.wait(lambda: purging.needs(store))
    today = local_date(app.clock(), store.map.controller.timezone)
    purging.check(needs)
    said = [
        *purges.lines(needs, today),
        "",
        "Habeas leaves the store to a purge, and begins anew after it.",
    ]
    return await app.push_screen_wait(Agree("Purge the store", said, "Purge")) is not None


def hand_over(path: Path, actor: str) -> int:
    """A purge, and then the application, which says so, both in processes that have shown nobody's
    data; the exit code of a purge that failed."""
    where = (f"--store={path}", f"--actor={actor}")
    purge = [*HABEAS, "purge", *where, "--format=json"]
    purged = subprocess.run(purge, stdout=subprocess.PIPE, check=False)  # noqa: S603
    if not purged.returncode:
        os.environ[PURGED] = _done(**json.loads(purged.stdout))
        os.execv(HABEAS[0], [*HABEAS, *where])  # noqa: S606  in the place of this process
    return purged.returncode


def _done(
    *, entry: int, bytes_before: int, bytes_after: int, old_file_overwritten: bool, **_: Any
) -> str:
    said = (
        f"The store was purged: entry {entry:,} of the ledger certifies it. It had "
        f"{bytes_before:,} bytes, and has {bytes_after:,}."
    )
    return said if old_file_overwritten else f"{said} {purges.SECOND_NAME}"
