"""As little as a Textual application can be: a line that names the key that was pressed."""

from textual.app import App, ComposeResult
from textual.events import Key
from textual.widgets import Static


class Empty(App[None]):
    def compose(self) -> ComposeResult:
        yield Static("none")

    def on_key(self, event: Key) -> None:
        self.query_one(Static).update(event.key)


Empty().run()
