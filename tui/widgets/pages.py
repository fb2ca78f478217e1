"""The pages of rows that a table holds: few, however many rows there are."""

from collections.abc import Iterable, Sequence

from textual.cache import LRUCache

from tui.widgets.rows import PAGE, Row, Source

PAGES_HELD = 16


class Pages:
    """The pages of a source that were looked at last, and which are on their way.

    A page that was asked for in an older `generation` is of no use.
    """

    def __init__(self) -> None:
        self.source: Source | None = None
        self.total = 0
        self.generation = 0
        self.awaited: set[int] = set()
        self._held: LRUCache[int, Sequence[Row]] = LRUCache(PAGES_HELD)
        self._failed: set[int] = set()

    def renew(self, total: int) -> None:
        """All are to be asked for anew; there are so many rows now."""
        self.generation += 1
        self.total = total
        self._held.clear()
        self.awaited.clear()
        self._failed.clear()

    def row(self, index: int) -> Row | None:
        """The row at this place; None where it is not there, or not yet."""
        page, at = divmod(index, PAGE)
        rows = self._held.get(page, ())
        return rows[at] if at < len(rows) else None

    def missing(self, near: Iterable[int]) -> list[int]:
        """Those of these that are to be asked for: none while others are on their way."""
        if self.awaited:
            return []
        pages = [each for each in dict.fromkeys(near) if 0 <= each * PAGE < self.total]
        here = self._failed.union(each for each in pages if self._held.get(each) is not None)
        return [each for each in pages if each not in here]

    def keep(self, page: int, rows: Sequence[Row]) -> None:
        self.awaited.discard(page)
        self._held[page] = rows

    def fail(self, page: int) -> None:
        """It is not asked for again in this generation."""
        self.awaited.discard(page)
        self._failed.add(page)
