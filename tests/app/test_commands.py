"""The registry of commands: every one has its key, its action, its words and its place."""

from collections import Counter
from pathlib import Path

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import OptionList

from tests.app.helpers import (
    GRETA,
    NARROW,
    ROOMY,
    WIDE,
    app_of,
    focused,
    leave,
    person,
    point_at,
    press,
    running,
    said,
    settled,
    text,
    until,
    until_shown,
)
from tui import commands
from tui.app import HabeasApp
from tui.commands import COMMANDS, Command
from tui.dialogs import Agree, Ask, Choose, Confirm
from tui.picking import Pick
from tui.screens.base import Desk
from tui.screens.filter import Filter
from tui.screens.help import Keys
from tui.screens.ledger import LedgerScreen
from tui.screens.map import MapScreen
from tui.screens.notices import NoticesScreen
from tui.screens.people import PeopleScreen
from tui.screens.person import PersonScreen
from tui.screens.report import ReportScreen
from tui.screens.requests import RequestsScreen
from tui.verifying import Whom

GROUPS: dict[str, type[Desk]] = {
    "people": PeopleScreen,
    "person": PersonScreen,
    "requests": RequestsScreen,
    "report": ReportScreen,
    "ledger": LedgerScreen,
    "map": MapScreen,
    "notices": NoticesScreen,
}

OPENS = {
    "app.help": Keys,
    "app.ledger": LedgerScreen,
    "app.copy_cell": Choose,
    "app.map": MapScreen,
    "app.notices": NoticesScreen,
    "app.people": PeopleScreen,
    "app.report": ReportScreen,
    "app.requests": RequestsScreen,
    "app.verify": Whom,
    "ledger.reload": LedgerScreen,
    "ledger.search": LedgerScreen,
    "map.reload": MapScreen,
    "notices.mark": NoticesScreen,
    "notices.reload": NoticesScreen,
    "people.export": Ask,
    "people.filter": Choose,
    "app.purge": Agree,
    "people.import": Pick,
    "people.reload": PeopleScreen,
    "people.search": PeopleScreen,
    "people.sort": PeopleScreen,
    "person.automation": Confirm,
    "person.back": PeopleScreen,
    "person.channels": Choose,
    "person.edit": Ask,
    "person.erase": Choose,
    "person.export": Ask,
    "person.filter": Filter,
    "person.port": Ask,
    "person.reload": PersonScreen,
    "person.request": Choose,
    "person.restrict": Choose,
    "report.after": ReportScreen,
    "report.before": ReportScreen,
    "report.reload": ReportScreen,
    "requests.add": Ask,
    "requests.cancel": Choose,
    "requests.extend": Ask,
    "requests.identify": Choose,
    "requests.letter": Choose,
    "requests.mark": RequestsScreen,
    "requests.mark_ready": RequestsScreen,
    "requests.notices": NoticesScreen,
    "requests.person": PersonScreen,
    "requests.refuse": Choose,
    "requests.reload": RequestsScreen,
    "requests.search": RequestsScreen,
}
"""What stands in front once the key was pressed."""

ELSEWHERE = {
    "app.copy_row": "test_copy",
    "app.palette": "test_commands",
    "app.quit": "helpers",
    "ledger.verify": "test_ledger",
    "people.reveal": "test_masking",
    "person.undo": "test_undo",
}
"""Where the others are pressed, and what they do is looked at."""


async def go_to(pilot: Pilot[None], group: str) -> None:
    """To a screen on which the commands of the group can be used."""
    if group == "person":
        await press(pilot, "enter")
        await point_at(pilot, "City")
    elif group == "requests":
        await press(pilot, "2")
    elif group == "report":
        # A month after which there is another.
        await press(pilot, "3", "left_square_bracket")
    elif group not in ("people", "app"):
        await press(pilot, {"ledger": "4", "map": "5", "notices": "6"}[group])


def keys(command: Command) -> list[str]:
    return command.key.split(",")


def test_every_command_belongs_to_a_screen_or_to_the_application() -> None:
    assert {each.group for each in COMMANDS} == {*GROUPS, "app"}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda each: each.id)
