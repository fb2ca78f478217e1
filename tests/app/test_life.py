"""How the application begins and ends: at once, whatever is under way, telling no one's data."""

import asyncio
import gc
from pathlib import Path
from threading import Event
from weakref import ref

import pytest
from textual.worker import WorkerFailed

from data import finding, fulfilment, people
from data.clock import Clock
from data.cursor import Cursor
from data.datamap import DataMap
from data.finding import EVERYBODY, Wanted
from data.ledger import By
from data.rights.plan import apply, propose
from data.rights.right import Plan, Right
from data.store import Store
from tests.app.helpers import (
    DEADLINE,
    FOREVER,
    GRETA,
    app_of,
    leave,
    person,
    press,
    running,
    said,
    settled,
    stored,
    text,
    until,
)
from tests.app.terminal import changed, terminal
from tests.layouts import FixedClock
from tui import crash, exercising
from tui.app import HabeasApp
from tui.screens.people import PeopleScreen
from tui.screens.person import PersonScreen
from tui.widgets.topline import Chain


async def test_the_first_frame_comes_before_the_store_is_open(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go = Event()
    real = Store.open

    def slow(path: Path, datamap: DataMap, *, clock: Clock) -> Store:
        assert let_go.wait(DEADLINE)
        return real(path, datamap, clock=clock)

    monkeypatch.setattr(Store, "open", slow)
    app = HabeasApp(store=shop, clock=FixedClock())
    async with app.run_test() as pilot:
        await pilot.pause()
        assert "Opening the store …" in text(pilot)
        await pilot.press("slash", *"kowal")
        await pilot.press("escape", "enter", "r", "2", "enter", "C", "o", "1", "question_mark")
        await pilot.press("escape")
        let_go.set()
        await settled(pilot)
        assert "4 of 40" in text(pilot), "what was typed meanwhile is forgotten"


class TestLeaving:
    async def test_a_query_under_way_is_stopped(
        self, shop: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        reached, ended = Event(), Event()

        def endless(cursor: Cursor, wanted: Wanted = EVERYBODY) -> int:
            reached.set()
            try:
                return int(cursor.value(FOREVER))
            finally:
                ended.set()

        async with running(shop) as pilot:
            monkeypatch.setattr(finding, "count", endless)
            await pilot.press("r")
            assert await asyncio.to_thread(reached.wait, DEADLINE)
            await leave(pilot)
        assert await asyncio.to_thread(ended.wait, DEADLINE)
        assert pilot.app.return_code == 0

    async def test_an_act_under_way_is_done_whole_or_not_at_all(
        self, shop: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        reached, ended = Event(), Event()

        def slow(store: Store, plan: Plan, by: By) -> None:
            try:
                with store.transaction() as cursor:
                    cursor.run("UPDATE profiles SET city = 'Nowhere'")
                    reached.set()
                    cursor.value(FOREVER)
            finally:
                ended.set()

        async with person(shop, GRETA) as pilot:
            monkeypatch.setattr(fulfilment, "carry_out", slow)
            await press(pilot, "a")
            await pilot.press("enter")
            assert await asyncio.to_thread(reached.wait, DEADLINE)
            await leave(pilot)
        assert await asyncio.to_thread(ended.wait, DEADLINE)
        with Store.open(shop) as store, store.reading() as cursor:
            assert people.read(cursor, GRETA).fields["city"] == "Praha"

    @pytest.mark.slow
    def test_the_process_ends_with_it(self, shop: Path, tmp_path: Path) -> None:
        program = f"""
            from data import finding
            finding.best = lambda cursor, text, limit: cursor.value({FOREVER!r})
        """
        with terminal(shop, changed(tmp_path, program)) as screen:
            screen.until("40 people", GRETA)
            screen.press("/")
            screen.until("f1 Help")  # no longer "?", which is a letter now
            screen.press("kowal")
            screen.until(" kowal ")
            screen.press("\x11")  # ctrl+q, which is no letter of a search
            assert screen.exit_code() == 0


class TestOneThingAtATime:
    async def test_a_key_pressed_twice_asks_once(
        self, shop: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        let_go = Event()

        def slow(store: Store, right: Right, subject_id: str) -> Plan:
            assert let_go.wait(DEADLINE)
            return propose(store, right, subject_id)

        async with person(shop, GRETA) as pilot:
            monkeypatch.setattr(exercising, "propose", slow)
            await pilot.press("a", "a", "E")
            await until(pilot, lambda: said(pilot) == "What was begun before is still under way.")
            let_go.set()
            await settled(pilot)
            await press(pilot, "escape")
            assert isinstance(pilot.app.screen, PersonScreen)

    async def test_what_is_under_way_goes_on_where_its_screen_is_left(
        self, shop: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        reached, let_go = Event(), Event()

        def slow(store: Store, plan: Plan, by: By) -> None:
            reached.set()
            assert let_go.wait(DEADLINE)
            apply(store, plan, by)

        async with person(shop, GRETA) as pilot:
            monkeypatch.setattr(fulfilment, "carry_out", slow)
            await press(pilot, "a")
            await pilot.press("enter")
            assert await asyncio.to_thread(reached.wait, DEADLINE)
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(pilot.app.screen, PeopleScreen))
            let_go.set()
            await settled(pilot)
            assert said(pilot) == "Automated decisions: done, Article 22."
            assert stored(pilot, GRETA).automation_stopped is not None

    async def test_a_question_is_not_asked_of_one_who_has_left(
        self, shop: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        reached, let_go = Event(), Event()

        def slow(store: Store, right: Right, subject_id: str) -> Plan:
            reached.set()
            assert let_go.wait(DEADLINE)
            return propose(store, right, subject_id)

        async with person(shop, GRETA) as pilot:
            monkeypatch.setattr(exercising, "propose", slow)
            await pilot.press("a")
            assert await asyncio.to_thread(reached.wait, DEADLINE)
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(pilot.app.screen, PeopleScreen))
            let_go.set()
            await settled(pilot)
            assert isinstance(pilot.app.screen, PeopleScreen)


BUGS = {
    "in a worker": "events.histogram = bug",
    "in a thread of the table": "events.timeline = bug",
    "in a handler": "from tui.screens import person; person.PersonScreen = bug",
    "in what draws": "from tui.screens import profile; profile.rows = bug",
}


@pytest.mark.slow
@pytest.mark.parametrize("bug", BUGS.values(), ids=BUGS)
def test_a_bug_ends_it_with_its_code_and_tells_nothing_of_anybody(
    shop: Path, tmp_path: Path, bug: str
) -> None:
    program = f"""
        from data import events
        def bug(*arguments, **named):
            secret = "Szabó of Praha, born 1969"
            raise ValueError(f"cannot read {{secret}} of {{arguments}}")
        {bug}
    """
    with terminal(shop, changed(tmp_path, program)) as screen:
        screen.until("Customer id", GRETA)
        screen.press("\r")
        assert screen.exit_code() == crash.EXIT_CODE
        after = screen.received.split(b"\x1b[?1049l")[-1]
        assert b"habeas: a bug (ValueError at " in after
        for value in ("Szabó", "Praha", "1969", GRETA):
            assert value.encode() not in after
        assert b"secret" not in after


async def test_a_message_leaves_nothing_on_any_screen_where_it_was(shop: Path) -> None:
    async with running(shop) as pilot:
        for place in range(3):
            await press(pilot, "enter")
            for part in range(2):
                app_of(pilot).hint(f"{place} {part}")
                await settled(pilot)
            await press(pilot, "escape")
            assert said(pilot) == f"{place} 1"
            assert f"{place} 1" in text(pilot)
            assert len(pilot.app.screen.query("ToastHolder")) == 1


async def test_a_screen_that_is_left_is_forgotten(shop: Path) -> None:
    async with running(shop) as pilot:
        await press(pilot, "enter")
        left = ref(pilot.app.screen), ref(pilot.app.screen.query_one(Chain))
        await press(pilot, "escape", "enter", "escape")
        gc.collect()
        assert [each() for each in left] == [None, None]


async def test_a_bug_is_raised_where_a_test_runs_the_application(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bug(cursor: Cursor, wanted: Wanted = EVERYBODY) -> int:
        raise ValueError("a bug")

    app = HabeasApp(store=shop)
    monkeypatch.setattr(finding, "count", bug)
    with pytest.raises(WorkerFailed, match="a bug"):  # noqa: PT012
        async with app.run_test() as pilot:
            await pilot.pause()
            await app.workers.wait_for_complete()
    assert app.return_code == crash.EXIT_CODE
