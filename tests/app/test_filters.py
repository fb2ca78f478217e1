"""Filters of the list of people: set and cleared by keys alone, and always in sight."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from data.store import Store
from tests.app.helpers import (
    GRETA,
    INES,
    NARROW,
    choose,
    entries,
    focused,
    listed,
    press,
    running,
    said,
    text,
    type_in,
)
from tests.layouts import SECOND
from tui.dialogs import Ask, Choose
from tui.screens.people import PeopleScreen
from tui.screens.person import PersonScreen


async def narrow(pilot: Pilot[None], label: str, *values: str) -> None:
    """Chooses the filter, and answers its question where it has one."""
    await press(pilot, "f")
    await choose(pilot, label)
    for value in values:
        if isinstance(pilot.app.screen, Ask):
            await type_in(pilot, value, "enter")
        else:
            await choose(pilot, value)


def counted(pilot: Pilot[None]) -> str:
    return str(pilot.app.screen.query_one("#count").render()).strip()


def active(pilot: Pilot[None]) -> str:
    """The filters that stand below the search, "" where the line is not there."""
    line = pilot.app.screen.query_one("#filters")
    return text(pilot, "#filters").strip() if line.display else ""


def ids(pilot: Pilot[None]) -> list[object]:
    return [cells[0] for cells in listed(pilot)]


def everyone(shop: Path, condition: str) -> list[object]:
    with Store.open(shop) as store, store.reading() as cursor:
        found = cursor.rows(f"SELECT user_id FROM profiles WHERE {condition} ORDER BY 1")
        return [row[0] for row in found]


class TestOne:
    async def test_restricted_is_set_and_cleared_by_the_same_keys(self, shop: Path) -> None:
        async with running(shop) as pilot:
            assert active(pilot) == ""
            await narrow(pilot, "Restricted")
            assert (ids(pilot), active(pilot)) == ([INES], "restricted")
            assert counted(pilot) == "1 of 40 people"
            await narrow(pilot, "Restricted")
            assert (counted(pilot), active(pilot)) == ("40 people", "")

    async def test_who_has_an_open_request(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await narrow(pilot, "Open request")
            assert (counted(pilot), active(pilot)) == ("6 of 40 people", "open request")

    async def test_who_unsubscribed_from_a_channel(self, shop: Path) -> None:
        unsubscribed = everyone(shop, "NOT sms_opt_in")
        async with running(shop) as pilot:
            await narrow(pilot, "Unsubscribed from", "SMS")
            assert (ids(pilot), active(pilot)) == (unsubscribed, "unsubscribed from SMS")
            await narrow(pilot, "Unsubscribed from", "Clear")
            assert active(pilot) == ""

    async def test_a_country_whatever_the_case(self, shop: Path) -> None:
        living = everyone(shop, "country = 'PL'")
        async with running(shop) as pilot:
            await press(pilot, "f")
            await choose(pilot, "Country")
            assert "stored as" in text(pilot)
            assert "PL" in text(pilot)
            await type_in(pilot, " pl ", "enter")
            assert (ids(pilot), active(pilot)) == (living, "country pl")
            await narrow(pilot, "Country", "")
            assert active(pilot) == ""

    async def test_created_between_two_days(self, shop: Path) -> None:
        moments = "created_at >= '2021-03-31T22:00:00Z' AND created_at < '2022-03-31T22:00:00Z'"
        between = everyone(shop, moments)
        assert 0 < len(between) < 40
        async with running(shop) as pilot:
            await narrow(pilot, "Created from", "2021-04-01")
            assert active(pilot) == "created from 2021-04-01"
            await narrow(pilot, "Created until", "2022-03-31")
            assert active(pilot) == "created 2021-04-01 to 2022-03-31"
            assert ids(pilot) == between
            await narrow(pilot, "Created from", "")
            assert active(pilot) == "created until 2022-03-31"

    @pytest.mark.parametrize(
        ("typed", "why"),
        [
            ("yesterday", "is not a date"),
            ("2022-02-30", "is not a date"),
            ("2020-12-31", "2021-04-01 is after 2020-12-31"),
            ("9999-12-31", "is no day on which a person was created"),
        ],
    )
    async def test_what_is_no_day_is_refused_and_asked_again(
        self, shop: Path, typed: str, why: str
    ) -> None:
        async with running(shop) as pilot:
            await narrow(pilot, "Created from", "2021-04-01")
            await narrow(pilot, "Created until", typed)
            assert why in text(pilot)
            assert isinstance(pilot.app.screen, Ask)
            await press(pilot, "escape")
            assert active(pilot) == "created from 2021-04-01"


class TestSeveral:
    async def test_they_narrow_each_other_and_the_search(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await narrow(pilot, "Unsubscribed from", "SMS")
            await narrow(pilot, "Country", "LV")
            assert active(pilot) == "unsubscribed from SMS · country LV"
            assert ids(pilot) == [f"customer-{n:08}" for n in (5, 27, 37)]
            await press(pilot, "slash", *"kamau")
            assert ids(pilot) == ["customer-00000037"]
            assert counted(pilot) == "1 of 40 people"

    async def test_the_dialog_shows_what_each_is_and_clears_all(self, shop: Path) -> None:
        async with running(shop, NARROW) as pilot:
            await press(pilot, "f")
            assert "Clear all filters" not in text(pilot)
            await press(pilot, "escape")
            await narrow(pilot, "Unsubscribed from", "In-app")
            await narrow(pilot, "Open request")
            await narrow(pilot, "Country", "NL")
            await narrow(pilot, "Created from", "2021-04-01")
            await press(pilot, "f")
            for words in (
                "Restricted          —",
                "Open request        yes",
                "Unsubscribed from   In-app",
                "Country             NL",
                "Created from        2021-04-01",
                "Created until       —",
                "enter: choose    esc: cancel",
            ):
                assert words in text(pilot)
            await choose(pilot, "Clear all")
            assert (counted(pilot), active(pilot)) == ("40 people", "")

    async def test_all_of_them_fit_a_small_terminal(self, shop: Path) -> None:
        async with running(shop, NARROW) as pilot:
            await narrow(pilot, "Restricted")
            await narrow(pilot, "Open request")
            await narrow(pilot, "Unsubscribed from", "Web push")
            await narrow(pilot, "Country", "NL")
            await narrow(pilot, "Created from", "2021-04-01")
            await narrow(pilot, "Created until", "2022-03-31")
            shown = " ".join(text(pilot, "#filters").split())
            assert shown == (
                "restricted · open request · unsubscribed from Web push · country NL · "
                "created 2021-04-01 to 2022-03-31"
            )

    async def test_going_back_from_a_question_changes_nothing(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await narrow(pilot, "Restricted")
            for label in ("Unsubscribed from", "Country", "Created from"):
                await narrow(pilot, label)
                await press(pilot, "escape")
                assert isinstance(pilot.app.screen, PeopleScreen)
                assert active(pilot) == "restricted"


class TestEscape:
    async def test_it_leaves_the_line_then_clears_the_search_then_the_filters(
        self, shop: Path
    ) -> None:
        async with running(shop) as pilot:
            await narrow(pilot, "Open request")
            await press(pilot, "slash", *"customer")
            states = []
            for _ in range(4):
                await press(pilot, "escape")
                line = pilot.app.screen.query_one("#search")
                states.append((focused(pilot), getattr(line, "value", ""), active(pilot)))
            assert states == [
                ("people", "customer", "open request"),
                ("people", "", "open request"),
                ("people", "", ""),
                ("people", "", ""),
            ]
            assert counted(pilot) == "40 people"

    async def test_who_comes_back_from_a_person_finds_the_filters_as_they_were(
        self, shop: Path
    ) -> None:
        async with running(shop) as pilot:
            await narrow(pilot, "Open request")
            await press(pilot, "down", "enter")
            assert isinstance(pilot.app.screen, PersonScreen)
            await press(pilot, "escape", "2", "1")
            assert active(pilot) == "open request"
            assert "▌customer-00000008" in text(pilot)


class TestNobody:
    async def test_it_says_which_to_clear(self, shop: Path) -> None:
        async with running(shop, NARROW) as pilot:
            await narrow(pilot, "Restricted")
            await narrow(pilot, "Open request")
            assert "Nobody is found. Clear “restricted” to find 6." in text(pilot)
            assert counted(pilot) == "0 of 40 people"
            await press(pilot, "slash", *"szabo")
            assert "Nobody is found, whichever one of these is cleared." in text(pilot)
            await type_in(pilot, "nobody", "escape", "escape")
            await narrow(pilot, "Restricted")
            await press(pilot, "slash", *"nobody")
            assert "Nobody is found. Clear the search to find 6." in text(pilot)

    async def test_keys_on_an_empty_list_do_nothing(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await press(pilot, "slash", *"nobody", "enter")
            await press(pilot, "x", "enter", "down", "m")
            assert isinstance(pilot.app.screen, PeopleScreen)
            assert said(pilot) == ""


async def test_a_filter_that_the_map_does_not_allow_is_not_offered(tmp_path: Path) -> None:
    with SECOND.create(tmp_path) as store:
        SECOND.load(store, people=[{"id": "a"}])
    async with running(tmp_path / "shop.duckdb") as pilot:
        await press(pilot, "f")
        assert isinstance(pilot.app.screen, Choose)
        assert "Unsubscribed from" in text(pilot)
        assert "Country" not in text(pilot)
        assert "Created" not in text(pilot)


async def test_x_answers_the_person_under_the_cursor_as_their_own_screen_does(
    shop: Path,
) -> None:
    async with running(shop) as pilot:
        await press(pilot, "x", "enter")
        assert f"Access · Article 15 · {GRETA}" in text(pilot)
        assert "events: 18 rows" in text(pilot)
        await press(pilot, "enter")
        assert said(pilot).startswith("Access: done, Article 15. The answer is in ")
        assert isinstance(pilot.app.screen, PeopleScreen)
        assert entries(pilot)[-1].action == "access"
    assert len(list(shop.parent.glob("answers/*/manifest.json"))) == 1
