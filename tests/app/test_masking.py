"""Lists hide who people are until they are revealed, which the ledger keeps."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from data import fulfilment, ledger
from data.store import Store
from data.subject import number
from tests.app.helpers import (
    GRETA,
    NARROW,
    WIDE,
    a_shop,
    ask,
    press,
    running,
    said,
    text,
    type_in,
    until_shown,
)
from tests.layouts import BY, FixedClock
from tui.masking import masked
from tui.widgets.table import WindowTable


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("ana@example.org", "a••@example.org"),
        ("@home", "@••"),
        ("+31 6 123 456 47", "••47"),
        ("06-12 34", "••34"),
        ("Kowalska", "K••"),
        ("Straat 12", "S••"),
        ("", ""),
        (None, ""),
    ],
)
def test_what_is_masked_keeps_enough_to_tell_people_apart(value: object, shown: str) -> None:
    assert masked(value) == shown


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store that is looked at without anything set."""
    monkeypatch.setenv("HABEAS_CONFIG", str(tmp_path / "none.toml"))
    return a_shop(tmp_path)


def is_masked(pilot: Pilot[None]) -> bool:
    shown = text(pilot)
    assert ("G••" in shown) != ("Greta" in shown)
    return "G••" in shown


async def test_the_list_and_its_preview_are_masked_at_first(shop: Path) -> None:
    async with running(shop, WIDE) as pilot:
        assert is_masked(pilot)
        assert "greta.szabo.1" not in text(pilot)
        assert GRETA in text(pilot)


async def test_what_is_masked_is_found_all_the_same(shop: Path) -> None:
    async with running(shop) as pilot:
        await press(pilot, "slash")
        await type_in(pilot, "greta szab")
        assert GRETA in text(pilot)
        assert is_masked(pilot)


async def test_m_reveals_who_is_in_view_and_the_ledger_keeps_whom(shop: Path) -> None:
    async with running(shop, NARROW) as pilot:
        await press(pilot, "m")
        assert not is_masked(pilot)
        assert "the ledger says so" in said(pilot)
        entry = ask(pilot, ledger.newest)[0]
        assert (entry.action, entry.actor) == ("data revealed", "handler")
        revealed = entry.facts["people"]
        assert ask(pilot, lambda cursor: cursor.pseudonym(GRETA)) == revealed[0]
        assert 0 < len(revealed) < 24
        await press(pilot, "G")
        assert "••" in text(pilot), "whoever was not in view stays masked"


async def test_m_again_hides_them(shop: Path) -> None:
    async with running(shop) as pilot:
        await press(pilot, "m", "m")
        assert is_masked(pilot)


async def test_after_a_while_they_are_hidden(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.screens.people.REVEALED", 0.05)
    async with running(shop) as pilot:
        await press(pilot, "m")
        await until_shown(pilot, "G••")
        assert ask(pilot, ledger.newest)[0].action == "data revealed"


async def test_a_person_who_was_opened_is_shown_in_full(shop: Path) -> None:
    async with running(shop) as pilot:
        await press(pilot, "enter")
        assert "Greta" in text(pilot)


async def test_an_id_that_is_an_address_is_masked_in_every_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HABEAS_CONFIG", str(tmp_path / "none.toml"))
    path = a_shop(tmp_path)
    with Store.open(path, clock=FixedClock()) as store:
        with store.transaction() as cursor:
            cursor.run(
                f"UPDATE profiles SET user_id = $new, {store.map.people.number} = $number "
                "WHERE user_id = $old",
                old=GRETA,
                new="greta@example.org",
                number=number("greta@example.org"),
            )
        fulfilment.receive(
            store, "greta@example.org", "restriction", BY, details={"ground": "claims"}
        )
    async with running(path, NARROW) as pilot:
        for key, keys in (("1", ("G",)), ("2", ("G", "enter", "enter")), ("6", ())):
            await press(pilot, key, *keys)
            table = pilot.app.screen.query_one(WindowTable)
            seen = [str(cell) for row in table.rows_in_view for cell in row.cells]
            assert "g••@example.org" in seen
            assert "greta@example.org" not in seen
