"""Rights that are decided later, that a restriction stands against, and of whom nothing is held."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from data.errors import HabeasError
from tests.layouts import write
from tests.shop import contents, done, entered, habeas, identified, profiles

pytest_plugins = ["tests.fixtures"]
pytestmark = pytest.mark.usefixtures("shop_file")

NEW_CITY = ("rectify", "bo-2", "city=Utrecht")
SUBSCRIBE = ("subscribe", "bo-2", "--channel", "email")


def today() -> str:
    return str(datetime.now(UTC).date())


def restriction(user_id: str) -> Any:
    found = done("show", user_id)["restriction"]
    return found and found["ground"]


class TestAnObjectionToProcessing:
    """Article 21(1): processing stops until it is decided whose interests weigh more."""

    @pytest.fixture(autouse=True)
    def objected(self, shop_file: Path) -> None:
        entered("ana-1", "opposition")
        done("requests", "run", "R2")

    def test_it_restricts_and_waits(self) -> None:
        assert restriction("ana-1") == "objection"
        shown = done("requests", "show", "R2")
        assert (shown["status"], shown["receipt"]["article"]) == ("in_progress", "21(1)")
        assert done("requests", "run", "R2") | {"history": None} == shown | {"history": None}

    def test_overridden_the_restriction_ends_once_the_person_was_told(self) -> None:
        decision = ("requests", "run", "R2", "--outcome", "overridden")
        lacking = habeas(*decision)
        assert lacking.code == 2
        assert "needs its informed" in lacking.err
        decided = done(*decision, "--informed", today())
        assert decided["status"] == "completed"
        assert decided["receipt"]["decision"]["article"] == "18(3)"
        assert restriction("ana-1") is None

    def test_upheld_the_person_is_erased_which_asks_who_it_is_and_for_the_id(
        self, shop_file: Path
    ) -> None:
        decision = ("requests", "run", "R2", "--outcome", "upheld")
        assert habeas(*decision, "--confirm", "ana-1").code == 5
        identified("R2")
        assert habeas(*decision).code == 2
        assert habeas(*decision, "--confirm", "bo-2").code == 5
        assert "ana-1" in profiles(shop_file)
        decided = done(*decision, "--confirm", "ana-1")
        assert decided["receipt"]["decision"]["article"] == "17(1)(c)"
        assert (decided["status"], decided["user_id"]) == ("completed", "")
        assert "ana-1" not in profiles(shop_file)

    def test_a_trial_of_the_decision_decides_nothing(self, shop_file: Path) -> None:
        before = contents(shop_file)
        told = ("--informed", today(), "--dry-run")
        planned = done("requests", "run", "R2", "--outcome", "overridden", *told)
        assert planned["right"] == "lifting"
        assert contents(shop_file) == before

    @pytest.mark.parametrize(
        "particulars", [("--outcome", "perhaps"), ("--outcome", "changed")], ids=str
    )
    def test_there_are_two_outcomes(self, particulars: tuple[str, ...], shop_file: Path) -> None:
        before = contents(shop_file)
        assert habeas("requests", "run", "R2", *particulars).code == 2
        assert contents(shop_file) == before


def test_an_objection_without_a_request_restricts_too() -> None:
    assert done("object", "ana-1")["article"] == "21(1)"
    assert restriction("ana-1") == "objection"
    assert done("object", "bo-2")["fields"] == []
    assert restriction("bo-2") == "claims"


class TestAContest:
    def test_what_a_human_made_of_it_is_recorded(self) -> None:
        receipt = done("contest", "ana-1", "--decision", "invoice", "--outcome", "changed")
        assert (receipt["article"], receipt["facts"]) == (
            "22(3)", {"decision": "invoice", "outcome": "changed"}
        )  # fmt: skip
        assert done("ledger", "show")[-1]["action"] == "contest"

    def test_it_can_answer_a_request(self) -> None:
        request_id = entered("ana-1", "contest", "--decision", "invoice")
        assert habeas("requests", "run", request_id).code == 2
        ran = done("requests", "run", request_id, "--outcome", "confirmed")
        assert (ran["status"], ran["receipt"]["facts"]["outcome"]) == ("completed", "confirmed")

    @pytest.mark.parametrize(
        ("decision", "outcome"), [("weather", "changed"), ("invoice", "upheld")]
    )
    def test_decision_and_outcome_are_known_ones(
        self, decision: str, outcome: str, shop_file: Path
    ) -> None:
        before = contents(shop_file)
        asked = ("contest", "ana-1", "--decision", decision, "--outcome", outcome)
        assert habeas(*asked).code == 2
        assert contents(shop_file) == before

    def test_without_automated_decisions_in_the_data_map_there_is_none(
        self, shop_file: Path
    ) -> None:
        shop_file.with_suffix(".map.toml").write_text('extends = "built-in"\n')
        asked = ("contest", "ana-1", "--decision", "invoice", "--outcome", "changed")
        result = habeas(*asked)
        assert result.code == 5
        assert "names no automated decisions" in result.err


def test_a_value_that_is_there_already_is_not_corrected_anew() -> None:
    corrected = ("rectify", "ana-1", "city=Utrecht")
    done(*corrected)
    before = done("ledger", "show")
    again = habeas(*corrected)
    assert again.code == 5
    assert "Nothing is to be corrected." in again.err
    assert "has that value already." in again.err
    assert done("ledger", "show") == before
    request_id = identified(entered("ana-1", "rectification", "--set", "city=Utrecht"))
    assert done("requests", "run", request_id)["status"] == "completed"


class TestARestrictedPerson:
    """Bo's data is stored and otherwise left alone, but for a reason of 18(2)."""

    @pytest.mark.parametrize("command", [NEW_CITY, SUBSCRIBE], ids=["rectify", "subscribe"])
    def test_what_uses_the_data_asks_for_a_reason_and_records_it(
        self, command: tuple[str, ...], shop_file: Path
    ) -> None:
        before = contents(shop_file)
        refused = habeas(*command)
        assert refused.code == 5
        assert "bo-2 is restricted, for claims." in refused.err
        assert "--despite consent|claims|another-person|public-interest" in refused.err
        assert habeas(*command, "--despite", "boredom").code == 2
        assert contents(shop_file) == before
        receipt = done(*command, "--despite", "consent")
        assert receipt["facts"] == {"despite": "consent", "despite_article": "18(2)"}

    def test_a_request_of_theirs_takes_it_when_entered_or_when_run(self) -> None:
        changes = ("--set", "city=Utrecht")
        request_id = identified(entered("bo-2", "rectification", *changes))
        assert habeas("requests", "run", request_id).code == 5
        ran = done("requests", "run", request_id, "--despite", "another-person")
        assert ran["receipt"]["facts"]["despite"] == "another-person"
        known = entered("bo-2", "subscription", "--channel", "sms", "--despite", "consent")
        assert done("requests", "run", known)["status"] == "completed"

    @pytest.mark.parametrize(
        "command",
        [("unsubscribe", "bo-2", "--all"), ("automation", "bo-2", "--stop"),
         ("export", "bo-2", "--out", "out")],
        ids=lambda command: command[0],
    )  # fmt: skip
    def test_what_is_for_the_person_asks_for_none(self, command: tuple[str, ...]) -> None:
        done(*command)

    def test_an_import_leaves_them_alone_but_for_a_reason(self) -> None:
        rows = [{"user_id": "bo-2", "event_name": "home", "event_time": "2026-02-01 09:00:00"}]
        load = ("import", "--events", write(Path("events.csv"), rows))
        assert done(*load)[0]["withheld_restricted"] == 1
        assert done("show", "bo-2")["records"] == {"events": 1}
        assert habeas(*load, "--despite", "boredom").code == 2
        loaded = done(*load, "--despite", "public-interest")
        assert (loaded[0]["added"], loaded[0]["withheld_restricted"]) == (1, 0)
        assert done("show", "bo-2")["records"] == {"events": 2}
        assert done("ledger", "show")[-1]["detail"]["despite"] == "public-interest"


