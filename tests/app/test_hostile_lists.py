"""Every hostile value in the lists that no other test of them reaches: each of them is text."""

from dataclasses import replace
from pathlib import Path

from textual.widgets import Input

from data.ledger import By
from data.rights.plan import apply, propose
from data.rights.restriction import Restriction
from tests.app.helpers import ask, harmless, head, listed, press, running, settled, shows, top_line
from tests.app.test_hostile_steps import escaped
from tests.hostile import HOSTILE, PLACES, a_hostile_shop, add_person, subject_id
from tests.layouts import BUILT_IN

NAMES = [value for value in HOSTILE if value.strip()]
TALL = (200, len(HOSTILE) + 80)


async def test_who_did_it_in_the_ledger(tmp_path: Path) -> None:
    async with running(a_hostile_shop(tmp_path, HOSTILE), TALL) as pilot:
        await press(pilot, "4")
        shows(pilot, *(head(value) for value in NAMES), part="WindowTable")
        await press(pilot, "enter")
        shows(pilot, head(HOSTILE[-1], "By: "), part="#box")


async def test_who_is_to_be_told(tmp_path: Path) -> None:
    recipients = "".join(
        f'[recipients.r{place}]\nname = "{escaped(value)}"\nreceives = ["identity"]\n'
        for place, value in enumerate(NAMES)
    )
    layout = replace(BUILT_IN, map_text=f"{BUILT_IN.map_text}{recipients}")
    with layout.create(tmp_path) as store:
        subject = subject_id(HOSTILE[0])
        add_person(store, subject, [HOSTILE[0]] * len(PLACES))
        apply(store, propose(store, Restriction("claims"), subject), By("handler"))
    async with running(tmp_path / "shop.duckdb", TALL) as pilot:
        await press(pilot, "6")
        shows(pilot, *map(head, NAMES), part="WindowTable")
        assert f"{len(NAMES)} to tell" in top_line(pilot)
        await press(pilot, *["space"] * len(NAMES), "enter")
        shows(pilot, head(NAMES[0]), part="#title")
        await press(pilot, "escape", "5")
        shows(pilot, *map(head, NAMES), part="WindowTable")
        assert ask(pilot, lambda cursor: len(cursor.map.recipients)) >= len(NAMES)


async def test_the_search_of_requests(tmp_path: Path) -> None:
    async with running(a_hostile_shop(tmp_path, HOSTILE[:1])) as pilot:
        await press(pilot, "2", "slash")
        line = pilot.app.screen.query_one(Input)
        for value in NAMES:
            line.value = value
            await settled(pilot)
            harmless(pilot)
        line.value = HOSTILE[0]
        await settled(pilot)
        assert len(listed(pilot)) == 1
