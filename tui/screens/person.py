"""One person: what is held on them, what was done, and every right one key away."""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from data import events, ledger, people
from data.cursor import Cursor
from data.entry import Entry
from data.errors import HabeasError, NotFound
from data.events import ALL, Wanted
from data.people import Person
from data.register import requests
from data.register.requests import Request
from data.rights import named
from data.store import Store
from tui import arriving, asking, sources
from tui.dialogs import Read
from tui.exercising import exercise, undo
from tui.screens import opened
from tui.screens.activity import Activity, Seen, called, see
from tui.screens.base import Desk, deed
from tui.screens.filter import MOST_NAMES, Filter
from tui.screens.profile import Profile
from tui.widgets.columns import Column
from tui.widgets.rows import Row
from tui.widgets.table import WindowTable
from tui.widgets.topline import TopLine
from tui.words import pretty, shown


@dataclass(frozen=True)
class _Held:
    """What the screen shows of a person."""

    person: Person
    seen: Seen
    waiting: dict[str, Request]
    done: list[Entry]
    today: date


class PersonScreen(Desk):
    GROUP: ClassVar[str] = "person"
    CSS_PATH = "person.tcss"

    def __init__(self, subject_id: str) -> None:
        super().__init__()
        self.subject_id = subject_id
        self._held: _Held | None = None
        self._wanted = ALL

    @property
    def whom(self) -> str:
        return self.subject_id

    def compose_body(self) -> ComposeResult:
        with Horizontal(id="body"):
            yield Profile()
            with Vertical(id="right"):
                yield Activity(id="events")
                yield WindowTable(
                    Column("when", "When", 10),
                    Column("action", "Done", 17),
                    Column("request", "On", 5),
                    Column("article", "Article", 8),
                    Column("actor", "By"),
                    id="history",
                    empty="Nothing was done yet.",
                )

    def on_mount(self) -> None:
        self.query_one(TopLine).say("Person", self.subject_id)
        self.query_one(Profile).focus()

    async def load(self, store: Store) -> None:
        def query(cursor: Cursor) -> _Held:
            person = people.read(cursor, self.subject_id)
            subject = cursor.pseudonym(person.id)
            register = requests.listed(cursor, subjects=[subject])
            return _Held(
                person,
                see(cursor, person, self._wanted),
                {each.id: each for each in register if each.is_open},
                ledger.entries(cursor, subject=subject),
                cursor.today,
            )

        try:
            held = self._held = await self.read(query)
        except NotFound as error:
            # Erased, here or by another hand; or never there.
            if self._held is None:
                self.tell(error)
            self.dismiss()
            return
        restriction = held.person.restriction
        self.query_one(TopLine).say(
            "Person", self.subject_id, restriction and f"RESTRICTED ({restriction.ground})"
        )
        self.query_one(Profile).fill(store, held.person)
        self.query_one(Activity).show(store, held.person, held.seen)
        self._show_history(held)

    def _show_history(self, held: _Held) -> None:
        """What waits first, then what was done, newest first."""
        rows = [_waiting(each, held.today) for each in held.waiting.values()]
        rows += [
            Row(f"entry:{each.seq}",
                (shown(each.moment)[:10], each.action, each.request, each.article, each.actor))
            for each in reversed(held.done)
        ]  # fmt: skip
        table = self.query_one("#history", WindowTable)
        sources.renew(table, rows)
        table.border_title = f" Requests ({len(held.waiting)} open) and what was done "

    @on(WindowTable.Chosen, "#profile")
    def act_on_row(self, event: WindowTable.Chosen) -> None:
        """Enter does what there is to do about the row."""
        kind, _, name = event.row.key.partition(":")
        if kind == "field" and self.store and not self.store.map.people.fields[name].correctable:
            self._read_field(name)
            return
        actions = {
            "field": self.action_edit,
            "channel": self.action_channel,
            "restriction": self.action_restrict,
            "automation": self.action_automation,
        }
        if kind in actions:
            actions[kind]()

    def _read_field(self, name: str) -> None:
        if self.store is not None and self._held is not None:
            title = f"{self.store.map.people.fields[name].label} (may not be corrected)"
            self.app.push_screen(Read(title, pretty(shown(self._held.person.fields[name]))))

    @on(WindowTable.Chosen, "#timeline")
    @work
    async def read_event(self, event: WindowTable.Chosen) -> None:
        if self._held is None:
            return
        person, wanted = self._held.person, self._held.seen.wanted
        place = int(event.row.key)
        try:
            found = await self.read(
                lambda cursor: events.timeline(cursor, person, wanted, limit=1, offset=place)
            )
        except HabeasError as error:
            self.tell(error)
            return
        for each in found:
            title = f"{called(each.label)} · {shown(each.time)} · {each.records}"
            said = [pretty(part) for part in (each.further, each.properties) if part]
            self.app.push_screen(Read(title, "\n".join(said) or "No properties."))

    @on(WindowTable.Chosen, "#history")
    @deed
    async def open_row(self, event: WindowTable.Chosen) -> None:
        """An entry to read, or a request that waits, which may be answered from there."""
        kind, _, name = event.row.key.partition(":")
        if kind == "entry":
            await opened.entry(self, int(name))
        elif self._held is not None and await opened.request(self, self._held.waiting[name]):
            self.action_reload()

    def action_back(self) -> None:
        """First to all the events, where only some are shown."""
        if self._wanted == ALL:
            self.dismiss()
        else:
            self._want(ALL)

    @deed
    async def action_filter(self) -> None:
        held = self._held
        if held is None:
            return
        try:
            names = await self.read(
                lambda cursor: events.names(cursor, held.person, limit=MOST_NAMES + 1)
            )
        except HabeasError as error:
            self.tell(error)
            return
        wanted = await self.app.push_screen_wait(Filter(names, held.seen.total, self._wanted))
        if wanted is not None:
            self._want(wanted)
            self.query_one("#timeline").focus()

    def _want(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self.query_one("#timeline", WindowTable).move_to(0)
        self.action_reload()

    @deed
    async def action_edit(self) -> None:
        store, held = self.store, self._held
        name = self.query_one(Profile).chosen("field")
        if store is None or held is None or name is None:
            self.habeas.hint("Move to a field of the profile first.")
            return
        if not store.map.people.fields[name].correctable:
            self.habeas.hint("The data map says that this field may not be corrected.")
            return
        value = await asking.field_value(self.app, store, held.person, name)
        if value is not None:
            await self._exercise("rectification", {"changes": {name: value}})

    @deed
    async def action_channel(self) -> None:
        held, name = self._held, self.query_one(Profile).chosen("channel")
        if held is None:
            return
        if name is None:
            await self._exercise("objection")
            return
        right = "objection" if held.person.channels[name] is not False else "subscription"
        await self._exercise(right, {"channels": [name]})

    @deed
    async def action_restrict(self) -> None:
        if self._held is not None:
            await self._exercise("lifting" if self._held.person.restriction else "restriction")

    @deed
    async def action_automation(self) -> None:
        if self._held is not None:
            stopped = self._held.person.automation_stopped is not None
            await self._exercise("automation", {"stop": not stopped})

    @deed
    async def action_export(self) -> None:
        await self._exercise("access")

    @deed
    async def action_port(self) -> None:
        await self._exercise("portability")

    @deed
    async def action_erase(self) -> None:
        await self._exercise("erasure")

    @deed
    async def action_undo(self) -> None:
        if self._held is not None and await undo(self.habeas, self._held.person):
            self.action_reload()

    @deed
    async def action_request(self) -> None:
        held = self._held
        if held is not None and await arriving.enter(self.habeas, held.today, self.subject_id):
            self.action_reload()

    async def _exercise(self, right: str, given: dict[str, Any] | None = None) -> None:
        if self._held is not None:
            done = await exercise(self.habeas, right, self._held.person, given or {})
            if done:
                self.action_reload()


def _waiting(request: Request, today: date) -> Row:
    late = request.is_overdue(today)
    said = f"{named(request.right).title} {'OVERDUE' if late else 'due'}"
    return Row(
        f"request:{request.id}",
        (request.due, said, request.id, "", request.handler),
        "error" if late else "warning",
    )
