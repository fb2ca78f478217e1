"""The application from the command line: the first people stand there while all that it is made
of is loaded."""

import gc
import os
import sys
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import NoReturn

from data.store import Store
from tui import early, listing, opening
from tui.defaults import store_at
from tui.listing import First

PATIENCE = 0.4
"""Seconds for which nothing else is done than to open the store: both at once take longer than
one after the other (measured). Where it takes more, the application comes before it."""


def launch(store: Path | str, actor: str | None, *, read_only: bool = False) -> NoReturn:
    """Runs it on this store, or the default one, until the user leaves, and exits with its code.

    Raises HabeasError where it cannot begin.
    """
    # What is loaded stays: to look for garbage in it takes 30 ms (measured).
    gc.disable()
    # The next frame comes within 4 ms, not 17; and who asks the store does not wait 5 ms for the
    # one that is being drawn.
    os.environ.setdefault("TEXTUAL_FPS", "240")
    sys.setswitchinterval(0.001)
    path = store_at(store)
    with ThreadPoolExecutor(max_workers=1) as one:
        ahead = one.submit(opening.with_first, path, read_only=read_only) if path.exists() else None
        if ahead and wait([ahead], PATIENCE).done and not ahead.exception():
            _paint(*ahead.result())
        from tui.app import HabeasApp

        app = HabeasApp(path, actor=actor, read_only=read_only, ahead=ahead)
        gc.freeze()
        gc.enable()
        sys.exit(app.run_to_exit_code())


def _paint(store: Store, first: First) -> None:
    if first.rows and (room := early.room()):
        early.paint(listing.drawn(store.map.people, first, room.columns, room.lines - early.TOP))
