"""The application: opens the store, moves between screens, carries out what they ask."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar, Literal

from textual import work
from textual.app import App, SystemCommand
from textual.binding import BindingType
from textual.screen import Screen
from textual.worker import WorkerFailed

from data import people
from data.clock import Clock, utc_now
from data.errors import HabeasError
from data.ledger import By
from data.people import Person
from data.rights.plan import apply, propose
from data.store import Store
from tui import asking, commands, crash
from tui.cli.options import login
from tui.dialogs import Confirm
from tui.safe import safe
from tui.screens.base import Desk
from tui.screens.help import Keys
from tui.screens.people import PeopleScreen
from tui.screens.requests import RequestsScreen

LONGEST_SAID = 300
"""Characters of each part of a message."""


class HabeasApp(App[None]):
    """The application on one store, which it opens behind the first frame."""

    TITLE = "Habeas"
    CSS_PATH = "dialogs.tcss"
    MODES: ClassVar[dict[str, str | Callable[[], Screen[Any]]]] = {
        "people": PeopleScreen,
        "requests": RequestsScreen,
    }
    DEFAULT_MODE = "people"
    BINDINGS: ClassVar[list[BindingType]] = list(commands.bindings("app"))

    def __init__(
        self, store: Path | str, *, actor: str | None = None, clock: Clock = utc_now
    ) -> None:
        super().__init__()
        self.path = Path(store)
        self.actor = actor or login()
        self.clock = clock
        self.store: Store | None = None
        self._refused: HabeasError | None = None
        self._bug: BaseException | None = None

    def run_to_exit_code(self) -> int:
        """Runs until the user leaves; 0, the code of the error that ended it, or 70."""
        from tui import output

        self.run()
        if self._bug is not None:
            output.note(crash.report(self._bug))
            return crash.EXIT_CODE
        if self._refused is not None:
            output.error(self._refused)
            return self._refused.exit_code
        return self.return_code or 0

    def on_mount(self) -> None:
        self._open()

    @work(group="open")
    async def _open(self) -> None:
        try:
            self.store = await asyncio.to_thread(Store.open, self.path, clock=self.clock)
        except HabeasError as error:
            self._refused = error
            self.exit(return_code=error.exit_code)
            return
        if isinstance(self.screen, Desk):
            self.screen.action_reload()

    def on_unmount(self) -> None:
        # A query under way would keep its thread, and so the program, alive.
        if self.store is not None:
            self.store.close()

    def by(self, reason: str = "", request: str = "") -> By:
        return By(self.actor, reason, request)

    async def attempt(self, deed: Callable[[], Any], done: str) -> bool:
        """Does something in a thread and says so, or says why it did not happen.

        It goes on, and is told of, even where the screen that asked for it was left.
        """
        return await asyncio.shield(self._attempt(deed, done).wait())

    @work(group="deed")
    async def _attempt(self, deed: Callable[[], Any], done: str) -> bool:
        try:
            await asyncio.to_thread(deed)
        except HabeasError as error:
            self.tell(error)
            return False
        self.hint(done)
        return True

    async def person(self, subject_id: str) -> Person | None:
        """The person, read in a thread; None, and said so, where there is none."""
        store = self._opened()

        def read() -> Person:
            with store.reading() as cursor:
                return people.read(cursor, subject_id)

        try:
            return await asyncio.to_thread(read)
        except HabeasError as error:
            self.tell(error)
            return None

    async def exercise(
        self, right: str, person: Person, given: Mapping[str, Any], request: str = ""
    ) -> bool:
        """Asks for what the right needs, shows the plan, and applies it; whether it did."""
        store = self._opened()
        try:
            ready = await asking.particulars(self, store, right, person, given)
            if ready is None:
                return False
            plan = await asyncio.to_thread(propose, store, ready, person.id)
        except HabeasError as error:
            self.tell(error)
            return False
        reason = await self.push_screen_wait(Confirm(plan))
        if reason is None:
            return False
        return await self.attempt(
            lambda: apply(store, plan, self.by(reason, request)),
            f"{ready.title}: done, Article {plan.article}.",
        )

    def tell(self, error: HabeasError) -> None:
        """The one place where an error is shown: what happened, what did not, what to do."""
        parts = (error.happened, error.unchanged, error.then)
        self._say("\n".join(safe(part, limit=LONGEST_SAID) for part in parts if part), "error")

    def hint(self, text: str) -> None:
        self._say(safe(text, limit=LONGEST_SAID), "information")

    def _say(self, text: str, severity: Literal["information", "error"]) -> None:
        self.clear_notifications()
        self.notify(text, severity=severity, timeout=10, markup=False)

    def action_go(self, mode: str) -> None:
        if self.current_mode != mode:
            self.switch_mode(mode)
        elif len(self.screen_stack) > 1:
            self.pop_screen()

    def action_keys(self) -> None:
        group = self.screen.GROUP if isinstance(self.screen, Desk) else ""
        self.push_screen(Keys(group, "app"))

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """The palette: the commands of the screen, then those of the application."""
        groups: list[tuple[str, Screen[Any] | App[Any]]] = []
        if isinstance(screen, Desk):
            groups = [(screen.GROUP, screen)]
        for group, owner in (*groups, ("app", self)):
            for each in commands.of(group):
                if each.id != "app.palette":
                    yield SystemCommand(each.label, each.help, self._runner(each.action, owner))

    def _runner(self, action: str, owner: "Screen[Any] | App[Any]") -> Callable[[], Any]:
        return lambda: self.run_action(action.removeprefix("app."), owner)

    def _opened(self) -> Store:
        assert self.store is not None  # noqa: S101  screens act only once it is open
        return self.store

    def _handle_exception(self, error: Exception) -> None:
        self._bug = self._bug or (error.error if isinstance(error, WorkerFailed) else error)
        super()._handle_exception(error)
        self._return_code = crash.EXIT_CODE

    def _fatal_error(self) -> None:
        # Textual's own way prints local variables, and with them somebody's data.
        self._close_messages_no_wait()
