"""Columns of text: how wide each is, and a value cut or padded to that."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from rich.cells import cell_len, set_cell_size

from tui.safe import safe

GAP = 2  # cells between columns
NARROWEST = 8  # cells of a column that shares the remaining width
ENOUGH = 20  # cells of one that no other column need be narrow for

# The width measure counts a joiner and whatever follows it as nothing, which is right for
# emoji only; without the joiner a Sinhala name is as wide as the terminal draws it.
_JOINER_OF_LETTERS = re.compile("\u200d(?![\u2190-\u2bff\U0001f000-\U0001faff])")


@dataclass(frozen=True)
class Column:
    """A heading and its width in cells; without a width it takes its share of what is left."""

    key: str
    label: str
    width: int | None = None
    align: Literal["left", "right"] = "left"
    share: int = 1
    cut: Literal["end", "middle"] = "end"
    """What of a value that is too long is left out; ids are told apart by how they end."""
    wide: int | None = None
    """Its width where that leaves enough to those that share."""


def widths(columns: Sequence[Column], room: int) -> list[int]:
    """Cells for each column within `room`; what does not fit is cut off at the right."""
    shares = sum(column.share for column in columns if column.width is None)
    gaps = GAP * (len(columns) - 1)
    wide = [column.wide or column.width for column in columns]
    if sum(width or ENOUGH for width in wide) + gaps > room:
        wide = [column.width for column in columns]
    spare = max(room - gaps - sum(width or 0 for width in wide), 0)
    found: list[int] = []
    for column, wanted in zip(columns, wide, strict=True):
        if wanted is None:
            part = spare * column.share // shares
            spare, shares = spare - part, shares - column.share
            wanted = max(part, NARROWEST)
        found.append(max(min(wanted, room), 0))
        room -= wanted + GAP
    return found


class Grid:
    """Columns side by side in so much room, in cells."""

    def __init__(self, columns: Sequence[Column], room: int):
        found = zip(columns, widths(columns, room), strict=True)
        self._columns = [(column, width) for column, width in found if width]
        ends = accumulate(width + GAP for _, width in self._columns)
        self._left = [room, *(room + GAP - end for end in ends)]

    def line(self, cells: Sequence[object]) -> str:
        """The values of a row, each made safe; exactly as wide as there is room."""
        fitted = [
            fit(cell, width, column.align, column.cut)
            for (column, width), cell in zip(self._columns, cells, strict=False)
        ]
        return (" " * GAP).join(fitted) + " " * self._left[len(fitted)]


def fit(
    value: object,
    width: int,
    align: Literal["left", "right"] = "left",
    cut: Literal["end", "middle"] = "end",
) -> str:
    """The value made safe, exactly `width` cells wide."""
    # Eight characters a cell is more than the longest emoji family needs.
    text = safe(value, limit=8 * width + 8)
    # Most values are such, and measured in no time.
    if text.isascii():
        if len(text) > width:
            end = width // 2 if cut == "middle" else 0
            text = f"{text[: width - 1 - end]}…{text[len(text) - end :]}"
        cells = len(text)
    else:
        text = _JOINER_OF_LETTERS.sub("", text)
        if cell_len(text) > width:
            text = set_cell_size(text, width - 1) + "…"
        cells = cell_len(text)
    padding = " " * (width - cells)
    return padding + text if align == "right" else text + padding
