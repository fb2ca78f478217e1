"""The first line of every screen: where one is, what holds there, and the state of the ledger."""

from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from tui.safe import safe

if TYPE_CHECKING:
    from tui.handling import Handling


class TopLine(Static):
    """`say` puts the screen's name at the left and what to bear in mind beside it."""

    def say(self, *parts: object) -> None:
        self.update(Content(" · ".join(safe(part) for part in ("Habeas", *parts) if part)))


class Chain(Static):
    """Whether the chain of the ledger was found whole when it was last checked, and whether
    the store is open for reading only."""

    WORDS: ClassVar = {None: "", True: "✓ ledger whole", False: "✗ LEDGER BROKEN"}

    def on_mount(self) -> None:
        self.watch(self.app, "chain_whole", self.say)
        self.watch(self.app, "read_only", self.say)

    def say(self) -> None:
        app = cast("Handling", self.app)
        parts = ("READ ONLY" if app.read_only else "", self.WORDS[app.chain_whole])
        self.update(Content(" · ".join(filter(None, parts))))


class Head(Horizontal):
    DEFAULT_CSS = """
    Head { dock: top; height: 1; background: $primary; color: $background; text-style: bold; }
    Head TopLine { width: 1fr; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
    Head Chain { width: auto; padding: 0 1; }
    """

    def compose(self) -> ComposeResult:
        yield TopLine()
        yield Chain()
