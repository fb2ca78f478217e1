"""Copying a value or a row: as shown, so that it is safe to paste into a terminal."""

import sys
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.app.helpers import GRETA, choose, person, point_at, press, running, said
from tests.hostile import PLACES, add_person
from tests.layouts import BUILT_IN


class Clipboard:
    """What the machine's clipboard would hold."""

    PyperclipException = RuntimeError

    def __init__(self) -> None:
        self.text = ""
        self.there = True

    def copy(self, text: str) -> None:
        if not self.there:
            raise self.PyperclipException
        self.text = text


@pytest.fixture
def clipboard(monkeypatch: pytest.MonkeyPatch) -> Clipboard:
    held = Clipboard()
    monkeypatch.setitem(sys.modules, "pyperclip", held)
    return held


def terminals(pilot: Pilot[None]) -> str:
    """What the terminal was asked to keep."""
    return pilot.app.clipboard


async def test_one_value_is_copied_to_both_clipboards(shop: Path, clipboard: Clipboard) -> None:
    async with person(shop, GRETA) as pilot:
        await point_at(pilot, "City")
        await press(pilot, "y")
        await choose(pilot, "Praha")
        assert clipboard.text == terminals(pilot) == "Praha"
        assert said(pilot) == "Copied."


async def test_a_row_is_copied_for_a_spreadsheet(shop: Path, clipboard: Clipboard) -> None:
    async with running(shop) as pilot:
        await press(pilot, "2", "Y")
        assert clipboard.text == terminals(pilot)
        assert clipboard.text.split("\t")[0].startswith("2026-")
        assert len(clipboard.text.split("\t")) == 6


async def test_without_a_clipboard_of_the_machine_the_terminal_has_it(
    shop: Path, clipboard: Clipboard
) -> None:
    clipboard.there = False
    async with running(shop) as pilot:
        await press(pilot, "2", "Y")
        assert terminals(pilot)
        assert said(pilot) == "Copied, if the terminal allows it."


async def test_what_a_terminal_would_obey_is_copied_as_signs(
    tmp_path: Path, clipboard: Clipboard
) -> None:
    with BUILT_IN.create(tmp_path) as store:
        add_person(store, GRETA, ["rm -rf /\n\x1b]52;c;ZXZpbA==\x07"] * len(PLACES))
    async with running(tmp_path / "shop.duckdb") as pilot:
        await press(pilot, "Y")
        assert clipboard.text
        assert clipboard.text.replace("\t", "").isprintable()


async def test_where_there_is_no_row_that_is_said(shop: Path, clipboard: Clipboard) -> None:
    async with running(shop) as pilot:
        await press(pilot, "slash", *"nobody at all", "enter", "Y")
        assert said(pilot) == "Move to a row of a table first."
        assert clipboard.text == ""
