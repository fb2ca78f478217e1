"""The data map: what is stored where and why, and what it does not say."""

from collections.abc import Iterator
from itertools import chain
from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from data.answers.information import Gap, of
from data.datamap import DataMap, Field, Records
from data.store import Store
from tui import sources
from tui.dialogs import Read
from tui.screens.base import Desk
from tui.widgets.columns import Column
from tui.widgets.rows import Row
from tui.widgets.table import WindowTable
from tui.widgets.topline import TopLine


class MapScreen(Desk):
    GROUP: ClassVar[str] = "map"

    def compose_body(self) -> ComposeResult:
        yield WindowTable(
            Column("what", "What", 20),
            Column("origin", "Origin", 9),
            Column("why", "Why, and what of it", share=3),
            Column("where", "Where", cut="middle"),
        )

    def on_mount(self) -> None:
        self.query_one(TopLine).say("Data map", self.habeas.path.name)
        self.query_one(WindowTable).focus()

    async def load(self, store: Store) -> None:
        gaps = (await self.read(of)).gaps
        rows = list(chain(_gaps(gaps), _people(store.map), _records(store.map), _others(store.map)))
        table = self.query_one(WindowTable)
        sources.renew(table, rows)
        # Not on the first heading.
        table.move_to(max(table.cursor, 1))
        self.query_one(TopLine).say(
            "Data map", self.habeas.path.name, gaps and f"{len(gaps)} not known"
        )

    @on(WindowTable.Chosen)
    def read_row(self, event: WindowTable.Chosen) -> None:
        """All of one row, of which a narrow terminal shows the beginning."""
        if event.row.key:
            what, origin, why, where = map(str, event.row.cells)
            parts = (each for each in (where, origin, why.replace("; ", "\n")) if each)
            self.app.push_screen(Read(what.strip(), "\n".join(parts)))


def _gaps(gaps: tuple[Gap, ...]) -> Iterator[Row]:
    if gaps:
        yield _head("NOT KNOWN")
        for each in gaps:
            article, _, said = str(each).partition(": ")
            yield _row(f"Article {article}", "", said, "")._replace(style="warning")


def _people(datamap: DataMap) -> Iterator[Row]:
    people = datamap.people
    yield _head(people.table.upper())
    for name, each in people.fields.items():
        yield _row(each.label, each.origin, _why(datamap, each), f"{people.table}.{name}")
    for channel in people.channels.values():
        column = f"{people.table}.{channel.column}" if channel.column else "habeas.choices"
        yield _row(channel.label, "provided", f"whether one is reached by {channel.label}", column)


def _records(datamap: DataMap) -> Iterator[Row]:
    for each in datamap.records:
        yield _head(each.name.upper())
        yield _row(each.name, each.origin, _why(datamap, each), each.table)
        if kept := each.on_erasure:
            said = f"{', '.join(kept.keep)} for {kept.years} years, Article {kept.ground}"
            yield _row("kept by law", "", said, each.table)


def _others(datamap: DataMap) -> Iterator[Row]:
    if datamap.recipients:
        yield _head("RECIPIENTS")
    for recipient in datamap.recipients.values():
        gets = f"gets {', '.join(recipient.receives)}"
        where = "; ".join(filter(None, (gets, recipient.country, recipient.safeguard)))
        yield _row(recipient.name, "", where, "")
    if datamap.automated:
        yield _head("DECIDED BY A MACHINE")
    for name, decision in datamap.automated.items():
        yield _row(name, "", f"{decision.logic}; {decision.effect}", "")


def _head(label: str) -> Row:
    return Row("", (label, "", "", ""), "dim")


def _row(what: str, origin: str, why: str, where: str) -> Row:
    return Row(f"{what} {where}", (f"  {what}", origin, why, where))


def _why(datamap: DataMap, each: Field | Records) -> str:
    """What it is for, on which basis, for how long, and who gets it."""
    purposes = (datamap.purposes[name] for name in each.purposes)
    uses = [
        f"{purpose.text} ({', '.join(filter(None, (purpose.basis, purpose.retention)))})"
        if purpose.basis or purpose.retention
        else purpose.text
        for purpose in purposes
    ]
    given = datamap.recipients_of({each.category})
    return "; ".join([*uses, *([f"given to {', '.join(given)}"] if given else [])])
