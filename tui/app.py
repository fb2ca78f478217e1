"""The application: opens the store, moves between screens, carries out what they ask."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

from textual import events, work
from textual.app import App, SystemCommand
from textual.binding import BindingType
from textual.screen import Screen
from textual.worker import WorkerFailed

from data import finding, ledger
from data.clock import Clock, utc_now
from data.errors import BadInput, HabeasError, Interrupted
from data.store import Store
from tui import commands, config, themes
from tui.config import Config
from tui.defaults import PURGED, default_store
from tui.handling import Handling
from tui.keys import InTurn
from tui.opening import Opened
from tui.safe import safe
from tui.screens.base import Desk, deed
from tui.screens.people import PeopleScreen
from tui.widgets.table import WindowTable

# What the first screen does not show is imported where it is called for, here and in all that is
# imported above: to load it too would double the time to the first rows (measured).


def _later(module: str, name: str) -> Callable[[], Screen[Any]]:
    """Makes a screen that is loaded when one first goes to it."""

    def make() -> Screen[Any]:
        screen: Screen[Any] = getattr(import_module(f"tui.screens.{module}"), name)()
        return screen

    return make


class HabeasApp(Handling, InTurn):
    """The application on one store, which it opens behind the first frame."""

    TITLE = "Habeas"
    # Each sheet that comes later makes Textual parse them all anew.
    CSS_PATH = "screens/people.tcss"
    MODES: ClassVar[dict[str, str | Callable[[], Screen[Any]]]] = {
        "ledger": _later("ledger", "LedgerScreen"),
        "map": _later("map", "MapScreen"),
        "notices": _later("notices", "NoticesScreen"),
        "people": PeopleScreen,
        "requests": _later("requests", "RequestsScreen"),
        "report": _later("report", "ReportScreen"),
    }
    DEFAULT_MODE = "people"
    BINDINGS: ClassVar[list[BindingType]] = list(commands.bindings("app"))

    def __init__(
        self,
        store: Path | str,
        *,
        actor: str | None = None,
        read_only: bool = False,
        clock: Clock = utc_now,
        ahead: Future[Opened] | None = None,
    ) -> None:
        """The store is opened `ahead`, or else by the application."""
        super().__init__(store, actor=actor, read_only=read_only, clock=clock)
        self._ahead = ahead
        for each in (themes.DARK, themes.LIGHT):
            self.register_theme(each)
        # Before anything has styles: another theme later makes them all anew.
        self.set_reactive(HabeasApp.theme, themes.DARK.name)
        # A page that glides into place keeps the handler waiting.
        self.animation_level = "none"
        self._refused: HabeasError | None = None
        self._bug: BaseException | None = None
        self._purging = False

    def run_to_exit_code(self) -> int:
        """Runs until the user leaves; 0, the code of the error that ended it, or 70."""
        from tui import early

        self.run()
        early.put_back()
        if self._bug is not None:
            from tui import crash, output

            output.note(crash.report(self._bug))
            return crash.EXIT_CODE
        if self._refused is not None:
            from tui import output

            output.error(self._refused)
            return self._refused.exit_code
        if self._purging:
            from tui import anew

            return anew.hand_over(self.path, self.actor)
        return self.return_code or 0

    def on_load(self) -> None:
        """What is there already is in the first frame."""
        if self._ahead and self._ahead.done() and not self._ahead.exception():
            store, self.first = self._ahead.result()
            self.take(self.path, store)

    def on_mount(self) -> None:
        try:
            self._dress(config.load())
        except BadInput as error:
            self._leave(error)
            return
        self._open()

    def _dress(self, settings: Config) -> None:
        """The theme and the keys that the user chose. Raises BadInput where there are none such."""
        known = {each.id for each in commands.COMMANDS}
        if unknown := [each for each in settings.keymap if each not in known]:
            raise BadInput(f"keymap: {', '.join(unknown)} is no command.", unchanged="")
        if settings.theme not in self.available_themes:
            raise BadInput(
                f"theme: {settings.theme} is none of {', '.join(sorted(self.available_themes))}.",
                unchanged="",
            )
        self.masking = settings.masking
        self.theme = settings.theme
        self.chosen_keys = settings.keymap
        self.set_keymap(dict(settings.keymap))

    def _leave(self, error: HabeasError) -> None:
        self._refused = error
        self.exit(return_code=error.exit_code)

    @work(group="open")
    async def _open(self) -> None:
        """The store; where nobody is in it yet, or there is none because nobody said where it is,
        what to begin with."""
        try:
            if self.store:
                self._check_ledger(self.store)
            elif self._ahead:
                self.take(self.path, (await self.wait(self._ahead.result)).store)
                self._refresh_all()
            elif not self._is_first_start():
                await self.turn_to(self.path)
            begun = self.is_locked or (self.store and await self._is_peopled(self.store))
        except Interrupted:
            # The application is closing.
            return
        except HabeasError as error:
            self._leave(error)
            return
        if not begun:
            from tui.screens.welcome import Welcome

            self.push_screen(Welcome())
        self._beware()
        if purged := os.environ.pop(PURGED, ""):
            self.hint(purged)

    @work(group="deed")
    async def _beware(self) -> None:
        """What is wrong with the ledger of the store; what a restored one lacks is done again once
        the handler says so."""
        if self.restored:
            await self.offer_replay()
        elif self.store and self.store.ledger_file.fault:
            from tui.dialogs import Read

            self.push_screen(Read("The ledger was cut or altered", self.store.ledger_file.warning))

    async def offer_replay(self) -> None:
        from tui import replaying

        done = await replaying.offer(self)
        if done is not None:
            self._refresh_all()
            replaying.report(self, done)

    def _refresh_all(self) -> None:
        """The screen in front and the state of the ledger, once another store is there."""
        if isinstance(self.screen, Desk):
            self.screen.action_reload()
        self._check_ledger(self.opened())

    def _is_first_start(self) -> bool:
        return not (self._to_read or self.path.exists()) and self.path == default_store()

    async def _is_peopled(self, store: Store) -> bool:
        def anybody() -> bool:
            with store.reading() as cursor:
                return finding.count(cursor) > 0

        return await self.wait(anybody)

    async def turn_to(self, path: Path) -> None:
        await super().turn_to(path)
        self._refresh_all()

    @work(group="check", exclusive=True)
    async def _check_ledger(self, store: Store) -> None:
        def breaks() -> list[str]:
            with store.reading() as cursor:
                return ledger.verify(cursor)

        try:
            self.chain_whole = not await self.wait(breaks)
        except Interrupted:
            # The application is closing.
            return

    def on_unmount(self) -> None:
        # A query under way would keep its thread, and so the program, alive.
        if self.store is not None:
            self.store.close()

    def action_go(self, mode: str) -> None:
        if self.current_mode != mode:
            self.switch_mode(mode)
        elif len(self.screen_stack) > 1:
            self.screen.dismiss()

    @work(group="deed")
    async def action_copy_cell(self) -> None:
        """Asks which value of the row."""
        cells = self._cells()
        if not cells:
            return
        from tui import clipboard
        from tui.dialogs import Choose

        options = {str(place): ": ".join(filter(None, cell)) for place, cell in enumerate(cells)}
        chosen = await self.push_screen_wait(Choose("Copy which?", options))
        if chosen is not None:
            await clipboard.copy(self, cells[int(chosen)][1])

    @work(group="deed")
    async def action_copy_row(self) -> None:
        from tui import clipboard

        if cells := self._cells():
            await clipboard.copy(self, "\t".join(value for _, value in cells))

    def _cells(self) -> list[tuple[str, str]]:
        """The column and the value of each cell, as shown, of the row that has the cursor."""
        table = self.focused
        row = table.cursor_row if isinstance(table, WindowTable) else None
        if not isinstance(table, WindowTable) or row is None or not row.key:
            self.hint("Move to a row of a table first.")
            return []
        return [
            (column.label, safe(cell).strip())
            for column, cell in zip(table.columns, row.cells, strict=False)
            if safe(cell).strip()
        ]

    @work(group="deed")
    async def action_purge(self) -> None:
        """Leaves for a purge, after which the application begins anew."""
        from tui import anew

        try:
            self._purging = await anew.agreed(self)
        except HabeasError as error:
            self.tell(error)
        if self._purging:
            self.exit()

    @property
    def habeas(self) -> Handling:
        """Itself, which begins deeds as a screen does."""
        return self

    @deed
    async def action_verify(self) -> None:
        """Looks for what is left of a person, at first of whom the screen is about."""
        from tui import verifying

        if self.store is not None:
            await verifying.look(self, self.screen.whom if isinstance(self.screen, Desk) else "")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return None if self.is_locked and action == "purge" else True

    def on_key(self, event: events.Key) -> None:
        """A key that would change the store where nothing can be changed says why."""
        pressed = self.screen.active_bindings.get(event.key)
        if self.store is None or pressed is None or pressed.enabled:
            return
        if pressed.binding.action in commands.writing(commands.group(pressed.binding.id or "")):
            try:
                self.store.check_writable()
            except HabeasError as error:
                self.tell(error)

    def action_keys(self) -> None:
        from tui.screens.help import Keys

        group = self.screen.GROUP if isinstance(self.screen, Desk) else ""
        self.push_screen(Keys(self.chosen_keys, group, "app"))

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """The palette: the commands of the screen, then those of the application,
        each with its key."""
        if self.restored:
            yield SystemCommand("Replay", "Do again what the backup lacks", self._beware)
        groups: list[tuple[str, Screen[Any] | App[Any]]] = []
        if isinstance(screen, Desk):
            groups = [(screen.GROUP, screen)]
        for group, owner in (*groups, ("app", self)):
            for each in commands.of(group):
                if each.id != "app.palette":
                    said = f"{each.help} · {commands.pressed(each, self.chosen_keys)}"
                    yield SystemCommand(each.label, said, self._runner(each.action, owner))

    def _runner(self, action: str, owner: "Screen[Any] | App[Any]") -> Callable[[], Any]:
        return lambda: self.run_action(action.removeprefix("app."), owner)

    def _handle_exception(self, error: Exception) -> None:
        from tui import crash

        self._bug = self._bug or (error.error if isinstance(error, WorkerFailed) else error)
        super()._handle_exception(error)
        self._return_code = crash.EXIT_CODE

    def _fatal_error(self) -> None:
        # Textual's own way prints local variables, and with them somebody's data.
        self._close_messages_no_wait()
