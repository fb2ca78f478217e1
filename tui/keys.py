"""Keys in turn: each is handled by what has the focus once the key before it has acted."""

from collections import deque
from typing import Any

from textual.app import App
from textual.dom import DOMNode
from textual.events import Event, Key, Paste
from textual.screen import Screen
from textual.widget import Widget

ROUNDS = 2
"""In the first a key acts; in the second does what it sent: enter in a line of text sends that
the line was submitted, which moves the focus."""

FRAME = 0.02
"""Seconds in which a key that is alone is left to itself: to follow it before what it did is
painted costs 3 ms of 7 (measured)."""

Focus = tuple[Screen[Any], Widget | None]


class InTurn(App[None]):
    """Keys that arrive in one go wait for each other.

    Textual hands each to what has the focus when it arrives: of keys that are pasted, or typed
    over a slow line, all go to what had it before the first of them acted.
    """

    def __init__(self) -> None:
        super().__init__()
        self._keys: deque[Event] = deque()
        self._trail: tuple[list[DOMNode], Focus] | None = None

    async def on_event(self, event: Event) -> None:
        if not isinstance(event, Key | Paste) or event.is_forwarded:
            await super().on_event(event)
            return
        self._keys.append(event)
        if len(self._keys) == 1:
            await self._hand_on()
        else:
            self._follow_up()

    async def _hand_on(self) -> None:
        """Hands on the first key. It stays in the queue until it has acted."""
        self._trail = self._way, self._focus
        await super().on_event(self._keys[0])
        if len(self._keys) > 1:
            self._follow_up()
        else:
            self.set_timer(FRAME, self._follow_up)

    @property
    def _focus(self) -> Focus:
        return self.screen, self.focused

    @property
    def _way(self) -> list[DOMNode]:
        """Whose queues a key passes until it is back at the application."""
        return (self.focused or self.screen).ancestors_with_self[:-1]

    def _follow_up(self) -> None:
        """Follows the key that was handed on, unless that is under way."""
        if self._trail is not None:
            trail, self._trail = self._trail, None
            self._follow(*trail, ROUNDS)

    def _follow(self, way: list[DOMNode], focus: Focus, rounds: int) -> None:
        """Passes the queues behind whatever the key left in them."""
        while way:
            # One that is closing takes nothing more.
            if way.pop(0).call_later(self._follow, way, focus, rounds):
                return
        self.call_later(self._arrive, focus, rounds)

    async def _arrive(self, focus: Focus, rounds: int) -> None:
        """The next key's turn comes once the focus has stayed where it is for all rounds."""
        left = rounds - 1 if focus == self._focus else ROUNDS
        if left:
            self._follow(self._way, self._focus, left)
            return
        self._keys.popleft()
        if self._keys:
            await self._hand_on()
