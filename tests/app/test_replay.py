"""The application on a store that was restored from a backup, or whose ledger was tampered with."""

import shutil
from pathlib import Path

import pytest

from data import beside, people
from data.cursor import Cursor
from data.rights.erasure import Erasure
from data.rights.rectification import Rectification
from data.rights.restriction import Restriction
from data.store import Store
from tests.acts import exercise
from tests.app.helpers import (
    GRETA,
    NARROW,
    app_of,
    ask,
    nothing_is_asked,
    press,
    running,
    said,
    settled,
    shows,
    text,
)
from tests.layouts import FixedClock, changed, snapshot
from tui.app import HabeasApp
from tui.dialogs import Dialog, Read

OTHER, THIRD = "customer-00000002", "customer-00000003"


@pytest.fixture
def restored(shop: Path) -> Path:
    """Since the backup Greta was erased, another restricted, and a third one corrected."""
    backup = Path(shutil.copy(shop, shop.with_suffix(".backup")))
    with Store.open(shop, clock=FixedClock()) as store:
        exercise(store, Erasure("child"), of=GRETA)
        exercise(store, Restriction("claims"), of=OTHER)
        exercise(store, Rectification({"city": "Utrecht"}), of=THIRD)
    shutil.copy(backup, shop)
    return shop


def has(subject_id: str, cursor: Cursor) -> bool:
    return people.lookup(cursor, subject_id) is not None


async def test_it_says_what_is_lost_and_what_would_be_done_again(restored: Path) -> None:
    async with running(restored, NARROW) as pilot:
        shows(
            pilot,
            "Restored from a backup",
            "lacks 3 entries of its ledger (1 × erasure, 1 × restriction, 1 × rectification)",
            "To be done again: 1 × erasure, 1 × restriction",
            "2026-11-23 rectification", THIRD, "city",
            "enter: do it again now", "esc: look only",
            part="#box",
        )  # fmt: skip


async def test_enter_does_it_again_and_names_what_is_left(restored: Path) -> None:
    async with running(restored, NARROW) as pilot:
        await press(pilot, "enter")
        shows(pilot, "Done again: 1 × erasure", "Left for you to do", THIRD, "city", part="#box")
        assert not ask(pilot, lambda cursor: has(GRETA, cursor))
        assert ask(pilot, lambda cursor: people.read(cursor, OTHER)).restriction
        await press(pilot, "escape")
        assert "✓ ledger whole" in text(pilot).splitlines()[0]
        assert "39 people" in text(pilot)
        await press(pilot, "enter", "E")
        assert isinstance(pilot.app.screen, Dialog)


async def test_escape_only_looks_and_the_head_says_why_nothing_can_be_done(restored: Path) -> None:
    with Store.open(restored, clock=FixedClock()) as store:
        before = snapshot(store)
    async with running(restored) as pilot:
        await press(pilot, "escape")
        assert "RESTORED BACKUP" in text(pilot).splitlines()[0]
        assert GRETA in text(pilot)
        await nothing_is_asked(pilot, "restored from a backup")
    with Store.open(restored, clock=FixedClock()) as store:
        assert changed(before, snapshot(store)) == set()


async def test_no_letter_is_written(
    restored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    present = set(tmp_path.rglob("*"))
    async with running(restored) as pilot:
        await press(pilot, "escape", "2", "w", "enter")
        assert "restored from a backup" in said(pilot)
        assert "do it again: Replay (: ctrl+p)." in said(pilot)
        assert "habeas replay" not in said(pilot)
    assert set(tmp_path.rglob("*")) == present


async def test_the_palette_offers_it_again(restored: Path) -> None:
    async with running(restored) as pilot:
        await press(pilot, "escape", "colon", *"replay", "enter")
        shows(pilot, "Restored from a backup", "enter: do it again now", part="#box")
        await press(pilot, "enter", "escape", "colon", *"replay")
        assert "Do again what the backup lacks" not in text(pilot)


async def test_open_for_reading_only_it_is_named(restored: Path) -> None:
    app = HabeasApp(restored, read_only=True, clock=FixedClock())
    async with app.run_test() as pilot:
        await settled(pilot)
        shows(pilot, "lacks 3 entries of its ledger", "esc: back", part="#box")
        await press(pilot, "enter", "escape")
        assert "READ ONLY · RESTORED BACKUP" in text(pilot).splitlines()[0]


async def test_a_ledger_that_was_cut_is_told_of_at_once(shop: Path) -> None:
    shop.with_suffix(beside.LEDGER).write_bytes(b"")
    async with running(shop) as pilot:
        shows(pilot, "was cut: it had", "Somebody may have hidden what was done.", part="#box")
        await press(pilot, "escape")
        assert "✗ LEDGER BROKEN" in text(pilot).splitlines()[0]


async def test_of_a_store_that_is_as_it_should_be_nothing_is_said(shop: Path) -> None:
    async with running(shop) as pilot:
        assert not isinstance(pilot.app.screen, Read)
        assert not app_of(pilot).restored
