"""What the command line prints: results to stdout, everything else to stderr.

A table is for eyes, so every value in it is display-safe. JSON and CSV are for programs and
keep values as they are; JSON says control characters as escapes, and CSV on a terminal is
made safe too.
"""

import csv
import json
import re
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from data.errors import HabeasError
from data.work import Work
from tui.safe import safe
from tui.words import shown

if TYPE_CHECKING:
    from rich.console import RenderableType

    # The database is imported only by a command that opens a store.
    from data.entry import Entry
    from data.register.requests import Request
    from data.rights.right import Plan, Receipt
    from tui.cli.options import Format

Record = Mapping[str, Any]
T = TypeVar("T")

WIDE = 400
"""Columns of a table that goes to no terminal, so that nothing in it is cut."""


def records(found: Sequence[Record], columns: Sequence[str], form: "Format") -> None:
    """Prints a list of things, one a row."""
    if form == "json":
        _print_json([{name: each.get(name) for name in columns} for each in found])
    elif form == "csv":
        _print_csv(columns, ([each.get(name) for name in columns] for each in found))
    else:
        _print_table(columns, [[each.get(name) for name in columns] for each in found])


def record(one: Record, form: "Format") -> None:
    """Prints one thing: its names and values."""
    if form == "json":
        _print_json(one)
    elif form == "csv":
        _print_csv(list(one), [list(one.values())])
    else:
        _print_table(("", ""), [[name, value] for name, value in one.items()])


def line(text: str) -> None:
    """Prints one line for a program to take up."""
    print(safe(text) if sys.stdout.isatty() else text)  # noqa: T201


def plan(made: "Plan", form: "Format") -> None:
    """Prints what would change, with a note that nothing has."""
    said = {
        "right": made.right.name,
        "article": made.article,
        "person": made.person.id,
        "changes": [
            {"field": each.field, "old": each.old, "new": each.new} for each in made.changes
        ],
        "rows": {each.name: each.count for each in made.rows},
        "recipients": made.recipients,
        "warnings": made.warnings,
    }
    if form == "table":
        said["changes"] = "\n".join(
            f"{each.label}: {shown(each.old)} → {shown(each.new)}" for each in made.changes
        )
    record(said, form)
    note("This is the plan; nothing was changed.")


def receipt(given: "Receipt", form: "Format") -> None:
    """Prints what was done."""
    record(asdict(given), form)


def request(
    one: "Request", form: "Format", history: "Iterable[tuple[Entry, str]] | None" = None
) -> None:
    """Prints one request with all that the register keeps of it, and what was done on it."""
    said = asdict(one)
    if history is not None:
        said["history"] = [
            {"moment": entry.moment, "by": entry.actor, "step": entry.action, "reason": reason}
            for entry, reason in history
        ]
        if form == "table":
            said["history"] = "\n".join(
                " · ".join(filter(None, (shown(each["moment"]), *list(each.values())[1:])))
                for each in said["history"]
            )
    record(said, form)


def progress(items: Sequence[T], what: str, together: int = 1) -> Iterator[Sequence[T]]:
    """The items, so many together, with a bar on a terminal; none after Ctrl-C.

    A Ctrl-C is lost where it falls into what DuckDB tries and gives up, so it is asked for.
    """
    pressed = []

    def interrupt(*_: object) -> None:
        pressed.append(True)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        with _bar(len(items), what) as advance:
            for start in range(0, len(items), together):
                if pressed:
                    raise KeyboardInterrupt
                some = items[start : start + together]
                yield some
                advance(len(some))
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _bar(total: int, what: str) -> Iterator[Callable[[int], object]]:
    if not sys.stderr.isatty() or total < 2:
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.advance(task, done)


@contextmanager
def waiting(what: str) -> Iterator[None]:
    """Shows on a terminal that something is under way, how far it is, and the time left."""
    work = Work()
    with work.under():
        if not sys.stderr.isatty():
            yield
            return
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        class Bar(Progress):
            def get_renderables(self) -> "Iterable[RenderableType]":
                for each in self.task_ids:
                    self.update(each, total=work.share and 1, completed=work.share or 0)
                yield from super().get_renderables()

        columns = TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn()
        with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
            bar.add_task(what, total=None)
            yield


def note(text: str) -> None:
    print(safe(text), file=sys.stderr)  # noqa: T201


def error(raised: HabeasError) -> None:
    """Prints what happened, what was left unchanged, and what to do next."""
    note(f"habeas: {raised}")


def _print_json(value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=2, default=_plain)
    # What json leaves as it is, and a terminal or a line reader does not take as text.
    text = re.sub(r"[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]", _escape, text)
    print(text)  # noqa: T201


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _print_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    writer = csv.writer(_Lines())
    writer.writerow(columns)
    for row in rows:
        cells = [_cell(value) for value in row]
        writer.writerow([safe(cell) for cell in cells] if sys.stdout.isatty() else cells)


class _Lines:
    """CSV in lines as everything else prints them.

    Told of "\\n" alone, Python would not quote a value with "\\r" in it.
    """

    def write(self, line: str) -> None:
        sys.stdout.write(line.removesuffix("\r\n") + "\n")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, datetime | date):
        return str(_plain(value))
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _print_table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, show_header=any(columns), pad_edge=False)
    for column in columns:
        table.add_column(Text(column), overflow="fold")
    for row in rows:
        lines = ([safe(line) for line in shown(value).split("\n")] for value in row)
        table.add_row(*(Text("\n".join(each)) for each in lines))
    terminal = sys.stdout.isatty()
    Console(highlight=False, width=None if terminal else WIDE).print(table)
