"""The rows of a table, and where they come from."""

from collections.abc import Sequence
from typing import Literal, NamedTuple, Protocol

PAGE = 256
"""Rows fetched at a time."""


class Row(NamedTuple):
    """One row: what identifies it, a value for each column, and how to set it off."""

    key: str
    cells: tuple[object, ...]
    style: Literal["", "dim", "warning", "error"] = ""


class Source(Protocol):
    """Where rows come from."""

    def fetch(self, offset: int, limit: int) -> Sequence[Row]:
        """At most `limit` rows from row `offset` on.

        Called in a thread; it may block, and may still run when the table has gone on to
        another source or another generation of this one. Who made the source interrupts it.
        """
