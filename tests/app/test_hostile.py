"""Whatever stands in the store is shown as text: it commands no terminal and no application."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from textual import events
from textual.geometry import Offset
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from data import finding, fulfilment
from data.errors import HabeasError, NotFound
from data.ledger import By
from data.rights.rectification import Rectification
from data.rights.right import Change, Plan, Rows
from tests.app.helpers import (
    GRETA,
    WIDE,
    a_shop,
    app_of,
    ask,
    focused,
    harmless,
    head,
    person,
    press,
    running,
    said,
    settled,
    shows,
    stored,
    text,
    type_in,
)
from tests.app.terminal import terminal
from tests.hostile import (
    ALL,
    HOSTILE,
    LONG,
    MARKUP,
    PLACES,
    SEQUENCES,
    a_hostile_shop,
    add_person,
    subject_id,
)
from tests.layouts import BUILT_IN
from tui import plans
from tui.dialogs import Ask, Choose, Confirm, Read
from tui.plans import Planned
from tui.safe import safe
from tui.screens.filter import Filter
from tui.screens.people import PeopleScreen
from tui.screens.person import PersonScreen
from tui.screens.requests import RequestsScreen
from tui.widgets.line import REPLACEMENT
from tui.widgets.table import WindowTable

CHUNKS = [ALL[start : start + 20] for start in range(0, len(ALL), 20)]
EIGHTS = [ALL[start : start + 8] for start in range(0, len(ALL) - 7, 8)] + [ALL[-8:]]


def test_there_are_enough_of_them() -> None:
    assert len(set(HOSTILE)) == len(HOSTILE) > 200
    assert all(len(each.encode()) >= 900_000 for each in LONG)


class TestScreens:
    @pytest.mark.parametrize("values", CHUNKS, ids=range(len(CHUNKS)))
    async def test_people_and_their_previews(self, tmp_path: Path, values: Sequence[str]) -> None:
        async with running(a_hostile_shop(tmp_path, values), WIDE) as pilot:
            table = pilot.app.screen.query_one(WindowTable)
            assert table.total == len(values)
            for index in range(table.total):
                assert table.cursor == index
                assert table.cursor_row is not None
                key, value = (str(cell) for cell in table.cursor_row.cells[:2])
                shows(pilot, head(key), part="#people")
                shows(pilot, head(value, "First name"), part="#profile")
                await press(pilot, "down")

    @pytest.mark.parametrize("values", EIGHTS, ids=range(len(EIGHTS)))
    async def test_countries_and_a_filter_by_one(
        self, tmp_path: Path, values: Sequence[str]
    ) -> None:
        async with running(a_hostile_shop(tmp_path, values), WIDE) as pilot:
            await press(pilot, "f", "down", "down", "down", "enter")
            shows(pilot, "stored as", part="#box")
            value = next(filter(str.strip, values))
            pilot.app.screen.query_one(Input).value = value[:60]
            await press(pilot, "enter")
            shows(pilot, head(value.strip(), "country "), part="#filters")
            await press(pilot, "f")
            shows(pilot, head(value.strip(), "Country "), part="#box")

    @pytest.mark.parametrize("values", EIGHTS, ids=range(len(EIGHTS)))
    async def test_a_person_and_their_events(self, tmp_path: Path, values: Sequence[str]) -> None:
        with BUILT_IN.create(tmp_path) as store:
            add_person(store, subject_id(values[0]), values)
        async with running(tmp_path / "shop.duckdb") as pilot:
            await press(pilot, "enter")
            shows(pilot, head(subject_id(values[0]), "Person · "), *map(head, values))
            shows(pilot, *map(head, values), part="#timeline")
            await press(pilot, "tab", "enter")
            shows(pilot, head(values[0]), part="#box")
            await press(pilot, "escape")
            assert isinstance(pilot.app.screen, PersonScreen)

    @pytest.mark.parametrize("values", EIGHTS, ids=range(len(EIGHTS)))
    async def test_the_names_of_events_to_choose_from(
        self, tmp_path: Path, values: Sequence[str]
    ) -> None:
        with BUILT_IN.create(tmp_path) as store:
            add_person(store, subject_id(values[0]), values)
        # Wide enough that the box cuts no emoji below it in two.
        async with running(tmp_path / "shop.duckdb", WIDE) as pilot:
            await press(pilot, "enter", "f")
            shows(pilot, *map(head, values), part="OptionList")
            for place in range(1, len(values) + 1):
                names = pilot.app.screen.query_one(OptionList)
                names.highlighted = place
                chosen = str(names.get_option_at_index(place).prompt)[:7].strip()
                await press(pilot, "enter")
                shows(pilot, f"Only {chosen}", part="#wanted")
                shows(pilot, "Events (1 of ", "1", part="#events")
                await press(pilot, "f")

    @pytest.mark.parametrize("values", CHUNKS, ids=range(len(CHUNKS)))
    async def test_the_register_and_its_previews(
        self, tmp_path: Path, values: Sequence[str]
    ) -> None:
        async with running(a_hostile_shop(tmp_path, values), WIDE) as pilot:
            await press(pilot, "2")
            for value in values:
                shows(pilot, head(subject_id(value), "Person: "), part="#request")
                shows(pilot, head(value, "Changes: city: "), part="#request")
                await press(pilot, "down")
            await press(pilot, "i", "enter")
            await type_in(pilot, "passport seen", "enter", "enter")
            shows(pilot, "Rectification · Article 16 · ", head(subject_id(values[-1])))


class TestDialogs:
    async def test_a_line_to_type_in(self, tmp_path: Path) -> None:
        async with running(a_shop(tmp_path)) as pilot:
            await pilot.app.push_screen(Ask("A line", value=HOSTILE[0]))
            line = pilot.app.screen.query_one(Input)
            for value in HOSTILE:
                line.value = value
                await settled(pilot)
                harmless(pilot)
                assert text(pilot, "Input").strip()[:1] in (safe(value)[:1], REPLACEMENT, "")

    async def test_titles_and_choices(self, tmp_path: Path) -> None:
        async with running(a_shop(tmp_path)) as pilot:
            for values in EIGHTS:
                options = {str(place): value[:60] for place, value in enumerate(values)}
                await pilot.app.push_screen(Choose(" ".join(values), options))
                await settled(pilot)
                shows(pilot, head(values[0]), part="#title")
                shows(pilot, *map(head, values), part="OptionList")
                await press(pilot, "escape")

    async def test_a_text_to_read(self, tmp_path: Path) -> None:
        async with running(a_shop(tmp_path)) as pilot:
            await pilot.app.push_screen(Read("[/x]", "\n".join(HOSTILE)))
            await settled(pilot)
            shows(pilot, head(HOSTILE[0]), part="#box")
            for _ in range(20):
                await press(pilot, "pagedown")
                harmless(pilot)
            shows(pilot, head(HOSTILE[-1]), part="#box")

    async def test_a_plan_which_the_page_keys_turn(self, tmp_path: Path) -> None:
        async with person(a_shop(tmp_path), GRETA) as pilot:
            changes = tuple(Change(each, each[:9], each[:9], each[:9]) for each in HOSTILE)
            await show_plan(pilot, Plan(Rectification({}), "16", stored(pilot, GRETA), changes))
            shows(pilot, head(HOSTILE[0]), part="#plan")
            for _ in range(20):
                await press(pilot, "pagedown")
                harmless(pilot)
            shows(pilot, head(HOSTILE[-1]), part="#plan")
            assert focused(pilot) == "apply"

    @pytest.mark.parametrize("value", LONG, ids=lambda value: value[:3].encode().hex())
    async def test_a_plan_over_a_megabyte(self, tmp_path: Path, value: str) -> None:
        async with person(a_shop(tmp_path), GRETA) as pilot:
            known, changes = stored(pilot, GRETA), (Change("city", "City", value, value),)
            plan = Plan(Rectification({}), "16", known, changes, (Rows("events", 1),), (), (value,))
            await show_plan(pilot, plan)
            shows(pilot, head(value, "! "), part="#plan")
            assert "Apply" in text(pilot)

    @pytest.mark.parametrize("value", LONG, ids=lambda value: value[:3].encode().hex())
    async def test_a_megabyte_is_cut(self, tmp_path: Path, value: str) -> None:
        with BUILT_IN.create(tmp_path) as store:
            add_person(store, GRETA, [value] * len(PLACES))
        async with person(tmp_path / "shop.duckdb", GRETA) as pilot:
            field_of(pilot, "field:city")
            await press(pilot, "e")
            assert "City is too long to be edited on one line." in said(pilot)
            assert isinstance(pilot.app.screen, PersonScreen)

    async def test_a_message(self, tmp_path: Path) -> None:
        async with running(a_shop(tmp_path)) as pilot:
            for value in ALL:
                app_of(pilot).tell(HabeasError(value, unchanged=value, then=value))
                await settled(pilot)
                shows(pilot, head(value))

    @pytest.mark.parametrize("values", [HOSTILE[::2], HOSTILE[1::2]], ids=["even", "odd"])
    async def test_what_is_pasted_is_shown_where_it_is_refused(
        self, tmp_path: Path, values: Sequence[str]
    ) -> None:
        async with person(a_shop(tmp_path), GRETA) as pilot:
            field_of(pilot, "field:birth_date")
            await press(pilot, "e")
            line = pilot.app.screen.query_one(Input)
            for value in filter(str.strip, values):
                line.value = ""
                line.post_message(events.Paste(value))
                await press(pilot, "enter")
                shows(pilot, head(line.value.strip()))
                assert isinstance(pilot.app.screen, Ask) or not line.value.strip()

    async def test_what_is_pasted_as_a_day_is_refused(self, tmp_path: Path) -> None:
        async with person(a_shop(tmp_path), GRETA) as pilot:
            await press(pilot, "f", "tab")
            line = pilot.app.screen.query_one("#from", Input)
            for value in filter(str.strip, HOSTILE):
                line.value = value
                await press(pilot, "enter")
                shows(pilot, head(value.strip()), part="#wrong")
                assert isinstance(pilot.app.screen, Filter)


async def show_plan(pilot: Pilot[None], plan: Plan) -> None:
    planned = Planned(plan)
    await pilot.app.push_screen(
        Confirm(plans.title([planned]), plans.lines([planned]), lambda reason: None)
    )
    await settled(pilot)


def field_of(pilot: Pilot[None], key: str) -> None:
    """Moves to a row of the profile."""
    table = pilot.app.screen.query_one("#profile", WindowTable)
    table.move_to(next(i for i in range(table.total) if (row := table.row(i)) and row.key == key))


async def test_a_click_on_a_value_is_a_click_on_its_row(tmp_path: Path) -> None:
    clickable = [value for value in MARKUP if "click" in value]
    async with running(a_hostile_shop(tmp_path, clickable), WIDE) as pilot:
        table = pilot.app.screen.query_one(WindowTable)
        for x in range(2, 100, 6):
            for y in (2, 3, 1):
                await pilot.click(table, offset=Offset(x, y))
                await settled(pilot)
                assert isinstance(pilot.app.screen, PeopleScreen)
                assert table.cursor == y - 1
        await press(pilot, "enter")
        profile = pilot.app.screen.query_one("#profile", WindowTable)
        for y in (5, 6, 9, 10, 11):  # names, phone, company: never twice the same row
            await pilot.click(profile, offset=Offset(26, y))
            await settled(pilot)
            assert isinstance(pilot.app.screen, PersonScreen)
        assert pilot.app.is_running


@pytest.mark.parametrize("value", [MARKUP[10], SEQUENCES[0], "a\x00b", "\u202egnp.exe", "-rf"])
async def test_an_id_that_no_keyboard_types_is_confirmed_as_it_is_shown(
    tmp_path: Path, value: str
) -> None:
    subject = subject_id(value)
    async with running(a_hostile_shop(tmp_path, [value])) as pilot:
        await press(pilot, "enter", "E", "enter", "shift+tab", "shift+tab")
        pilot.app.screen.query_one("#typed", Input).post_message(events.Paste(safe(subject)))
        await press(pilot, "enter")
        assert said(pilot) == "Erasure: done, Article 17(1)(a)."
        with pytest.raises(NotFound):
            stored(pilot, subject)
        assert ask(pilot, finding.count) == 0
        await press(pilot, "2")
        assert isinstance(pilot.app.screen, RequestsScreen)


ATTACKS = ("\x1b]52;c;ZXZpbA==\x07", "\x1b[31337mred", "\x9b2J", "\u202egnp.exe")


@pytest.mark.slow
def test_no_terminal_ever_receives_what_it_would_obey(tmp_path: Path) -> None:
    with BUILT_IN.create(tmp_path) as store:
        add_person(store, subject_id(ATTACKS[0]), ATTACKS * 2)
        details = {"changes": {"city": ATTACKS[2]}}
        by = By(ATTACKS[1])
        fulfilment.receive(store, subject_id(ATTACKS[0]), "rectification", by, details=details)
    names = [head(value) for value in ATTACKS]
    with terminal(tmp_path / "shop.duckdb") as screen:
        screen.until("1 person", *names)
        screen.press("\r")
        screen.until("Further attribu", "Events (4)", *names)
        screen.press("jje")
        screen.until("First name of", "enter: go on")
        screen.press("Y\r")
        screen.until("→", "Apply")
        screen.press("\x1b")
        screen.until(gone="Apply")
        screen.press("\t\r")
        screen.until("esc: back", names[0])
        screen.press("\x1b")
        screen.until(gone="esc: back")
        screen.press("E")
        screen.until("no longer needed")
        screen.press("\r")
        screen.until("Type the id to confirm", names[0])
        screen.press("\x1b")
        screen.until(gone="Type the id")
        screen.press("2")
        screen.until("Handled by", *names[:3])
        screen.press("/nobody\r")
        screen.until("0 of 1")
        screen.press("4")
        screen.until("Ledger", names[1])
        screen.press("\r")
        screen.until("esc: back", names[1])
        screen.press("\x1b")
        screen.until(gone="esc: back")
        screen.press("q")
        assert screen.exit_code() == 0
    for value in ATTACKS:
        assert value.encode() not in screen.received
    assert b"]52;c;ZXZpbA==\x07" not in screen.received
