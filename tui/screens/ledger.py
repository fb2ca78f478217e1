"""The ledger: who did what, when, under which article, and whether the record of it is whole."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from data import ledger
from data.errors import HabeasError
from data.store import Store
from tui import sources
from tui.dialogs import Read
from tui.screens import opened
from tui.screens.base import Desk, deed
from tui.widgets.columns import Column
from tui.widgets.table import WindowTable
from tui.widgets.topline import TopLine


class LedgerScreen(Desk):
    GROUP: ClassVar[str] = "ledger"

    def compose_body(self) -> ComposeResult:
        yield WindowTable(
            Column("seq", "No", 5, "right"),
            Column("moment", "When (UTC)", 16),
            Column("actor", "By", 8),
            Column("action", "Done"),
            Column("article", "Article", 9),
            Column("request", "On", 5),
            Column("subject", "Person", 8),
            empty="Nothing was done yet.",
        )

    def on_mount(self) -> None:
        self.query_one(TopLine).say("Ledger", self.habeas.path.name)
        self.query_one(WindowTable).focus()

    async def load(self, store: Store) -> None:
        total = await self.read(ledger.count)
        table = self.query_one(WindowTable)
        place = table.cursor
        table.show(sources.ledger(store), total)
        table.move_to(place)
        self.query_one(TopLine).say("Ledger", self.habeas.path.name, f"{total:,} entries")

    @on(WindowTable.Chosen)
    @deed
    async def read_entry(self, event: WindowTable.Chosen) -> None:
        await opened.entry(self, int(event.row.key))

    @deed
    async def action_verify(self) -> None:
        try:
            breaks = await self.read(ledger.verify)
        except HabeasError as error:
            self.tell(error)
            return
        self.habeas.chain_whole = not breaks
        if breaks:
            self.app.push_screen(Read("The ledger is broken", "\n".join(breaks)))
        else:
            self.habeas.hint("Every entry stands as it was written; none is missing.")
