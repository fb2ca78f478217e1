"""Marks: an action on several requests is one plan, and what is done is done for each."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from textual.pilot import Pilot

from data import fulfilment, work
from data.errors import Refused
from data.ledger import By
from data.rights.right import Plan, Receipt
from data.store import Store
from tests.app.helpers import (
    GRETA,
    INES,
    app_of,
    ask,
    asked,
    choose,
    focused,
    listed,
    press,
    register,
    running,
    said,
    text,
    top_line,
    type_in,
)
from tests.layouts import changed, snapshot
from tui.screens.notices import NoticesScreen
from tui.screens.requests import RequestsScreen
from tui.widgets.table import WindowTable

OTHER = "customer-00000003"

carry_out = fulfilment.carry_out


async def mark(pilot: Pilot[None], *ids: str) -> None:
    """Marks these rows, whatever their order."""
    table = pilot.app.screen.query_one(WindowTable)
    column = next(place for place, each in enumerate(table.columns) if each.key == "id")
    for each in ids:
        table.move_to([row[column] for row in listed(pilot)].index(each))
        await press(pilot, "space")


def marked(pilot: Pilot[None]) -> Sequence[str]:
    return sorted(pilot.app.screen.query_one(WindowTable).marked)


class TestMarking:
    async def test_space_marks_and_goes_on_and_again_takes_the_mark_away(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await press(pilot, "2", "space", "space")
            assert len(marked(pilot)) == 2
            assert "2 marked" in top_line(pilot)
            assert text(pilot).count("●") == 2
            await press(pilot, "up", "space")
            assert len(marked(pilot)) == 1
            assert text(pilot).count("●") == 1

    async def test_escape_takes_all_marks_away(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await press(pilot, "2", "space", "space", "escape")
            assert marked(pilot) == []
            assert "marked" not in top_line(pilot)
            assert isinstance(pilot.app.screen, RequestsScreen)

    async def test_what_enter_does_is_said_of_the_marks_wherever_the_cursor_is(
        self, shop: Path
    ) -> None:
        async with running(shop) as pilot:
            await press(pilot, "2", "space", "down")
            assert "Request: R4" in text(pilot)
            assert "Next: enter to carry out what is marked, R2; esc to unmark it" in text(pilot)
            await press(pilot, "space")
            assert "what is marked, R2, R4; esc" in text(pilot)
            await press(pilot, "escape")
            assert "Next: enter to record the check of who asks" in text(pilot)

    async def test_what_is_closed_is_not_marked(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await press(pilot, "2", "G", "up", "C")
            await choose(pilot, "Yes, the person took it back")
            await press(pilot, "G", "space")
            assert marked(pilot) == []

    async def test_all_that_are_ready_are_marked_with_one_key(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await press(pilot, "2", "A")
            chosen = marked(pilot)
            assert chosen
            assert all(register(pilot, each).is_ready for each in chosen)
            await press(pilot, "A")
            assert marked(pilot) == []


class TestOnePlan:
    async def test_what_each_does_stands_in_one_plan(self, shop: Path) -> None:
        first = asked(shop, "restriction", details={"ground": "claims"})
        second = asked(shop, "objection", OTHER, details={"channels": ["sms"]})
        async with running(shop) as pilot:
            await press(pilot, "2")
            await mark(pilot, first, second)
            await press(pilot, "enter")
            said_there = text(pilot, "#box")
            assert "2 requests: 1 × Restriction, 1 × Objection" in said_there
            assert f"{first} · Restriction, Article 18(1)(c) · {GRETA}" in said_there
            assert f"{second} · Objection, Article 21(2) · {OTHER}" in said_there
            assert "Restriction: — → claims" in said_there
            await press(pilot, "enter")
            assert said(pilot) == "2 requests are done."
            assert register(pilot, first).status == register(pilot, second).status == "completed"
            assert marked(pilot) == []

    async def test_what_they_share_is_asked_once(self, shop: Path) -> None:
        first, second = asked(shop, "access"), asked(shop, "access", OTHER)
        async with running(shop) as pilot:
            await press(pilot, "2")
            await mark(pilot, first, second)
            await press(pilot, "enter")
            assert "Folder for the answer" in text(pilot)
            await press(pilot, "enter", "enter")
            assert said(pilot) == "2 requests are done."
            assert len(list(Path("answers").iterdir())) == 2

    async def test_what_is_each_ones_own_is_asked_with_the_name(self, shop: Path) -> None:
        first, second = asked(shop, "objection"), asked(shop, "objection", OTHER)
        async with running(shop) as pilot:
            await press(pilot, "2")
            await mark(pilot, first, second)
            await press(pilot, "enter")
            assert f"Which channel? ({GRETA})" in text(pilot)
            await choose(pilot, "SMS")
            assert f"Which channel? ({OTHER})" in text(pilot)
            await choose(pilot, "Email")
            assert "SMS: " in text(pilot, "#box")
            assert "Email: " in text(pilot, "#box")

    async def test_those_that_cannot_be_are_named_and_left(self, shop: Path) -> None:
        first = asked(shop, "access", known=False)
        second = asked(shop, "objection", OTHER, details={"channels": ["sms"]})
        async with running(shop) as pilot:
            await press(pilot, "2")
            await mark(pilot, first, second)
            await press(pilot, "enter")
            assert "Not among them:" in text(pilot, "#box")
            assert f"{first}: " in text(pilot, "#box")
            await press(pilot, "enter")
            assert register(pilot, second).status == "completed"
            assert register(pilot, first).is_open

    async def test_where_none_can_be_that_is_said(self, shop: Path) -> None:
        first = asked(shop, "access", known=False)
        second = asked(shop, "access", OTHER, known=False)
        async with running(shop) as pilot:
            await press(pilot, "2")
            await mark(pilot, first, second)
            await press(pilot, "enter")
            assert "None of these can be carried out" in text(pilot)
            await press(pilot, "escape")
            assert isinstance(pilot.app.screen, RequestsScreen)

    async def test_how_many_are_erased_is_typed(self, shop: Path) -> None:
        first = asked(shop, "erasure", details={"ground": "child"})
        second = asked(shop, "erasure", OTHER, details={"ground": "child"})
        third = asked(shop, "objection", INES, details={"channels": ["sms"]})
        async with running(shop) as pilot:
            await press(pilot, "2")
            await mark(pilot, first, second, third)
            await press(pilot, "enter")
            assert focused(pilot) == "cancel"
            assert pilot.app.screen.query_one("#apply").disabled
            await press(pilot, "shift+tab", "shift+tab")
            await type_in(pilot, "3")
            assert pilot.app.screen.query_one("#apply").disabled
            await type_in(pilot, "2", "enter")
            assert said(pilot) == "3 requests are done."
            gone = ask(pilot, lambda cursor: cursor.value(
                "SELECT count(*) FROM profiles WHERE user_id IN ($a, $b)", a=GRETA, b=OTHER
            ))  # fmt: skip
            assert gone == 0

    async def test_going_back_from_any_question_changes_nothing(self, shop: Path) -> None:
        first, second = asked(shop, "access"), asked(shop, "erasure", OTHER)
        async with running(shop) as pilot:
            await press(pilot, "2")
            await mark(pilot, first, second)
            store = app_of(pilot).store
            assert store is not None
            before = snapshot(store)
            await press(pilot, "enter", "escape")
            await press(pilot, "enter", "enter", "escape")
            await press(pilot, "enter", "enter", "enter", "escape")
            assert isinstance(pilot.app.screen, RequestsScreen)
            assert changed(before, snapshot(store)) == set()
            assert marked(pilot) == sorted([first, second])

    async def test_one_that_fails_keeps_none_of_the_others_back(
        self, shop: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ids = [asked(shop, "objection", each, {"channels": ["sms"]}) for each in (GRETA, OTHER)]

        def fails(store: Store, plan: Plan, by: By) -> Receipt:
            if by.request == ids[0]:
                raise Refused("It may not be.")
            return carry_out(store, plan, by)

        monkeypatch.setattr(fulfilment, "carry_out", fails)
        async with running(shop) as pilot:
            await press(pilot, "2")
            await mark(pilot, *ids)
            await press(pilot, "enter", "enter")
            assert said(pilot).startswith(f"1 of 2 done. {ids[0]}: It may not be.")
            assert register(pilot, ids[0]).is_open
            assert register(pilot, ids[1]).status == "completed"
            assert marked(pilot) == [ids[0]]

    async def test_stopped_it_leaves_each_whole_or_untouched(
        self, shop: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        people = [f"customer-{number:08}" for number in range(2, 8)]
        ids = [asked(shop, "objection", each, {"channels": ["sms"]}) for each in people]

        def stopped_at_the_third(store: Store, plan: Plan, by: By) -> Receipt:
            if by.request == ids[2]:
                work.current().end()
            return carry_out(store, plan, by)

        monkeypatch.setattr(fulfilment, "carry_out", stopped_at_the_third)
        async with running(shop) as pilot:
            await press(pilot, "2")
            await mark(pilot, *ids)
            await press(pilot, "enter", "enter")
            assert said(pilot).startswith(f"2 of 6 done. {ids[2]}: It was stopped.")
            assert [register(pilot, each).status for each in ids[:2]] == ["completed"] * 2
            assert [register(pilot, each).status for each in ids[2:]] == ["ready"] * 4


class TestSteps:
    async def test_several_are_identified_at_once(self, shop: Path) -> None:
        ids = [asked(shop, "access", known=False), asked(shop, "access", OTHER, known=False)]
        async with running(shop) as pilot:
            await press(pilot, "2")
            await mark(pilot, *ids)
            await press(pilot, "i")
            assert f"Who asks? ({ids[0]}, {ids[1]})" in text(pilot)
            await press(pilot, "enter")
            await type_in(pilot, "passport seen", "enter")
            assert said(pilot) == f"{ids[0]}, {ids[1]}: identity confirmed."
            assert [register(pilot, each).identity for each in ids] == ["confirmed"] * 2

    async def test_an_exception_must_be_one_of_each_right(self, shop: Path) -> None:
        ids = [asked(shop, "access"), asked(shop, "erasure", OTHER)]
        async with running(shop) as pilot:
            await press(pilot, "2")
            await mark(pilot, *ids)
            await press(pilot, "F")
            await choose(pilot, "exception")
            assert "expression" not in text(pilot, "OptionList")
            assert "23(1)" in text(pilot, "OptionList")


class TestRecipients:
    async def test_several_are_told_at_once(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await press(pilot, "6")
            assert isinstance(pilot.app.screen, NoticesScreen)
            assert "2 to tell" in top_line(pilot)
            await press(pilot, "space", "space", "enter")
            await choose(pilot, "They were told")
            await press(pilot, "enter")
            assert said(pilot) == "N1, N2: told."
            assert "0 to tell" in top_line(pilot)
            assert [row[3] for row in listed(pilot)] == ["done 2026-11-23"] * 2

    async def test_who_was_told_is_not_told_again(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await press(pilot, "6", "enter")
            await choose(pilot, "They were told")
            await press(pilot, "enter", "G", "enter")
            assert said(pilot) == "N1 is done already."

    async def test_from_a_request_its_own_are_marked(self, shop: Path) -> None:
        request_id = asked(shop, "restriction", details={"ground": "claims"})
        async with running(shop) as pilot:
            await press(pilot, "2", "enter", "enter")
            assert [row[4] for row in listed(pilot) if row[2] == request_id] == ["2 to tell"]
            await press(pilot, "G", "T")
            assert isinstance(pilot.app.screen, NoticesScreen)
            assert marked(pilot) == ["N3", "N4"]
            await press(pilot, "escape")
            assert marked(pilot) == []
