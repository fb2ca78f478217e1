"""The register: what is due first, first; enter carries a request out."""

from datetime import date
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from data import requests
from data.requests import Request
from data.store import Store
from tui import sources
from tui.dialogs import Choose
from tui.safe import safe
from tui.screens.base import Desk, deed
from tui.screens.person import PersonScreen
from tui.widgets.columns import Column
from tui.widgets.table import Row, WindowTable
from tui.widgets.topline import TopLine
from tui.words import shown

SOON = 7
"""Days left from which a request is set off."""

LONGEST_SHOWN = 200
"""Characters of one value in the preview."""


class Register(WindowTable):
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "choose", "Carry out")]


class RequestsScreen(Desk):
    GROUP: ClassVar[str] = "requests"
    CSS_PATH = "requests.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._register: dict[str, Request] = {}

    def compose_body(self) -> ComposeResult:
        with Horizontal():
            yield Register(
                Column("due", "Due", 10),
                Column("left", "Time left", 16),
                Column("id", "Id", 6),
                Column("right", "Right", 14),
                Column("person", "Person"),
                empty="No requests. Enter one from a person's screen with n.",
            )
            with VerticalScroll(id="preview", can_focus=False):
                yield Static(id="request")

    def on_mount(self) -> None:
        self.query_one(TopLine).say("Requests", self.habeas.path.name)
        self.query_one(WindowTable).focus()

    async def load(self, store: Store) -> None:
        register, today = await self.read(lambda cursor: (requests.listed(cursor), cursor.today))
        self._register = {each.id: each for each in register}
        rows = [_row(each, today) for each in register]
        table = self.query_one(WindowTable)
        place = table.cursor
        table.show(sources.Listed(rows), len(rows))
        table.move_to(place)
        waiting = sum(each.is_open for each in register)
        late = sum(each.is_open and each.days_left(today) < 0 for each in register)
        self.query_one(TopLine).say(
            "Requests", self.habeas.path.name, f"{waiting} open", late and f"{late} OVERDUE"
        )

    @on(WindowTable.Highlighted)
    def preview(self, event: WindowTable.Highlighted) -> None:
        if event.row is not None and event.row.key in self._register:
            lines = _details(self._register[event.row.key])
            self.query_one("#request", Static).update(Content("\n".join(lines)))

    @on(WindowTable.Chosen)
    @deed
    async def carry_out(self, event: WindowTable.Chosen) -> None:
        request = self._register[event.row.key]
        if not self._is_open(request):
            return
        if not request.user_id:
            self.habeas.hint("The person was erased: close the request with C.")
            return
        person = await self.habeas.person(request.user_id)
        if person is not None:
            done = await self.habeas.exercise(request.right, person, request.details, request.id)
            if done:
                self.action_reload()

    def action_person(self) -> None:
        request = self._chosen()
        if request is None:
            return
        if not request.user_id:
            self.habeas.hint("The register no longer knows who this was.")
        else:
            self.app.push_screen(PersonScreen(request.user_id))

    @deed
    async def action_cancel(self) -> None:
        request, store = self._chosen(), self.store
        if request is None or store is None or not self._is_open(request):
            return
        options = {"no": "No, it stays open", "yes": "Yes, the person took it back"}
        title = f"Close {request.id} ({request.right}) without an answer?"
        if await self.app.push_screen_wait(Choose(title, options)) != "yes":
            return

        def cancel() -> Request:
            with store.transaction() as cursor:
                return requests.cancel(cursor, request.id, self.habeas.by())

        if await self.habeas.attempt(cancel, f"{request.id} is cancelled."):
            self.action_reload()

    def _is_open(self, request: Request) -> bool:
        if not request.is_open:
            self.habeas.hint(f"{request.id} is {request.status}.")
        return request.is_open

    def _chosen(self) -> Request | None:
        row = self.query_one(WindowTable).cursor_row
        return self._register.get(row.key) if row else None


def _row(request: Request, today: date) -> Row:
    who = request.user_id or f"erased ({request.subject[:8]})"
    if not request.is_open:
        cells = (request.due, request.status, request.id, request.right, who)
        return Row(request.id, cells, "dim")
    left = request.days_left(today)
    cells = (request.due, days_left(left), request.id, request.right, who)
    return Row(request.id, cells, "error" if left < 0 else "warning" if left <= SOON else "")


def days_left(days: int) -> str:
    """Number and word, so that nothing is said by colour alone."""
    if days == 0:
        return "due today"
    unit = "day" if abs(days) == 1 else "days"
    return f"{days} {unit} left" if days > 0 else f"{-days} {unit} overdue"


def _details(request: Request) -> list[str]:
    """All that the register keeps of a request, a line each, display-safe."""
    said = {
        "Request": request.id,
        "Right": request.right,
        "Person": request.user_id or "erased",
        "Due": request.working,
        "Handled by": request.handler,
        "Status": request.status,
        "Closed": request.closed_at,
        **{name.capitalize(): value for name, value in request.details.items()},
        **{f"Receipt: {name}": value for name, value in request.receipt.items()},
    }
    return [
        safe(line, limit=LONGEST_SHOWN)
        for name, value in said.items()
        if shown(value) != "—"
        for line in f"{name}: {shown(value)}".replace("\n", "\n  ").split("\n")
    ]
