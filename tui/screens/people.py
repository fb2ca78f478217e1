"""Finding a person: search as you type, filters, and a preview of the one under the cursor."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar, NamedTuple

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.events import DescendantBlur, DescendantFocus
from textual.widgets import Label, Static

from data import disclosure, finding
from data.browse import FEW, Everybody
from data.cursor import Cursor
from data.errors import HabeasError
from data.finding import EVERYBODY, Count, Wanted
from data.store import Store
from tui import filters, listing, sources
from tui.preview import preview
from tui.safe import safe
from tui.screens.base import deed
from tui.screens.searched import Searched
from tui.widgets.line import Line
from tui.widgets.moving import Text
from tui.widgets.rows import PAGE, Row, Source
from tui.widgets.table import WindowTable
from tui.widgets.topline import TopLine

REVEALED = 30
"""Seconds for which masked data is shown."""


class Answer(NamedTuple):
    """Where those found are, how many they are, and of how many; where none is, how many would
    be found without each of what narrows the list. The first page may be there already."""

    source: Source
    total: Count
    known: Count
    without: Mapping[str, Count]
    rows: Sequence[Row] = ()


class PeopleScreen(Searched):
    GROUP: ClassVar[str] = "people"
    # At once: keys that were typed while all was loaded are for the table.
    AUTO_FOCUS = "WindowTable"

    def __init__(self) -> None:
        super().__init__()
        self._search: sources.Asked | None = None
        self._filters = EVERYBODY
        self._wanted: Wanted | None = None
        self._everybody = Everybody()
        self._revealed: frozenset[str] = frozenset()
        self._counted: tuple[Store, int, Count] | None = None

    def compose_body(self) -> ComposeResult:
        with Vertical(id="top"):
            with Horizontal():
                yield Line(placeholder="/ to search by id, name, email or phone", id="search")
                yield Label("", id="count", markup=False)
            yield Label("", id="filters", markup=False)
        with Horizontal():
            yield WindowTable(id="people", before="Opening the store …")
            with Text(id="preview"):
                yield Static(id="profile")

    def on_mount(self) -> None:
        self.query_one(TopLine).say("People", self.habeas.path.name)

    def action_reload(self) -> None:
        """Reads everything again, but for what was read while the application was loaded, which
        is in its first frame."""
        first, self.habeas.first = self.habeas.first, None
        if self.store is None or first is None:
            super().action_reload()
            return
        self._everybody = first.everybody
        search = self._search = self._asked(self.store, EVERYBODY)
        self._show(self.store, Answer(search, first.total, first.total, {}, first.rows))
        self._wanted = EVERYBODY
        self.run_worker(self._arrange(search), group="find", exclusive=True)

    async def load(self, store: Store) -> None:
        self.query_one(TopLine).say("People", self.habeas.path.name)
        self._head(store)
        self._find(store)

    def _head(self, store: Store, *, best_first: bool = False) -> None:
        """Heads the columns, and says by which of them the list is in order, if by any."""
        known = store.map.people
        order = "" if best_first else self._everybody.field or known.key
        self.query_one(WindowTable).columns = listing.columns(known, order)

    def _asked(self, store: Store, wanted: Wanted) -> sources.Asked:
        return sources.search(store, wanted, self._everybody, self._hidden)

    def search(self) -> None:
        if self.store is not None:
            self._find(self.store)

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        if self.store is not None and isinstance(event.widget, Line):
            self.store.leave_core()

    def on_descendant_blur(self, event: DescendantBlur) -> None:
        if self.store is not None and isinstance(event.widget, Line):
            self.store.take_every_core()

    @property
    def whom(self) -> str:
        row = self.query_one(WindowTable).cursor_row
        return row.key if row else ""

    def _hidden(self, subject_id: str) -> bool:
        return self.habeas.masking and subject_id not in self._revealed

    def action_sort(self) -> None:
        """In order of the next identifying field, and after the last of the id again."""
        if self.store is None:
            return
        known = self.store.map.people
        fields = [known.key, *(name for name in known.identifying if name != known.key)]
        place = fields.index(self._everybody.field or known.key) + 1
        self._everybody = Everybody(fields[place % len(fields)])
        self._wanted = None
        self.action_reload()

    @deed
    async def action_filter(self) -> None:
        from tui import filtering

        if self.store is None:
            return
        wanted = await filtering.ask(self.habeas, self.store, self._filters)
        if wanted is not None:
            self._filter(wanted)

    def _filter(self, wanted: Wanted) -> None:
        self._filters = wanted
        if self.store is not None:
            chips = self.query_one("#filters", Label)
            chips.update(safe(" · ".join(filters.narrowing(self.store.map.people, wanted))))
            chips.display = wanted.narrows
        self.search()

    @deed
    async def action_export(self) -> None:
        """Answers the person under the cursor, as their own screen does."""
        from tui import exercising

        row = self.query_one(WindowTable).cursor_row
        person = await self.habeas.person(row.key) if row else None
        if person is not None and await exercising.exercise(self.habeas, "access", person, {}):
            self.action_reload()

    @deed
    async def action_reveal(self) -> None:
        """Shows the people in view in full, which the ledger keeps; or hides them again."""
        store, table = self.store, self.query_one(WindowTable)
        seen = [each.key for each in table.rows_in_view]
        if store is None or not seen:
            return
        if not self.habeas.masking:
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

    @deed
    async def action_import(self) -> None:
        from tui.importing import load_files, report

        if self.store is not None and (loaded := await load_files(self.habeas)):
            self.action_reload()
            report(self.habeas, loaded)

    def key_escape(self) -> None:
        """From the search back to the table; then without the search, then without filters."""
        if self.query_one(WindowTable).has_focus and not self.query_one(Line).value:
            self._filter(EVERYBODY)
        super().key_escape()

    @on(WindowTable.Chosen)
    def open(self, event: WindowTable.Chosen) -> None:
        from tui.screens.person import PersonScreen

        self.app.push_screen(PersonScreen(event.row.key))

    @work(exclusive=True, group="find")
    async def _find(self, store: Store) -> None:
        """Shows who is found, in place of the search before, which stops."""
        if self._search is not None:
            self._search.cancel()
        self.workers.cancel_group(self, "preview")
        wanted = replace(self._filters, text=self.query_one(Line).value)
        everybody = self._everybody
        search = self._search = self._asked(store, wanted)
        again, self._wanted = wanted == self._wanted, wanted
        best = wanted.by_text_alone and not everybody.field

        def query(cursor: Cursor) -> Answer:
            source: Source = search
            rows: Sequence[Row] = ()
            if best:
                found, total = finding.best(cursor, wanted.text, finding.BEST)
                source = sources.Best(found, self._hidden)
                rows = source.fetch(0, PAGE)
            else:
                total = finding.count(cursor, wanted)
            if not wanted.narrows:
                everybody.begin(cursor)
            known = self._people(store, cursor) if wanted.narrows else total
            parts = {} if total else filters.narrowing(store.map.people, wanted)
            without = {said: finding.count(cursor, parts[said]) for said in parts}
            return Answer(source, total, known, without, rows)

        table = self.query_one(WindowTable)
        table.outdated |= not again
        if everybody.field and table.total > FEW:
            self._say("sorting …")
        try:
            answer = await self.answer(lambda: search.ask(query))
        except HabeasError as error:
            table.outdated = False
            self.tell(error)
            return
        place = table.cursor
        self._show(store, answer)
        if again:
            table.move_to(place)
        if not wanted.narrows:
            await self._arrange(search)

    def _people(self, store: Store, cursor: Cursor) -> Count:
        """How many there are, counted anew only once something has changed: among ten million
        that takes a millisecond of each letter."""
        now = store, store.changes
        if self._counted is None or self._counted[:2] != now:
            self._counted = *now, finding.count(cursor)
        return self._counted[2]

    def _show(self, store: Store, answer: Answer) -> None:
        """Who was found, from the first on, and how many they are of how many."""
        table, total, known = self.query_one(WindowTable), answer.total, answer.known
        best_first = isinstance(answer.source, sources.Best)
        self._head(store, best_first=best_first)
        if not total:
            locked = self.habeas.is_locked
            table.empty = _nobody(answer.without) if known else _nobody_here(locked)
            self.workers.cancel_group(self, "preview")
            self.query_one("#profile", Static).update("")
        cut = best_first and total > finding.BEST
        table.show(answer.source, finding.BEST if cut else total, answer.rows)
        people_known = f"{known} {'person' if known == 1 else 'people'}"
        narrows = self._wanted is not None and self._wanted.narrows
        found = f"{finding.BEST} best of {total} people" if cut else f"{total} of {people_known}"
        self._say(found if narrows else people_known)

    def _say(self, count: str) -> None:
        # It has room for all that may stand there, so that nothing is laid out anew.
        self.query_one("#count", Label).update(count, layout=False)

    async def _arrange(self, search: sources.Asked) -> None:
        """Shows everybody anew where they turn out not to lie in the order they were shown in."""
        try:
            if await self.answer(lambda: search.ask(self._everybody.arrange)):
                self.query_one(WindowTable).reload()
        except HabeasError as error:
            self.tell(error)

    @on(WindowTable.Highlighted)
    def look_at(self, event: WindowTable.Highlighted) -> None:
        # A search may have overtaken what was highlighted before it.
        if event.row is not None and event.row == self.query_one(WindowTable).cursor_row:
            self._look_at(event.row)

    def on_resize(self) -> None:
        self.call_after_refresh(self._look_at, self.query_one(WindowTable).cursor_row)

    def _look_at(self, row: Row | None) -> None:
        """Shows who that is beside the list, where there is room."""
        if row is not None and self.query_one("#preview").display:
            self._preview(row.key)

    @work(exclusive=True, group="preview")
    async def _preview(self, subject_id: str) -> None:
        await asyncio.sleep(self.habeas.rest)
        hidden = self._hidden(subject_id)
        try:
            said = await self.read(lambda cursor: preview(cursor, subject_id, hidden=hidden))
        except HabeasError as error:
            self.tell(error)
        else:
            self.query_one("#profile", Static).update(said)


def _nobody_here(locked: bool) -> str:
    if locked:
        return "Nobody here yet, and nothing can be changed: the first line says why."
    return "Nobody here yet: load people and events from files with I."


def _nobody(without: Mapping[str, Count]) -> str:
    """What to clear where nobody is found: what leaves the most without it."""
    if not any(without.values()):
        return "Nobody is found, whichever one of these is cleared."
    part = max(without, key=lambda said: without[said])
    said = part if part == filters.SEARCH else f"“{part}”"
    return f"Nobody is found. Clear {said} to find {without[part]}."
