"""Screens that can be left at any moment, also before they are there."""

from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import Screen

Result = TypeVar("Result")


class Leaving(Screen[Result]):
    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Leaves the screen, as soon as it is there: closed before, it would have nothing of what
        it is made of, and look for it."""
        if self.is_mounted:
            return super().dismiss(result)
        self.call_later(self._dismiss_late, result)
        return AwaitComplete()

    def _dismiss_late(self, result: Result | None) -> None:
        if self.is_current:
            self.dismiss(result)
