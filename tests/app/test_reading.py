"""A store that others read too, or that is only to be looked at, is open for reading only."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.store import Store
from tests.app.helpers import (
    NARROW,
    app_of,
    nothing_is_asked,
    press,
    running,
    said,
    settled,
    text,
)
from tests.layouts import FixedClock, changed, snapshot
from tui.app import HabeasApp
from tui.dialogs import Dialog
from tui.widgets.topline import Chain

READER = """
import sys
from data.store import Store
with Store.open(sys.argv[1], read_only=True):
    print("open", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def reader(shop: Path) -> Iterator[None]:
    """Another process that reads the store."""
    with subprocess.Popen(
        [sys.executable, "-c", READER, str(shop)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"open\n"
        yield
        process.communicate()


@pytest.mark.slow
@pytest.mark.usefixtures("reader")
async def test_beside_another_reader_it_is_opened_for_reading_and_says_so(shop: Path) -> None:
    async with running(shop, NARROW) as pilot:
        assert "READ ONLY · ✓ ledger whole" in text(pilot).splitlines()[0]
        assert "customer-00000001" in text(pilot)


async def test_what_would_change_the_store_does_nothing(shop: Path) -> None:
    with Store.open(shop, clock=FixedClock()) as store:
        before = snapshot(store)
    app = HabeasApp(shop, read_only=True, clock=FixedClock())
    async with app.run_test() as pilot:
        await settled(pilot)
        assert str(pilot.app.screen.query_one(Chain).render()).startswith("READ ONLY")
        await nothing_is_asked(pilot, "for reading only")
        assert app_of(pilot).read_only
    with Store.open(shop, clock=FixedClock()) as store:
        assert changed(before, snapshot(store)) == set()


async def test_enter_on_a_request_says_why_it_is_not_carried_out(shop: Path) -> None:
    app = HabeasApp(shop, read_only=True, clock=FixedClock())
    async with app.run_test() as pilot:
        await settled(pilot)
        for key in ("g", "G"):
            await press(pilot, "2", key, "enter")
            assert "for reading only" in said(pilot)
            assert not isinstance(pilot.app.screen, Dialog)
