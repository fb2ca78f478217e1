"""The recipients: who is to be told of what was corrected, erased or restricted, Article 19."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from data.register import notices
from data.register.notices import Notice
from data.rights import named
from data.store import Store
from tui import sources, steps
from tui.screens.base import Desk, deed
from tui.widgets.columns import Column
from tui.widgets.rows import Row
from tui.widgets.table import WindowTable
from tui.widgets.topline import TopLine


class Recipients(WindowTable):
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "choose", "Tell")]


class NoticesScreen(Desk):
    GROUP: ClassVar[str] = "notices"

    def __init__(self) -> None:
        super().__init__()
        self._notices: dict[str, Notice] = {}
        self._first = ""

    def begin_with(self, request_id: str) -> None:
        """Marks those that are to be told of this request."""
        self._first = request_id
        self.action_reload()

    @property
    def whom(self) -> str:
        row = self.query_one(WindowTable).cursor_row
        return self._id_of(self._notices[row.key]) if row and row.key in self._notices else ""

    def compose_body(self) -> ComposeResult:
        yield Recipients(
            Column("id", "Id", 5),
            Column("recipient", "Recipient"),
            Column("done", "What was done", 13, wide=24),
            Column("status", "Status", 21),
            Column("request", "On", 5),
            Column("person", "Person", cut="middle"),
            empty="Nobody is to be told of anything yet.",
            markable=self._waits,
        )

    def on_mount(self) -> None:
        self.query_one(WindowTable).focus()

    async def load(self, store: Store) -> None:
        found = await self.read(notices.listed)
        self._notices = {each.id: each for each in found}
        rows = [_row(each, self.listed_id(self._id_of(each))) for each in found]
        table = self.query_one(WindowTable)
        sources.renew(table, rows, {each.id for each in found if not each.is_open})
        first = [each.id for each in found if self._first and each.request == self._first]
        table.marked = table.marked.union(first)
        if first:
            table.move_to([each.id for each in found].index(first[0]))
        self._first = ""

    @on(WindowTable.Marked)
    def say(self) -> None:
        waiting = sum(each.is_open for each in self._notices.values())
        marked = len(self.query_one(WindowTable).marked)
        self.query_one(TopLine).say(
            "Recipients", self.habeas.path.name, f"{waiting} to tell", marked and f"{marked} marked"
        )

    @on(WindowTable.Chosen)
    @deed
    async def tell_one(self, event: WindowTable.Chosen) -> None:
        chosen = self._marked() or [self._notices[event.row.key]]
        if not chosen[0].is_open:
            self.habeas.hint(f"{chosen[0].id} is {chosen[0].status} already.")
            return
        await steps.tell(self.habeas, chosen, await self.read(lambda cursor: cursor.today))
        self.action_reload()

    def _id_of(self, notice: Notice) -> str:
        """Of whom it is about, as long as that is kept."""
        return notice.person.get(self.habeas.opened().map.people.key, "")

    def _marked(self) -> list[Notice]:
        marked = self.query_one(WindowTable).marked
        return [each for each in self._notices.values() if each.id in marked]

    def _waits(self, notice_id: str) -> bool:
        return notice_id in self._notices and self._notices[notice_id].is_open


def _row(notice: Notice, listed_id: str) -> Row:
    status = f"open since {notice.since}" if notice.is_open else f"{notice.status} {notice.settled}"
    person = listed_id or f"({notice.subject[:8]})"
    done = named(notice.right).title
    cells = (notice.id, notice.recipient, done, status, notice.request, person)
    return Row(notice.id, cells, "warning" if notice.is_open else "dim")
