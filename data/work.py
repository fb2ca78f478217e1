"""Work that takes long: how far it is, and how it is ended from another thread."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock, Thread
from time import sleep
from typing import Protocol

from data.errors import Interrupted

AGAIN = 0.01
"""Seconds after which a query that is still under way is interrupted again."""


class Query(Protocol):
    def interrupt(self) -> None: ...

    def progress(self) -> float: ...


class Work:
    """Whatever is asked of a store under this, in the thread that entered it."""

    def __init__(self) -> None:
        self._ended = False
        self._live: set[Query] = set()
        self._beginning = Lock()
        self._done = self._total = self._step = 0
        self._most = 0.0

    @property
    def share(self) -> float | None:
        """How much of it is done, from 0 to 1, and never less than before; None while nobody can
        say."""
        if not self._total:
            return None
        under_way = max((each.progress() for each in tuple(self._live)), default=0.0)
        reached = (self._done + self._step * under_way) / self._total
        self._most = max(self._most, min(1.0, reached))
        return self._most

    def reached(self, done: int, total: int, step: int = 0) -> None:
        """So much of it is done, and the query that comes next is a `step` more."""
        self._done, self._total, self._step = done, total, step

    def end(self) -> None:
        """The query under way, and all that would follow, raise Interrupted."""
        with self._beginning:
            self._ended = True
        if self._live:
            Thread(target=self._interrupt, daemon=True).start()

    def _interrupt(self) -> None:
        """Until they are over: DuckDB forgets that a query was interrupted as it began."""
        while under_way := tuple(self._live):
            for each in under_way:
                each.interrupt()
            sleep(AGAIN)

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
    def asking(self, query: Query) -> Iterator[None]:
        """While a query is under way, so that the end of the work ends it."""
        with self._beginning:
            self.check()
            self._live.add(query)
        try:
            yield
        finally:
            self._live.discard(query)


def current() -> Work:
    """The work that this thread is at; one that nobody ends where it is at none."""
    return _current.get() or Work()


def reached(done: int, total: int, step: int = 0) -> None:
    """Says how far the work of this thread is, and how far it will be after the query that comes
    next. Raises Interrupted once it was ended."""
    work = current()
    work.reached(done, total, step)
    work.check()


_current: ContextVar[Work | None] = ContextVar("work", default=None)
