"""The list of people as it is when a store is opened: its columns, and its first page."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from data import finding
from data.browse import Everybody
from data.datamap import People
from data.finding import EVERYBODY
from data.store import Store
from tui import sources
from tui.widgets.columns import Column, Grid
from tui.widgets.rows import PAGE, Row

WIDE, PREVIEW = 140, 53
"""Cells of a terminal from which a person is shown beside the list, and of what shows them."""

SCROLLBAR = 2  # cells


class First(NamedTuple):
    """Everybody, how many they are, and the first page of them."""

    everybody: Everybody
    total: finding.Count
    rows: Sequence[Row]


def first(store: Store, hidden: Callable[[str], bool]) -> First:
    """The first page; what identifies people is masked where they are `hidden`."""
    everybody = Everybody()
    with store.reading() as cursor:
        total = finding.count(cursor)
        everybody.begin(cursor)
    return First(
        everybody, total, sources.search(store, EVERYBODY, everybody, hidden).fetch(0, PAGE)
    )


def columns(layout: People, order: str) -> tuple[Column, ...]:
    """The key, the identifying fields, and the state of each person; people are in the `order`
    of one of these, of none where it is empty."""

    def label(name: str) -> str:
        return layout.fields[name].label + (" ↑" if name == order else "")

    return (
        Column("id", label(layout.key), 17, cut="middle"),
        *(
            Column(name, label(name), share=2 if layout.fields[name].type == "email" else 1)
            for name in layout.identifying
            if name != layout.key
        ),
        Column("state", "", 10),
    )


def drawn(layout: People, first: First, width: int, height: int) -> list[str]:
    """What a terminal of that width shows of the first page, in so many lines: the heading, and
    rows as far as the line of keys, drawn as the table draws them, but for colours."""
    rows = first.rows[: height - 2]
    room = width - (PREVIEW if width >= WIDE else 0) - 1
    if first.total > len(rows):
        room -= SCROLLBAR
    known = columns(layout, layout.key)
    grid = Grid(known, room)
    marks = "▌" + " " * len(rows)
    return [
        " " + grid.line([each.label for each in known]),
        *(mark + grid.line(row.cells) for mark, row in zip(marks, rows, strict=False)),
    ]
