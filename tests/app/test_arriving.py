"""A request that came in is entered from the register, also of one who is not in the store."""

import json
from pathlib import Path

from textual.pilot import Pilot

from data.register import requests
from tests.app.helpers import (
    GRETA,
    NARROW,
    app_of,
    ask,
    choose,
    listed,
    press,
    register,
    running,
    said,
    text,
    type_in,
)
from tests.layouts import changed, snapshot
from tui import arriving
from tui.dialogs import Ask
from tui.screens.requests import RequestsScreen

STRANGER = "zoe@example.org"


async def name(pilot: Pilot[None], who: str) -> None:
    """Begins to enter a request, as far as who asks."""
    await press(pilot, "2", "n")
    assert "Who asks?" in text(pilot)
    await type_in(pilot, who, "enter")


async def test_one_of_a_person_who_is_there(shop: Path) -> None:
    async with running(shop, NARROW) as pilot:
        assert "n New" not in text(pilot)
        await name(pilot, f" {GRETA} ")
        await choose(pilot, "Portability")
        await type_in(pilot, "2026-11-20", "enter")
        await choose(pilot, "post")
        assert "R7" in [row[2] for row in listed(pilot)]
        assert said(pilot) == "R7: Portability, to be answered by 2026-12-21."
        entered = register(pilot, "R7")
        assert (entered.user_id, entered.came_by) == (GRETA, "post")
        assert "n New" in text(pilot)


async def test_who_is_not_in_the_store_is_told_that_nothing_is_held(shop: Path) -> None:
    async with running(shop) as pilot:
        await name(pilot, STRANGER)
        assert f"Nobody has the id {STRANGER}. Enter it all the same?" in text(pilot)
        await choose(pilot, "Yes")
        await choose(pilot, "Access")
        await press(pilot, "enter", "enter")
        assert register(pilot, "R7").user_id == STRANGER
        await press(pilot, "G", "o")
        assert isinstance(pilot.app.screen, RequestsScreen)
        assert f"There is no person with the id {STRANGER}." in said(pilot)
        await press(pilot, "i")
        await choose(pilot, "confirmed")
        await type_in(pilot, "called back", "enter")
        await press(pilot, "enter", "enter")
        assert f"! Nothing is held on {STRANGER}: the answer says so." in text(pilot)
        await press(pilot, "enter")
        assert register(pilot, "R7").status == "completed"
    (answer,) = Path("answers").glob("*/answer.json")
    assert json.loads(answer.read_text("utf-8"))["confirmation"] == {"personal_data_held": False}


async def test_what_is_to_be_typed_is_said_in_full_on_the_smallest_terminal(shop: Path) -> None:
    async with running(shop, (60, 15)) as pilot:
        await press(pilot, "2", "n")
        assert arriving.WHO in text(pilot)


async def test_what_was_only_mistyped_enters_nothing(shop: Path) -> None:
    async with running(shop) as pilot:
        store = app_of(pilot).store
        assert store is not None
        before = snapshot(store)
        await name(pilot, f"{GRETA}0")
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, RequestsScreen)
        await name(pilot, " ")
        assert isinstance(pilot.app.screen, Ask)
        assert "Say who asks." in text(pilot)
        await press(pilot, "escape")
        assert changed(before, snapshot(store)) == set()
        assert len(ask(pilot, requests.listed)) == 6
