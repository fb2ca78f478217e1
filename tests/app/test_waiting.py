"""While one waits: a sign in the head, a dialog that says how far it is, and a way to stop it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from textual.pilot import Pilot

from data import fulfilment, work
from data.errors import Interrupted
from data.ledger import By
from data.rights.right import Plan
from data.store import Store
from tests.app.helpers import (
    DEADLINE,
    FOREVER,
    GRETA,
    app_of,
    begin,
    point_at,
    press,
    running,
    said,
    settled,
    stored,
    text,
)
from tests.layouts import changed, snapshot
from tui.screens.person import PersonScreen
from tui.widgets.topline import Spinner
from tui.working import Working

carry_out = fulfilment.carry_out


@asynccontextmanager
async def at_the_plan(shop: Path) -> AsyncIterator[Pilot[None]]:
    """Where enter stops automated decisions."""
    async with running(shop) as pilot:
        await press(pilot, "enter", "a")
        yield pilot


def slow(monkeypatch: pytest.MonkeyPatch, deed: Any) -> None:
    monkeypatch.setattr(fulfilment, "carry_out", deed)


async def test_a_sign_turns_while_something_is_waited_for(shop: Path) -> None:
    let_go = Event()
    async with running(shop) as pilot:
        spinner = pilot.app.screen.query_one(Spinner)
        assert str(spinner.render()) == ""
        waiting = pilot.app.run_worker(app_of(pilot).wait(lambda: let_go.wait(DEADLINE)))
        seen: set[str] = set()
        while len(seen) < 2:
            await pilot.pause(0.01)
            seen.add(str(spinner.render()) or "⠋")
        assert seen < set(Spinner.FRAMES)
        let_go.set()
        await waiting.wait()
        await pilot.pause()
        assert str(spinner.render()) == ""


async def test_what_takes_long_says_how_far_it_is_and_goes_by_itself(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go = Event()

    def deed(store: Store, plan: Plan, by: By) -> Any:
        work.reached(1, 4)
        assert let_go.wait(DEADLINE)
        return carry_out(store, plan, by)

    slow(monkeypatch, deed)
    async with at_the_plan(shop) as pilot:
        await begin(pilot, "25%")
        assert "Automated decisions · Article 22" in text(pilot)
        assert "esc: stop" in text(pilot)
        let_go.set()
        await settled(pilot)
        assert isinstance(pilot.app.screen, PersonScreen)
        assert said(pilot) == "Automated decisions: done, Article 22."


async def test_escape_stops_a_query_and_nothing_of_it_stays(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deed(store: Store, plan: Plan, by: By) -> None:
        with store.transaction() as cursor:
            cursor.run("DELETE FROM profiles")
            cursor.value(FOREVER)

    slow(monkeypatch, deed)
    async with at_the_plan(shop) as pilot:
        store = app_of(pilot).store
        assert store is not None
        before = snapshot(store)
        await begin(pilot, "esc: stop")
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, PersonScreen)
        assert said(pilot).startswith("The query was stopped.\nNothing was changed.")
        assert changed(before, snapshot(store)) == set()
        assert stored(pilot, GRETA)


async def test_escape_stops_what_asks_again_and_again(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deed(store: Store, plan: Plan, by: By) -> None:
        with store.reading() as cursor:
            while True:
                cursor.value("SELECT 1")

    slow(monkeypatch, deed)
    async with at_the_plan(shop) as pilot:
        await begin(pilot, "esc: stop")
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, PersonScreen)
        assert "stopped" in said(pilot)


async def test_what_is_soon_done_opens_no_dialog(shop: Path) -> None:
    async with running(shop) as pilot:
        await press(pilot, "enter")
        await point_at(pilot, "City")
        await press(pilot, "a", "enter")
        assert not [each for each in pilot.app.screen_stack if isinstance(each, Working)]


def test_work_that_was_stopped_begins_nothing_more(shop: Path) -> None:
    with Store.open(shop) as store:
        task = work.Work()
        with task.under(), store.reading() as cursor:
            assert cursor.value("SELECT 1") == 1
            task.end()
            with pytest.raises(Interrupted):
                cursor.value("SELECT 1")
        with store.reading() as cursor:
            assert cursor.value("SELECT 1") == 1
