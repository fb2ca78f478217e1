"""The ledger and the data map on the screen: what was done, whether it is whole, what is where."""

from pathlib import Path

import duckdb
import pytest
from textual.pilot import Pilot

from data import ledger
from data.store import Store
from tests.app.helpers import NARROW, ROOMY, WIDE, ask, listed, press, running, said, text
from tests.layouts import FixedClock
from tui.dialogs import Read
from tui.widgets.table import WindowTable
from tui.widgets.topline import Chain


def chain(pilot: Pilot[None]) -> str:
    return str(pilot.app.screen.query_one(Chain).render())


def numbers(pilot: Pilot[None]) -> list[object]:
    """The numbers of the entries that are listed."""
    table = pilot.app.screen.query_one(WindowTable)
    rows = [table.row(index) for index in range(table.total)]
    return [row.cells[0] for row in rows if row]


def alter(shop: Path) -> None:
    with duckdb.connect(str(shop)) as connection:
        connection.execute("UPDATE habeas.ledger SET actor = 'nobody' WHERE seq = 2")


async def test_the_last_entry_stands_first(shop: Path) -> None:
    async with running(shop) as pilot:
        await press(pilot, "4")
        shown = numbers(pilot)
        assert shown == list(range(len(shown), 0, -1))
        assert len(shown) == ask(pilot, lambda cursor: cursor.value(
            "SELECT count(*) FROM habeas.ledger"
        ))  # fmt: skip


@pytest.mark.parametrize("words", ["RECEIVED 12(3)", "demo 18(1)", "R2"])
async def test_a_search_shows_the_entries_of_which_all_words_are_said(
    shop: Path, words: str
) -> None:
    async with running(shop) as pilot:
        all_there_are = ask(pilot, ledger.newest)
        expected = [
            each.seq
            for each in all_there_are
            if all(
                word.lower() in f"{each.actor} {each.action} {each.article} {each.request}".lower()
                for word in words.split()
            )
        ]
        assert 0 < len(expected) < len(all_there_are)
        await press(pilot, "4", "slash", *words)
        assert numbers(pilot) == expected
        assert f"{len(expected)} of {len(all_there_are)} entries" in text(pilot)
        await press(pilot, "escape", "escape")
        assert len(numbers(pilot)) == len(all_there_are)


async def test_a_search_for_an_id_shows_what_was_done_on_the_person(shop: Path) -> None:
    async with running(shop) as pilot:
        entries = ask(pilot, ledger.newest)
        ids = list(map("customer-{:08}".format, range(1, 60)))
        subjects = ask(pilot, lambda cursor: {each: cursor.pseudonym(each) for each in ids})
        done_on = {each.subject for each in entries}
        person = next(each for each, subject in subjects.items() if subject in done_on)
        await press(pilot, "4", "slash", *person, "enter")
        assert numbers(pilot) == [each.seq for each in entries if each.subject == subjects[person]]


async def test_a_search_that_finds_nothing_says_what_to_press(shop: Path) -> None:
    async with running(shop) as pilot:
        await press(pilot, "4", "slash", *"no such deed")
        assert "No entry is like that. esc shows all." in text(pilot)


async def test_enter_shows_all_of_an_entry(shop: Path) -> None:
    async with running(shop) as pilot:
        await press(pilot, "4", "G", "enter")
        assert isinstance(pilot.app.screen, Read)
        shown = text(pilot)
        assert "By: demo" in shown
        assert "Digest: " in shown
        assert '"people": {' in shown


@pytest.mark.parametrize("key", ["1", "2", "3", "4", "5"])
@pytest.mark.parametrize("size", [NARROW, ROOMY, WIDE])
async def test_that_the_chain_is_whole_is_said_on_every_screen(
    shop: Path, size: tuple[int, int], key: str
) -> None:
    async with running(shop, size) as pilot:
        await press(pilot, key)
        assert chain(pilot) == "✓ ledger whole"
        assert "✓ ledger whole" in text(pilot).splitlines()[0]


async def test_a_ledger_that_was_altered_is_said_so_from_the_start(shop: Path) -> None:
    alter(shop)
    async with running(shop) as pilot:
        assert chain(pilot) == "✗ LEDGER BROKEN"
        await press(pilot, "4", "v")
        assert "entry 2 was altered" in text(pilot)


async def test_v_checks_it_anew(shop: Path) -> None:
    async with running(shop) as pilot:
        await press(pilot, "4", "v")
        assert "none is missing" in said(pilot)
        assert chain(pilot) == "✓ ledger whole"


@pytest.mark.parametrize("size", [NARROW, ROOMY])
async def test_the_map_says_what_is_where_and_why(shop: Path, size: tuple[int, int]) -> None:
    async with running(shop, size) as pilot:
        await press(pilot, "5")
        shown = text(pilot)
        assert "to run the account" in shown
        assert "whether one is reached by Web push" in [row[2] for row in listed(pilot)]
        await press(pilot, "enter")
        assert "profiles.user_id" in text(pilot)
        await press(pilot, "escape", "G")
        assert "Example Mailer" in text(pilot)


async def test_what_the_map_does_not_say_stands_first_by_name(shop: Path) -> None:
    path = shop.with_suffix(".map.toml")
    path.write_text(path.read_text("utf-8").replace('retention = "two years"', ""), "utf-8")
    Store.open(shop, clock=FixedClock()).close()
    async with running(shop) as pilot:
        await press(pilot, "5")
        assert "Article 15(1)(d)" in text(pilot)
        assert "1 not known" in text(pilot).splitlines()[0]
