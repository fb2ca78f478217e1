"""Bars whose parts are told apart by their signs, however narrow the screen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.widgets.chart import WIDEST, lengths

COUNTS = st.lists(st.integers(0, 100_000), min_size=6, max_size=6)


@pytest.mark.parametrize(
    ("counts", "most", "room", "cells"),
    [
        ([2, 0, 1], 3, 60, [8, 0, 4]),  # as wide as one may be
        ([2, 0, 1], 20, 60, [6, 0, 3]),  # three cells each, as the longest bar has 20
        ([2, 0, 1], 60, 60, [2, 0, 1]),
        ([500, 0, 1], 501, 53, [50, 0, 1]),  # in proportion, and the one is not lost
        ([0, 0, 0], 0, 60, [0, 0, 0]),
    ],
)
def test_a_bar_is_as_long_as_its_counts(
    counts: list[int], most: int, room: int, cells: list[int]
) -> None:
    assert lengths(counts, most, room) == cells


@given(COUNTS, st.integers(0, 100_000), st.integers(20, 240))
def test_no_bar_is_longer_than_its_room_and_nothing_that_is_there_is_lost(
    counts: list[int], more: int, room: int
) -> None:
    cells = lengths(counts, sum(counts) + more, room)
    assert sum(cells) <= room
    assert [each > 0 for each in cells] == [each > 0 for each in counts]
    assert all(each <= WIDEST * count for each, count in zip(cells, counts, strict=True))


@given(COUNTS, COUNTS, st.integers(20, 240))
def test_more_is_never_drawn_shorter(one: list[int], other: list[int], room: int) -> None:
    most = max(sum(one), sum(other))
    drawn = zip(lengths(one, most, room), lengths(other, most, room), strict=True)
    for (length, longer), (count, more) in zip(drawn, zip(one, other, strict=True), strict=True):
        assert (length <= longer) or count > more
