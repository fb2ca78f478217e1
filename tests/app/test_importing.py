"""Files of people and events are loaded by keys: what they hold is shown before, and what was
stopped or refused leaves everything as it was."""

import asyncio
import gzip
import stat
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from data import intake
from data.cursor import Cursor
from data.store import Store
from tests.app.helpers import (
    DEADLINE,
    GRETA,
    NARROW,
    PEOPLE,
    a_shop,
    app_of,
    ask,
    begin,
    focused,
    harmless,
    head,
    leave,
    press,
    running,
    said,
    shows,
    stored,
    text,
    until,
)
from tests.layouts import changed, snapshot, write
from tui.defaults import default_store
from tui.dialogs import Agree, Read
from tui.picking import Pick
from tui.screens.people import PeopleScreen
from tui.screens.welcome import Welcome
from tui.widgets.table import WindowTable

NEW = [{"user_id": "ana-1", "city": "Riga"}, {"user_id": GRETA, "city": "Riga"}]
UNREADABLE = {"user_id": "", "city": "a secret"}
EVENTS = [
    {"user_id": who, "event_time": f"2026-01-0{day}", "event_name": "home"}
    for who, day in (("ana-1", 1), ("ana-1", 2), ("cy-3", 3))
]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The store, in the working directory, with two files to load."""
    monkeypatch.chdir(tmp_path)
    write(Path("people.csv"), NEW)
    write(Path("events.csv"), EVENTS)
    return a_shop(tmp_path)


@pytest.fixture
def first(shop: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a first store would be; nobody has one yet."""
    monkeypatch.setenv("XDG_DATA_HOME", str(shop.parent / "home"))
    write(Path("people.csv"), [*NEW, UNREADABLE])
    return default_store()


@pytest.fixture
def rejecting(shop: Path) -> Path:
    """The same with a row that cannot be read."""
    write(Path("people.csv"), [*NEW, UNREADABLE])
    return shop


async def pick(pilot: Pilot[None], people: str, events: str = "") -> None:
    """Begins to load these files, as far as the question whether to."""
    await press(pilot, "I")
    assert "Which file of people? (1 of 2)" in text(pilot)
    await press(pilot, *people, "enter")
    assert "Which file of events? (2 of 2)" in text(pilot)
    await press(pilot, *events, "enter")


def total(pilot: Pilot[None]) -> int:
    return pilot.app.screen.query_one(WindowTable).total


def files() -> set[str]:
    return {each.name for each in Path().iterdir()}


class TestWhatIsShownBefore:
    async def test_it_is_what_became_of_each_row_were_it_loaded(self, rejecting: Path) -> None:
        async with running(rejecting, NARROW) as pilot:
            before = files()
            await pick(pilot, "people.csv", "events.csv")
            assert isinstance(pilot.app.screen, Agree)
            assert "Load people.csv and events.csv?" in text(pilot)
            counted = {
                words[0]: words[1:]
                for line in text(pilot, "#plan").splitlines()
                if len(words := line.replace("withheld, ", "withheld-").split()) == 3
            }
            assert counted == {
                "read": ["3", "3"], "added": ["1", "3"], "changed": ["1", "0"],
                "repeated": ["0", "0"], "rejected": ["1", "0"], "withheld-erased": ["0", "0"],
                "withheld-restricted": ["0", "0"],
            }  # fmt: skip
            shows(
                pilot,
                "1 row cannot be read: the others are loaded, and a file says why.",
                "Not read: people.csv line 4: no id",
                "1 person is known by events alone.",
                "Nothing is loaded yet.",
            )
            assert focused(pilot) == "apply"
            assert ask(pilot, lambda cursor: cursor.value("SELECT count(*) FROM profiles")) == 40
            assert files() == before

    async def test_a_file_of_which_nothing_can_be_read_says_so_and_why(self, shop: Path) -> None:
        write(Path("people.csv"), [UNREADABLE] * 5)
        async with running(shop) as pilot:
            await pick(pilot, "people.csv")
            shows(
                pilot,
                "5 rows cannot be read: there are no others, and a file says why.",
                "people.csv line 2: no id; people.csv line 3: no id; people.csv line 4: no id; …",
                part="#plan",
            )

    async def test_all_of_it_fits_a_small_terminal(self, rejecting: Path) -> None:
        async with running(rejecting, NARROW) as pilot:
            await pick(pilot, "people.csv", "events.csv")
            assert pilot.app.screen.query_one("#plan").max_scroll_y == 0

    @pytest.mark.parametrize("keys", [["escape"], ["shift+tab", "enter"]], ids=["escape", "cancel"])
    async def test_who_goes_back_has_changed_nothing(
        self, rejecting: Path, keys: list[str]
    ) -> None:
        async with running(rejecting) as pilot:
            store, names = opened(pilot), files()
            before = snapshot(store)
            await pick(pilot, "people.csv", "events.csv")
            await press(pilot, *keys)
            assert isinstance(pilot.app.screen, PeopleScreen)
            assert said(pilot) == ""
            assert changed(before, snapshot(store)) == set()
            assert files() == names


