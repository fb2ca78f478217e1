"""The events of a person: how many when, and those of one name or of some days alone."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from data import events, intake
from data.bars import Bar
from data.events import Wanted
from data.store import Store
from tests.app.helpers import (
    GRETA,
    NARROW,
    ROOMY,
    WIDE,
    ask,
    choose,
    focused,
    person,
    press,
    stored,
    text,
    type_in,
)
from tests.conftest import ANA
from tests.layouts import BY, SECOND, FixedClock, write
from tui.screens.activity import over_time
from tui.screens.filter import MOST_NAMES, Filter
from tui.screens.people import PeopleScreen
from tui.screens.person import PersonScreen
from tui.widgets.histogram import drawn
from tui.widgets.table import WindowTable


def rows(pilot: Pilot[None]) -> list[tuple[str, str]]:
    """The times and names in the pane of the events."""
    table = pilot.app.screen.query_one("#timeline", WindowTable)
    found = (table.row(index) for index in range(table.total))
    return [(str(row.cells[0]), str(row.cells[1])) for row in found if row]


def title(pilot: Pilot[None]) -> str:
    """What stands above the events."""
    region = pilot.app.screen.query_one("#events").region
    return text(pilot).splitlines()[region.y][region.x : region.right].strip("─━ ")


def names(pilot: Pilot[None]) -> dict[str, int]:
    return ask(pilot, lambda cursor: events.names(cursor, stored(pilot, GRETA), limit=MOST_NAMES))


class TestFilter:
    @pytest.mark.parametrize("size", [NARROW, ROOMY, WIDE])
    async def test_one_name_is_shown_alone_and_that_it_is_so_is_said(
        self, shop: Path, size: tuple[int, int]
    ) -> None:
        async with person(shop, GRETA, size) as pilot:
            name, count = next(iter(names(pilot).items()))
            assert title(pilot) == "Events (18), newest first"
            await press(pilot, "f", "down", "enter")
            assert isinstance(pilot.app.screen, PersonScreen)
            assert {each for _, each in rows(pilot)} == {name}
            assert title(pilot) == f"Events ({count} of 18), filtered · esc: all"
            assert f"Only {name}" in text(pilot, "#wanted")
            assert focused(pilot) == "timeline"

    async def test_the_names_of_the_person_are_there_with_how_many_have_each(
        self, shop: Path
    ) -> None:
        async with person(shop, GRETA) as pilot:
            await press(pilot, "f")
            options = pilot.app.screen.query_one(OptionList)
            shown = [str(each.prompt).rsplit(maxsplit=1) for each in options.options]
            assert shown == [
                ["all events", "18"],
                *([name, str(count)] for name, count in names(pilot).items()),
            ]

    async def test_days_are_asked_for_in_the_same_box(self, shop: Path) -> None:
        async with person(shop, GRETA) as pilot:
            times = [time for time, _ in rows(pilot)]
            first, last = times[9][:10], times[4][:10]
            await press(pilot, "f", "tab")
            await type_in(pilot, first, "tab")
            await type_in(pilot, last, "enter")
            inside = [time for time in times if first <= time[:10] <= last]
            assert [time for time, _ in rows(pilot)] == inside
            assert 1 < len(inside) < 18
            assert f"Only from {first} until {last}" in text(pilot, "#wanted")

    async def test_escape_goes_first_to_all_events_and_then_back(self, shop: Path) -> None:
        async with person(shop, GRETA) as pilot:
            await press(pilot, "f", "down", "enter", "escape")
            assert title(pilot) == "Events (18), newest first"
            assert len(rows(pilot)) == 18
            assert "Only" not in text(pilot)
            await press(pilot, "escape")
            assert isinstance(pilot.app.screen, PeopleScreen)

    async def test_all_events_may_be_chosen(self, shop: Path) -> None:
        async with person(shop, GRETA) as pilot:
            await press(pilot, "f", "down", "enter", "f")
            await choose(pilot, "all events")
            assert title(pilot) == "Events (18), newest first"

    async def test_it_begins_with_what_is_shown(self, shop: Path) -> None:
        async with person(shop, GRETA) as pilot:
            await press(pilot, "f", "down", "down", "tab")
            await type_in(pilot, "2020-01-01", "enter")
            was = rows(pilot)
            await press(pilot, "f")
            assert pilot.app.screen.query_one("#from", Input).value == "2020-01-01"
            await press(pilot, "enter")
            assert rows(pilot) == was
            assert len(was) < 18

    async def test_escape_in_the_box_leaves_what_is_shown(self, shop: Path) -> None:
        async with person(shop, GRETA) as pilot:
            await press(pilot, "f", "down", "enter")
            was = rows(pilot)
            await press(pilot, "f", "down", "escape")
            assert rows(pilot) == was

    @pytest.mark.parametrize(
        ("since", "until", "wrong", "place"),
        [
            ("lately", "", "lately is not a date", "from"),
            ("", "2026-02-30", "2026-02-30 is not a date", "until"),
            ("2026-02-02", "2026-02-01", "That ends before it begins.", "until"),
        ],
    )
    async def test_a_day_that_is_none_is_refused_where_it_was_typed(
        self, shop: Path, since: str, until: str, wrong: str, place: str
    ) -> None:
        async with person(shop, GRETA) as pilot:
            await press(pilot, "f", "tab")
            await type_in(pilot, since, "tab")
            await type_in(pilot, until, "enter")
            assert isinstance(pilot.app.screen, Filter)
            assert wrong in text(pilot, "#wrong")
            assert focused(pilot) == place

    async def test_where_none_is_like_that_it_says_so(self, shop: Path) -> None:
        async with person(shop, GRETA) as pilot:
            await press(pilot, "f", "tab")
            await type_in(pilot, "2099-01-01", "enter")
            assert "No event is like that." in text(pilot)
            assert title(pilot) == "Events (0 of 18), filtered · esc: all"

    async def test_an_event_opens_as_it_stands_among_those_shown(self, shop: Path) -> None:
        async with person(shop, GRETA) as pilot:
            await press(pilot, "f", "down", "enter", "down")
            time, name = rows(pilot)[1]
            await press(pilot, "enter")
            assert text(pilot, "#title").startswith(f"{name} · {time}")

    @pytest.mark.parametrize("size", [NARROW, ROOMY])
    async def test_of_very_many_names_the_most_frequent_are_there(
        self, shop: Path, tmp_path: Path, size: tuple[int, int]
    ) -> None:
        many = [
            {"user_id": GRETA, "event_time": "2026-01-01 10:00:00", "event_name": f"name-{n:04}"}
            for n in range(MOST_NAMES + 5)
        ]
        with Store.open(shop, clock=FixedClock()) as store:
            intake.load(store, BY, records=write(tmp_path / "many.csv", many))
        async with person(shop, GRETA, size) as pilot:
            await press(pilot, "f", "end")
            shown = text(pilot, "#box")
            assert f"The {MOST_NAMES} most frequent names are here." in shown
            assert "YYYY-MM-DD" in shown
            assert "esc: cancel" in shown
            await press(pilot, "enter")
            assert title(pilot) == "Events (1 of 523), filtered · esc: all"


async def test_an_event_opens_with_its_further_columns(tmp_path: Path) -> None:
    with SECOND.create(tmp_path) as store:
        SECOND.load(store, people=[ANA])
        SECOND.further_records(store, ANA["id"])
    async with person(tmp_path / "shop.duckdb", ANA["id"]) as pilot:
        await press(pilot, "tab", "enter")
        if "invoices" not in text(pilot, "#title"):  # of the same moment as the other one
            await press(pilot, "escape", "down", "enter")
        assert '"Amount": 12.5' in text(pilot, "#box")


class TestOverTime:
    @pytest.mark.parametrize("size", [NARROW, ROOMY, WIDE])
    async def test_bars_and_words_say_when(self, shop: Path, size: tuple[int, int]) -> None:
        async with person(shop, GRETA, size) as pilot:
            found = ask(pilot, lambda cursor: events.histogram(cursor, stored(pilot, GRETA)))
            counts = [each.count for each in found.bars]
            assert f"by {found.unit}; most {max(counts)}, " in text(pilot, "#when")
            lowest = text(pilot, "#bars").splitlines()[-1].strip()
            assert len(lowest.split()) <= len(counts)
            assert set(lowest) <= set(" ▁▂▃▄▅▆▇█")
            assert "█" in text(pilot, "#bars")

    async def test_they_are_of_the_events_that_are_wanted(self, shop: Path) -> None:
        async with person(shop, GRETA) as pilot:
            name = list(names(pilot))[-1]
            await press(pilot, "f")
            await choose(pilot, name)
            found = ask(
                pilot,
                lambda cursor: events.histogram(cursor, stored(pilot, GRETA), Wanted(name=name)),
            )
            assert " ".join(text(pilot, "#when").split()) == over_time(found)

    @pytest.mark.parametrize(
        ("counts", "size", "lines"),
        [
            ([1, 2, 4, 8], (4, 1), ["▁▂▄█"]),
            ([0, 1, 1000], (3, 1), [" ▁█"]),
            ([4, 8, 0], (3, 2), [" █ ", "██ "]),
            ([1, 2], (4, 1), ["▄ █ "]),
            ([1, 2], (99, 1), ["▄▄▄ ███ "]),
            ([], (9, 1), [""]),
        ],
    )
    def test_a_bar_is_as_high_as_its_count(
        self, counts: list[int], size: tuple[int, int], lines: list[str]
    ) -> None:
        assert list(drawn(counts, *size)) == lines

    @pytest.mark.parametrize(
        ("unit", "days", "counts", "undated", "words"),
        [
            ("day", 1, [1, 0, 3], 0, "30 Mar 2026 – 1 Apr 2026 by day; most 3, 1 Apr 2026"),
            ("week", 7, [2, 1], 0,
             "week of 30 Mar 2026 – week of 6 Apr 2026 by week; most 2, week of 30 Mar 2026"),
            ("month", 31, [1, 1], 0,
             "Mar 2026 – Apr 2026 by month; most 1, Mar 2026 and 1 more"),
            ("quarter", 91, [1, 5], 2,
             "Q1 2026 – Q2 2026 by quarter; most 5, Q2 2026; 2 without a time"),
            ("year", 365, [1, 2000], 0, "2026 – 2027 by year; most 2,000, 2027"),
            ("decade", 3650, [1, 2], 0, "2020s – 2030s by decade; most 2, 2030s"),
            ("century", 36500, [1, 2], 0, "2000s – 2100s by century; most 2, 2100s"),
            ("day", 1, [12], 0, "30 Mar 2026: 12"),
            ("", 1, [], 3, ""),
        ],
    )  # fmt: skip
    def test_the_words_name_the_range_and_the_highest_bar(
        self, unit: str, days: int, counts: list[int], undated: int, words: str
    ) -> None:
        start = datetime(2026, 3, 30, tzinfo=UTC).date()
        bars = tuple(
            Bar(start + timedelta(days=days * place), count) for place, count in enumerate(counts)
        )
        assert over_time(events.Histogram(unit, bars, undated)) == words
