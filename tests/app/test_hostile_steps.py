"""The steps on the request of a hostile person: every question is text, and so is every letter."""

from dataclasses import replace
from pathlib import Path

import pytest
from textual import events
from textual.widgets import Input

from data import fulfilment
from data.ledger import By
from data.rights.plan import apply, propose
from data.rights.restriction import Restriction
from tests.app.helpers import WIDE, harmless, head, press, running, said, shows, type_in
from tests.hostile import LINES, MARKUP, PLACES, SEQUENCES, add_person, subject_id
from tests.layouts import BUILT_IN
from tui.dialogs import Dialog

VALUES = (MARKUP[10], SEQUENCES[0], "\x9b2J", LINES[0], "\u202egnp.exe")


def a_shop_of_them(folder: Path) -> Path:
    """Each asked for access; each is a recipient, too, who is still to be told of something."""
    recipients = "".join(
        f'[recipients.r{place}]\nname = "{escaped(value)}"\nreceives = ["identity"]\n'
        for place, value in enumerate(VALUES)
    )
    layout = replace(BUILT_IN, map_text=f"{BUILT_IN.map_text}{recipients}")
    with layout.create(folder) as store:
        for value in VALUES:
            add_person(store, subject_id(value), [value] * len(PLACES))
            fulfilment.receive(store, subject_id(value), "access", By(value))
        restricted = propose(store, Restriction("claims"), subject_id(VALUES[-1]))
        apply(store, restricted, By(VALUES[0]))
        return store.path


def escaped(value: str) -> str:
    """As TOML writes any character."""
    return "".join(f"\\U{ord(each):08X}" for each in value)


async def test_every_question_and_every_letter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with running(a_shop_of_them(tmp_path), WIDE) as pilot:
        await press(pilot, "2")
        for value, another in zip(VALUES, VALUES[1:] + VALUES[:1], strict=True):
            await press(pilot, "enter")
            shows(pilot, "Who asks?", head(subject_id(value), "Person: "))
            await press(pilot, "escape")
            for keys in ("i",), ("i", "enter"), ("t",), ("F", "enter"), ("w",), ("C",):
                await press(pilot, *keys)
                assert isinstance(pilot.app.screen, Dialog)
                harmless(pilot)
                await press(pilot, "escape")
            await press(pilot, "F", "enter")
            pilot.app.screen.query_one(Input).post_message(events.Paste(f"no {another}"))
            await press(pilot, "enter")
            harmless(pilot)
            assert "refused; the letter" in said(pilot)
        await press(pilot, "T")
        shows(pilot, *map(head, VALUES))
        await press(pilot, "enter")
        harmless(pilot)
        await press(pilot, "enter")
        assert f"the message is in {Path('answers').absolute()}" in said(pilot)
    letters = [each.read_text("utf-8") for each in Path("answers").iterdir()]
    assert len(letters) == len(VALUES) + 1
    assert all(line.isprintable() for letter in letters for line in letter.split("\n"))


async def test_one_plan_over_several_and_what_is_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with running(a_shop_of_them(tmp_path), WIDE) as pilot:
        await press(pilot, "2", *["space"] * len(VALUES), "i", "enter")
        harmless(pilot)
        await type_in(pilot, "passports seen", "enter")
        await press(pilot, "enter", "enter")
        shows(pilot, *(head(subject_id(each)) for each in VALUES), part="#plan")
        await press(pilot, "escape", "y")
        harmless(pilot)
        shows(pilot, head(subject_id(VALUES[-1])), part="OptionList")
        await press(pilot, "escape", "6", "y")
        harmless(pilot)
