"""A month at a glance, by keys: the figures, the chart, and the months before."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from textual.pilot import Pilot

from data import fulfilment, rights
from data.ledger import By
from data.register import requests
from data.store import Store
from tests.app.helpers import (
    GRETA,
    NARROW,
    ROOMY,
    WIDE,
    app_of,
    press,
    running,
    text,
    top_line,
)
from tests.layouts import NOON, FixedClock
from tui.screens.report import ReportScreen
from tui.screens.requests import RequestsScreen
from tui.widgets.keyline import KeyLine
from tui.widgets.table import WindowTable

BY = By("handler")
HUGE = (250, 80)

every_size = pytest.mark.parametrize("size", [NARROW, ROOMY, WIDE, HUGE])


def figures(pilot: Pilot[None]) -> dict[object, tuple[object, ...]]:
    """By right: received, completed, to tell, open, overdue, refused, cancelled."""
    table = pilot.app.screen.query_one(WindowTable)
    rows = (table.row(index) for index in range(table.total))
    return {row.cells[0]: row.cells[1:] for row in rows if row}


def bars(pilot: Pilot[None]) -> dict[str, str]:
    lines = text(pilot, "#chart").splitlines()[2:]
    return {label: bar.strip() for label, _, bar in (line.strip().partition(" ") for line in lines)}


def close(shop: Path, month: int, day: int) -> None:
    """R1, the access, is cancelled, and R3 to R6 are closed where they need no more."""
    with Store.open(shop, clock=FixedClock(datetime(2026, month, day, 12, tzinfo=UTC))) as store:
        for each in ("R3", "R6"):
            fulfilment.run(store, each, BY, {})
        with store.transaction() as cursor:
            requests.cancel(cursor, "R1", BY)


class TestTheMonth:
    async def test_it_is_the_current_one_at_first(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await press(pilot, "3")
            assert isinstance(pilot.app.screen, ReportScreen)
            assert top_line(pilot) == "Habeas · Report · Nov 2026 · shop.duckdb · 4 received"
            assert figures(pilot) == {
                "all": (4, 0, 0, 4, 0, 0, 0),
                **dict.fromkeys(
                    ("automation", "objection", "portability", "rectification"),
                    (1, 0, 0, 1, 0, 0, 0),
                ),
            }

    async def test_what_came_of_the_requests_is_counted_and_drawn(self, shop: Path) -> None:
        close(shop, 11, 23)
        async with running(shop) as pilot:
            await press(pilot, "3")
            assert figures(pilot)["all"] == (4, 2, 0, 2, 0, 0, 0)
            assert bars(pilot) == {
                "automation": "████  1",
                "objection": "████  1",
                "portability": "░░░░  1",
                "rectification": "░░░░  1",
            }
            await press(pilot, "left_square_bracket")
            assert figures(pilot) == {
                "all": (2, 0, 0, 1, 0, 0, 1),
                "access": (1, 0, 0, 0, 0, 0, 1),
                "erasure": (1, 0, 0, 1, 0, 0, 0),
            }
            assert bars(pilot) == {"access": "----  1", "erasure": "░░░░  1"}

    async def test_what_is_overdue_is_so_in_words_and_signs(self, shop: Path) -> None:
        late = FixedClock(datetime(2026, 11, 24, 12, tzinfo=UTC))
        async with running(shop, clock=late) as pilot:
            await press(pilot, "3", "left_square_bracket")
            assert top_line(pilot).endswith("· 2 received · 1 OVERDUE")
            assert figures(pilot)["erasure"] == (1, 0, 0, 1, 1, 0, 0)
            assert bars(pilot) == {"access": "░░░░  1", "erasure": "!!!!  1"}

    async def test_the_right_under_the_cursor_says_how_long_it_took(self, shop: Path) -> None:
        close(shop, 11, 23)
        async with running(shop) as pilot:
            await press(pilot, "3")
            assert "all: 2 answered, 2 on time, 0 late, 0 extended" in text(pilot)
            assert "Days to answer: median 1, longest 2; days paused: 0" in text(pilot)
            await press(pilot, "down", "down")
            assert "objection: 1 answered, 1 on time, 0 late, 0 extended" in text(pilot)
            assert "Days to answer: median 2, longest 2; days paused: 0" in text(pilot)
            await press(pilot, "down")
            assert "portability: none answered, 0 extended" in text(pilot)
            assert "Days to answer" not in text(pilot)

    async def test_r_counts_anew_and_the_cursor_stays_on_its_right(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await press(pilot, "3", "down", "down")
            store = app_of(pilot).store
            assert store is not None
            for right in ("erasure", "erasure", "automation"):
                fulfilment.receive(store, GRETA, right, BY)
            await press(pilot, "r")
            assert list(figures(pilot))[:4] == ["all", "automation", "erasure", "objection"]
            assert "objection: none answered" in text(pilot)

    async def test_enter_opens_nothing(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await press(pilot, "3", "enter")
            assert isinstance(pilot.app.screen, ReportScreen)
            assert "Open" not in text(pilot).splitlines()[-1]


class TestOtherMonths:
    @pytest.mark.parametrize(
        ("before", "after"), [("left_square_bracket", "right_square_bracket"), ("left", "right")]
    )
    async def test_two_keys_go_through_the_months(
        self, shop: Path, before: str, after: str
    ) -> None:
        async with running(shop) as pilot:
            await press(pilot, "3", before)
            assert "Oct 2026" in top_line(pilot)
            await press(pilot, *[before] * 10)
            assert "Dec 2025" in top_line(pilot)
            await press(pilot, *[after] * 10)
            assert "Oct 2026" in top_line(pilot)

    async def test_none_comes_after_the_current_one(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await press(pilot, "3")
            assert disabled(pilot) == {"]"}
            await press(pilot, "right_square_bracket", "right")
            assert "Nov 2026" in top_line(pilot)
            await press(pilot, "left_square_bracket")
            assert disabled(pilot) == set()
            await press(pilot, *["right_square_bracket"] * 3)
            assert "Nov 2026" in top_line(pilot)

    async def test_keys_pressed_faster_than_it_loads_are_all_counted(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await press(pilot, "3")
            await pilot.press(*["left_square_bracket"] * 5, *["right_square_bracket"] * 9)
            await press(pilot, "left_square_bracket")
            assert "Oct 2026" in top_line(pilot)
            assert figures(pilot)["all"][0] == 2

    async def test_the_month_stays_while_one_is_elsewhere(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await press(pilot, "3", "left_square_bracket", "2")
            assert isinstance(pilot.app.screen, RequestsScreen)
            await press(pilot, "3")
            assert "Oct 2026" in top_line(pilot)


def disabled(pilot: Pilot[None]) -> set[str]:
    return {each.printed for each in pilot.app.screen.query_one(KeyLine).shown if each.greyed}


class TestAnEmptyMonth:
    async def test_the_current_one_says_how_a_request_is_entered(self, shop: Path) -> None:
        later = FixedClock(datetime(2026, 12, 15, 12, tzinfo=UTC))
        async with running(shop, NARROW, clock=later) as pilot:
            await press(pilot, "3")
            assert (
                "No requests in Dec 2026 yet: n on a person's screen enters one, [ goes back."
            ) in text(pilot)
            assert "answered" not in text(pilot)
            assert "█" not in text(pilot)
            await press(pilot, "left_square_bracket")
            assert figures(pilot)["all"][0] == 4
            assert "░ open" in text(pilot)

    async def test_an_earlier_one_says_that_there_are_others(self, shop: Path) -> None:
        async with running(shop, NARROW) as pilot:
            await press(pilot, "3", "left", "left")
            assert ("No requests were received in Sep 2026: [ and ] go to other months.") in text(
                pilot
            )


@every_size
async def test_all_is_told_at_every_size(shop: Path, size: tuple[int, int]) -> None:
    async with running(shop, size) as pilot:
        await press(pilot, "3")
        shown = text(pilot)
        assert "Received  Completed  To tell  Open  Overdue  Refused  Cancelled" in shown
        assert "█ completed  ▓ to tell  ░ open  ! overdue  x refused  - cancelled" in shown
        assert "none answered, 0 extended" in shown
        assert list(bars(pilot)) == ["automation", "objection", "portability", "rectification"]


@every_size
async def test_every_right_can_be_brought_into_view(shop: Path, size: tuple[int, int]) -> None:
    with Store.open(shop, clock=FixedClock()) as store:
        for name in rights.NAMES:
            fulfilment.receive(store, GRETA, name, BY, received=NOON.date())
    async with running(shop, size) as pilot:
        await press(pilot, "3")
        listed = [str(each) for each in figures(pilot)]
        assert set(listed) == {"all", *rights.NAMES}
        for name in listed[1:]:
            await press(pilot, "down")
            shown = text(pilot).splitlines()
            assert any(f"▌{name} " in line for line in shown)
            assert any(name in line and "░░" in line for line in shown)


async def test_a_month_of_many_requests_fits(shop: Path) -> None:
    with Store.open(shop, clock=FixedClock()) as store, store.transaction() as cursor:
        cursor.run(
            "INSERT INTO habeas.requests SELECT * EXCLUDE (i) REPLACE ('R' || (10 + i) AS id) "
            "FROM habeas.requests, range(1000) r(i) WHERE id = 'R3'"
        )
    async with running(shop, NARROW) as pilot:
        await press(pilot, "3")
        assert figures(pilot)["objection"] == (1001, 0, 0, 1001, 0, 0, 0)
        assert bars(pilot)["objection"].endswith("░  1001")
        assert bars(pilot)["automation"] == "░  1"


async def test_what_the_register_holds_wrongly_is_shown_as_text(shop: Path) -> None:
    with Store.open(shop, clock=FixedClock()) as store, store.transaction() as cursor:
        cursor.run("UPDATE habeas.requests SET right_asked = '[/x]' || chr(27) || '[2J'")
    async with running(shop) as pilot:
        await press(pilot, "3", "down")
        assert "\x1b" not in text(pilot)
        assert text(pilot).count("[/x]␛[2J") == 3
