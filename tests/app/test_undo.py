"""u takes back what was last done on a person; never an erasure, nor what others know of."""

from pathlib import Path

from textual.pilot import Pilot

from tests.acts import tell_everybody
from tests.app.helpers import (
    GRETA,
    app_of,
    asked,
    begin_edit,
    choose,
    entries,
    person,
    point_at,
    press,
    running,
    said,
    stored,
    text,
    type_in,
)
from tui.dialogs import Confirm
from tui.screens.person import PersonScreen


async def correct_city(pilot: Pilot[None], city: str) -> None:
    await begin_edit(pilot)
    await type_in(pilot, city, "enter", "enter")


async def test_a_correction_is_taken_back_by_a_plan_of_its_own(shop: Path) -> None:
    async with person(shop, GRETA) as pilot:
        await correct_city(pilot, "Gdynia")
        await press(pilot, "u")
        assert isinstance(pilot.app.screen, Confirm)
        assert f"Undo · Article 16 · {GRETA}" in text(pilot)
        assert "City: Gdynia → Praha" in text(pilot)
        await press(pilot, "enter")
        assert said(pilot) == "Undo: done, Article 16."
        assert stored(pilot, GRETA).fields["city"] == "Praha"
        assert [each.action for each in entries(pilot)][-2:] == ["rectification", "undo"]


async def test_the_last_is_taken_back_first_and_then_the_one_before(shop: Path) -> None:
    async with person(shop, GRETA) as pilot:
        await correct_city(pilot, "Gdynia")
        await point_at(pilot, "SMS")
        before = stored(pilot, GRETA).channels["sms"]
        await press(pilot, "c", "enter")
        assert stored(pilot, GRETA).channels["sms"] != before
        await press(pilot, "u", "enter")
        assert stored(pilot, GRETA).channels["sms"] == before
        assert stored(pilot, GRETA).fields["city"] == "Gdynia"
        await press(pilot, "u", "enter")
        assert stored(pilot, GRETA).fields["city"] == "Praha"
        await press(pilot, "u")
        assert said(pilot) == "Nothing was done on this person since you opened Habeas."


async def test_a_restriction_is_taken_back_while_nobody_was_told(shop: Path) -> None:
    async with person(shop, GRETA) as pilot:
        await press(pilot, "t")
        await choose(pilot, "accuracy")
        await press(pilot, "enter")
        assert stored(pilot, GRETA).restriction
        await press(pilot, "u", "enter")
        assert stored(pilot, GRETA).restriction is None


async def test_once_a_recipient_was_told_it_stands(shop: Path) -> None:
    async with person(shop, GRETA) as pilot:
        await press(pilot, "t")
        await choose(pilot, "accuracy")
        await press(pilot, "enter")
        store = app_of(pilot).store
        assert store is not None
        tell_everybody(store)
        await press(pilot, "u")
        assert isinstance(pilot.app.screen, PersonScreen)
        assert "was told of it already" in said(pilot)


async def test_what_answered_a_request_stands(shop: Path) -> None:
    asked(shop, "rectification", details={"changes": {"city": "Gdynia"}})
    async with running(shop) as pilot:
        await press(pilot, "2", "enter", "enter", "1", "enter", "u")
        assert isinstance(pilot.app.screen, PersonScreen)
        assert "was answered with it" in said(pilot)


async def test_an_export_is_nothing_to_take_back(shop: Path) -> None:
    async with person(shop, GRETA) as pilot:
        await press(pilot, "x", "enter", "enter")
        await press(pilot, "u")
        assert said(pilot) == "Nothing was done on this person since you opened Habeas."


async def test_going_back_undoes_nothing(shop: Path) -> None:
    async with person(shop, GRETA) as pilot:
        await correct_city(pilot, "Gdynia")
        await press(pilot, "u", "escape")
        assert stored(pilot, GRETA).fields["city"] == "Gdynia"
        await press(pilot, "u", "enter")
        assert stored(pilot, GRETA).fields["city"] == "Praha"
