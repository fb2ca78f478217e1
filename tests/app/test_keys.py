"""Keys that arrive in one go, as from a paste or over a slow line, act one after the other."""

from pathlib import Path

import pytest
from textual.events import Key, Paste
from textual.pilot import Pilot
from textual.widgets import Input

from tests.app.helpers import (
    GRETA,
    PEOPLE,
    focused,
    person,
    press,
    running,
    settled,
    text,
    top_line,
)
from tests.app.terminal import terminal
from tui.dialogs import Ask
from tui.screens.people import PeopleScreen
from tui.screens.person import PersonScreen
from tui.screens.requests import RequestsScreen
from tui.widgets.table import WindowTable


async def at_once(pilot: Pilot[None], *keys: str) -> None:
    """Presses keys of which none waits for what the one before began."""
    for key in keys:
        pilot.app.post_message(Key(key, key if len(key) == 1 else None))
    await settled(pilot)


@pytest.mark.slow
def test_a_search_that_comes_in_one_go_is_the_search(shop: Path) -> None:
    with terminal(shop) as screen:
        screen.until(f"{PEOPLE} people", GRETA)
        screen.press("/kowal")
        screen.until(" kowal ", f"4 of {PEOPLE}")
        screen.press("\x1b")
        screen.until("▌customer-00000006")
        screen.press("j\r")
        screen.until("Habeas · Person · customer-00000010")
        screen.press("3jq1\r")
        assert screen.exit_code() == 0


async def test_letters_go_to_the_line_that_the_key_before_them_opened(shop: Path) -> None:
    async with running(shop) as pilot:
        await at_once(pilot, "slash", *"kowal")
        assert pilot.app.screen.query_one("#search", Input).value == "kowal"


async def test_what_is_pasted_goes_there_too(shop: Path) -> None:
    async with running(shop) as pilot:
        pilot.app.post_message(Key("slash", "/"))
        pilot.app.post_message(Paste("kowal"))
        await at_once(pilot, "x")
        assert pilot.app.screen.query_one("#search", Input).value == "kowalx"


async def test_after_enter_they_go_to_the_table(shop: Path) -> None:
    async with running(shop) as pilot:
        await press(pilot, "slash", *"lefevre")
        await at_once(pilot, "enter", *"jjk")
        table = pilot.app.screen.query_one(WindowTable)
        assert (focused(pilot), table.cursor) == ("people", 1)


async def test_they_go_to_the_screen_that_the_key_before_them_opened(shop: Path) -> None:
    async with running(shop) as pilot:
        await press(pilot, "2", "1")
        await at_once(pilot, "2", "j", "j", "o")
        assert isinstance(pilot.app.screen, PersonScreen)
        assert top_line(pilot) == "Habeas · Person · customer-00000020"


async def test_they_go_to_a_screen_that_is_new(shop: Path) -> None:
    async with running(shop) as pilot:
        await at_once(pilot, "2", "3", "left_square_bracket", "2", "1", "j", "enter", "escape", "2")
        assert isinstance(pilot.app.screen, RequestsScreen)
        await at_once(pilot, "1")
        assert isinstance(pilot.app.screen, PeopleScreen)
        assert pilot.app.screen.query_one(WindowTable).cursor == 1


async def test_they_go_to_the_dialog_that_the_key_before_them_opened(shop: Path) -> None:
    async with person(shop, GRETA) as pilot:
        await at_once(pilot, *"jjjj", "e", *"Bo")
        assert isinstance(pilot.app.screen, Ask)
        assert pilot.app.screen.query_one(Input).value == "Bo"


async def test_none_is_lost_where_there_are_many(shop: Path) -> None:
    async with running(shop) as pilot:
        await at_once(pilot, *["down"] * 30, *["up"] * 3, "slash", *"a" * 50, "backspace")
        assert pilot.app.screen.query_one("#search", Input).value == "a" * 49
        assert "a" * 40 in text(pilot)


async def test_a_screen_that_is_left_while_it_reads_shows_nothing(shop: Path) -> None:
    async with running(shop) as pilot:
        await at_once(pilot, *["enter", "escape"] * 25)
        assert isinstance(pilot.app.screen, PeopleScreen)
        assert GRETA in text(pilot)
