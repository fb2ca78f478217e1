"""The first line of every screen: where one is, and what holds there."""

from textual.content import Content
from textual.widgets import Static

from tui.safe import safe


class TopLine(Static):
    """`say` puts the screen's name at the left and what to bear in mind beside it."""

    DEFAULT_CSS = """
    TopLine { dock: top; height: 1; padding: 0 1; background: $primary; color: $background;
              text-style: bold; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def say(self, *parts: object) -> None:
        self.update(Content(" · ".join(safe(part) for part in ("Habeas", *parts) if part)))
