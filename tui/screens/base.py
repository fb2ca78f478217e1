"""What the screens share: the first and the last line, and work off the UI thread."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import ClassVar, Concatenate, ParamSpec, Protocol, TypeVar, cast

from textual import work
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.worker_manager import WorkerManager

from data.cursor import Cursor
from data.errors import HabeasError, Interrupted
from data.store import Store
from tui import commands
from tui.handling import Handling
from tui.leaving import Leaving
from tui.listing import WIDE
from tui.masking import masked_id
from tui.widgets.keyline import KeyLine
from tui.widgets.table import WindowTable
from tui.widgets.topline import Head

T = TypeVar("T")
P = ParamSpec("P")


class Doer(Protocol):
    """A screen that begins deeds."""

    @property
    def habeas(self) -> Handling: ...

    @property
    def workers(self) -> WorkerManager: ...

    def tell(self, error: HabeasError) -> None: ...


D = TypeVar("D", bound=Doer)


def deed(
    act: Callable[Concatenate[D, P], Coroutine[None, None, None]],
) -> Callable[Concatenate[D, P], None]:
    """A worker that asks the handler and acts; one at a time, so a key pressed twice acts once.

    What it raises on purpose is told.
    """

    async def told(self: D, /, *args: P.args, **kwargs: P.kwargs) -> None:
        try:
            await act(self, *args, **kwargs)
        except HabeasError as error:
            self.tell(error)

    begin = work(group="deed")(told)

    @wraps(act)
    def start(self: D, /, *args: P.args, **kwargs: P.kwargs) -> None:
        if any(each.group == "deed" and not each.is_finished for each in self.workers):
            self.habeas.hint("What was begun before is still under way.")
        else:
            begin(self, *args, **kwargs)

    return start


class Desk(Leaving[None]):
    """A screen on the store. It loads whenever it comes to the front."""

    GROUP: ClassVar[str] = ""
    """The group of commands that are this screen's."""

    HORIZONTAL_BREAKPOINTS = [(0, "narrow"), (100, "middle"), (WIDE, "wide")]  # noqa: RUF012

    def __init_subclass__(cls) -> None:
        cls.BINDINGS = list(commands.bindings(cls.GROUP))
        super().__init_subclass__()

    @property
    def habeas(self) -> Handling:
        return cast("Handling", self.app)

    @property
    def store(self) -> Store | None:
        """None until it is open."""
        return self.habeas.store

    @property
    def whom(self) -> str:
        """The id of the person it is about, or who is under the cursor; "" where that is nobody."""
        return ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What changes the store is greyed where nothing can be changed."""
        greyed = self.habeas.is_locked and action in commands.writing(self.GROUP)
        return None if greyed else True

    def listed_id(self, subject_id: str) -> str:
        """An id as lists show it, masked unless the configuration says otherwise."""
        return masked_id(subject_id) if self.habeas.masking else subject_id

    def compose(self) -> ComposeResult:
        yield Head()
        yield from self.compose_body()
        yield KeyLine(self.GROUP)

    def compose_body(self) -> ComposeResult:
        yield from ()

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Leaves the screen. Nothing that was begun on it asks the handler any more: a question
        asked while its screen is taken down would take the application down too."""
        self.workers.cancel_node(self)
        return super().dismiss(result)

    def on_screen_resume(self) -> None:
        self.action_reload()

    def on_screen_suspend(self) -> None:
        # The next screen shows what was said; what held it here would stay, as in Handling.
        self.query("ToastHolder").remove()

    def action_mark(self) -> None:
        self.query_one(WindowTable).mark()

    def action_reload(self) -> None:
        if self.store is not None and self.is_attached:
            self._load(self.store)

    @work(exclusive=True, group="load")
    async def _load(self, store: Store) -> None:
        try:
            await self.load(store)
        except HabeasError as error:
            self.tell(error)

    async def load(self, store: Store) -> None:
        """Reads and shows what the screen is about. Raises HabeasError."""

    async def read(self, query: Callable[[Cursor], T]) -> T:
        """The answer of a query that runs in a thread. Raises what the query raises, and
        Interrupted where the screen was left meanwhile."""
        store = self.store
        assert store is not None  # noqa: S101  screens load only once it is open

        def ask() -> T:
            with store.reading() as cursor:
                return query(cursor)

        return await self.answer(ask)

    async def answer(self, ask: Callable[[], T]) -> T:
        """The same of whatever asks the store."""
        answer = await self.habeas.wait(ask)
        if not self.display:
            # It is being taken down, and what would show the answer may be gone already.
            raise Interrupted("The screen was left.")
        return answer

    def on_window_table_failed(self, event: WindowTable.Failed) -> None:
        self.tell(event.error)

    def tell(self, error: HabeasError) -> None:
        """Shows an error; an interrupted query is none, its answer is no longer wanted."""
        if not isinstance(error, Interrupted):
            self.habeas.tell(error)
