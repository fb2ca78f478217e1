"""The command `habeas`."""

import atexit
import gc
import io
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SELDOM = 200_000
"""Objects after which garbage is looked for. What is loaded stays to the end: to look through it
takes 15 ms of a command, and 35 once more when it exits (measured)."""


def main(arguments: "Sequence[str] | None" = None) -> None:
    """Runs a command and exits with its code."""
    os.umask(0o077)
    gc.set_threshold(SELDOM)
    atexit.register(gc.freeze)
    # DuckDB looks for pandas at every value it binds: a third of the time of an export, in
    # which Ctrl-C is lost.
    sys.modules.setdefault("pandas", None)  # type: ignore[arg-type]
    _prepare_stdout()
    try:
        _run(sys.argv[1:] if arguments is None else arguments)
    except (KeyboardInterrupt, Exception) as ended:
        from tui.cli import failing

        sys.exit(failing.shown(ended))
    finally:
        if sys.modules.get("pandas") is None:
            sys.modules.pop("pandas", None)


def _run(arguments: "Sequence[str]") -> None:
    if list(arguments) == ["--help"]:
        from tui.cli.overview import overview

        print(overview())  # noqa: T201
        sys.exit()
    _check_readable(arguments)
    from tui import early

    if (start := early.plain_start(arguments)) is None:
        from tui.cli.parser import app

        app(arguments)
        return
    with early.first_line():
        from tui.launch import launch

        launch(start.store, start.actor, read_only=start.read_only)


def _prepare_stdout() -> None:
    """What goes to a program is UTF-8; a terminal that has no such letter is told its code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        encoding = None if sys.stdout.isatty() else "utf-8"
        sys.stdout.reconfigure(encoding=encoding, errors="backslashreplace")


def _check_readable(arguments: "Sequence[str]") -> None:
    """None of the arguments can hold bytes that are no text. Raises BadInput."""
    try:
        "".join(arguments).encode()
    except UnicodeEncodeError:
        from data.errors import BadInput

        raise BadInput("An argument is not UTF-8.") from None
