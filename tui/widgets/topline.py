"""The first line of every screen: where one is, what holds there, and the state of the ledger."""

from itertools import cycle
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static

from tui.safe import safe

if TYPE_CHECKING:
    from tui.handling import Handling


class TopLine(Static):
    """`say` puts the screen's name at the left and what to bear in mind beside it."""

    def say(self, *parts: object) -> None:
        said = Content(" · ".join(safe(part) for part in ("Habeas", *parts) if part))
        # As wide as there is room, whatever it says: nothing is laid out anew.
        self.update(said, layout=False)


class Chain(Static):
    """Whether the chain of the ledger was found whole when it was last checked, and why nothing
    can be changed, if so."""

    WORDS: ClassVar = {None: "", True: "✓ ledger whole", False: "✗ LEDGER BROKEN"}

    def on_mount(self) -> None:
        # What is watched keeps who watches it until it changes, though their screen has gone.
        self._habeas.standing.subscribe(self, lambda _: self.say())
        self.say()

    def on_unmount(self) -> None:
        self._habeas.standing.unsubscribe(self)

    @property
    def _habeas(self) -> "Handling":
        return cast("Handling", self.app)

    def say(self) -> None:
        app = self._habeas
        ledger = "RESTORED BACKUP" if app.restored else self.WORDS[app.chain_whole]
        parts = ("READ ONLY" if app.read_only else "", ledger)
        self.update(Content(" · ".join(filter(None, parts))))


class Spinner(Static):
    """Turns while something is waited for, from TICK on."""

    FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
    TICK = 0.08  # seconds: what is there sooner needs no sign that one waits

    _timer: Timer | None = None

    def on_mount(self) -> None:
        self.watch(self.app, "waits", self._wait)

    def _wait(self, waits: int) -> None:
        if waits and self._timer is None:
            frames = cycle(self.FRAMES)
            self._timer = self.set_interval(self.TICK, lambda: self._draw(next(frames)))
        elif not waits and self._timer is not None:
            self._timer.stop()
            self._timer = None
            self._draw("")

    def _draw(self, frame: str) -> None:
        # It is always one cell wide: to arrange the whole screen anew would take 10 ms.
        self.update(frame, layout=False)


class Head(Horizontal):
    DEFAULT_CSS = """
    Head { dock: top; height: 1; background: $primary; color: $background; text-style: bold; }
    Head TopLine { width: 1fr; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
    Head Chain { width: auto; padding: 0 1; }
    Head Spinner { width: 1; }
    """

    def compose(self) -> ComposeResult:
        yield TopLine()
        yield Spinner()
        yield Chain()
