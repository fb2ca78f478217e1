"""What is shown before anything happens: the plan, and every way to leave it."""

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Button

from data import ledger
from data.errors import NotFound
from data.ledger import By
from data.register import requests
from data.rights.plan import apply, propose
from data.rights.rectification import Rectification
from tests.app.helpers import (
    GRETA,
    INES,
    NARROW,
    app_of,
    ask,
    begin_edit,
    choose,
    entries,
    focused,
    person,
    point_at,
    press,
    said,
    stored,
    text,
    type_in,
)
from tests.layouts import changed, snapshot
from tui.dialogs import Confirm, Dialog
from tui.screens.people import PeopleScreen
from tui.screens.person import PersonScreen


class TestErasure:
    async def test_each_ground_says_what_it_is(self, shop: Path) -> None:
        async with person(shop, GRETA) as pilot:
            await press(pilot, "E")
            assert "consent withdrawn  17(1)(b)  consent was all that allowed it" in text(pilot)

    async def begin(self, pilot: Pilot[None]) -> None:
        await press(pilot, "E")
        await choose(pilot, "consent withdrawn")
        assert "Article 17(1)(b)" in text(pilot)

    async def test_it_starts_on_cancel(self, shop: Path) -> None:
        async with person(shop, GRETA) as pilot:
            await self.begin(pilot)
            assert focused(pilot) == "cancel"
            await press(pilot, "enter")
            assert isinstance(pilot.app.screen, PersonScreen)
            assert stored(pilot, GRETA)

    async def test_it_waits_for_the_whole_id(self, shop: Path) -> None:
        async with person(shop, GRETA) as pilot:
            await self.begin(pilot)
            button = pilot.app.screen.query_one("#apply", Button)
            assert button.disabled
            await press(pilot, "shift+tab", "shift+tab")
            await type_in(pilot, GRETA[:-1], "enter")
            assert button.disabled
            assert isinstance(pilot.app.screen, Confirm)
            await press(pilot, "1")
            assert not button.disabled
            await press(pilot, "backspace")
            assert button.disabled
            assert stored(pilot, GRETA)

    async def test_the_id_may_be_typed_at_once(self, shop: Path) -> None:
        async with person(shop, GRETA) as pilot:
            await self.begin(pilot)
            await press(pilot, *GRETA)
            assert focused(pilot) == "typed"
            assert not pilot.app.screen.query_one("#apply", Button).disabled
            assert stored(pilot, GRETA)
            await press(pilot, "enter")
            with pytest.raises(NotFound):
                stored(pilot, GRETA)

    async def test_on_a_small_terminal_it_says_how_to_read_on(self, shop: Path) -> None:
        async with person(shop, GRETA, NARROW) as pilot:
            await self.begin(pilot)
            assert "To be told" not in text(pilot)
            assert "pgdn: more" in text(pilot)
            await press(pilot, "pagedown")
            assert "To be told: Example Mailer" in text(pilot)

    async def test_afterwards_the_person_is_gone_everywhere(self, shop: Path) -> None:
        async with person(shop, GRETA) as pilot:
            await self.begin(pilot)
            assert "profiles: 1 row erased" in text(pilot)
            assert "events: 18 rows erased" in text(pilot)
            assert "To be told: Example Mailer, Example Analytics" in text(pilot)
            await press(pilot, "shift+tab", "shift+tab")
            await type_in(pilot, GRETA, "enter")
            assert isinstance(pilot.app.screen, PeopleScreen)
            assert GRETA not in text(pilot)
            assert "39 people" in text(pilot)
            assert said(pilot) == "Erasure: done, Article 17(1)(b)."
            with pytest.raises(NotFound):
                stored(pilot, GRETA)

    async def test_what_speaks_against_it_is_shown(self, shop: Path) -> None:
        async with person(shop, INES) as pilot:
            await press(pilot, "n")
            await choose(pilot, "Access")
            await press(pilot, "enter", "enter")
            await self.begin(pilot)
            shown = " ".join(text(pilot).replace("│", "").split())
            assert "! The person is restricted, for accuracy" in shown
            assert "! Still open, and not to be answered after: R7." in shown

    @pytest.mark.parametrize("size", [NARROW, (80, 20), (60, 15)])
    async def test_its_buttons_fit_a_small_terminal(
        self, shop: Path, size: tuple[int, int]
    ) -> None:
        async with person(shop, INES, size) as pilot:
            await self.begin(pilot)
            assert "Erase for good" in text(pilot)
            assert "Type the id to confirm" in text(pilot)


