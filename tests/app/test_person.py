"""Every right by keys alone: the plan that is shown is what happens, and nothing else does."""

import re
from pathlib import Path

import pytest
from textual.pilot import Pilot

from data.rights import NAMES, named
from tests.app.helpers import (
    GRETA,
    INES,
    NARROW,
    ROOMY,
    WIDE,
    asked,
    begin_edit,
    choose,
    entries,
    focused,
    person,
    point_at,
    press,
    register,
    said,
    squeezed,
    stored,
    text,
    top_line,
    type_in,
)
from tests.layouts import NOON
from tui.asking import ASKED_FOR
from tui.dialogs import Ask, Confirm
from tui.screens.person import PersonScreen
from tui.widgets.table import WindowTable


class TestWhatIsShown:
    async def test_fields_events_and_what_was_done(self, shop: Path) -> None:
        async with person(shop, INES) as pilot:
            shown = text(pilot)
            for part in ("IDENTITY", "CONTACT", "ines.rossi.14@example.org", "CHANNELS"):
                assert part in shown
            assert "restriction" in text(pilot, "#history")
            assert top_line(pilot) == f"Habeas · Person · {INES} · RESTRICTED (accuracy)"

    @pytest.mark.parametrize("size", [NARROW, ROOMY, WIDE])
    async def test_each_field_says_where_it_is_from_and_whether_it_may_be_corrected(
        self, shop: Path, size: tuple[int, int]
    ) -> None:
        async with person(shop, GRETA, size) as pilot:
            assert "✎ may be corrected" in text(pilot)
            for label, source in (("City", "provided ✎"), ("Known since", "observed")):
                await point_at(pilot, label)
                (line,) = (
                    each for each in text(pilot, "#profile").splitlines() if f" {label} " in each
                )
                assert line.strip(" ▁▂▃▄▅▆▇█").endswith(source)

    async def test_what_is_on_or_off_says_so_by_a_box_and_a_word(self, shop: Path) -> None:
        async with person(shop, INES) as pilot:
            table = pilot.app.screen.query_one("#profile", WindowTable)
            rows = [row for index in range(table.total) if (row := table.row(index))]
            shown = {row.key: str(row.cells[1]) for row in rows}
            assert shown["restriction:"].startswith("[x] accuracy, since 20")
            assert shown["automation:"] == "[x] yes"
            words = {True: "[x] yes", False: "[ ] no (unsubscribed)", None: "[ ] never said"}
            channels = stored(pilot, INES).channels
            assert len(set(channels.values())) > 1
            for name, opted_in in channels.items():
                assert shown[f"channel:{name}"] == words[opted_in]

    async def test_events_are_newest_first_and_open_with_enter(self, shop: Path) -> None:
        async with person(shop, GRETA) as pilot:
            times = re.findall(r"20\d\d-\d\d-\d\d \d\d:\d\d", text(pilot, "#timeline"))
            assert len(times) > 10
            assert times == sorted(times, reverse=True)
            await press(pilot, "tab", "down", "enter")
            assert '"platform": "desktop"' in text(pilot)
            assert re.search(rf"{times[1]}:\d\dZ", text(pilot, "#title"))
            await press(pilot, "escape")
            assert isinstance(pilot.app.screen, PersonScreen)

    async def test_what_waits_stands_above_what_was_done(self, shop: Path) -> None:
        request_id = asked(shop, "access")
        async with person(shop, GRETA) as pilot:
            shown = text(pilot, "#history")
            assert "(1 open)" in text(pilot)
            assert 0 < shown.index("Access OVERDUE") < shown.index("request received")
            assert shown.count(request_id) == 3

    async def test_an_entry_opens_as_the_ledger_shows_it(self, shop: Path) -> None:
        async with person(shop, INES) as pilot:
            await press(pilot, "tab", "tab", "enter")
            here = text(pilot, "#box")
            assert "Digest: " in here
            assert "restriction" in text(pilot, "#title")
            await press(pilot, "escape", "4")
            await point_at(pilot, str(entries(pilot, INES)[-1].seq), "WindowTable")
            await press(pilot, "enter")
            assert squeezed(text(pilot, "#box")) == squeezed(here)

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


