"""The first start: what is offered where nobody is in the store yet, and that nothing is made
before it is asked for."""

from pathlib import Path
from threading import Event
from typing import Any

import pytest
from textual.pilot import Pilot

from data import demo
from data.store import Store
from tests.app.helpers import (
    FOREVER,
    NARROW,
    PEOPLE,
    app_of,
    begin,
    choose,
    leave,
    press,
    running,
    said,
    settled,
    shows,
    text,
    top_line,
    until,
)
from tests.app.terminal import terminal
from tests.layouts import BUILT_IN, changed, snapshot, write
from tui.app import HabeasApp
from tui.defaults import default_store
from tui.screens import welcome
from tui.screens.people import PeopleScreen
from tui.screens.welcome import Welcome
from tui.widgets.table import WindowTable


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the stores are by default: a folder that is not there yet. Two files to load are in
    the working directory."""
    monkeypatch.delenv("HABEAS_STORE", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(welcome, "DEMO_PEOPLE", PEOPLE)
    write(Path("people.csv"), [{"user_id": "ana-1"}, {"user_id": "bo-2"}])
    write(Path("events.csv"), [{"user_id": "cy-3", "event_time": "2026-01-01", "event_name": "x"}])
    return tmp_path / "home"


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A store with nobody in it."""
    BUILT_IN.create(tmp_path).close()
    return tmp_path / "shop.duckdb"


def made(home: Path) -> list[str]:
    """The names of the files that there are."""
    return sorted(each.name for each in home.rglob("*") if each.is_file())


def count(pilot: Pilot[None]) -> int:
    return pilot.app.screen.query_one(WindowTable).total


async def load_both(pilot: Pilot[None]) -> None:
    await choose(pilot, "Load people and events")
    await press(pilot, *"people.csv", "enter", *"events.csv", "enter")