class TestRequests:
    async def test_one_is_entered_as_received_today(self, shop: Path) -> None:
        async with person(shop, GRETA) as pilot:
            await press(pilot, "n")
            await choose(pilot, "Portability")
            await press(pilot, "enter")
            await choose(pilot, "phone")
            request = ask(pilot, lambda cursor: requests.get(cursor, "R7"))
            assert (request.user_id, request.right) == (GRETA, "portability")
            assert str(request.received) == "2026-11-23"
            assert request.came_by == "phone"
            assert said(pilot) == "R7: Portability, to be answered by 2026-12-23."
            assert "2026-12-23  Portability due" in text(pilot, "#history")

    async def test_it_came_by_email_unless_said_otherwise_and_by_no_import(
        self, shop: Path
    ) -> None:
        async with person(shop, GRETA) as pilot:
            await press(pilot, "n", "enter", "enter")
            assert "How did it come?" in text(pilot)
            assert "import" not in text(pilot, "#box")
            await press(pilot, "enter")
            assert ask(pilot, lambda cursor: requests.get(cursor, "R7")).came_by == "email"

    async def test_the_time_to_answer_runs_from_the_day_it_was_received(self, shop: Path) -> None:
        async with person(shop, GRETA) as pilot:
            await press(pilot, "n", "enter")
            await type_in(pilot, "2026-11-24", "enter")
            assert "That is today, or a day before it." in text(pilot)
            await type_in(pilot, "2026-11-02", "enter", "enter")
            assert str(ask(pilot, lambda cursor: requests.get(cursor, "R7")).due) == "2026-12-02"


class TestReasons:
    async def give(self, pilot: Pilot[None], reason: str) -> None:
        await press(pilot, "a", "shift+tab", "shift+tab")
        assert focused(pilot) == "reason"
        await type_in(pilot, reason, "enter")

    async def test_a_reason_stands_beside_the_ledger(self, shop: Path) -> None:
        async with person(shop, GRETA) as pilot:
            await self.give(pilot, "asked by phone")
            seq = entries(pilot)[-1].seq
            assert ask(pilot, ledger.reasons)[seq] == "asked by phone"

    async def test_a_reason_that_names_the_person_is_refused_where_it_was_typed(
        self, shop: Path
    ) -> None:
        async with person(shop, GRETA) as pilot:
            await self.give(pilot, "Greta said so")
            assert "The reason holds the person's first name." in text(pilot)
            assert focused(pilot) == "reason"
            assert stored(pilot, GRETA).automation_stopped is None
            assert entries(pilot) == []
            await type_in(pilot, "she said so", "enter")
            assert stored(pilot, GRETA).automation_stopped is not None


class TestStalePlans:
    async def test_a_plan_that_the_data_left_behind_changes_nothing(self, shop: Path) -> None:
        async with person(shop, GRETA) as pilot:
            await begin_edit(pilot)
            await type_in(pilot, "Brno", "enter")
            store = app_of(pilot).store
            assert store is not None
            apply(store, propose(store, Rectification({"city": "Riga"}), GRETA), By("another"))
            await press(pilot, "enter")
            assert "The data changed after this was planned." in said(pilot)
            assert stored(pilot, GRETA).fields["city"] == "Riga"
            assert len(entries(pilot)) == 1
            assert "Riga" in text(pilot), "the screen still shows what was before"


@pytest.mark.parametrize(
    "keys",
    [
        ("e",),
        ("e", "s", "enter"),
        ("c",),
        ("c", "enter"),
        ("t",),
        ("t", "enter"),
        ("a",),
        ("x",),
        ("x", "enter"),
        ("p",),
        ("p", "enter"),
        ("n",),
        ("n", "enter"),
        ("n", "enter", "enter"),
        ("f",),
        ("E",),
        ("E", "enter"),
    ],
    ids="-".join,
)
async def test_escape_in_a_dialog_changes_nothing(
    shop: Path, tmp_path: Path, keys: tuple[str, ...]
) -> None:
    async with person(shop, GRETA) as pilot:
        store = app_of(pilot).store
        assert store is not None
        before = snapshot(store)
        await point_at(pilot, "City")
        await press(pilot, *keys)
        assert isinstance(pilot.app.screen, Dialog)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, PersonScreen)
        assert changed(before, snapshot(store)) == set()
        assert not (tmp_path / "answers").exists()
