"""A screen of which what is typed shows a part."""

from textual import on
from textual.widgets import Input

from tui.screens.base import Desk
from tui.widgets.line import Line
from tui.widgets.table import WindowTable


class Search(Line):
    """It is there only while something is typed, or was."""

    DEFAULT_CSS = "Search { display: none; width: 1fr; padding: 0 1; background: $panel; }"


class Searched(Desk):
    """It has a line to type in, a Search unless it always stands there, and a table."""

    def on_mount(self) -> None:
        # At once, while the letter is painted; Input.Changed comes only after that.
        self.watch(self.query_one(Line), "value", self.search, init=False)

    def search(self) -> None:
        """Shows that of which every word that is typed is said."""
        raise NotImplementedError

    @property
    def sought(self) -> str:
        return self.query_one(Line).value.strip()

    def action_search(self) -> None:
        line = self.query_one(Line)
        line.display = True
        line.focus()

    def key_down(self) -> None:
        if self.query_one(Line).has_focus:
            self.leave_search()

    @on(Input.Submitted)
    def leave_search(self) -> None:
        self.query_one(WindowTable).focus()
        self.query(Search).set(display=bool(self.sought))

    def key_escape(self) -> None:
        """From the search back to the table; then to all there is."""
        if self.query_one(WindowTable).has_focus:
            self.query_one(Line).value = ""
        self.leave_search()