class TestTheFirstStart:
    async def test_it_says_what_habeas_is_what_can_be_done_and_where_things_are_stored(
        self, home: Path
    ) -> None:
        async with running(default_store(), NARROW) as pilot:
            shows(
                pilot,
                "Answers the requests that people make about their data under the GDPR",
                "Look around", f"among {PEOPLE} made-up people",
                "Load people and events", "from files of your own", "Quit", "esc: quit",
                str(default_store()), str(default_store("demo")),
            )  # fmt: skip
            assert made(home) == []

    async def test_one_looks_around_in_a_made_up_store(self, home: Path) -> None:
        async with running(default_store()) as pilot:
            await choose(pilot, "Look around")
            assert isinstance(pilot.app.screen, PeopleScreen)
            assert count(pilot) == PEOPLE
            assert "None of these people is real." in said(pilot)
            assert app_of(pilot).chain_whole
            for key in "12345":
                await press(pilot, key)
                assert "demo.duckdb" in top_line(pilot)
        assert made(home) == ["demo.duckdb", "demo.key", "demo.ledger", "demo.map.toml"]

    async def test_it_takes_the_place_of_one_made_before(self, home: Path) -> None:
        demo.make(default_store("demo"), 3)
        async with running(default_store()) as pilot:
            await choose(pilot, "Look around")
            assert count(pilot) == PEOPLE

    async def test_one_that_is_in_use_is_left_alone(self, home: Path) -> None:
        demo.make(default_store("demo"), 3)
        async with running(default_store()) as pilot:
            with Store.open(default_store("demo")) as used:
                await choose(pilot, "Look around")
                assert "is open in this program already" in said(pilot)
                assert isinstance(pilot.app.screen, Welcome)
                with used.reading() as cursor:
                    assert cursor.value("SELECT count(*) FROM profiles") == 3

    async def test_one_loads_files_of_ones_own_into_a_store_that_is_made_for_them(
        self, home: Path
    ) -> None:
        async with running(default_store()) as pilot:
            await load_both(pilot)
            assert made(home) == [], "a store was made before anything is loaded"
            await press(pilot, "enter")
            assert isinstance(pilot.app.screen, PeopleScreen)
            assert count(pilot) == 3
            assert said(pilot) == (
                "Loaded. People: 2 added, 0 changed. Events: 1 added, 0 changed. "
                "1 person is known by events alone."
            )
            assert "habeas.duckdb" in top_line(pilot)
            assert app_of(pilot).chain_whole
        assert made(home) == ["habeas.duckdb", "habeas.key", "habeas.ledger"]

    @pytest.mark.parametrize("keys", [["escape"], ["tab", "enter"]], ids=["escape", "cancel"])
    async def test_who_changes_their_mind_leaves_no_file(self, home: Path, keys: list[str]) -> None:
        async with running(default_store()) as pilot:
            await load_both(pilot)
            await press(pilot, *keys)
            assert isinstance(pilot.app.screen, Welcome)
        assert made(home) == []

    @pytest.mark.parametrize("keys", [["escape"], ["q"], ["up", "enter"]], ids=str)
    async def test_one_leaves_it_and_nothing_was_made(self, home: Path, keys: list[str]) -> None:
        async with running(default_store()) as pilot:
            await leave(pilot, *keys)
        assert pilot.app.return_code == 0
        assert made(home) == []

    async def test_what_was_begun_is_not_begun_twice(
        self, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        let_go, begun = Event(), []

        def slow(*given: Any, **named: Any) -> demo.Made:
            begun.append(given)
            assert let_go.wait(30)
            return demo.make(*given, **named)

        monkeypatch.setattr(demo, "make_anew", slow)
        async with running(default_store()) as pilot:
            await pilot.press("enter", "enter")
            await until(pilot, lambda: "still under way" in said(pilot))
            let_go.set()
            await settled(pilot)
            assert count(pilot) == PEOPLE
        assert len(begun) == 1

    async def test_made_up_people_that_are_stopped_leave_nothing(
        self, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(demo, "_ask", endless)
        async with running(default_store()) as pilot:
            await begin(pilot, "Making people up")
            await press(pilot, "escape")
            assert isinstance(pilot.app.screen, Welcome)
            assert "stopped" in said(pilot)
        assert made(home) == []

    async def test_to_look_and_change_nothing_there_must_be_a_store(self, home: Path) -> None:
        app = HabeasApp(default_store(), read_only=True)
        async with app.run_test():
            await app.workers.wait_for_complete()
        assert app.return_code == 3
        assert made(home) == []


class TestAStoreWithNobodyInIt:
    async def test_the_same_is_offered_and_nothing_is_changed(self, empty: Path) -> None:
        with Store.open(empty) as store:
            before = snapshot(store)
        async with running(empty) as pilot:
            assert isinstance(pilot.app.screen, Welcome)
            assert "esc: look at the empty store" in text(pilot)
            await press(pilot, "escape")
            assert isinstance(pilot.app.screen, PeopleScreen)
            assert "Nobody here yet: load people and events from files with I." in text(pilot)
            await press(pilot, "2", "1", "r")
            assert isinstance(pilot.app.screen, PeopleScreen), "it is offered over and over"
        with Store.open(empty) as store:
            assert changed(before, snapshot(store)) == set()

    async def test_files_are_loaded_into_it(self, empty: Path) -> None:
        async with running(empty) as pilot:
            await load_both(pilot)
            await press(pilot, "enter")
            assert count(pilot) == 3
            assert "shop.duckdb" in top_line(pilot)

    async def test_one_looks_around_elsewhere_and_it_stays_as_it_is(self, empty: Path) -> None:
        async with running(empty) as pilot:
            await press(pilot, "enter")
            assert count(pilot) == PEOPLE
            assert "demo.duckdb" in top_line(pilot)
            with Store.open(empty) as store, store.reading() as cursor:
                assert cursor.value("SELECT count(*) FROM profiles") == 0

    async def test_where_it_is_open_for_reading_only_nothing_is_offered_and_it_says_why(
        self, empty: Path
    ) -> None:
        app = HabeasApp(empty, read_only=True)
        async with app.run_test(size=NARROW) as pilot:
            await settled(pilot)
            assert isinstance(app.screen, PeopleScreen)
            shows(pilot, "Nobody here yet, and nothing can be changed: the first line says why.")
            await press(pilot, "I")
            assert isinstance(app.screen, PeopleScreen)


def endless(store: Store) -> int:
    with store.reading() as cursor:
        return int(cursor.value(FOREVER))


@pytest.mark.slow
def test_on_a_real_terminal(home: Path) -> None:
    with terminal(None) as screen:
        screen.until("Look around", "among 1,000 made-up people")
        screen.press("\x1b[B\r")
        screen.until("Which file of people?", "people.csv")
        screen.press("people.csv\r")
        screen.until("Which file of events?")
        screen.press("\r")
        screen.until("Load people.csv?", "Nothing is loaded yet.")
        screen.press("\r")
        screen.until("2 people", "ana-1", "Loaded. People: 2 added")
        screen.press("q")
        assert screen.exit_code() == 0
    assert made(home) == ["habeas.duckdb", "habeas.key", "habeas.ledger"]
