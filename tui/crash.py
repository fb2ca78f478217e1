"""What is said of a bug: what failed and where, and nothing of anybody's data."""

import platform
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from data.clock import Clock, utc_now

EXIT_CODE = 70


def report(bug: BaseException, clock: Clock = utc_now) -> str:
    """What a person is told: the kind of the error, the last places in the code, and the log."""
    places = _places(bug)
    said = f"habeas: a bug ({type(bug).__name__} at {' '.join(places[-3:])})."
    log = _log(bug, places, clock())
    return f"{said} All that is known of it, and nobody's data, is in {log}." if log else said


def _places(bug: BaseException) -> list[str]:
    places = []
    trace = bug.__traceback__
    while trace:
        places.append(f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return places


def _log(bug: BaseException, places: list[str], moment: datetime) -> Path | None:
    """Writes a private file with kinds, places and versions: no message, which may quote a
    value. None where it cannot be written; the bug is told of all the same."""
    from platformdirs import user_log_path

    kinds, cause = [type(bug).__name__], bug.__cause__ or bug.__context__
    while cause is not None:
        kinds.append(type(cause).__name__)
        cause = cause.__cause__ or cause.__context__
    lines = [
        f"time      {moment.isoformat(timespec='seconds')}",
        f"habeas    {version('habeas')}",
        f"python    {platform.python_version()} {platform.system()}",
        *(f"{name:<9} {version(name)}" for name in ("duckdb", "textual")),
        f"kinds     {' from '.join(kinds)}",
        *(f"at        {place}" for place in places),
    ]
    path = user_log_path("habeas", appauthor=False) / f"bug-{moment:%Y%m%dT%H%M%S}.log"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text("\n".join(lines) + "\n", "utf-8")
    except OSError:
        return None
    return path
