"""Columns of text: each value is exactly as wide as its column, whatever it is made of."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.widgets.columns import ENOUGH, GAP, Column, fit, widths


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("customer-00000008", "custo…00008"),
        ("short", "short      "),
        ("漢字" * 9, "漢字漢字漢…"),
    ],
)
def test_what_ends_differently_is_cut_in_the_middle(value: str, said: str) -> None:
    assert fit(value, 11, cut="middle") == said


def test_columns_without_a_width_share_what_is_left() -> None:
    fixed, free = Column("a", "A", 10), Column("b", "B")
    assert widths([fixed, free, free], 51) == [10, 18, 19]
    assert widths([fixed, free, free], 20) == [10, 8, 0]
    assert widths([fixed, free], 4) == [4, 0]
    twice = Column("c", "C", share=2)
    assert widths([fixed, free, twice], 44) == [10, 10, 20]


def test_a_column_is_wide_where_the_others_have_enough_all_the_same() -> None:
    either, free = Column("a", "A", 10, wide=16), Column("b", "B")
    assert widths([either, free], 16 + GAP + ENOUGH) == [16, ENOUGH]
    assert widths([either, free], 16 + GAP + ENOUGH - 1) == [10, ENOUGH + 5]


@settings(deadline=None)  # the first measure loads the table of widths
@given(st.text(st.one_of(st.characters(), st.sampled_from("\u200d\ufe0f👩1中\u0dca\u0301"))))
def test_a_cell_is_exactly_as_wide_as_its_column(text: str) -> None:
    for width in (1, 2, 7, 30):
        assert cell_len(fit(text, width)) == width
        assert cell_len(f" {fit(text, width, 'right')} x") == width + 3
