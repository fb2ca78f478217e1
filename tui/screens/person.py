"""One person: what is held on them, what was done, and every right one key away."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from data import events, fulfilment, ledger, people
from data.errors import HabeasError, NotFound
from data.ledger import Entry
from data.people import Person
from data.register import requests
from data.register.requests import Request
from data.rights import NAMES, named
from data.store import Cursor, Store
from tui import asking, sources
from tui.dialogs import Choose, Read
from tui.exercising import exercise, undo
from tui.screens.base import Desk, deed
from tui.widgets.columns import Column
from tui.widgets.table import Row, WindowTable
from tui.widgets.topline import TopLine
from tui.words import pretty, shown


@dataclass(frozen=True)
class _Held:
    """What the screen shows of a person."""

    person: Person
    events: int
    register: list[Request]
    done: list[Entry]


class PersonScreen(Desk):
    GROUP: ClassVar[str] = "person"
    CSS_PATH = "person.tcss"

    def __init__(self, subject_id: str) -> None:
        super().__init__()
        self.subject_id = subject_id
        self._held: _Held | None = None

    def compose_body(self) -> ComposeResult:
        with Horizontal():
            profile = WindowTable(
                Column("field", "What we hold", 20), Column("value", ""), id="profile"
            )
            profile.border_title = "Profile"
            yield profile
            with Vertical(id="right"):
                timeline = WindowTable(
                    Column("time", "When", 20),
                    Column("name", "Event", 18),
                    Column("properties", "Properties"),
                    id="timeline",
                    empty="No events.",
                )
                timeline.border_title = "Events"
                yield timeline
                history = WindowTable(
                    Column("moment", "When (UTC)", 16),
                    Column("action", "Done", share=2),
                    Column("article", "Article", 8),
                    Column("request", "Request", 7),
                    Column("actor", "By"),
                    id="history",
                    empty="Nothing was done yet.",
                )
                history.border_title = "Requests and what was done"
                yield history

    def on_mount(self) -> None:
        self.query_one(TopLine).say("Person", self.subject_id)
        self.query_one("#profile").focus()

    async def load(self, store: Store) -> None:
        def query(cursor: Cursor) -> _Held:
            person = people.read(cursor, self.subject_id)
            subject = cursor.pseudonym(person.id)
            return _Held(
                person,
                sum(events.counts(cursor, person).values()),
                requests.listed(cursor, subject=subject),
                ledger.entries(cursor, subject=subject),
            )

        try:
            held = self._held = await self.read(query)
        except NotFound:
            # Erased, here or by another hand.
            self.action_back()
            return
        restriction = held.person.restriction
        self.query_one(TopLine).say(
            "Person", self.subject_id, restriction and f"RESTRICTED ({restriction.ground})"
        )
        self._fill("#profile", _profile(store, held.person), first=1)
        self._fill("#history", _history(held))
        timeline = self.query_one("#timeline", WindowTable)
        place = timeline.cursor
        timeline.show(sources.timeline(store, held.person), held.events)
        timeline.move_to(place)
        timeline.border_title = f"Events ({held.events:,}), newest first"

    def _fill(self, selector: str, rows: list[Row], first: int = 0) -> None:
        table = self.query_one(selector, WindowTable)
        place = max(table.cursor, first)
        table.show(sources.Listed(rows), len(rows))
        table.move_to(place)

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
        person = self._held.person
        place = int(event.row.key)
        try:
            found = await self.read(
                lambda cursor: events.timeline(cursor, person, limit=1, offset=place)
            )
        except HabeasError as error:
            self.tell(error)
            return
        for each in found:
            title = f"{each.label} · {shown(each.time)} · {each.records}"
            self.app.push_screen(Read(title, pretty(each.properties) or "No properties."))

    def action_back(self) -> None:
        self.dismiss()

    @deed
    async def action_edit(self) -> None:
        store, held = self.store, self._held
        name = self._row_of("field")
        if store is None or held is None or name is None:
            self.habeas.hint("Move to a field of the profile first.")
            return
        if not store.map.people.fields[name].correctable:
            self.habeas.hint("The data map says that this field may not be corrected.")
            return
        try:
            value = await asking.field_value(self.app, store, held.person, name)
        except HabeasError as error:
            self.tell(error)
            return
        if value is not None:
            await self._exercise("rectification", {"changes": {name: value}})

    @deed
    async def action_channel(self) -> None:
        held, name = self._held, self._row_of("channel")
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
        store = self.store
        if store is None:
            return
        options = {name: named(name).title for name in NAMES}
        right = await self.app.push_screen_wait(Choose("What does the person ask for?", options))
        if right is None:
            return
        received = await asking.day(
            self.app,
            "On which day was it received?",
            await self.read(lambda cursor: cursor.today),
        )
        if received is None:
            return
        entered = await self.habeas.attempt(
            lambda: fulfilment.receive(
                store, self.subject_id, right, self.habeas.by(), received=received
            ),
            "Entered in the register.",
        )
        if entered:
            self.action_reload()

    async def _exercise(self, right: str, given: dict[str, Any] | None = None) -> None:
        if self._held is not None:
            done = await exercise(self.habeas, right, self._held.person, given or {})
            if done:
                self.action_reload()

    def _row_of(self, kind: str) -> str | None:
        """The name in the key of the row under the cursor, if the row is of this kind."""
        row = self.query_one("#profile", WindowTable).cursor_row
        found, _, name = row.key.partition(":") if row else ("", "", "")
        return name if found == kind else None


def _profile(store: Store, person: Person) -> list[Row]:
    """The fields by category, then the channels, restriction and automated decisions."""
    fields = store.map.people.fields
    ordered = sorted(fields.items(), key=lambda item: _first_place(store, item[1].category))
    rows = []
    for category, group in groupby(ordered, key=lambda item: item[1].category):
        rows.append(Row("", (category.upper(), ""), "dim"))
        rows += [
            Row(f"field:{name}", (f"  {each.label}", shown(person.fields[name])))
            for name, each in group
        ]
    words = {True: "yes", False: "no (unsubscribed)", None: "never said"}
    rows.append(Row("", ("CHANNELS", ""), "dim"))
    rows += [
        Row(f"channel:{name}", (f"  {store.map.people.channels[name].label}", words[opted_in]))
        for name, opted_in in person.channels.items()
    ]
    restriction = person.restriction
    since = f"{restriction.ground}, since {shown(restriction.since)}" if restriction else "no"
    stopped = person.automation_stopped
    decides = f"by a person, since {shown(stopped)}" if stopped else "by a machine, too"
    return [
        *rows,
        Row("", ("PROCESSING", ""), "dim"),
        Row("restriction:", ("  Restricted", since), "warning" if restriction else ""),
        Row("automation:", ("  Decisions", decides)),
    ]


def _first_place(store: Store, category: str) -> int:
    """Categories stand in the order in which the map first names them."""
    return [each.category for each in store.map.people.fields.values()].index(category)


def _history(held: _Held) -> list[Row]:
    """What waits first, then what was done, newest first."""
    waiting = [
        Row(each.id, (f"due {each.due}", each.right, "", each.id, ""), "warning")
        for each in held.register
        if each.is_open
    ]
    done = [
        Row(str(each.seq),
            (shown(each.moment)[:16], each.action, each.article, each.request, each.actor))
        for each in reversed(held.done)
    ]  # fmt: skip
    return [*waiting, *done]
