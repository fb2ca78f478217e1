"""The pages of rows that a table holds: few, however many rows there are."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from textual.cache import LRUCache

from data.errors import HabeasError
from tui.widgets.rows import PAGE, Row, Source

PAGES_HELD = 16


class Fetched(NamedTuple):
    """A page as its source had it, or why there is none; of which generation it is."""

    generation: int
    page: int
    rows: Sequence[Row] | HabeasError


class Pages:
    """The pages of a source that were looked at last, and which are on their way.

    A page that was asked for in an older generation is of no use.
    """

    def __init__(self) -> None:
        self.source: Source | None = None
        self.total = 0
        self._generation = 0
        self._awaited: set[int] = set()
        self._held: LRUCache[int, Sequence[Row]] = LRUCache(PAGES_HELD)
        self._failed: set[int] = set()

    def renew(self, total: int, first: Sequence[Row] = ()) -> None:
        """All are to be asked for anew, but for the `first` page if it is there already; there
        are so many rows now."""
        self._generation += 1
        self.total = total
        self._held.clear()
        self._awaited.clear()
        self._failed.clear()
        if first:
            self._held[0] = first

    def row(self, index: int) -> Row | None:
        """The row at this place; None where it is not there, or not yet."""
        page, at = divmod(index, PAGE)
        rows = self._held.get(page, ())
        return rows[at] if at < len(rows) else None

    def ask(self, near: Iterable[int]) -> Iterator[Fetched] | None:
        """Those of these pages that are missing, each fetched when its turn comes, in whatever
        thread that is; None where none are missing, or others are on their way."""
        if self.source is None or self._awaited:
            return None
        pages = [each for each in dict.fromkeys(near) if 0 <= each * PAGE < self.total]
        here = self._failed.union(each for each in pages if self._held.get(each) is not None)
        missing = [each for each in pages if each not in here]
        if not missing:
            return None
        self._awaited.update(missing)
        return self._fetch(self.source, self.total, self._generation, missing)

    def _fetch(
        self, source: Source, total: int, generation: int, pages: Sequence[int]
    ) -> Iterator[Fetched]:
        for page in pages:
            if generation != self._generation:
                return
            rows: Sequence[Row] | HabeasError
            try:
                rows = source.fetch(page * PAGE, min(PAGE, total - page * PAGE))
            except HabeasError as error:
                rows = error
            yield Fetched(generation, page, rows)

    def keep(self, fetched: Fetched) -> bool:
        """Whether it is of use. One that failed is not asked for again in this generation."""
        if fetched.generation != self._generation:
            return False
        self._awaited.discard(fetched.page)
        if isinstance(fetched.rows, HabeasError):
            self._failed.add(fetched.page)
        else:
            self._held[fetched.page] = fetched.rows
        return True
