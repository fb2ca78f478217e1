"""Bars over time, drawn of blocks, as high and as wide as there is room."""

from collections.abc import Iterator, Sequence

from textual.content import Content
from textual.widgets import Static

BLOCKS = " ▁▂▃▄▅▆▇█"
WIDEST = 4  # cells of one bar


class Histogram(Static):
    """A bar for each count, from zero up; the highest fills the height."""

    DEFAULT_CSS = "Histogram { text-wrap: nowrap; }"

    def __init__(self, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._counts: Sequence[int] = ()

    def show(self, counts: Sequence[int]) -> None:
        self._counts = counts
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        self.update(Content("\n".join(drawn(self._counts, *self.size))))


def drawn(counts: Sequence[int], width: int, height: int) -> Iterator[str]:
    """The lines from the top; no count that is there is drawn as nothing."""
    most = max(counts, default=0) or 1
    cells = max(min(width // max(len(counts), 1), WIDEST), 1)
    eighths = [-(-count * height * 8 // most) for count in counts]
    for line in reversed(range(height)):
        blocks = (BLOCKS[min(max(each - 8 * line, 0), 8)] for each in eighths)
        # Wide enough, neighbours stand apart.
        yield "".join(block if cells == 1 else block * (cells - 1) + " " for block in blocks)