def test_every_action_is_there(command: Command) -> None:
    owner: type[App[None] | Desk] = GROUPS.get(command.group, HabeasApp)
    name = command.action.removeprefix("app.").partition("(")[0]
    assert hasattr(owner, f"action_{name}")


async def test_how_to_leave_is_seen_on_the_smallest_terminal(shop: Path) -> None:
    async with running(shop, (60, 15)) as pilot:
        for key in ("question_mark", "f", "I", "V"):
            await press(pilot, key)
            assert "esc: " in text(pilot, "#keys"), key
            await press(pilot, "escape")


def test_every_id_is_given_once() -> None:
    assert set(Counter(each.id for each in COMMANDS).values()) == {1}


@pytest.mark.parametrize("group", GROUPS)
def test_a_key_means_one_thing_on_a_screen(group: str) -> None:
    used = Counter(key for each in (*commands.of(group), *commands.of("app")) for key in keys(each))
    assert [key for key, times in used.items() if times > 1] == []


def test_every_command_is_pressed_by_a_test() -> None:
    assert {*OPENS, *ELSEWHERE} == {each.id for each in COMMANDS}
    for command, module in ELSEWHERE.items():
        (key,) = (keys(each)[0] for each in COMMANDS if each.id == command)
        assert f'"{key}"' in Path(__file__).with_name(f"{module}.py").read_text("utf-8")


@pytest.mark.parametrize(
    ("command", "key"),
    [(each, key) for each in COMMANDS if each.id in OPENS for key in keys(each)],
    ids=lambda part: part.id if isinstance(part, Command) else part,
)
async def test_every_key_does_what_it_says(
    shop: Path, command: Command, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner: type[App[None] | Desk] = GROUPS.get(command.group, HabeasApp)
    name = f"action_{command.action.removeprefix('app.').partition('(')[0]}"
    acts, began = getattr(owner, name), []

    def act(self: App[None] | Desk, *given: str) -> object:
        began.append(given)
        return acts(self, *given)

    async with running(shop) as pilot:
        await go_to(pilot, command.group)
        monkeypatch.setattr(owner, name, act)
        await press(pilot, key)
        assert began, "a dead key"
        assert isinstance(pilot.app.screen, OPENS[command.id])
        assert said(pilot) == ""


async def test_slash_goes_to_the_search(shop: Path) -> None:
    async with running(shop) as pilot:
        await press(pilot, "slash")
        assert focused(pilot) == "search"


async def test_r_shows_what_another_hand_changed(shop: Path) -> None:
    async with person(shop, GRETA) as pilot:
        store = app_of(pilot).store
        assert store is not None
        with store.transaction() as cursor:
            cursor.run("UPDATE profiles SET city = 'Nowhere' WHERE user_id = $id", id=GRETA)
        await press(pilot, "r")
        assert "Nowhere" in text(pilot)


@pytest.mark.parametrize("group", GROUPS)
async def test_q_leaves_from_every_screen(shop: Path, group: str) -> None:
    async with running(shop) as pilot:
        await go_to(pilot, group)
        await leave(pilot)
    assert pilot.app.return_code == 0


@pytest.mark.parametrize("group", GROUPS)
async def test_the_state_of_the_ledger_is_in_the_head_of_every_screen(
    shop: Path, group: str
) -> None:
    async with running(shop, NARROW) as pilot:
        await go_to(pilot, group)
        for size in (NARROW, ROOMY, WIDE):
            await pilot.resize_terminal(*size)
            await settled(pilot)
            assert text(pilot).splitlines()[0].endswith("✓ ledger whole ")


@pytest.mark.parametrize(("key", "to"), [("j", 1), ("G", 2), ("Gk", 1), ("jjg", 0)])
async def test_options_are_moved_through_as_rows_are(shop: Path, key: str, to: int) -> None:
    async with running(shop) as pilot:
        await press(pilot, "6", "enter", *key)
        assert pilot.app.screen.query_one(OptionList).highlighted == to


async def test_a_text_is_moved_through_as_rows_are(shop: Path) -> None:
    async with running(shop, NARROW) as pilot:
        await press(pilot, "question_mark", "G")
        await until_shown(pilot, "Next pane")
        await press(pilot, "g", "j")
        await until(pilot, lambda: "Search by id" not in text(pilot))
        assert "Only some: restricted" in text(pilot)


@pytest.mark.parametrize("group", GROUPS)
async def test_the_help_lists_every_command_of_the_screen(shop: Path, group: str) -> None:
    async with running(shop) as pilot:
        await go_to(pilot, group)
        await press(pilot, "question_mark")
        pages = text(pilot)
        for _ in range(2):
            await press(pilot, "pagedown")
            pages += text(pilot)
        for each in (*commands.of(group), *commands.of("app")):
            assert f"│  {commands.pressed(each):<20} {each.help}" in pages


@pytest.mark.parametrize("group", GROUPS)
async def test_the_help_fits_a_small_terminal_or_scrolls(shop: Path, group: str) -> None:
    async with running(shop, NARROW) as pilot:
        await go_to(pilot, group)
        await press(pilot, "question_mark", "end")
        await until_shown(pilot, "Next pane")
        assert "esc: back" in text(pilot)


@pytest.mark.parametrize("group", GROUPS)
async def test_the_palette_finds_every_command_of_the_screen(shop: Path, group: str) -> None:
    async with running(shop) as pilot:
        await go_to(pilot, group)
        screen = pilot.app.screen
        found = [each.title for each in pilot.app.get_system_commands(screen)]
        expected = [each.label for each in (*commands.of(group), *commands.of("app"))]
        assert found == [each for each in expected if each != "Commands"]


@pytest.mark.parametrize("key", ["colon", "ctrl+p"])
async def test_the_palette_runs_what_was_typed(shop: Path, key: str) -> None:
    async with person(shop, GRETA) as pilot:
        await press(pilot, key, *"automation")
        await until_shown(pilot, "Stop or allow automated decisions")
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, Confirm)
        assert "Automated decisions: yes → no" in text(pilot)


