"""Bars of parts side by side, each with a sign of its own, so that none is told by colour alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.widgets import Static

from tui.widgets.columns import GAP, fit

LABELS = 14  # cells
WIDEST = 4
"""Cells of one thing that is counted, where there is room."""


@dataclass(frozen=True)
class Part:
    """What one part of a bar counts, the sign it is drawn with, and its colour."""

    label: str
    sign: str
    colour: str


class Chart(Static):
    """Below a line that says what the signs mean, a bar for each label, and its total."""

    def __init__(self, *parts: Part, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._parts = parts
        self._bars: Mapping[str, Sequence[int]] = {}

    def show(self, bars: Mapping[str, Sequence[int]]) -> None:
        """Draws these counts, one for each part."""
        self._bars = bars
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        self.update(Content("\n").join(self._lines()))

    def _lines(self) -> Iterator[Content]:
        most = max((sum(counts) for counts in self._bars.values()), default=0)
        room = self.size.width - LABELS - 2 * GAP - len(str(most))
        yield Content("  ").join(
            Content.styled(f"{part.sign} {part.label}", part.colour) for part in self._parts
        )
        yield Content()
        for label, counts in self._bars.items():
            bar = Content("").join(
                Content.styled(part.sign * cells, part.colour)
                for part, cells in zip(self._parts, lengths(counts, most, room), strict=True)
            )
            gap = Content(" " * GAP)
            yield Content(fit(label, LABELS)) + gap + bar + gap + Content(str(sum(counts)))


def lengths(counts: Sequence[int], most: int, room: int) -> list[int]:
    """Cells for each count where `most` fills the room: as many for each thing, while there is
    a cell for each; else in proportion, and none that is there is lost."""
    if most <= room:
        each = min(room // max(most, 1), WIDEST)
        return [count * each for count in counts]
    # Rounded up, so each may be longer by less than one.
    spare = room - len(counts)
    return [-(-count * spare // most) for count in counts]