class TestWhatIsLoaded:
    async def test_it_is_on_the_screen_at_once(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await pick(pilot, "people.csv", "events.csv")
            await press(pilot, "enter")
            assert isinstance(pilot.app.screen, PeopleScreen)
            assert total(pilot) == PEOPLE + 2
            assert "ana-1" in text(pilot)
            assert said(pilot) == (
                "Loaded. People: 1 added, 1 changed. Events: 3 added, 0 changed. "
                "1 person is known by events alone."
            )
            assert stored(pilot, GRETA).fields["city"] == "Riga"

    async def test_people_without_events(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await pick(pilot, "people.csv")
            assert "Load people.csv?" in text(pilot)
            await press(pilot, "enter")
            assert said(pilot) == "Loaded. People: 1 added, 1 changed."

    async def test_events_without_people(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await pick(pilot, "", "events.csv")
            await press(pilot, "enter")
            assert said(pilot).startswith("Loaded. Events: 3 added, 0 changed.")
            assert total(pilot) == PEOPLE + 2

    async def test_the_ledger_says_who_loaded_it_and_names_nobody(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await pick(pilot, "people.csv")
            await press(pilot, "enter", "4")
            assert "handler" in text(pilot).splitlines()[2]
            assert "import" in text(pilot).splitlines()[2]

    async def test_rows_that_cannot_be_read_go_to_a_private_file_that_is_named_until_one_read_it(
        self, rejecting: Path
    ) -> None:
        async with running(rejecting, NARROW) as pilot:
            await pick(pilot, "people.csv")
            await press(pilot, "enter")
            assert isinstance(pilot.app.screen, Read)
            (rejects,) = Path().glob("shop-rejects-*.csv")
            shows(pilot, "People: 1 added, 1 changed.", str(rejects.absolute()), part="#box")
            shows(pilot, "personal data, so delete it.", part="#box")
            assert stat.S_IMODE(rejects.stat().st_mode) == 0o600
            assert "a secret" in rejects.read_text("utf-8")
            await press(pilot, "escape")
            assert isinstance(pilot.app.screen, PeopleScreen)
            assert total(pilot) == PEOPLE + 1


class TestWhatIsAsked:
    async def test_one_of_the_two_files_is_needed(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await pick(pilot, "")
            assert isinstance(pilot.app.screen, Pick)
            assert "Give a file of people, of events, or both." in text(pilot)
            await press(pilot, *"events.csv", "enter")
            assert "Load events.csv?" in text(pilot)

    async def test_escape_goes_back_to_the_file_before_which_is_still_there(
        self, shop: Path
    ) -> None:
        async with running(shop) as pilot:
            await press(pilot, "I", *"people.csv", "enter", "escape")
            assert "Which file of people? (1 of 2)" in text(pilot)
            await press(pilot, "enter", *"events.csv", "enter")
            assert "Load people.csv and events.csv?" in text(pilot)
            await press(pilot, "escape", "I", "escape")
            assert isinstance(pilot.app.screen, PeopleScreen)

    async def test_the_second_file_is_looked_for_where_the_first_was(self, shop: Path) -> None:
        Path("month").mkdir()
        Path("people.csv").rename("month/people.csv")
        async with running(shop) as pilot:
            await press(pilot, "I", *"month/people.csv", "enter")
            shows(pilot, str(Path("month").absolute()), part="#folder")

    async def test_a_file_may_have_any_name(self, shop: Path) -> None:
        for name in ("\x1b]52;c;ZXZpbA==\x07.csv", "[@click=app.quit]x.csv", "\u202egnp.csv"):
            write(Path(name), NEW)
            async with running(shop) as pilot:
                await press(pilot, "I")
                pilot.app.screen.query_one(Input).value = name
                await press(pilot, "enter", "enter")
                shows(pilot, head(name, "Load "), part="#title")
                await press(pilot, "enter")
                assert said(pilot).startswith("Loaded.")
                harmless(pilot)

    async def test_where_the_columns_have_other_names_one_is_told_what_to_do(
        self, shop: Path
    ) -> None:
        write(Path("people.csv"), [{"key": "ana-1"}])
        async with running(shop) as pilot:
            await pick(pilot, "people.csv")
            assert isinstance(pilot.app.screen, PeopleScreen)
            assert "people.csv has no column for user_id." in said(pilot)
            assert "Say which it is: habeas import --column user_id=COLUMN." in said(pilot)


class TestStopping:
    async def test_a_load_that_is_stopped_leaves_the_store_and_the_folder_as_they_were(
        self, rejecting: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with running(rejecting) as pilot:
            store, names = opened(pilot), files()
            before = snapshot(store)
            await pick(pilot, "people.csv", "events.csv")
            reached, _ = endless(monkeypatch)
            await stop(pilot, reached, "Loading people.csv and events.csv")
            assert isinstance(pilot.app.screen, PeopleScreen)
            assert "stopped.\nNothing was changed." in said(pilot)
            assert changed(before, snapshot(store)) == set()
            assert files() == names, "the rejects are still there"

    @pytest.mark.parametrize("trial", [True, False], ids=["trial", "load"])
    async def test_a_store_that_was_made_for_it_goes_too(
        self, first: Path, monkeypatch: pytest.MonkeyPatch, trial: bool
    ) -> None:
        async with running(first) as pilot:
            await press(pilot, "down", "enter", *"people.csv", "enter")
            if not trial:
                await press(pilot, "enter")
            reached, _ = endless(monkeypatch)
            await stop(pilot, reached, "Reading" if trial else "Loading")
            assert isinstance(pilot.app.screen, Welcome)
            assert list(first.parent.iterdir()) == []

    async def test_a_packed_file_is_not_read_to_its_end(
        self, shop: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        Path("people.csv.gz").write_bytes(gzip.compress(Path("people.csv").read_bytes()))
        reached = Event()

        def read(*_: Any) -> bytes:
            reached.set()
            return b"more"

        monkeypatch.setattr(gzip.GzipFile, "read", read)
        async with running(shop) as pilot:
            await press(pilot, "I", *"people.csv.gz", "enter")
            await stop(pilot, reached, "Reading people.csv.gz")
            assert isinstance(pilot.app.screen, PeopleScreen)
            assert "stopped" in said(pilot)

    async def test_whoever_leaves_the_application_stops_it(
        self, first: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with running(first) as pilot:
            await press(pilot, "down", "enter", *"people.csv", "enter")
            reached, ended = endless(monkeypatch)
            await pilot.press("enter")
            assert await asyncio.to_thread(reached.wait, DEADLINE)
            await leave(pilot, "ctrl+q")
        assert await asyncio.to_thread(ended.wait, DEADLINE)
        assert pilot.app.return_code == 0


def opened(pilot: Pilot[None]) -> Store:
    store = app_of(pilot).store
    assert store is not None
    return store


def endless(monkeypatch: pytest.MonkeyPatch) -> tuple[Event, Event]:
    """From now on a load goes on for ever once all but its end is done: when it is there, and
    when it was ended."""
    reached, ended = Event(), Event()

    def never(cursor: Cursor, *_: Any) -> None:
        reached.set()
        try:
            while True:
                cursor.value("SELECT 1")
        finally:
            ended.set()

    monkeypatch.setattr(intake, "_record", never)
    return reached, ended


async def stop(pilot: Pilot[None], reached: Event, words: str) -> None:
    """Presses enter, and escape once what that begins is there and says so."""
    await begin(pilot, words)
    await until(pilot, reached.is_set)
    await press(pilot, "escape")
