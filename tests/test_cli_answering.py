"""Between the arrival of a request and its answer: who asks, more time, refusal, letters."""

import stat
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.shop import contents, done, entered, habeas, identified

pytest_plugins = ["tests.fixtures"]
pytestmark = pytest.mark.usefixtures("shop_file")

HOW = ("--how", "passport seen")
WHY = ("--reason", "three systems have to be searched")


def identify(request_id: str, *options: str) -> Any:
    return done("requests", "identify", request_id, *options, *HOW)


def steps(request_id: str) -> list[str]:
    return [each["step"] for each in done("requests", "show", request_id)["history"]]


def put_back(request_id: str, days: int) -> None:
    """Has the clock of a request stand still since so many days ago."""
    with duckdb.connect("shop.duckdb") as connection:
        connection.execute(
            "UPDATE habeas.requests SET paused_since = paused_since - CAST(? AS INTEGER) "
            "WHERE id = ?",
            [days, request_id],
        )


class TestIdentity:
    @pytest.mark.parametrize(
        ("option", "identity", "status"),
        [
            ("--confirmed", "confirmed", "ready"),
            ("--not-needed", "not needed", "ready"),
            ("--asked", "asked", "identifying"),
            ("--failed", "failed", "identifying"),
        ],
    )
    def test_an_answer_waits_until_it_is_clear_who_asks(
        self, option: str, identity: str, status: str
    ) -> None:
        request_id = entered("bo-2", "access")
        checked = identify(request_id, option)
        assert (checked["identity"], checked["status"]) == (identity, status)
        ran = habeas("requests", "run", request_id)
        assert ran.code == (0 if status == "ready" else 5)
        assert Path("answers").exists() == (status == "ready")
        if status != "ready":
            assert f"waits for the check of identity, which is: {identity}" in ran.err

    def test_how_it_was_checked_is_kept_with_the_step(self) -> None:
        (*_, step) = done("requests", "show", identified(entered("bo-2", "access")))["history"]
        assert (step["step"], step["by"], step["reason"]) == (
            "identity checked", "handler", "passport seen"
        )  # fmt: skip

    def test_while_proof_is_asked_for_the_clock_may_stand_still(self) -> None:
        request_id = entered("bo-2", "access", "--received", "2020-01-06")
        (before,) = done("requests", "list", "--person", "bo-2")
        assert before["due"] == "2020-02-06"
        assert identify(request_id, "--asked", "--pause")["paused_since"]
        put_back(request_id, days=7)
        (paused,) = done("requests", "list", "--person", "bo-2")
        assert paused["days_left"] == before["days_left"] + 7
        checked = identify(request_id, "--confirmed")
        assert (checked["paused_since"], checked["paused_days"]) == (None, 7)
        assert checked["due"] == "2020-02-13"
        assert "7 days paused" in checked["working"]

    def test_who_asks_is_put_right(self) -> None:
        request_id = entered("bo@old.example", "access", "--unknown")
        checked = identify(request_id, "--confirmed", "--person", "bo-2")
        assert checked["user_id"] == "bo-2"
        assert [each["id"] for each in done("requests", "list", "--person", "bo-2")] == ["R2"]
        done("requests", "run", request_id)
        assert done("show", "bo-2")["requests"] == ["R2 access completed"]

    @pytest.mark.parametrize(
        ("options", "code", "said"),
        [
            (("--confirmed",), 2, "--how"),
            (("--confirmed", "--how", " "), 2, "Say how it was checked"),
            (HOW, 2, "Say which"),
            (("--confirmed", "--failed", *HOW), 2, "Say which"),
            (("--confirmed", "--pause", *HOW), 2, "only while proof"),
            (("--confirmed", *HOW, "--reason", "of course"), 2, "leave out --reason"),
            (("--confirmed", "--how", "Mrs Kowalska came by"), 5, "last name"),
            (("--confirmed", "--how", "ana-1 came by"), 5, "customer id"),
            (("--confirmed", "--person", "nobody", *HOW), 4, "nobody"),
        ],
    )
    def test_what_is_no_check_is_not_recorded(
        self, options: tuple[str, ...], code: int, said: str, shop_file: Path
    ) -> None:
        before = contents(shop_file)
        result = habeas("requests", "identify", "R1", *options)
        assert (result.code, result.out) == (code, "")
        assert said in result.err
        assert contents(shop_file) == before

    @pytest.mark.parametrize("command", [("cancel", "R1"), ("run", "R1")])
    def test_it_is_not_checked_once_the_request_is_closed(self, command: tuple[str, ...]) -> None:
        done("requests", *command)
        assert habeas("requests", "identify", "R1", "--failed", *HOW).code == 5


