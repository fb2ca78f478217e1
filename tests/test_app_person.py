"""Every right by keys alone: the plan that is shown is what happens, and nothing else does."""

import re
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Button

from data import ledger, requests
from data.errors import NotFound
from data.ledger import By
from data.rights.plan import apply, propose
from data.rights.rectification import Rectification
from tests.app_helpers import (
    NARROW,
    a_shop,
    app_of,
    ask,
    choose,
    focused,
    person,
    point_at,
    press,
    said,
    stored,
    text,
    top_line,
    type_in,
)
from tests.layouts import NOON, changed, snapshot
from tui.dialogs import Ask, Confirm, Dialog
from tui.screens.people import PeopleScreen
from tui.screens.person import PersonScreen

GRETA = "customer-00000001"
INES = "customer-00000014"
"""Restricted, because the accuracy of her data is contested."""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The store, in the working directory."""
    monkeypatch.chdir(tmp_path)
    return a_shop(tmp_path)


def entries(pilot: Pilot[None], subject_id: str = GRETA) -> list[ledger.Entry]:
    return ask(pilot, lambda cursor: ledger.entries(cursor, subject=cursor.pseudonym(subject_id)))


async def begin_edit(pilot: Pilot[None], label: str = "City") -> None:
    await point_at(pilot, label)
    await press(pilot, "e")


class TestWhatIsShown:
    async def test_fields_events_and_what_was_done(self, shop: Path) -> None:
        async with person(shop, INES) as pilot:
            shown = text(pilot)
            for part in ("IDENTITY", "CONTACT", "ines.rossi.14@example.org", "CHANNELS"):
                assert part in shown
            assert "restriction" in shown.split("what was done")[1]
            assert top_line(pilot) == f"Habeas · Person · {INES} · RESTRICTED (accuracy)"

    async def test_events_are_newest_first_and_open_with_enter(self, shop: Path) -> None:
        async with person(shop, GRETA) as pilot:
            times = re.findall(
                r"[│▏](20\d\d-\d\d-\d\d \d\d:\d\d:\d\dZ)", text(pilot).replace("│ ", "│")
            )
            assert len(times) > 10
            assert times == sorted(times, reverse=True)
            await press(pilot, "tab", "down", "enter")
            assert '"platform": "desktop"' in text(pilot)
            await press(pilot, "escape")
            assert isinstance(pilot.app.screen, PersonScreen)

    @pytest.mark.parametrize("table", ["profile", "timeline", "history"])
    async def test_on_a_small_terminal_the_pane_in_use_has_the_most_room(
        self, shop: Path, table: str
    ) -> None:
        async with person(shop, INES, NARROW) as pilot:
            while focused(pilot) != table:
                await press(pilot, "tab")
            heights = {
                each: pilot.app.screen.query_one(f"#{each}").size.height
                for each in ("profile", "timeline", "history")
            }
            assert heights.pop(table) > max(heights.values()) > 2


class TestEditing:
    async def test_a_field_is_corrected(self, shop: Path) -> None:
        async with person(shop, GRETA) as pilot:
            await begin_edit(pilot)
            assert "City of customer-00000001" in text(pilot)
            await type_in(pilot, "Brno", "enter")
            assert "City: Praha → Brno" in text(pilot)
            assert stored(pilot, GRETA).fields["city"] == "Praha", "the plan alone changed it"
            await press(pilot, "enter")
            assert stored(pilot, GRETA).fields["city"] == "Brno"
            assert said(pilot) == "Rectification: done, Article 16."
            assert "Brno" in text(pilot)
            assert entries(pilot)[-1].facts["fields"] == ["city"]

    async def test_enter_on_a_field_edits_it(self, shop: Path) -> None:
        async with person(shop, GRETA) as pilot:
            await point_at(pilot, "City")
            await press(pilot, "enter")
            assert isinstance(pilot.app.screen, Ask)

    async def test_enter_on_what_may_not_be_corrected_shows_all_of_it(self, shop: Path) -> None:
        async with person(shop, GRETA, NARROW) as pilot:
            await point_at(pilot, "Known since")
            await press(pilot, "enter")
            assert "Known since (may not be corrected)" in text(pilot)
            assert "2022-06-28 10:59:25Z" in text(pilot)

    async def test_a_field_is_completed_and_emptied(self, shop: Path) -> None:
        async with person(shop, GRETA) as pilot:
            await begin_edit(pilot, "Company")
            await type_in(pilot, "ACME", "enter")
            assert "Company: — → ACME" in text(pilot)
            await press(pilot, "enter", "e")
            await type_in(pilot, "", "enter")
            assert "Company: ACME → —" in text(pilot)
            await press(pilot, "enter")
            assert stored(pilot, GRETA).fields["company"] is None

    async def test_a_value_of_the_wrong_type_is_refused_where_it_was_typed(
        self, shop: Path
    ) -> None:
        async with person(shop, GRETA) as pilot:
            await begin_edit(pilot, "Birth date")
            await type_in(pilot, "yesterday", "enter")
            assert isinstance(pilot.app.screen, Ask)
            assert "yesterday is not a date; write it as 1990-12-31." in text(pilot)
            await type_in(pilot, "1970-02-03", "enter")
            assert "Birth date: 1969-07-13 → 1970-02-03" in text(pilot)

    async def test_what_the_data_map_keeps_from_correction_says_so(self, shop: Path) -> None:
        async with person(shop, GRETA) as pilot:
            await begin_edit(pilot, "Customer id")
            assert said(pilot) == "The data map says that this field may not be corrected."
            assert isinstance(pilot.app.screen, PersonScreen)

    async def test_away_from_the_fields_it_says_where_to_go(self, shop: Path) -> None:
        async with person(shop, GRETA) as pilot:
            await begin_edit(pilot, "Push")
            assert said(pilot) == "Move to a field of the profile first."

    async def test_the_value_there_already_is_called_so(self, shop: Path) -> None:
        async with person(shop, GRETA) as pilot:
            await begin_edit(pilot)
            await press(pilot, "enter")
            assert "City has that value already." in text(pilot)


class TestChannels:
    @pytest.mark.parametrize(
        ("label", "name"),
        [("Push", "push"), ("In-app", "in_app"), ("SMS", "sms"), ("Web push", "web_push"),
         ("Email", "email")],
    )  # fmt: skip
    async def test_each_is_turned_the_other_way_and_back(
        self, shop: Path, label: str, name: str
    ) -> None:
        async with person(shop, GRETA) as pilot:
            await press(pilot, "G")  # past the field that is called Email, too
            await to_channel(pilot, name)
            was = stored(pilot, GRETA).channels[name]
            before = stored(pilot, GRETA).channels
            await press(pilot, "c", "enter")
            assert stored(pilot, GRETA).channels == {**before, name: not was}
            await press(pilot, "c", "enter")
            assert stored(pilot, GRETA).channels == before
            assert {each.action for each in entries(pilot)} == {"objection", "subscription"}

    async def test_away_from_the_channels_it_asks_which(self, shop: Path) -> None:
        async with person(shop, GRETA) as pilot:
            await press(pilot, "c")
            await choose(pilot, "every channel")
            assert "Email: yes → no" in text(pilot)
            await press(pilot, "enter")
            assert set(stored(pilot, GRETA).channels.values()) == {False}


async def to_channel(pilot: Pilot[None], name: str) -> None:
    from tui.widgets.table import WindowTable

    table = pilot.app.screen.query_one("#profile", WindowTable)
    while table.cursor_row is None or table.cursor_row.key != f"channel:{name}":
        assert table.cursor, "no such channel"
        await press(pilot, "up")


class TestRestriction:
    async def test_it_is_placed_on_a_ground(self, shop: Path) -> None:
        async with person(shop, GRETA) as pilot:
            await press(pilot, "t")
            await choose(pilot, "claims")
            assert "Article 18(1)(c)" in text(pilot)
            assert "Restriction: — → claims" in text(pilot)
            await press(pilot, "enter")
            restriction = stored(pilot, GRETA).restriction
            assert restriction is not None
            assert restriction.ground == "claims"
            assert top_line(pilot).endswith("RESTRICTED (claims)")

    async def test_it_is_lifted_once_the_person_was_told(self, shop: Path) -> None:
        async with person(shop, INES) as pilot:
            await press(pilot, "t")
            assert "On which day was the person told" in text(pilot)
            await press(pilot, "enter")
            assert "A restriction is lifted only after the person was told: 18(3)." in text(pilot)
            await type_in(pilot, "soon", "enter")
            assert "soon is not a date" in text(pilot)
            await type_in(pilot, "2026-11-20", "enter", "enter")
            assert stored(pilot, INES).restriction is None
            assert entries(pilot, INES)[-1].facts["informed"] == "2026-11-20"
            assert "RESTRICTED" not in top_line(pilot)

    async def test_it_is_not_lifted_before_the_person_is_told(self, shop: Path) -> None:
        async with person(shop, INES) as pilot:
            await press(pilot, "t")
            await type_in(pilot, "2026-11-24", "enter")
            assert "Inform the person first: Article 18(3)." in said(pilot)
            assert stored(pilot, INES).restriction is not None


async def test_automated_decisions_are_stopped_and_allowed(shop: Path) -> None:
    async with person(shop, GRETA) as pilot:
        await press(pilot, "a")
        assert "Automated decisions: yes → no" in text(pilot)
        await press(pilot, "enter")
        assert stored(pilot, GRETA).automation_stopped == NOON
        assert "by a person, since" in text(pilot)
        await press(pilot, "a", "enter")
        assert stored(pilot, GRETA).automation_stopped is None


@pytest.mark.parametrize(("key", "right"), [("x", "access"), ("p", "portability")])
async def test_a_copy_is_written_to_the_folder_offered(
    shop: Path, tmp_path: Path, key: str, right: str
) -> None:
    async with person(shop, GRETA) as pilot:
        await press(pilot, key)
        assert "Folder for the answer" in text(pilot)
        await press(pilot, "enter")
        assert "events: 18 rows copied" in text(pilot)
        assert not (tmp_path / "answers").exists()
        await press(pilot, "enter")
        (bundle,) = (tmp_path / "answers").iterdir()
        assert {each.name for each in bundle.iterdir()} == {
            "manifest.json", "profile.json", "profile.parquet", "events.json", "events.parquet",
        }  # fmt: skip
        assert f'"right": "{right}"' in (bundle / "manifest.json").read_text()
        assert entries(pilot)[-1].action == right


async def test_a_copy_that_cannot_be_written_says_so(shop: Path, tmp_path: Path) -> None:
    (tmp_path / "answers").write_text("a file, where a folder should be")
    async with person(shop, GRETA) as pilot:
        await press(pilot, "x", "enter", "enter")
        assert "cannot be written" in said(pilot)
        assert "Nothing was exported." in said(pilot)
        assert entries(pilot) == []


class TestErasure:
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
            await press(pilot, "enter")
            await self.begin(pilot)
            shown = " ".join(text(pilot).replace("│", "").split())
            assert "! The person is restricted, for accuracy" in shown
            assert "! Still open, and not to be answered after: R7." in shown

    @pytest.mark.parametrize("size", [NARROW, (80, 20)])
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
            request = ask(pilot, lambda cursor: requests.get(cursor, "R7"))
            assert (request.user_id, request.right) == (GRETA, "portability")
            assert str(request.received) == "2026-11-23"
            assert said(pilot) == "Entered in the register."
            assert "due 2026-12-23    portability" in text(pilot)

    async def test_the_time_to_answer_runs_from_the_day_it_was_received(self, shop: Path) -> None:
        async with person(shop, GRETA) as pilot:
            await press(pilot, "n", "enter")
            await type_in(pilot, "2026-11-24", "enter")
            assert "A request is received today or on a day before it." in text(pilot)
            await type_in(pilot, "2026-11-02", "enter")
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

    async def test_a_reason_that_names_the_person_is_refused(self, shop: Path) -> None:
        async with person(shop, GRETA) as pilot:
            await self.give(pilot, "Greta said so")
            happened, unchanged, then = said(pilot).splitlines()
            assert happened == "The reason holds the person's first name."
            assert unchanged == "Nothing was changed."
            assert then.startswith("Say it without")
            assert stored(pilot, GRETA).automation_stopped is None
            assert entries(pilot) == []


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
        ("e", "enter"),
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
