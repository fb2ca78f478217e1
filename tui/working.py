"""What stands over a screen while something takes long: how far it is, and how to stop it."""

from time import monotonic
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Label, ProgressBar

from data.work import Work
from tui.dialogs import Dialog

TICK = 0.1  # seconds


class Working(Dialog[None]):
    """Shows work that goes on elsewhere, until it is `over`; escape ends it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "stop", "Stop")]

    def __init__(self, title: str, work: Work):
        super().__init__(title)
        self.work = work
        self._over = self._stopped = False
        self._began = monotonic()

    def compose_body(self) -> ComposeResult:
        yield ProgressBar(total=None, show_eta=True)
        yield Label("", id="elapsed", markup=False)
        yield Label("esc: stop, and nothing of it stays", id="keys", markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self.set_interval(TICK, self._tick)
        self._tick()

    def over(self) -> None:
        """Closes the dialog, as soon as it is in front."""
        self._over = True
        self._tick()

    def action_stop(self) -> None:
        self._stopped = True
        self.work.end()
        self.query_one("#keys", Label).update("stopping …")

    def _tick(self) -> None:
        if not self.is_current:
            return
        if self._over:
            self.dismiss(None)
            return
        if self._stopped:
            # What came before its query had begun was lost.
            self.work.end()
        self.query_one("#elapsed", Label).update(f"{monotonic() - self._began:.0f} s")
        if self.work.share is not None:
            self.query_one(ProgressBar).update(total=1, progress=self.work.share)