class TestSomebodyOfWhomNothingIsHeld:
    def test_they_are_answered_that_nothing_is_held(self) -> None:
        unknown = habeas("requests", "add", "zoe-9", "--right", "access")
        assert unknown.code == 4
        assert "if they are not in the store, --unknown enters it all the same" in unknown.err
        request_id = identified(entered("zoe-9", "access", "--unknown"))
        ran = habeas("requests", "run", request_id, "--format", "json")
        assert ran.code == 0
        assert "Nothing is held on zoe-9: the answer says so." in ran.err
        assert (ran.json["status"], ran.json["receipt"]["facts"]) == (
            "completed", {"held": "nothing"}
        )  # fmt: skip
        (folder,) = Path("answers").iterdir()
        assert "zoe-9" not in folder.name
        assert {each.name for each in folder.iterdir()} == {
            "manifest.json", "answer.json", "report.html"
        }  # fmt: skip

    def test_there_is_nothing_to_erase(self) -> None:
        request_id = identified(entered("zoe-9", "erasure", "--unknown", "--ground", "child"))
        assert habeas("requests", "run", request_id, "--confirm", "zoe-9").code == 4


class TestTheList:
    @pytest.fixture(autouse=True)
    def register(self, shop_file: Path) -> None:
        entered("bo-2", "access", "--received", "2020-01-06", "--came-by", "email")
        entered("bo-2", "automation", "--stop", "--received", "2020-02-06")
        done("requests", "run", "R3")

    @pytest.mark.parametrize(
        ("options", "ids"),
        [
            ((), ["R2", "R1", "R3"]),
            (("--overdue",), ["R2"]),
            (("--right", "access"), ["R2", "R1"]),
            (("--right", "contest"), []),
            (("--status", "completed"), ["R3"]),
            (("--status", "received", "--right", "access"), ["R2"]),
            (("--person", "bo-2"), ["R2", "R3"]),
            (("--person", "bo-2", "--status", "completed"), ["R3"]),
            (("--person", "nobody"), []),
        ],
        ids=lambda part: " ".join(part) if isinstance(part, tuple) else "",
    )
    def test_it_is_narrowed(self, options: tuple[str, ...], ids: list[str]) -> None:
        assert [each["id"] for each in done("requests", "list", *options)] == ids

    @pytest.mark.parametrize("options", [("--right", "revenge"), ("--status", "lost")])
    def test_what_there_is_not_is_said(self, options: tuple[str, ...]) -> None:
        assert habeas("requests", "list", *options).code == 2

    def test_a_line_says_how_the_request_stands(self) -> None:
        listed = {each["id"]: each for each in done("requests", "list")}
        assert (listed["R1"]["identity"], listed["R1"]["status"]) == ("confirmed", "ready")
        assert (listed["R2"]["identity"], listed["R2"]["days_left"] < 0) == ("not checked", True)
        assert (listed["R3"]["handler"], listed["R3"]["to_tell"]) == ("handler", 0)

    def test_a_request_shows_what_was_done_on_it_in_order(self) -> None:
        shown = done("requests", "show", "R3")
        assert [each["step"] for each in shown["history"]] == [
            "request received", "request begun", "automation"
        ]  # fmt: skip
        table = habeas("requests", "show", "R1").out
        assert "· handler · identity checked · passport seen" in table


class TestWhatIsToBeKnown:
    """It is said before anything is done: that collection should stop first, for one."""

    @pytest.mark.parametrize("whom", [("ana-1",), ("ana-1", "bo-2")], ids=["of one", "of several"])
    def test_is_said_before(
        self, shop_file: Path, monkeypatch: pytest.MonkeyPatch, whom: tuple[str, ...]
    ) -> None:
        def fails(*_: object) -> None:
            raise HabeasError("It went wrong.")

        monkeypatch.setattr(
            f"data.fulfilment.{'apply_all' if whom[1:] else 'carry_out_each'}", fails
        )
        confirm = str(len(whom)) if len(whom) > 1 else whom[0]
        ran = habeas("erase", *whom, "--ground", "child", "--confirm", confirm)
        assert "It went wrong." in ran.err
        assert "First have the person log out" in ran.err
        assert {"ana-1", "bo-2"} <= {*profiles(shop_file)}
