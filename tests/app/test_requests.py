"""The register: what is due first, first, and every right carried out from it by keys."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from data.rights.erasure import Erasure
from data.rights.plan import apply, propose
from data.store import Store
from tests.app.helpers import (
    INES,
    NARROW,
    ROOMY,
    WIDE,
    app_of,
    asked,
    choose,
    confirm,
    focused,
    listed,
    press,
    register,
    running,
    said,
    settled,
    stored,
    text,
    top_line,
    type_in,
    until_shown,
)
from tests.layouts import BY, FixedClock, changed, snapshot
from tui.dialogs import Confirm, Dialog
from tui.screens.people import PeopleScreen
from tui.screens.person import PersonScreen
from tui.screens.requests import RequestsScreen
from tui.screens.searched import Search
from tui.widgets.table import WindowTable


class TestTheList:
    async def test_what_is_due_first_stands_first(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await press(pilot, "2")
            due = [row[0] for row in listed(pilot)]
            assert due == sorted(due, key=str)
            assert len(due) == 6
            assert top_line(pilot) == "Habeas · Requests · shop.duckdb · 6 open"

    async def test_what_is_late_is_so_in_words(self, shop: Path) -> None:
        late = FixedClock(datetime(2026, 12, 1, 12, tzinfo=UTC))
        async with running(shop, clock=late) as pilot:
            await press(pilot, "2")
            left = [row[1] for row in listed(pilot)]
            assert left[:3] == ["8 days overdue", "1 day overdue", "13 days left"]
            assert top_line(pilot).endswith("6 open · 2 OVERDUE")

    async def test_the_last_day_is_named(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await press(pilot, "2")
            assert listed(pilot)[0][1] == "due today"

    async def test_what_is_closed_goes_below(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await press(pilot, "2", "C")
            await choose(pilot, "Yes")
            assert listed(pilot)[-1][1:5] == ("closed", "R2", "Erasure", "cancelled")

    async def test_what_was_asked_for_is_shown_beside_it(self, shop: Path) -> None:
        async with running(shop, WIDE) as pilot:
            await press(pilot, "2", "down", "down", "down")
            shown = text(pilot)
            assert "Changes: city: Utrecht" in shown
            assert "  country: NL" in shown
            assert "Handled by: demo" in shown

    async def test_its_ground_is_shown_with_its_point_of_the_article(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await press(pilot, "2", "slash", *"R2", "enter")
            assert "Ground: consent withdrawn, Article 17(1)(b)" in text(pilot)


class TestTheSearch:
    @pytest.mark.parametrize(
        ("typed", "found"),
        [
            ("port", ["R4"]),
            ("READY auto", ["R6"]),
            ("open era", ["R2"]),
            ("closed", []),
            ("00000024", ["R5"]),
            ("19", []),
            ("r", None),
        ],
    )
    async def test_every_word_that_is_typed_is_said_of_what_is_shown(
        self, shop: Path, typed: str, found: list[str] | None
    ) -> None:
        async with running(shop) as pilot:
            await press(pilot, "2", "slash", *typed)
            expected = [f"R{each}" for each in (2, 1, 4, 5, 3, 6)] if found is None else found
            assert [row[2] for row in listed(pilot)] == expected
            assert f"{len(expected)} of 6" in top_line(pilot)
            if not expected:
                assert "No request is like that. esc shows all." in text(pilot)

    async def test_escape_goes_back_to_the_table_and_then_to_all_of_them(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await press(pilot, "2", "slash", *"automation", "escape")
            assert isinstance(pilot.app.focused, WindowTable)
            assert len(listed(pilot)) == 1
            assert "Request: R6" in text(pilot)
            await press(pilot, "escape")
            assert len(listed(pilot)) == 6
            assert not pilot.app.screen.query_one(Search).display
            assert "6 open" in top_line(pilot)

    async def test_what_is_found_is_worked_on(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await press(pilot, "2", "slash", *"automation", "enter", "enter")
            assert "Automated decisions · Article 22" in text(pilot)
            await press(pilot, "enter")
            assert register(pilot, "R6").status == "completed"
            assert [row[1:3] for row in listed(pilot)] == [("closed", "R6")]


async def test_the_cursor_stays_on_the_request_that_was_worked_on(shop: Path) -> None:
    async with running(shop, WIDE) as pilot:
        await press(pilot, "2", "i")
        await choose(pilot, "not needed")
        await type_in(pilot, "written from the account", "enter")
        await press(pilot, "j", "j", "j", "j", "enter")
        assert "Objection · Article 21(2)" in text(pilot)
        await press(pilot, "enter")
        assert register(pilot, "R3").status == "completed"
        row = pilot.app.screen.query_one(WindowTable).cursor_row
        assert row is not None
        assert row.key == "R3"
        shown = text(pilot)
        for part in ("w to write the letter", "Done under Article: 21(2)", "Entry of the ledger"):
            assert part in shown
        assert "Receipt" not in shown


async def test_where_the_answer_lies_is_said(shop: Path) -> None:
    request_id = asked(shop, "access")
    async with running(shop) as pilot:
        await press(pilot, "2", "enter", "enter", "enter")
        assert register(pilot, request_id).status == "completed"
        (folder,) = Path("answers").absolute().iterdir()
        assert said(pilot) == f"Access: done, Article 15. The answer is in {folder}."


async def test_a_request_is_read_to_its_end_by_keys(shop: Path) -> None:
    async with running(shop, (80, 16)) as pilot:
        await press(pilot, "2", "G")
        assert "Stop: yes" not in text(pilot)
        await press(pilot, "tab", "G")
        await until_shown(pilot, "Stop: yes")
        await press(pilot, "escape")
        assert isinstance(pilot.app.focused, WindowTable)


@pytest.mark.parametrize("size", [NARROW, ROOMY, WIDE])
async def test_no_two_people_look_alike(shop: Path, size: tuple[int, int]) -> None:
    async with running(shop, size) as pilot:
        await press(pilot, "2")
        lines = [each for each in text(pilot).splitlines() if " R" in each and "20" in each]
        shown = [re.findall(r"custo\S*\d{5}", each)[0] for each in lines]
        assert len(set(shown)) == 6


PARTICULARS: list[tuple[str, dict[str, Any], str, list[str]]] = [
    ("access", {"out": "elsewhere"}, "", []),
    ("access", {}, "Folder for the answer", ["enter"]),
    ("portability", {"out": "elsewhere"}, "", []),
    ("portability", {}, "Folder for the answer", ["enter"]),
    ("rectification", {"changes": {"city": "Brno"}}, "", []),
    ("rectification", {}, "Which field?", ["enter", "X", "enter"]),
    ("restriction", {"ground": "claims"}, "", []),
    ("restriction", {}, "On which ground?", ["enter"]),
    ("objection", {"channels": ["email"]}, "", []),
    ("objection", {}, "Which channel?", ["enter"]),
    ("subscription", {"channels": ["push", "sms"]}, "", []),
    ("subscription", {}, "Which channel?", ["down", "enter"]),
    ("automation", {"stop": True}, "", []),
    ("automation", {}, "Decisions by a machine alone", ["enter"]),
]


@pytest.mark.parametrize(
    ("right", "details", "question", "answer"),
    PARTICULARS,
    ids=[f"{right}-{'asking' if answer else 'given'}" for right, _, _, answer in PARTICULARS],
)
async def test_each_right_is_carried_out_and_what_is_missing_is_asked(
    shop: Path, right: str, details: dict[str, Any], question: str, answer: list[str]
) -> None:
    request_id = asked(shop, right, details=details)
    async with running(shop) as pilot:
        await press(pilot, "2", "enter")
        assert question in text(pilot)
        await press(pilot, *answer)
        assert isinstance(pilot.app.screen, Confirm)
        await press(pilot, "enter")
        assert register(pilot, request_id).status == "completed"
        assert register(pilot, request_id).receipt["right"] == right
        assert "done, Article" in said(pilot)
        assert isinstance(pilot.app.screen, RequestsScreen)
        assert [row[1] for row in listed(pilot) if row[2] == request_id] == ["closed"]


async def test_a_restriction_is_lifted_from_the_register(shop: Path) -> None:
    request_id = asked(shop, "lifting", INES)
    async with running(shop) as pilot:
        await press(pilot, "2", "enter")
        await type_in(pilot, "2026-11-20", "enter", "enter")
        assert register(pilot, request_id).status == "completed"
        assert stored(pilot, INES).restriction is None


async def test_a_person_is_erased_from_the_register(shop: Path) -> None:
    confirm(shop, "R2")
    async with running(shop) as pilot:
        await press(pilot, "2", "enter")
        assert focused(pilot) == "cancel"
        await press(pilot, "shift+tab", "shift+tab")
        await type_in(pilot, "customer-00000008", "enter")
        request = register(pilot, "R2")
        assert (request.status, request.user_id) == ("completed", "")
        assert str(listed(pilot)[-1][5]).startswith("erased (")
        await press(pilot, "1")
        assert "39 people" in text(pilot)


async def test_what_was_carried_out_is_not_carried_out_again(shop: Path) -> None:
    async with running(shop) as pilot:
        await press(pilot, "2", "C")
        await choose(pilot, "Yes")
        await press(pilot, "G", "enter")
        assert said(pilot) == "R2 is cancelled."
        assert isinstance(pilot.app.screen, RequestsScreen)


class TestCancelling:
    async def test_a_request_is_closed_once_that_is_confirmed(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await press(pilot, "2", "C")
            assert "Close R2 (Erasure) without an answer?" in text(pilot)
            await choose(pilot, "Yes")
            assert register(pilot, "R2").status == "cancelled"
            assert said(pilot) == "R2: cancelled."

    @pytest.mark.parametrize("key", ["enter", "escape"])
    async def test_it_stays_open_otherwise(self, shop: Path, key: str) -> None:
        async with running(shop) as pilot:
            await press(pilot, "2", "C", key)
            assert register(pilot, "R2").is_open

    async def test_what_is_closed_cannot_be_closed_again(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await press(pilot, "2", "C")
            await choose(pilot, "Yes")
            await press(pilot, "G", "C")
            assert said(pilot) == "R2 is cancelled."
            assert isinstance(pilot.app.screen, RequestsScreen)


class TestThePerson:
    async def test_who_asks_is_one_key_away_and_escape_leads_back(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await press(pilot, "2", "down", "o")
            assert isinstance(pilot.app.screen, PersonScreen)
            assert "customer-00000004" in top_line(pilot)
            await press(pilot, "escape")
            assert isinstance(pilot.app.screen, RequestsScreen)
            assert "▌  2026-11-30" in text(pilot), "the cursor is not where it was"

    async def test_the_keys_of_the_screens_lead_back_from_a_person(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await press(pilot, "2", "o", "2")
            assert isinstance(pilot.app.screen, RequestsScreen)
            await press(pilot, "o", "1")
            assert isinstance(pilot.app.screen, PeopleScreen)

    async def test_of_an_erased_person_the_register_knows_only_that_they_asked(
        self, shop: Path
    ) -> None:
        request_id = asked(shop, "access", "customer-00000008")
        with Store.open(shop, clock=FixedClock()) as store:
            apply(store, propose(store, Erasure("unlawful"), "customer-00000008"), BY)
        async with running(shop, WIDE) as pilot:
            await press(pilot, "2")
            assert str(listed(pilot)[0][5]).startswith("erased (")
            assert "Person: erased" in text(pilot)
            await press(pilot, "enter")
            assert said(pilot).splitlines()[0] == f"The person of request {request_id} was erased."
            await press(pilot, "o")
            assert said(pilot) == "The register no longer knows who this was."
            await press(pilot, "C")
            await choose(pilot, "Yes")
            assert register(pilot, request_id).status == "cancelled"


@pytest.mark.parametrize("key", ["enter", "o", "C"])
async def test_an_empty_register_has_nothing_to_act_on(shop: Path, key: str) -> None:
    with Store.open(shop) as store, store.transaction() as cursor:
        cursor.run("DELETE FROM habeas.requests")
    async with running(shop) as pilot:
        await press(pilot, "2", key)
        assert isinstance(pilot.app.screen, RequestsScreen)
        assert "Enter one that came in with n." in text(pilot)


@pytest.mark.parametrize("right", ["access", "rectification", "restriction", "objection"])
async def test_escape_at_any_question_leaves_the_request_open(shop: Path, right: str) -> None:
    request_id = asked(shop, right)
    async with running(shop) as pilot:
        store = app_of(pilot).store
        assert store is not None
        before = snapshot(store)
        await press(pilot, "2")
        for depth in range(1, 3):
            await press(pilot, *["enter"] * depth)
            assert isinstance(pilot.app.screen, Dialog)
            await press(pilot, "escape")
            assert isinstance(pilot.app.screen, RequestsScreen)
        assert changed(before, snapshot(store)) == set()
        assert register(pilot, request_id).is_open


async def test_what_the_register_holds_wrongly_is_refused_and_said(shop: Path) -> None:
    asked(shop, "restriction")
    with Store.open(shop) as store, store.transaction() as cursor:
        cursor.run('UPDATE habeas.requests SET details = \'{"ground": "boredom"}\'')
    async with running(shop) as pilot:
        await press(pilot, "2", "enter")
        assert "boredom is no ground" in said(pilot)
        await settled(pilot)
        assert isinstance(pilot.app.screen, RequestsScreen)
