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
from tui.screens.base import deed
from tui.screens.searched import Search, Searched
from tui.widgets.columns import Column
from tui.widgets.table import WindowTable
from tui.widgets.topline import TopLine

NONE = "Nothing was done yet."
NONE_FOUND = "No entry is like that. esc shows all."


class LedgerScreen(Searched):
    GROUP: ClassVar[str] = "ledger"

    def __init__(self) -> None:
        super().__init__()
        self._shown = ""

    def compose_body(self) -> ComposeResult:
        yield Search(placeholder="a person's id, a right, an article, a request, a day, …")
        yield WindowTable(
            Column("seq", "No", 5, "right"),
            Column("moment", "When (UTC)", 16),
            Column("actor", "By", 8),
            Column("action", "Done"),
            Column("article", "Article", 9),
            Column("request", "On", 5),
            Column("subject", "Person", 8),
            empty=NONE,
        )

    def on_mount(self) -> None:
        self.query_one(TopLine).say("Ledger", self.habeas.path.name)
        self.query_one(WindowTable).focus()

    async def load(self, store: Store) -> None:
        sought, table = self.sought, self.query_one(WindowTable)
        table.outdated |= sought != self._shown
        total, all_there_are = await self.read(
            lambda cursor: (ledger.count(cursor, sought), ledger.count(cursor))
        )
        place = table.cursor if sought == self._shown else 0
        self._shown = sought
        table.empty = NONE_FOUND if all_there_are else NONE
        table.show(sources.ledger(store, sought), total)
        table.move_to(place)
        said = f"{total:,} of {all_there_are:,}" if sought else f"{total:,}"
        self.query_one(TopLine).say("Ledger", self.habeas.path.name, f"{said} entries")

    def search(self) -> None:
        self.action_reload()

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