@pytest.mark.parametrize("size", [NARROW, ROOMY, (250, 40)])
@pytest.mark.parametrize("group", GROUPS)
async def test_no_command_is_cut_off_in_the_footer(
    shop: Path, group: str, size: tuple[int, int]
) -> None:
    async with running(shop, size) as pilot:
        await go_to(pilot, group)
        last = text(pilot).splitlines()[-1]
        assert last.rstrip().endswith("q Quit")
        wanted = [each for each in commands.of(group) if each.footer or size[0] == 250]
        for each in (*wanted, *(each for each in COMMANDS if each.id == "app.help")):
            assert each.label in last


@pytest.mark.parametrize("table", ["profile", "timeline", "history"])
async def test_the_footer_of_a_person_is_whole_on_a_small_terminal(shop: Path, table: str) -> None:
    async with person(shop, GRETA, NARROW) as pilot:
        while focused(pilot) != table:
            await press(pilot, "tab")
        assert text(pilot).splitlines()[-1].rstrip().endswith("2 Requests q Quit")


async def test_the_footer_says_as_much_as_there_is_room_for(shop: Path) -> None:
    async with person(shop, GRETA, NARROW) as pilot:
        assert "t Restrict" not in text(pilot).splitlines()[-1]
        await pilot.resize_terminal(*WIDE)
        await until_shown(pilot, "t Restrict")
        assert "p Portability" in text(pilot).splitlines()[-1]
        await pilot.resize_terminal(*NARROW)
        await until(pilot, lambda: "t Restrict" not in text(pilot).splitlines()[-1])


@pytest.mark.parametrize("command", commands.SCREENS)
async def test_what_gives_way_in_the_footer_has_its_key_still(shop: Path, command: str) -> None:
    (key,) = (each.key for each in COMMANDS if each.id == command)
    async with person(shop, GRETA, NARROW) as pilot:
        await press(pilot, key)
        assert isinstance(pilot.app.screen, OPENS[command])
