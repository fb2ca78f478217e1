"""habeas config, habeas doctor: what is set, and what is wrong."""

import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import version

from data.errors import HabeasError
from tui import config, output
from tui.cli.options import READING, WHERE, Options, Where

SMALLEST = (80, 24)


def path(*, options: Where = WHERE) -> None:
    """Print where the configuration is, or would be."""
    output.line(str(config.path()))


def show(*, options: Options = READING) -> None:
    """Show what is set, by the file or by default."""
    output.record(asdict(config.load()), options.format)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: whether it is well, and what is to be known of it."""

    what: str
    well: bool
    found: str


def doctor(*, options: Options = READING) -> None:
    """Look at the installation, the store and the data map, and say what is wrong."""
    findings = [*_installation(), *_configuration(), *_store(options)]
    output.records(
        [{**asdict(each), "well": "ok" if each.well else "WRONG"} for each in findings],
        ("what", "well", "found"),
        options.format,
    )
    if not all(each.well for each in findings):
        sys.exit(HabeasError.exit_code)


def _installation() -> Iterator[Finding]:
    python = ".".join(map(str, sys.version_info[:3]))
    packages = ", ".join(f"{name} {version(name)}" for name in ("habeas", "duckdb", "textual"))
    yield Finding("versions", True, f"Python {python}, {packages}")
    if sys.stdout.isatty():
        from shutil import get_terminal_size

        encoding = sys.stdout.encoding
        utf8 = encoding.lower().replace("-", "") == "utf8"
        advice = "" if utf8 else ": set LANG to a UTF-8 locale"
        yield Finding("encoding", utf8, f"{encoding}{advice}")
        columns, rows = get_terminal_size()
        wide = columns >= SMALLEST[0] and rows >= SMALLEST[1]
        advice = "" if wide else f": make it {SMALLEST[0]}x{SMALLEST[1]} or more"
        yield Finding("terminal", wide, f"{columns}x{rows}{advice}")


def _configuration() -> Iterator[Finding]:
    file = config.path()
    try:
        config.load()
    except HabeasError as error:
        yield Finding("configuration", False, str(error))
    else:
        yield Finding("configuration", True, str(file) if file.exists() else f"none at {file}")


def _store(options: Options) -> Iterator[Finding]:
    from data import ledger
    from data.answers import information
    from data.purge import waiting
    from tui import purges

    try:
        with options.opened(read_only=True) as store, store.reading() as cursor:
            yield Finding("store", True, str(options.path))
            breaks = ledger.verify(cursor)
            yield Finding("ledger", not breaks, "; ".join(breaks) or "whole")
            waits = waiting.of(cursor)
            said = purges.waiting(waits, cursor.today)
            yield Finding("purge", not waits.is_overdue(cursor.today), said or "nothing waits")
            for gap in information.of(cursor).gaps:
                yield Finding("data map", False, str(gap))
    except HabeasError as error:
        yield Finding("store", False, str(error))
