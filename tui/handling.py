"""What the screens ask of the application: the store, work off the UI thread, and one place where
is said what came of it."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from textual import work
from textual.app import App, ScreenStackError
from textual.reactive import reactive
from textual.signal import Signal

from data import people
from data.clock import Clock, utc_now
from data.errors import HabeasError, Restored
from data.ledger import By
from data.people import Person
from data.store import Store
from data.work import Work
from tui import commands, config, opening
from tui.defaults import login
from tui.listing import First
from tui.safe import safe

if TYPE_CHECKING:
    from data.rights.undo import Undo

T = TypeVar("T")

LONGEST_SAID = 300
"""Characters of each part of a message."""


class Handling(App[None]):
    """An application on one store. `store` is None until it is open, `chain_whole` until the
    ledger was checked; `waits` counts what is waited for, `slips` is what can be undone. A store
    that is `restored` lacks what was done since its backup. `chosen_keys` are the user's own, by
    the id of a command."""

    chain_whole: reactive[bool | None] = reactive(None, bindings=False)
    patience = 0.4
    """Seconds after which a dialog says what takes so long."""

    rest = 0.06
    """Seconds that the cursor rests on a row before more is shown of it, which who passes by
    does not want."""

    read_only: reactive[bool] = reactive(False, bindings=True)
    restored: reactive[bool] = reactive(False, bindings=True)
    waits: reactive[int] = reactive(0, repaint=False, bindings=False)

    def __init__(
        self,
        store: Path | str,
        *,
        actor: str | None = None,
        read_only: bool = False,
        clock: Clock = utc_now,
    ) -> None:
        super().__init__()
        self.path = Path(store)
        self._to_read = read_only
        self.actor = actor or config.load().actor or login()
        self.clock = clock
        self.store: Store | None = None
        self.slips: list[Undo] = []
        self.masking = True
        self.chosen_keys: Mapping[str, str] = {}
        self.first: First | None = None
        self.standing: Signal[None] = Signal(self, "standing")
        """Says that `chain_whole`, `read_only` or `restored` is another."""

    def _say_standing(self) -> None:
        self.standing.publish(None)

    watch_chain_whole = watch_read_only = watch_restored = _say_standing

    async def turn_to(self, path: Path) -> None:
        """Opens the store there, in place of the one that is open. Raises HabeasError."""
        opened = await self.wait(
            lambda: opening.opened(path, read_only=self._to_read, clock=self.clock)
        )
        if self.store is not None:
            self.store.close()
        self.take(path, opened)

    def take(self, path: Path, opened: Store) -> None:
        """This store is the one from now on."""
        self.path, self.slips, self.chain_whole = path, [], None
        self.read_only = opened.read_only
        self.restored = bool(opened.ledger_file.lost)
        self.store = opened

    @property
    def is_locked(self) -> bool:
        """Whether nothing can be changed; the head of every screen says why."""
        return self.read_only or self.restored

    def key(self, command_id: str) -> str:
        """What to press for a command, where a text names it."""
        return commands.key_of(command_id, self.chosen_keys)

    def by(self, reason: str = "", request: str = "") -> By:
        return By(self.actor, reason, request)

    async def wait(self, deed: Callable[[], T]) -> T:
        """What it gives, in a thread; the head shows that one waits."""
        self.waits += 1
        try:
            return await asyncio.to_thread(deed)
        finally:
            self.waits -= 1

    async def work_on(self, what: str, deed: Callable[[], T]) -> T:
        """The same for what may take long: soon a dialog says how far it is, and offers to stop
        it. Raises Interrupted where it was stopped."""
        from tui.working import Working

        task = Work()
        with task.under():
            doing = asyncio.create_task(self.wait(deed))
        dialog = None
        try:
            done, _ = await asyncio.wait({doing}, timeout=self.patience)
            if not done:
                dialog = Working(what, task)
                await self.push_screen(dialog)
            return await doing
        except asyncio.CancelledError:
            task.end()
            doing.cancel()
            raise
        finally:
            if dialog is not None:
                dialog.over()

    async def attempt(
        self, deed: Callable[[], T], done: str | Callable[[T], str], doing: str = "At work"
    ) -> bool:
        """Does something in a thread and says so, or what is to be said of what it gave, or why
        it did not happen.

        It goes on, and is told of, even where the screen that asked for it was left.
        """
        return await asyncio.shield(self._attempt(deed, done, doing).wait())

    @work(group="deed")
    async def _attempt(
        self, deed: Callable[[], T], done: str | Callable[[T], str], doing: str
    ) -> bool:
        try:
            given = await self.work_on(doing, deed)
        except HabeasError as error:
            self.tell(error)
            return False
        self.hint(done if isinstance(done, str) else done(given))
        return True

    async def person(self, subject_id: str) -> Person | None:
        """The person, read in a thread; None, and said so, where there is none."""
        store = self.opened()

        def read() -> Person:
            with store.reading() as cursor:
                return people.read(cursor, subject_id)

        try:
            return await self.wait(read)
        except HabeasError as error:
            self.tell(error)
            return None

    def tell(self, error: HabeasError) -> None:
        """The one place where an error is shown: what happened, what did not, what to do."""
        then = error.then
        if isinstance(error, Restored):
            then = f"See what it is, and do it again: Replay ({self.key('app.palette')})."
        parts = (error.happened, error.unchanged, then)
        self._say("\n".join(safe(part, limit=LONGEST_SAID) for part in parts if part), "error")

    def hint(self, text: str) -> None:
        self._say(safe(text, limit=LONGEST_SAID), "information")

    def _say(self, text: str, severity: Literal["information", "error"]) -> None:
        self.clear_notifications()
        self.notify(text, severity=severity, timeout=10, markup=False)

    def clear_notifications(self) -> None:
        """Takes what held them off the screen as well: of each message that gives way Textual
        leaves an empty one there, and every layout goes through them all."""
        super().clear_notifications()
        with suppress(ScreenStackError):
            self.screen.query("ToastHolder").remove()

    def opened(self) -> Store:
        """The store, which is open by the time that anything can be done."""
        assert self.store is not None  # noqa: S101  screens act only once it is open
        return self.store
