"""Finding a person by keys alone: what is typed filters, and no answer comes too late."""

import asyncio
from pathlib import Path
from threading import Event

import duckdb
import pytest
from textual.events import Key
from textual.pilot import Pilot
from textual.widgets import Input

from data import browse, finding, people
from data.browse import Everybody
from data.cursor import Cursor
from data.errors import Interrupted
from data.finding import Count, Found
from data.store import Store
from tests.app.helpers import (
    DEADLINE,
    FOREVER,
    NARROW,
    WIDE,
    asked,
    focused,
    listed,
    press,
    running,
    said,
    settled,
    shows,
    text,
    top_line,
    type_in,
    until,
    until_shown,
)
from tests.layouts import BUILT_IN
from tui.app import HabeasApp
from tui.screens.people import PeopleScreen
from tui.screens.person import PersonScreen
from tui.widgets import pages, table
from tui.widgets.table import WindowTable


async def search(pilot: Pilot[None], words: str, *keys: str) -> None:
    await press(pilot, "slash")
    await type_in(pilot, words, *keys)


def count(pilot: Pilot[None]) -> str:
    return str(pilot.app.screen.query_one("#count").render()).strip()


class TestSearching:
    async def test_all_are_listed_at_first(self, shop: Path) -> None:
        async with running(shop) as pilot:
            assert count(pilot) == "40 people"
            assert "customer-00000001" in text(pilot)
            assert focused(pilot) == "people"

    async def test_each_key_narrows_the_list_and_the_count_is_honest(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await search(pilot, "kowal")
            assert count(pilot) == "4 of 40 people"
            assert "Kowalska" in text(pilot)
            assert "customer-00000001" not in text(pilot)
            await press(pilot, *" 31@")
            assert count(pilot) == "1 of 40 people"
            await press(pilot, *["backspace"] * 4)
            assert count(pilot) == "4 of 40 people"

    async def test_who_is_not_there_is_not_found(self, shop: Path) -> None:
        async with running(shop, WIDE) as pilot:
            await search(pilot, "nobody at all")
            assert count(pilot) == "0 of 40 people"
            assert "Nobody is found. Clear the search to find 40." in text(pilot)
            assert "Greta" not in text(pilot), "the preview of the one before is still there"

    async def test_enter_goes_to_the_list_and_enter_again_opens(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await search(pilot, "lefevre", "enter")
            assert focused(pilot) == "people"
            await press(pilot, "down", "enter")
            assert isinstance(pilot.app.screen, PersonScreen)
            assert top_line(pilot) == "Habeas · Person · customer-00000011"

    async def test_enter_twice_at_once_opens_the_first_who_is_found(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await press(pilot, "slash")
            for key in (*"kowalska", "enter", "enter"):
                pilot.app.post_message(Key(key, key if len(key) == 1 else None))
            await settled(pilot)
            assert top_line(pilot) == "Habeas · Person · customer-00000006"

    async def test_down_goes_from_the_search_to_the_list(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await press(pilot, "slash", "down")
            assert focused(pilot) == "people"

    async def test_escape_goes_back_one_level_at_a_time(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await search(pilot, "lefevre", "enter", "down", "enter", "question_mark")
            await press(pilot, "escape")
            assert isinstance(pilot.app.screen, PersonScreen)
            await press(pilot, "escape")
            assert isinstance(pilot.app.screen, PeopleScreen)
            assert count(pilot).endswith("of 40 people")
            assert "▌customer-00000011" in text(pilot), "the cursor is not where it was"
            await press(pilot, "slash", "escape")
            assert focused(pilot) == "people"
            assert count(pilot).endswith("of 40 people")
            await press(pilot, "escape")
            assert count(pilot) == "40 people"
            await press(pilot, "escape")
            assert isinstance(pilot.app.screen, PeopleScreen)

    async def test_letters_typed_into_the_search_are_no_commands(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await search(pilot, "rq12:?")
            assert pilot.app.screen.query_one("#search", Input).value == "rq12:?"
            assert pilot.app.is_running


async def test_while_somebody_types_one_core_is_left_to_the_screen(shop: Path) -> None:
    async with running(shop) as pilot:

        def cores() -> int:
            store = pilot.app.screen_stack[-1].store  # type: ignore[attr-defined]
            with store.reading() as cursor:
                return int(cursor.value("SELECT current_setting('threads')"))

        all_there_are = cores()
        for _ in range(2):
            await press(pilot, "slash", "k")
            assert cores() == max(1, all_there_are - 1)
            await press(pilot, "enter")
            assert cores() == all_there_are


async def test_somebody_new_is_counted_at_the_next_letter(shop: Path) -> None:
    async with running(shop) as pilot:
        await search(pilot, "kowal")
        store = pilot.app.screen.store  # type: ignore[attr-defined]
        with store.transaction() as cursor:
            cursor.run("DELETE FROM profiles WHERE user_id = 'customer-00000001'")
        await press(pilot, "s")
        assert count(pilot) == "4 of 39 people"


async def test_a_search_that_the_next_key_overtook_is_interrupted_and_never_painted(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached, interrupted, let_go = Event(), Event(), Event()
    real = finding.best

    def slow(cursor: Cursor, text: str, limit: int) -> tuple[list[Found], Count]:
        if text == "k":
            reached.set()
            try:
                cursor.value(FOREVER)
            except Interrupted:
                interrupted.set()
                assert let_go.wait(DEADLINE)
                return [], Count(77)  # its answer comes after that of the next key
        return real(cursor, text, limit)

    async with running(shop) as pilot:
        monkeypatch.setattr(finding, "best", slow)
        await press(pilot, "slash")
        await pilot.press("k")
        assert await asyncio.to_thread(reached.wait, DEADLINE)
        await press(pilot, "o")
        assert await asyncio.to_thread(interrupted.wait, DEADLINE)
        found = count(pilot)
        assert found.endswith(" of 40 people")
        let_go.set()
        await settled(pilot)
        assert count(pilot) == found
        assert said(pilot) == "", "an answer that nobody wants is no error"


async def test_a_preview_that_the_search_overtook_is_never_painted(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached, let_go = Event(), Event()
    real = people.read

    def slow(cursor: Cursor, subject_id: str) -> people.Person:
        reached.set()
        assert let_go.wait(DEADLINE)
        return real(cursor, subject_id)

    async with running(shop, WIDE) as pilot:
        monkeypatch.setattr(people, "read", slow)
        await pilot.press("down")
        assert await asyncio.to_thread(reached.wait, DEADLINE)
        await pilot.press("slash", *"nobody")
        await until(pilot, lambda: "Nobody is found." in text(pilot))
        let_go.set()
        await settled(pilot)
        assert "RECORDS" not in text(pilot, "#preview")


class TestRoom:
    async def test_a_wide_terminal_shows_the_person_under_the_cursor(self, shop: Path) -> None:
        async with running(shop, WIDE) as pilot:
            shows(pilot, "Birth date 1969-07-13", "events 18", part="#preview")
            await press(pilot, "down")
            shows(pilot, "Email ulla.lefevre.2@example.org", part="#preview")
            await search(pilot, "ines.rossi.14@")
            shows(pilot, "RESTRICTED accuracy since 2026-11-23", part="#preview")

    async def test_it_says_what_waits_and_how_one_may_be_reached(self, shop: Path) -> None:
        asked(shop, "access")
        async with running(shop, WIDE) as pilot:
            shows(pilot, "R7 access 2026-10-26, 28 days overdue", part="#preview")
            shows(pilot, "Push no (unsubscribed)", "Email yes", part="#preview")
            await press(pilot, "down")
            shows(pilot, "OPEN REQUESTS, DUE None", "Restricted no", part="#preview")

    async def test_a_value_that_is_long_goes_on_below_itself(self, shop: Path) -> None:
        with Store.open(shop) as store, store.transaction() as cursor:
            cursor.run("UPDATE profiles SET company = $long", long="long " * 20)
        async with running(shop, WIDE) as pilot:
            lines = text(pilot, "#profile").splitlines()
            first = next(place for place, each in enumerate(lines) if "Company" in each)
            assert lines[first].split() == ["Company", *["long"] * 5, "lon"]
            assert lines[first + 1].startswith(" " * 20 + "g long long")

    async def test_a_narrow_terminal_shows_the_list_alone(self, shop: Path) -> None:
        async with running(shop, NARROW) as pilot:
            assert "Birth date" not in text(pilot)
            assert max(map(len, text(pilot).splitlines())) == 80
            assert "restricted" in text(pilot), "the state does not fit"

    @pytest.mark.parametrize(("size", "read"), [(NARROW, set()), (WIDE, {"customer-00000011"})])
    async def test_what_has_no_room_is_not_read(
        self, shop: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], read: set[str]
    ) -> None:
        asked_for: set[str] = set()
        async with running(shop, size) as pilot:
            monkeypatch.setattr(PeopleScreen, "_preview", lambda _, of: asked_for.add(of))
            await search(pilot, "customer-00000011")
            assert asked_for >= read
            assert bool(asked_for) == bool(read)

    async def test_a_terminal_made_wider_shows_the_preview(self, shop: Path) -> None:
        async with running(shop, NARROW) as pilot:
            await pilot.resize_terminal(*WIDE)
            await until_shown(pilot, "1969-07-13")


class TestStores:
    async def test_an_empty_store_says_what_to_do_next(self, tmp_path: Path) -> None:
        BUILT_IN.create(tmp_path).close()
        async with running(tmp_path / "shop.duckdb") as pilot:
            await press(pilot, "escape")
            assert "Nobody here yet: load people and events from files with I." in text(pilot)
            await press(pilot, "enter", "down", "up", "pagedown", "G")
            await press(pilot, "2")
            assert "No requests. Enter one that came in with n." in text(pilot)

    async def test_a_store_that_is_missing_ends_it_with_its_code(self, tmp_path: Path) -> None:
        await refused(tmp_path / "missing.duckdb", "There is no store at")

    async def test_a_file_that_is_no_store_ends_it_with_its_code(self, tmp_path: Path) -> None:
        path = tmp_path / "other.duckdb"
        duckdb.connect(str(path)).close()
        await refused(path, "not a store of Habeas")

    async def test_a_store_in_use_ends_it_with_its_code(
        self, shop: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with Store.open(shop):
            await refused(shop, "")


async def refused(path: Path, why: str) -> None:
    app = HabeasApp(store=path)
    async with app.run_test():
        await app.workers.wait_for_complete()
    assert app.return_code == 3
    assert app._refused is not None
    assert why in str(app._refused)


class TestOrder:
    async def test_s_orders_by_the_next_column_and_in_the_end_by_the_id_again(
        self, shop: Path
    ) -> None:
        async with running(shop, WIDE) as pilot:
            assert "Customer id ↑" in text(pilot)
            for label in ("First name ↑", "Last name ↑", "Email ↑", "Phone ↑", "Customer id ↑"):
                await press(pilot, "s")
                assert label in text(pilot)

    async def test_where_the_best_come_first_it_is_in_order_of_no_column(self, shop: Path) -> None:
        async with running(shop, WIDE) as pilot:
            await search(pilot, "kowal")
            assert "↑" not in text(pilot)
            await press(pilot, "escape", "escape")
            assert "Customer id ↑" in text(pilot)

    async def test_the_list_is_in_that_order_under_a_search_too(self, shop: Path) -> None:
        async with running(shop, WIDE) as pilot:
            await press(pilot, "s", "s")
            table = pilot.app.screen.query_one(WindowTable)
            names = [row.cells[2] for row in map(table.row, range(table.total)) if row]
            assert names == sorted(names, key=str)
            assert len(set(names)) > 5
            await search(pilot, "a")
            names = [row.cells[2] for row in map(table.row, range(table.total)) if row]
            assert names == sorted(names, key=str)


async def test_many_who_lie_in_no_order_are_shown_in_order_of_id_all_the_same(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = Event()
    page, arrange = Everybody.page, Everybody.arrange

    def show(self: Everybody, cursor: Cursor, offset: int, limit: int) -> list[Found]:
        try:
            return page(self, cursor, offset, limit)
        finally:
            shown.set()

    def arrange_later(self: Everybody, cursor: Cursor) -> bool:
        assert shown.wait(DEADLINE)
        return arrange(self, cursor)

    for each in (pages, table):
        monkeypatch.setattr(each, "PAGE", 10)
    monkeypatch.setattr(browse, "FEW", 2)
    monkeypatch.setattr(Everybody, "page", show)
    monkeypatch.setattr(Everybody, "arrange", arrange_later)
    with duckdb.connect(str(shop)) as connection:
        connection.execute("CREATE TEMP TABLE t AS FROM profiles ORDER BY user_id DESC")
        connection.execute("DELETE FROM profiles")
        connection.execute("INSERT INTO profiles FROM t")
    async with running(shop) as pilot:
        shown.clear()
        assert isinstance(pilot.app.screen, PeopleScreen)
        pilot.app.screen._everybody = Everybody()  # nobody has looked how they lie
        pilot.app.screen.search()
        await settled(pilot)
        assert [cells[0] for cells in listed(pilot)] == [f"customer-{n:08}" for n in range(1, 41)]
