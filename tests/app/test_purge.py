"""The application hands the store over to a purge, and begins anew."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from data import fulfilment, ledger
from data.purge import purging
from data.register import identification
from data.rights.erasure import Erasure
from data.store import Store
from tests.acts import SEEN, exercise, tell_everybody
from tests.app.helpers import (
    GRETA,
    app_of,
    ask,
    leave,
    press,
    register,
    running,
    said,
    text,
    top_line,
)
from tests.app.terminal import terminal
from tests.layouts import BUILT_IN, BY, NOON, FixedClock
from tests.purged import found, load, opened, somebody
from tui import anew
from tui.defaults import PURGED
from tui.screens.requests import RequestsScreen

BEGUN = b"\x1b[?1049h"
"""What an application sends that takes the whole screen."""

UNPACKED = """
import duckdb
connect = duckdb.connect
def unpacked(*args, **more):
    connection = connect(*args, **more)
    connection.execute("SET force_compression = 'uncompressed'")
    return connection
duckdb.connect = unpacked
"""


def erase(shop: Path, subject_id: str = GRETA) -> None:
    with Store.open(shop, clock=FixedClock()) as store:
        exercise(store, Erasure("child"), of=subject_id)


class TestTheInbox:
    async def test_it_says_what_waits_and_by_when(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await press(pilot, "2")
            assert "to purge" not in top_line(pilot)
        erase(shop)
        async with running(shop) as pilot:
            await press(pilot, "2")
            assert "1 erasure to purge by 2026-12-23" in top_line(pilot)
        async with running(shop, clock=FixedClock(NOON + timedelta(days=31))) as pilot:
            await press(pilot, "2")
            assert "1 erasure to purge by 2026-12-23, OVERDUE" in top_line(pilot)

    async def test_a_request_is_erased_and_not_yet_purged(self, shop: Path) -> None:
        with Store.open(shop, clock=FixedClock()) as store:
            asked = fulfilment.receive(store, GRETA, "erasure", BY, details={"ground": "child"})
            identification.identify(store, asked.id, "confirmed", SEEN)
            fulfilment.run(store, asked.id, BY, {})
            tell_everybody(store)
        async with running(shop) as pilot:
            await press(pilot, "2", "G")
            assert str(register(pilot, asked.id).purge_by) == "2026-12-23"
            screen = text(pilot)
            assert "P to purge the store, by 2026-12-23" in " ".join(screen.split())
        purging.purge(shop, BY, clock=FixedClock())
        async with running(shop) as pilot:
            await press(pilot, "2")
            assert register(pilot, asked.id).purge_by is None
            assert "to purge" not in text(pilot)


class TestTheKey:
    async def test_it_says_what_a_purge_needs_and_goes_back(self, shop: Path) -> None:
        erase(shop)
        async with running(shop) as pilot:
            await press(pilot, "2", "P")
            assert "1 erasure to purge by" in text(pilot)
            assert "and begins anew after it" in text(pilot)
            await press(pilot, "escape")
            assert isinstance(pilot.app.screen, RequestsScreen)
            assert not app_of(pilot)._purging

    async def test_it_leaves_for_one(self, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        handed = []

        def hand_over(path: Path, actor: str) -> int:
            handed.append((path, actor))
            return 7

        monkeypatch.setattr(anew, "hand_over", hand_over)
        async with running(shop) as pilot:
            app = app_of(pilot)
            await press(pilot, "P")
            await leave(pilot, "enter")
        monkeypatch.setattr(app, "run", lambda: None)
        assert app.run_to_exit_code() == 7
        assert handed == [(shop, "handler")]

    async def test_what_begins_after_it_says_once_what_was_done(
        self, shop: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        began = []
        monkeypatch.setattr("os.execv", lambda _, arguments: began.append(arguments))
        monkeypatch.setenv(PURGED, "")
        erase(shop)
        assert anew.hand_over(shop, "handler") == 0
        assert len(began) == 1
        purged = shop.stat().st_size
        async with running(shop, (160, 40)) as pilot:
            (entry,) = (each for each in ask(pilot, ledger.entries) if each.action == "purge")
            assert re.fullmatch(
                f"The store was purged: entry {entry.seq} of the ledger certifies it. "
                rf"It had [\d,]+ bytes, and has {purged:,}\.",
                said(pilot),
            )
        async with running(shop) as pilot:
            assert said(pilot) == ""

    async def test_not_where_the_store_is_open_for_reading_only(self, shop: Path) -> None:
        with Store.open(shop, read_only=True):
            async with running(shop) as pilot:
                await press(pilot, "P")
                assert "Purge the store" not in text(pilot)
                assert pilot.app.return_code is None

    async def test_not_in_a_browser(self, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        async with running(shop) as pilot:
            monkeypatch.setenv("TEXTUAL_DRIVER", "some")
            await press(pilot, "P")
            assert "A purge needs a terminal." in " ".join(text(pilot).split())


@pytest.mark.slow
def test_what_has_shown_somebody_writes_nothing_into_the_store_that_was_purged_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a real terminal, and with texts in the file as they are."""
    (tmp_path / "python").mkdir()
    (tmp_path / "python" / "sitecustomize.py").write_text(UNPACKED, "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "python"))
    folder = tmp_path / "store"
    BUILT_IN.create(folder).close()
    path = folder / "shop.duckdb"
    gone, stays = somebody(5, 2)
    with opened(path) as store:
        load(store, tmp_path, [gone, stays])
    with terminal(path) as screen:
        screen.until("2 people", "✓ ledger whole")
        screen.press(f"/{gone.id}\r")
        # The list has the keys once its cursor is the thick one.
        screen.until("1 of 2 people", f"▌{gone.id}")
        screen.press("\r")
        screen.until(f"Person · {gone.id}", str(gone.person["company"]))
        screen.press("E")
        screen.until("On which ground?")
        screen.press("\r")
        screen.until("Type the id to confirm")
        screen.press(f"\x1b[Z\x1b[Z{gone.id}\r")
        screen.until("done, Article 17")
        assert found(folder, {"id": gone.markers["id"]})
        screen.press("P")
        screen.until("1 erasure to purge by")
        begun = screen.received.count(BEGUN)
        screen.press("\r")
        while screen.received.count(BEGUN) == begun:
            screen.calm()
        screen.until("1 person ", "✓ ledger whole", "The store was purged", gone="Purge the store")
        screen.press("\r")
        screen.until(f"Person · {stays.id}", "Restrict")
        screen.press("c")
        screen.until("Which channel?")
        screen.press("\r")
        screen.until("Objection")
        screen.press("\r")
        screen.until("done, Article 21")
        screen.press("q")
        assert screen.exit_code() == 0
    with opened(path) as store, store.reading() as cursor:
        done = [each.action for each in ledger.entries(cursor)]
    assert done[-3:] == ["erasure", "purge", "objection"]
    assert found(folder, gone.markers) == []
    assert len(found(folder, stays.markers)) > 60
