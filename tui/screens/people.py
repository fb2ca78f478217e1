"""Finding a person: search as you type, a table, and a preview of the one under the cursor."""

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Label, Static

from data import disclosure, events, people
from data.errors import HabeasError
from data.store import Cursor, Store
from tui import config, sources
from tui.masking import masked
from tui.safe import safe
from tui.screens.base import Desk, deed
from tui.screens.person import PersonScreen
from tui.widgets.columns import Column
from tui.widgets.line import Line
from tui.widgets.table import WindowTable
from tui.widgets.topline import TopLine
from tui.words import shown

REVEALED = 30
"""Seconds for which masked data is shown."""

LONGEST_SHOWN = 200
"""Characters of one value in the preview."""


class PeopleScreen(Desk):
    GROUP: ClassVar[str] = "people"
    CSS_PATH = "people.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._search: sources.Asked | None = None
        self._text: str | None = None
        self._order = ""
        self._masking = config.load().masking
        self._revealed: frozenset[str] = frozenset()

    def compose_body(self) -> ComposeResult:
        with Horizontal(id="bar"):
            yield Line(placeholder="/ to search by id, name, email or phone", id="search")
            yield Label("", id="count", markup=False)
        with Horizontal():
            yield WindowTable(id="people", empty="Opening the store …")
            with VerticalScroll(id="preview", can_focus=False):
                yield Static(id="profile")

    def on_mount(self) -> None:
        self.query_one(TopLine).say("People", self.habeas.path.name)
        self.query_one(WindowTable).focus()

    async def load(self, store: Store) -> None:
        self.query_one(WindowTable).columns = self._columns(store)
        self._find(store, self.query_one(Input).value)

    def _columns(self, store: Store) -> tuple[Column, ...]:
        """The key, the identifying fields, and the state of each person."""
        known = store.map.people
        identifying = ((name, known.fields[name]) for name in known.identifying)
        sorted_by = self._order or known.key

        def label(name: str) -> str:
            return known.fields[name].label + (" ↑" if name == sorted_by else "")

        return (
            Column("id", label(known.key), 17),
            *(
                Column(name, label(name), share=2 if field.type == "email" else 1)
                for name, field in identifying
                if name != known.key
            ),
            Column("state", "", 10),
        )

    @on(Input.Changed, "#search")
    def search(self, event: Input.Changed) -> None:
        if self.store is not None:
            self._find(self.store, event.value)

    @on(Input.Submitted, "#search")
    def leave_search(self) -> None:
        self.query_one(WindowTable).focus()

    def action_search(self) -> None:
        self.query_one(Input).focus()

    def _hidden(self, subject_id: str) -> bool:
        return self._masking and subject_id not in self._revealed

    def action_sort(self) -> None:
        """In order of the next identifying field, and after the last of the id again."""
        if self.store is None:
            return
        known = self.store.map.people
        fields = [known.key, *(name for name in known.identifying if name != known.key)]
        place = fields.index(self._order or known.key) + 1
        self._order = fields[place % len(fields)]
        self._text = None
        self.action_reload()

    @deed
    async def action_reveal(self) -> None:
        """Shows the people in view in full, which the ledger keeps; or hides them again."""
        store, table = self.store, self.query_one(WindowTable)
        seen = [each.key for each in table.rows_in_view]
        if store is None or not seen:
            return
        if not self._masking:
            self.habeas.hint("Nothing is masked: the configuration says so.")
        elif self._revealed:
            self._reveal(frozenset())
        elif await self.habeas.attempt(
            lambda: disclosure.record(store, seen, self.habeas.by()),
            f"{len(seen)} shown for {REVEALED} seconds; the ledger says so.",
        ):
            self._reveal(frozenset(seen))
            self.set_timer(REVEALED, lambda: self._reveal(frozenset()))

    def _reveal(self, subject_ids: frozenset[str]) -> None:
        self._revealed = subject_ids
        self.query_one(WindowTable).reload()

    def key_escape(self) -> None:
        """From the search back to the table; from the table back to everybody."""
        table = self.query_one(WindowTable)
        if table.has_focus:
            self.query_one(Input).value = ""
        table.focus()

    def key_down(self) -> None:
        if self.query_one(Input).has_focus:
            self.query_one(WindowTable).focus()

    @on(WindowTable.Chosen)
    def open(self, event: WindowTable.Chosen) -> None:
        self.app.push_screen(PersonScreen(event.row.key))

    @work(exclusive=True, group="find")
    async def _find(self, store: Store, text: str) -> None:
        """Shows who is found, in place of the search before, which stops."""
        if self._search is not None:
            self._search.cancel()
        search = self._search = sources.search(store, text, self._order, self._hidden)
        again, self._text = text == self._text, text

        def query(cursor: Cursor) -> tuple[int, int]:
            found = people.count(cursor, text)
            return found, people.count(cursor) if text.strip() else found

        try:
            total, everybody = await self.habeas.wait(lambda: search.ask(query))
        except HabeasError as error:
            self.tell(error)
            return
        table = self.query_one(WindowTable)
        place = table.cursor
        table.empty = (
            "Nobody is found." if everybody else "Nobody here yet: habeas import, or habeas demo."
        )
        table.show(search, total)
        if again:
            table.move_to(place)
        if not total:
            self.workers.cancel_group(self, "preview")
            self.query_one("#profile", Static).update("")
        self.query_one("#count", Label).update(
            f"{total:,} of {everybody:,}" if text.strip() else f"{everybody:,} people"
        )

    @on(WindowTable.Highlighted)
    def preview(self, event: WindowTable.Highlighted) -> None:
        # A search may have overtaken what was highlighted before it.
        if event.row is not None and event.row == self.query_one(WindowTable).cursor_row:
            self._preview(event.row.key)

    @work(exclusive=True, group="preview")
    async def _preview(self, subject_id: str) -> None:
        def query(cursor: Cursor) -> str:
            person = people.read(cursor, subject_id)
            fields = cursor.map.people.fields
            hidden = self._hidden(subject_id)
            lines = [
                f"{safe(field.label)}: "
                + safe(
                    masked(person.fields[name])
                    if hidden and field.identifies and name != cursor.map.people.key
                    else shown(person.fields[name]),
                    limit=LONGEST_SHOWN,
                )
                for name, field in fields.items()
                if person.fields[name] is not None
            ]
            allowed = [name for name, opted_in in person.channels.items() if opted_in]
            lines += ["", f"Reached by: {safe(', '.join(allowed)) or 'no channel'}"]
            lines.append(f"Events: {sum(events.counts(cursor, person).values()):,}")
            if person.restriction:
                lines += ["", f"RESTRICTED: {safe(person.restriction.ground)}"]
            return "\n".join(lines)

        try:
            self.query_one("#profile", Static).update(Content(await self.read(query)))
        except HabeasError as error:
            self.tell(error)
