"""The pages a table holds: what is missing is asked for once, and what is late is of no use."""

from collections.abc import Sequence

import pytest

from data.errors import HabeasError, StoreUnavailable
from tui.widgets.pages import PAGES_HELD, Fetched, Pages
from tui.widgets.rows import PAGE, Row

MILLIONS = 10_000_000
LAST = (MILLIONS - 1) // PAGE


class Numbers:
    """Rows of numbers; keeps what it was asked for, and fails where it is `broken`."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int]] = []
        self.broken: HabeasError | None = None

    def fetch(self, offset: int, limit: int) -> Sequence[Row]:
        self.asked.append((offset, limit))
        if self.broken:
            raise self.broken
        return [Row(str(n), (n,)) for n in range(offset, offset + limit)]


@pytest.fixture
def source() -> Numbers:
    return Numbers()


@pytest.fixture
def pages(source: Numbers) -> Pages:
    """None is there yet."""
    pages = Pages()
    pages.source = source
    pages.renew(MILLIONS)
    return pages


def fetch(pages: Pages, *near: int) -> list[Fetched]:
    """Those that came for these."""
    came = list(pages.ask(near) or ())
    for each in came:
        pages.keep(each)
    return came


def test_what_is_missing_is_fetched_in_the_order_it_is_asked_for(
    pages: Pages, source: Numbers
) -> None:
    fetch(pages, 7, LAST, 7, LAST + 1, -1)
    assert source.asked == [(7 * PAGE, PAGE), (LAST * PAGE, MILLIONS % PAGE)]
    assert pages.row(7 * PAGE + 1) == Row("1793", (1793,))
    assert pages.row(MILLIONS - 1) == Row("9999999", (9_999_999,))
    assert pages.row(MILLIONS) is None
    assert pages.row(0) is None
    assert [each.page for each in fetch(pages, 7, 8, LAST)] == [8]


def test_while_some_are_on_their_way_no_others_are_asked_for(pages: Pages) -> None:
    coming = pages.ask([0, 1])
    assert coming
    assert pages.ask([2]) is None
    for each in coming:
        assert pages.ask([2]) is None
        pages.keep(each)
    assert pages.ask([2])


def test_the_first_page_may_be_there_already(pages: Pages, source: Numbers) -> None:
    pages.renew(MILLIONS, [Row("first", ())])
    assert pages.row(0) == Row("first", ())
    fetch(pages, 0)
    assert source.asked == []


def test_pages_long_left_are_let_go(pages: Pages, source: Numbers) -> None:
    for page in range(PAGES_HELD + 1):
        fetch(pages, page)
    assert pages.row(0) is None
    assert pages.row(PAGE)


def test_a_page_of_an_older_generation_is_of_no_use_and_no_more_are_fetched(
    pages: Pages, source: Numbers
) -> None:
    coming = pages.ask([0, 1])
    assert coming
    late = next(coming)
    pages.renew(MILLIONS)
    assert not pages.keep(late)
    assert pages.row(0) is None
    assert next(coming, None) is None
    assert source.asked == [(0, PAGE)]


def test_one_that_failed_is_asked_for_again_once_all_are(pages: Pages, source: Numbers) -> None:
    source.broken = StoreUnavailable("The store is locked.")
    (came,) = fetch(pages, 0)
    assert came.rows is source.broken
    assert pages.row(0) is None
    source.broken = None
    assert fetch(pages, 0) == []
    pages.renew(MILLIONS)
    fetch(pages, 0)
    assert pages.row(0)


def test_without_a_source_there_is_nothing_to_ask() -> None:
    assert Pages().ask([0]) is None
