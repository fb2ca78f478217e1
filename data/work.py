"""Work that takes long: how far it is, and how it is ended from another thread."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

from data.errors import Interrupted


class Interruptible(Protocol):
    def interrupt(self) -> None: ...


class Work:
    """Whatever is asked of a store under this, in the thread that entered it.

    `share` is how much of it is done, from 0 to 1; None while nobody can say.
    """

    def __init__(self) -> None:
        self.share: float | None = None
        self._ended = False
        self._live: set[Interruptible] = set()

    def end(self) -> None:
        """The query under way, and all that would follow, raise Interrupted."""
        self._ended = True
        for each in tuple(self._live):
            each.interrupt()

    def check(self) -> None:
        """Raises Interrupted once it was ended."""
        if self._ended:
            raise Interrupted("It was stopped.")

    @contextmanager
    def under(self) -> Iterator[None]:
        token = _current.set(self)
        try:
            yield
        finally:
            _current.reset(token)

    @contextmanager
    def asking(self, query: Interruptible) -> Iterator[None]:
        """While a query is under way, so that the end of the work ends it."""
        self.check()
        self._live.add(query)
        try:
            yield
        finally:
            self._live.discard(query)


def current() -> Work:
    """The work that this thread is at; one that nobody ends where it is at none."""
    return _current.get() or Work()


def reached(done: int, total: int) -> None:
    """Says how far the work of this thread is. Raises Interrupted once it was ended."""
    work = current()
    work.share = done / total if total else None
    work.check()


_current: ContextVar[Work | None] = ContextVar("work", default=None)
