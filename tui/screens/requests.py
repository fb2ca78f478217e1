"""The register: what is due first, first; enter carries a request out."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from data.purge import waiting
from data.purge.waiting import Waiting
from data.register import requests
from data.register.requests import Request
from data.rights import named
from data.store import Store
from tui import arriving, exercising, purges, sources, steps
from tui.handling import Handling
from tui.safe import safe
from tui.screens import opened
from tui.screens.base import deed
from tui.screens.notices import NoticesScreen
from tui.screens.person import PersonScreen
from tui.screens.searched import Search, Searched
from tui.widgets.columns import Column
from tui.widgets.moving import Text
from tui.widgets.rows import Row
from tui.widgets.table import WindowTable
from tui.widgets.topline import TopLine
from tui.words import days_left

SOON = 7
"""Days left from which a request is set off."""

LONGEST_SHOWN = 200
"""Characters of one value in the preview."""


NONE = "No requests. Enter one that came in with {key}."
NONE_FOUND = "No request is like that. esc shows all."


class Register(WindowTable):
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "choose", "Next step")]


class RequestsScreen(Searched):
    GROUP: ClassVar[str] = "requests"
    CSS_PATH = "requests.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._register: dict[str, Request] = {}
        self._rows: list[Row] = []
        self._today = date.min
        self._waiting = Waiting()

    @property
    def whom(self) -> str:
        request = self._chosen()
        return request.user_id if request else ""

    def compose_body(self) -> ComposeResult:
        yield Search(placeholder="a person, a right, a status, open, overdue, …")
        with Horizontal(id="body"):
            yield Register(
                Column("due", "Due", 10),
                Column("left", "Time left", 15),
                Column("id", "Id", 5),
                Column("right", "Right", 13, wide=23),
                Column("status", "Status", 13),
                Column("person", "Person", cut="middle"),
                empty=self._none(),
                markable=self._still_open,
            )
            with Text(id="preview"):
                yield Static(id="request")

    def on_mount(self) -> None:
        self.query_one(TopLine).say("Requests", self.habeas.path.name)
        self.query_one(WindowTable).focus()

    async def load(self, store: Store) -> None:
        register, today, self._waiting = await self.read(
            lambda cursor: (requests.listed(cursor), cursor.today, waiting.of(cursor))
        )
        self._register = {each.id: each for each in register}
        self._rows = [_row(each, today, self.listed_id(each.user_id)) for each in register]
        self._today = today
        table = self.query_one(WindowTable)
        table.marked = table.marked
        self.search()

    def search(self) -> None:
        words = self.sought.casefold().split()
        found = [each for each in self._rows if all(word in self._said(each) for word in words)]
        table = self.query_one(WindowTable)
        table.empty = NONE_FOUND if words else self._none()
        if not found:
            self.query_one("#request", Static).update("")
        sources.renew(table, found, {each.id for each in self._register.values() if _over(each)})
        self.say()

    def _said(self, row: Row) -> str:
        """All by which a request is found."""
        request = self._register[row.key]
        stands = "open" if request.is_open else "closed"
        more = (
            request.right,
            request.user_id,
            request.handler,
            request.origin,
            request.status,
            stands,
        )
        return " ".join(map(str, (*row.cells, *more))).casefold()

    @on(WindowTable.Marked)
    def say(self) -> None:
        register = self._register.values()
        waiting = sum(each.is_open for each in register)
        late = sum(each.is_overdue(self._today) for each in register)
        table = self.query_one(WindowTable)
        marked = len(table.marked)
        self.query_one(TopLine).say(
            "Requests",
            self.habeas.path.name,
            f"{table.total:,} of {len(register):,}" if self.sought else f"{waiting} open",
            late and f"{late} OVERDUE",
            purges.waiting(self._waiting, self._today),
            marked and f"{marked} marked",
        )

    @on(WindowTable.Highlighted)
    @on(WindowTable.Marked)
    def preview(self) -> None:
        request = self._chosen()
        if request is not None:
            lines = [f"Next: {self._next(request)}", *opened.details(request)]
            text = "\n".join(safe(line, limit=LONGEST_SHOWN) for line in lines)
            self.query_one("#request", Static).update(Content(text))

    @on(WindowTable.Chosen)
    @deed
    async def carry_out(self, event: WindowTable.Chosen) -> None:
        """The next step on one, or one plan over those that are marked."""
        request = self._register[event.row.key]
        if marked := self._marked():
            await exercising.answer(self.habeas, marked)
        elif request.to_tell and not request.is_open:
            await self._tell(request)
            return
        elif self._if_open(request):
            await opened.advance(self.habeas, request)
        self.action_reload()

    def action_mark_ready(self) -> None:
        """All that can be carried out as they are; where they are marked already, none."""
        table = self.query_one(WindowTable)
        ready = {each.id for each in self._register.values() if each.is_ready}
        table.marked = frozenset() if ready <= table.marked else table.marked | ready

    def action_person(self) -> None:
        request = self._chosen()
        if request is None:
            return
        if not request.user_id:
            self.habeas.hint("The register no longer knows who this was.")
        else:
            self.app.push_screen(PersonScreen(request.user_id))

    def _none(self) -> str:
        return NONE.format(key=self.habeas.key("requests.add"))

    @deed
    async def action_add(self) -> None:
        if await arriving.enter_anyones(self.habeas, self._today):
            self.action_reload()

    @deed
    async def action_identify(self) -> None:
        await self._step(steps.identify)

    @deed
    async def action_extend(self) -> None:
        await self._step(steps.extend)

    @deed
    async def action_refuse(self) -> None:
        await self._step(steps.refuse)

    @deed
    async def action_cancel(self) -> None:
        await self._step(steps.cancel)

    @deed
    async def action_letter(self) -> None:
        request = self._chosen()
        if chosen := self._marked() or ([request] if request else []):
            await steps.letter(self.habeas, chosen)
            self.action_reload()

    @deed
    async def action_notices(self) -> None:
        """To the recipients that are to be told of what was done on the request."""
        await self._tell(self._chosen())

    async def _tell(self, request: Request | None) -> None:
        await self.app.switch_mode("notices")
        if request is not None and isinstance(self.app.screen, NoticesScreen):
            self.app.screen.begin_with(request.id)

    async def _step(self, step: Callable[[Handling, Sequence[Request]], Awaitable[bool]]) -> None:
        request = self._chosen()
        chosen = self._marked() or (self._if_open(request) if request else [])
        if chosen:
            await step(self.habeas, chosen)
            self.action_reload()

    def _next(self, request: Request) -> str:
        """What there is to do about it, and the key that does it."""
        key = self.habeas.key
        if marked := self._marked():
            return f"enter to carry out what is marked, {steps.ids(marked)}; esc to unmark it"
        if request.is_open and request.identity == "failed":
            return f"{key('requests.refuse')} to refuse it, for it could not be shown who asks"
        if request.is_open:
            return f"enter to {opened.next_step(request)}"
        if request.to_tell:
            return "enter to go to the recipients who are still to be told"
        if request.status != "completed":
            return f"nothing, it is {request.status}"
        said = f"{key('requests.letter')} to write the letter that says what was done"
        if request.purge_by:
            said += f"; {key('app.purge')} to purge the store, by {request.purge_by}"
        return said

    def _marked(self) -> list[Request]:
        """By due date, as they stand in the register."""
        marked = self.query_one(WindowTable).marked
        return [each for each in self._register.values() if each.id in marked]

    def _still_open(self, request_id: str) -> bool:
        return request_id in self._register and self._register[request_id].is_open

    def _if_open(self, request: Request) -> list[Request]:
        if request.is_open:
            return [request]
        self.habeas.hint(f"{request.id} is {request.status}.")
        return []

    def _chosen(self) -> Request | None:
        row = self.query_one(WindowTable).cursor_row
        return self._register.get(row.key) if row else None


def _row(request: Request, today: date, listed_id: str) -> Row:
    who = listed_id or f"erased ({request.subject[:8]})"
    left = request.days_left(today)
    time = days_left(left) if request.is_open else "closed"
    if request.is_open and request.paused_since and left >= 0:
        time = "paused"
    cells = (request.due, time, request.id, named(request.right).title, opened.status(request), who)
    if not request.is_open:
        return Row(request.id, cells, "dim")
    late = request.is_overdue(today)
    return Row(request.id, cells, "error" if late else "warning" if left <= SOON else "")


def _over(request: Request) -> bool:
    """Whether there is nothing more to do about it."""
    return not request.is_open and request.status != "completed"
