"""The application from the command line: the store is opened while all that paints is loaded."""

import gc
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NoReturn

from tui import opening
from tui.defaults import store_at


def launch(store: Path | str, actor: str | None, *, read_only: bool = False) -> NoReturn:
    """Runs it on this store, or the default one, until the user leaves, and exits with its code.

    Raises HabeasError where it cannot begin.
    """
    # What is loaded stays: to look for garbage in it takes 30 ms (measured).
    gc.disable()
    path = store_at(store)
    with ThreadPoolExecutor(max_workers=1) as one:
        opened = one.submit(opening.opened, path, read_only=read_only) if path.exists() else None
        from tui.app import HabeasApp

        app = HabeasApp(path, actor=actor, read_only=read_only, opened=opened)
        gc.freeze()
        gc.enable()
        sys.exit(app.run_to_exit_code())
