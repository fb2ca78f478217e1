"""What is decided later, and what a restriction stands against, by keys."""

from pathlib import Path

import pytest

from data.errors import NotFound
from tests.app.helpers import (
    GRETA,
    INES,
    asked,
    begin_edit,
    choose,
    listed,
    person,
    point_at,
    press,
    register,
    running,
    said,
    shows,
    stored,
    text,
    type_in,
)
from tui.dialogs import Dialog


class TestAnObjectionToProcessing:
    async def test_it_restricts_then_waits_and_is_overridden_once_the_person_was_told(
        self, shop: Path
    ) -> None:
        request_id = asked(shop, "opposition", known=False)
        async with running(shop) as pilot:
            await press(pilot, "2", "enter", "enter")
            assert stored(pilot, GRETA).restriction is not None
            assert listed(pilot)[0][2:5] == (request_id, "Objection to processing", "to be decided")
            await press(pilot, "enter")
            assert "How is the objection decided?" in text(pilot)
            await choose(pilot, "overridden")
            await type_in(pilot, "2026-11-23", "enter", "enter")
            assert register(pilot, request_id).status == "completed"
            assert stored(pilot, GRETA).restriction is None

    async def test_upheld_the_person_is_erased_once_it_is_clear_who_asks(self, shop: Path) -> None:
        request_id = asked(shop, "opposition", known=False)
        async with running(shop) as pilot:
            await press(pilot, "2", "enter", "enter", "enter")
            shows(pilot, "17(1)(c); first the check of who asks (i)")
            await press(pilot, "g", "enter")
            assert "On which day was the person told" in text(pilot), "it alone can be chosen"
            await press(pilot, "escape", "i", "enter")
            await type_in(pilot, "passport seen", "enter", "enter")
            await choose(pilot, "upheld")
            await press(pilot, "shift+tab", "shift+tab")
            await type_in(pilot, GRETA, "enter")
            assert register(pilot, request_id).receipt["decision"]["article"] == "17(1)(c)"
            with pytest.raises(NotFound):
                stored(pilot, GRETA)


class TestARestrictedPerson:
    async def test_a_request_asks_why_their_data_is_used_all_the_same(self, shop: Path) -> None:
        request_id = asked(shop, "rectification", INES, {"changes": {"city": "Brno"}})
        async with running(shop) as pilot:
            await press(pilot, "2", "enter")
            assert "Why go on? Article 18(2)" in text(pilot)
            await choose(pilot, "claims")
            assert "City:" in text(pilot)
            await press(pilot, "enter")
            assert register(pilot, request_id).receipt["facts"]["despite"] == "claims"

    async def test_what_cannot_be_is_refused_before_anything_is_asked(self, shop: Path) -> None:
        restrict = asked(shop, "restriction", INES)
        lift = asked(shop, "lifting", GRETA)
        async with running(shop) as pilot:
            await press(pilot, "2")
            for request_id, why in ((restrict, "is restricted already"), (lift, "not restricted")):
                assert listed(pilot)[0 if request_id == restrict else 1][2] == request_id
                await press(pilot, "enter")
                assert not isinstance(pilot.app.screen, Dialog)
                assert why in said(pilot)
                await press(pilot, "down")

    async def test_so_does_their_own_screen_for_a_field_and_for_a_channel(self, shop: Path) -> None:
        async with person(shop, INES) as pilot:
            await begin_edit(pilot)
            await type_in(pilot, "Brno", "enter")
            await choose(pilot, "another person")
            await press(pilot, "enter")
            assert stored(pilot, INES).fields["city"] == "Brno"
            await point_at(pilot, "Push")
            await press(pilot, "c", "enter")
            assert stored(pilot, INES).channels["push"] is False, "an objection asks for no reason"
            await press(pilot, "c")
            await choose(pilot, "consent")
            await press(pilot, "enter")
            assert stored(pilot, INES).channels["push"] is True


class TestAContest:
    async def test_what_a_human_made_of_a_decision_is_recorded(self, shop: Path) -> None:
        request_id = asked(shop, "contest", known=False)
        async with running(shop) as pilot:
            await press(pilot, "2", "enter")
            assert "Which decision is contested?" in text(pilot)
            await choose(pilot, "payment on invoice is refused")
            await choose(pilot, "changed")
            assert "payment on invoice is refused: by a machine → changed" in text(pilot)
            await press(pilot, "enter")
            facts = register(pilot, request_id).receipt["facts"]
            assert facts == {"decision": "credit_score", "outcome": "changed"}