class TestExtension:
    def test_it_takes_two_further_months_and_tells_the_person(self) -> None:
        before = done("requests", "show", "R1")
        result = habeas("requests", "extend", "R1", *WHY, "--format", "json")
        after = result.json
        assert date.fromisoformat(after["due"]) > date.fromisoformat(before["due"])
        assert "3 months" in after["working"]
        assert after["extended"]
        notice = Path("answers/R1-extension.txt")
        assert str(notice) in result.err
        assert stat.S_IMODE(notice.stat().st_mode) == 0o600
        words = " ".join(notice.read_text("utf-8").split())
        for part in (WHY[1], "Article 12(3)", "complain", "go to court", "privacy@example.org"):
            assert part in words
        assert steps("R1")[-1] == "request extended"

    def test_it_is_taken_once(self) -> None:
        done("requests", "extend", "R1", *WHY, "--out", "elsewhere")
        again = habeas("requests", "extend", "R1", *WHY)
        assert again.code == 5
        assert "was extended on" in again.err
        assert not Path("answers").exists()

    @pytest.mark.parametrize(
        ("reason", "code"), [((), 2), (("--reason", "Ana moved"), 5), (("--reason", " "), 2)]
    )
    def test_the_person_is_told_why_without_being_named(
        self, reason: tuple[str, ...], code: int
    ) -> None:
        assert habeas("requests", "extend", "R1", *reason).code == code
        assert not Path("answers").exists()

    def test_it_is_not_taken_once_the_first_month_is_over(self, shop_file: Path) -> None:
        request_id = entered("bo-2", "access", "--received", "2020-01-06")
        before = contents(shop_file)
        result = habeas("requests", "extend", request_id, *WHY)
        assert result.code == 5
        assert "was due on 2020-02-06" in result.err
        assert contents(shop_file) == before

    def test_it_can_be_taken_while_the_clock_stands_still(self) -> None:
        request_id = entered("bo-2", "access", "--received", "2020-01-06")
        identify(request_id, "--asked", "--pause")
        with duckdb.connect("shop.duckdb") as connection:
            connection.execute(
                "UPDATE habeas.requests SET paused_since = '2020-01-20' WHERE id = ?", [request_id]
            )
        assert done("requests", "extend", request_id, *WHY)["due"] == "2020-04-06"

    def test_a_notice_that_cannot_be_written_extends_nothing(self, shop_file: Path) -> None:
        Path("answers").write_text("a file, where a folder should be")
        before = contents(shop_file)
        assert habeas("requests", "extend", "R1", *WHY).code == 1
        assert contents(shop_file) == before