class TestAWaitingRequest:
    async def test_it_opens_and_is_answered_from_there(self, shop: Path) -> None:
        request_id = asked(shop, "automation", details={"stop": True})
        async with person(shop, GRETA) as pilot:
            await press(pilot, "tab", "tab", "enter")
            shown = text(pilot, "#box")
            for part in (
                f"{request_id} · Automated decisions",
                "Due: received",
                "enter: show the plan",
            ):
                assert part in shown
            await press(pilot, "enter")
            assert isinstance(pilot.app.screen, Confirm)
            await press(pilot, "enter")
            assert register(pilot, request_id).status == "completed"
            assert "(0 open)" in text(pilot)

    async def test_esc_leaves_it_as_it_is(self, shop: Path) -> None:
        request_id = asked(shop, "automation", details={"stop": True})
        async with person(shop, GRETA) as pilot:
            await press(pilot, "tab", "tab", "enter", "escape")
            assert isinstance(pilot.app.screen, PersonScreen)
            assert register(pilot, request_id).is_open

    async def test_where_it_is_not_clear_who_asks_that_comes_first(self, shop: Path) -> None:
        request_id = asked(shop, "access", known=False)
        async with person(shop, GRETA) as pilot:
            await press(pilot, "tab", "tab", "enter")
            assert "enter: record the check of who asks" in text(pilot, "#box")
            await press(pilot, "enter")
            await choose(pilot, "confirmed")
            await type_in(pilot, "passport seen", "enter")
            assert register(pilot, request_id).is_ready


async def test_every_right_is_told_from_the_others_in_words(shop: Path) -> None:
    assert set(ASKED_FOR) == set(NAMES)
    async with person(shop, GRETA, NARROW) as pilot:
        await press(pilot, "n")
        for name in NAMES:
            assert f"{named(name).title:<26}{ASKED_FOR[name]} " in text(pilot, "#box")


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
            assert "City has that value already." in said(pilot)
            assert isinstance(pilot.app.screen, PersonScreen)
            assert entries(pilot) == []


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
            await type_in(pilot, "2026-11-23", "enter", "enter")
            assert stored(pilot, INES).restriction is None
            assert entries(pilot, INES)[-1].facts["informed"] == "2026-11-23"
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


@pytest.mark.parametrize(
    ("key", "right", "kind", "document"),
    [("x", "access", "parquet", "report.html"), ("p", "portability", "csv", "schema.json")],
)
async def test_a_copy_is_written_to_the_folder_offered(
    shop: Path, tmp_path: Path, key: str, right: str, kind: str, document: str
) -> None:
    async with person(shop, GRETA) as pilot:
        await press(pilot, key)
        assert "Folder for the answer" in text(pilot)
        await press(pilot, "enter")
        assert "events: 18 rows copied" in text(pilot)
        assert not (tmp_path / "answers").exists()
        await press(pilot, "enter")
        (bundle,) = (tmp_path / "answers").iterdir()
        files = {"manifest.json", document, *(f"{name}.{kind}" for name in ("profile", "events"))}
        assert files <= {each.name for each in bundle.iterdir()}
        assert f'"right": "{right}"' in (bundle / "manifest.json").read_text()
        assert entries(pilot)[-1].action == right


async def test_a_copy_that_cannot_be_written_says_so(shop: Path, tmp_path: Path) -> None:
    (tmp_path / "answers").write_text("a file, where a folder should be")
    async with person(shop, GRETA) as pilot:
        await press(pilot, "x", "enter", "enter")
        assert "cannot be written" in said(pilot)
        assert "Nothing was exported." in said(pilot)
        assert entries(pilot) == []
