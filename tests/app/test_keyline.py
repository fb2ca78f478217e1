"""The line of keys, by mouse: each key can be clicked, and says what it does."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from data.store import Store
from tests.app.helpers import press, running, settled
from tests.layouts import FixedClock
from tui.app import HabeasApp
from tui.screens.help import Keys
from tui.widgets.keyline import KeyLine
from tui.widgets.table import WindowTable


def line(pilot: Pilot[None]) -> KeyLine:
    return pilot.app.screen.query_one(KeyLine)


def place(pilot: Pilot[None], label: str) -> tuple[int, int]:
    """Where in the line a key begins."""
    x = 0
    for each in line(pilot).shown:
        if each.label == label:
            return x, 0
        x += each.width + 1
    raise AssertionError(f"{label} is not in the line")


async def test_a_click_is_the_key(shop: Path) -> None:
    async with running(shop) as pilot:
        await pilot.click(KeyLine, offset=place(pilot, "Help"))
        await settled(pilot)
        assert isinstance(pilot.app.screen, Keys)


async def test_between_two_keys_is_none(shop: Path) -> None:
    async with running(shop) as pilot:
        x, y = place(pilot, "Help")
        await pilot.click(KeyLine, offset=(x - 1, y))
        await settled(pilot)
        assert not isinstance(pilot.app.screen, Keys)


async def test_what_a_key_does_is_said_under_the_mouse(shop: Path) -> None:
    async with running(shop) as pilot:
        await pilot.hover(KeyLine, offset=place(pilot, "Filter"))
        assert line(pilot).tooltip == "Only some: restricted, asking, of a country"
        await pilot.hover(WindowTable, offset=(5, 5))
        await pilot.pause()
        assert line(pilot)._pointed == ""


async def test_a_greyed_key_does_nothing_but_ring(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung = []
    monkeypatch.setattr(HabeasApp, "bell", lambda self: rung.append(self))
    with Store.open(shop, read_only=True):
        app = HabeasApp(shop, read_only=True, clock=FixedClock())
        async with app.run_test(size=(120, 34)) as pilot:
            await settled(pilot)
            await pilot.click(KeyLine, offset=place(pilot, "Import"))
            await settled(pilot)
            assert rung == [app]
            assert isinstance(app.focused, WindowTable)


async def test_the_line_follows_the_focus(shop: Path) -> None:
    async with running(shop) as pilot:
        assert "Open" in [each.label for each in line(pilot).shown]
        await press(pilot, "slash")
        assert "Open" not in [each.label for each in line(pilot).shown]
