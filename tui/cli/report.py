"""habeas report, and the register as a file."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from data.register import register_files, report, report_files
from data.register.report import OUTCOMES, Report
from data.register.report_files import said
from tui import output
from tui.cli.options import READING, Format, Options

OUTCOME_COLUMNS = ("received", *OUTCOMES)
TIME_COLUMNS = (
    *("overdue", "extended", "on_time", "late"),
    *("median_days", "longest_days", "paused_days"),
)


def month(*, month: str | None = None, out: Path | None = None, options: Options = READING) -> None:
    """Count a month's requests: what came of them, and how long answers took.

    Those "to tell" were carried out, but recipients are still to be told of it.

    Parameters
    ----------
    month
        The month in which they were received, such as 2026-11; else the current one.
    out
        A file to write instead: .json, .csv or .md.
    """
    wanted = None if month is None else report.parsed(month)
    opened = options.opened(read_only=True, current=out is not None)
    with opened as store, store.reading() as cursor:
        made = report.monthly(cursor, wanted)
    if out:
        report_files.write(made, out)
        output.record({"file": out, "requests": made.all.received}, options.format)
    else:
        _print(made, options.format)
    if not made.all.received:
        output.note(f"No requests were received in {made.title}.")


def export(*, out: Path, options: Options = READING) -> None:
    """Write the whole register to a file, in place of an earlier one.

    Parameters
    ----------
    out
        The file: .csv, .json (one object a line) or .parquet.
    """
    opened = options.opened(read_only=True, current=True)
    with opened as store, store.reading() as cursor:
        count = register_files.write(cursor, out)
    output.record({"file": out, "requests": count}, options.format)


def _print(made: Report, form: Format) -> None:
    if form == "json":
        output.record(report_files.nested(made), form)
    elif form == "csv":
        listed = report_files.rows(made)
        output.records(listed, list(listed[0]), form)
    else:
        for columns in (OUTCOME_COLUMNS, TIME_COLUMNS):
            _print_table(made, columns)


def _print_table(made: Report, columns: Sequence[str]) -> None:
    """Some of the figures by right, so few that they fit a small terminal."""
    listed = [
        {made.title: right}
        | {name.replace("_", "\n"): said(asdict(figures)[name]) for name in columns}
        for right, figures in (*made.rights.items(), (report_files.ALL, made.all))
    ]
    output.records(listed, list(listed[0]), "table")
