"""How the application is driven through a page."""

import os

from textual.drivers.web_driver import WebDriver
from textual.events import AppFocus
from textual.messages import ExitApp


class PageDriver(WebDriver):
    """Takes keys from the first frame on, and ends the application with the server."""

    def start_application_mode(self) -> None:
        super().start_application_mode()
        # Textual takes a page for one that has no keys, later than the page says that it has.
        self._app.call_later(self._app.post_message, AppFocus())

    def run_input_thread(self) -> None:
        super().run_input_thread()
        if not self.exit_event.is_set():
            # The server is gone, however it ended; nobody sees what would keep the store.
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.fileno)
            self._app.post_message(ExitApp())