class TestRefusal:
    @pytest.mark.parametrize(
        ("ground", "article", "words"),
        [
            (("unfounded",), "12(5)", "manifestly unfounded (Article 12(5) GDPR)"),
            (("excessive",), "12(5)", "manifestly excessive (Article 12(5) GDPR)"),
            (
                ("exception", "--exception", "rights-of-others"),
                "15(4)",
                "the law makes an exception here (Article 15(4) GDPR)",
            ),
            (("exception", "--exception", "restricted-by-law"), "23(1)", "(Article 23(1) GDPR)"),
        ],
        ids=lambda part: part[-1] if isinstance(part, tuple) else "",
    )
    def test_it_says_why_and_what_the_person_can_do(
        self, ground: tuple[str, ...], article: str, words: str
    ) -> None:
        why = "the same was answered last week"
        refused = done("requests", "refuse", "R1", "--ground", *ground, "--reason", why)
        assert (refused["status"], refused["ground"]) == ("refused", article)
        letter = Path("answers/R1-refusal.txt")
        assert stat.S_IMODE(letter.stat().st_mode) == 0o600
        said = " ".join(letter.read_text("utf-8").split())
        for part in (
            words, why, "complain to a supervisory authority", "the Data Protection Authority",
            "go to court", "Articles 77 and 79",
        ):  # fmt: skip
            assert part in said
        assert steps("R1")[-1] == "request refused"
        assert habeas("requests", "run", "R1").code == 5

    def test_one_whose_data_cannot_be_told_is_asked_for_more(self) -> None:
        request_id = entered("bo-2", "access")
        assert identify(request_id, "--failed")["identity"] == "failed"
        why = ("--ground", "unidentifiable", "--reason", "the address is nobody's here")
        assert done("requests", "refuse", request_id, *why)["ground"] == "11(2)"
        letter = Path(f"answers/{request_id}-refusal.txt").read_text("utf-8")
        assert "shows which data is yours" in " ".join(letter.split())
        assert habeas("requests", "refuse", "R1", *why).code == 5, "it is she: that was confirmed"

    @pytest.mark.parametrize(
        ("options", "code"),
        [
            (("--reason", "no"), 2),
            (("--ground", "boredom", "--reason", "no"), 2),
            (("--ground", "unfounded"), 2),
            (("--ground", "unfounded", "--reason", "Ana again"), 5),
            (("--ground", "unfounded", "--exception", "claims", "--reason", "no"), 2),
            (("--ground", "exception", "--reason", "no"), 2),
            (("--ground", "exception", "--exception", "archiving", "--reason", "no"), 2),
        ],
    )
    def test_it_needs_a_ground_that_the_right_has_and_a_reason(
        self, options: tuple[str, ...], code: int, shop_file: Path
    ) -> None:
        before = contents(shop_file)
        result = habeas("requests", "refuse", "R1", *options)
        assert (result.code, result.out) == (code, "")
        assert contents(shop_file) == before
        assert not Path("answers").exists()

    def test_each_right_has_exceptions_of_its_own(self) -> None:
        request_id = entered("bo-2", "erasure")
        chosen = ("--ground", "exception", "--exception", "legal-obligation")
        refused = done("requests", "refuse", request_id, *chosen, "--reason", "invoices are kept")
        assert refused["ground"] == "17(3)(b)"


class TestLetters:
    def test_one_confirms_that_the_request_came(self) -> None:
        request_id = entered("bo-2", "access", "--received", "2026-01-05")
        written = Path(done("requests", "letter", request_id, "confirmation")["letter"])
        words = " ".join(written.read_text("utf-8").split())
        assert "received your request on Mon 5 Jan 2026" in words
        assert "answer by Thu 5 Feb 2026" in words
        assert request_id in words
        assert "sure that it is you" not in words
        identify(request_id, "--asked")
        done("requests", "letter", request_id, "confirmation")
        assert "sure that it is you" in " ".join(written.read_text("utf-8").split())

    def test_one_says_what_was_done_once_it_was(self) -> None:
        assert habeas("requests", "letter", "R1", "completion").code == 5
        done("requests", "run", "R1")
        written = Path(done("requests", "letter", "R1", "completion", "--out", "post")["letter"])
        assert written == Path("post/R1-completion.txt")
        assert "a copy of your data" in " ".join(written.read_text("utf-8").split())

    def test_one_goes_out_before_a_restriction_is_lifted(self) -> None:
        assert habeas("requests", "letter", "R1", "lifting").code == 5
        request_id = entered("bo-2", "lifting")
        written = Path(done("requests", "letter", request_id, "lifting")["letter"])
        assert "Article 18(3)" in written.read_text("utf-8")

    def test_there_are_no_others(self) -> None:
        assert habeas("requests", "letter", "R1", "love").code == 2


def test_a_request_is_given_to_another_handler() -> None:
    assert done("requests", "assign", "R1", "noor")["handler"] == "noor"
    assert steps("R1")[-1] == "request assigned"
    assert habeas("requests", "assign", "R1", " ").code == 2
    done("requests", "cancel", "R1")
    assert habeas("requests", "assign", "R1", "eva").code == 5
