"""Many at once: every request that is ready, and several people erased."""

from pathlib import Path
from typing import Any

import pytest

from tests.layouts import write
from tests.shop import Done, contents, done, entered, files, habeas, identified, profiles

pytest_plugins = ["tests.fixtures"]
pytestmark = pytest.mark.usefixtures("shop_file")

ALL = ("requests", "run", "--all-ready")


def came_to(result: Done) -> dict[str, str]:
    return {each["id"]: each["came_to"] for each in result.json}


def run_all(*options: str) -> Done:
    return habeas(*ALL, *options, "--format", "json")


def status(request_id: str) -> Any:
    return done("requests", "show", request_id)["status"]


class TestTheQueue:
    def test_what_waits_for_nothing_else_is_carried_out(self) -> None:
        entered("li-6", "automation", "--stop")
        waiting = entered("li-6", "access")
        decided = entered("li-6", "opposition")
        done("requests", "run", decided)
        result = run_all()
        assert result.code == 0
        assert came_to(result) == {"R1": "done", "R2": "done"}
        assert result.err == "2 requests: 2 done, 0 refused, 0 failed.\n"
        assert [status(each) for each in ("R1", "R2", waiting, decided)] == [
            "completed", "completed", "received", "in_progress"
        ]  # fmt: skip
        assert len(list(Path("answers").iterdir())) == 1

    def test_run_twice_is_done_once(self, shop_file: Path) -> None:
        entered("li-6", "automation", "--stop")
        assert run_all().code == 0
        before, present = contents(shop_file), files(Path())
        again = run_all()
        assert (again.code, again.json) == (0, [])
        assert (contents(shop_file), files(Path())) == (before, present)

    def test_what_a_rule_forbids_stops_none_of_the_others(self) -> None:
        entered("bo-2", "restriction", "--ground", "accuracy")
        entered("li-6", "automation", "--stop")
        result = run_all()
        assert result.code == 5
        assert came_to(result) == {"R1": "done", "R2": "refused", "R3": "done"}
        assert "bo-2 is restricted already, for claims." in result.out
        assert "2 done, 1 refused, 0 failed" in result.err
        assert status("R2") == "ready"

    def test_what_fails_stops_none_of_the_others(self) -> None:
        Path("answers").write_text("a file, where a folder should be")
        entered("bo-2", "restriction", "--ground", "accuracy")
        entered("li-6", "automation", "--stop")
        entered("li-6", "automation")
        result = run_all()
        assert result.code == 1
        assert came_to(result) == {
            "R1": "failed", "R2": "refused", "R3": "done", "R4": "failed"
        }  # fmt: skip
        assert "cannot be written" in result.out
        assert "needs its stop" in result.out
        assert "1 done, 1 refused, 2 failed" in result.err
        Path("answers").unlink()
        assert came_to(run_all()) == {"R1": "done", "R2": "refused", "R4": "failed"}

    def test_a_trial_says_what_would_become_of_each_and_changes_nothing(
        self, shop_file: Path
    ) -> None:
        entered("bo-2", "restriction", "--ground", "accuracy")
        before, present = contents(shop_file), files(Path())
        result = run_all("--dry-run")
        assert result.code == 5
        assert came_to(result) == {"R1": "done", "R2": "refused"}
        assert "This is what would be done; nothing was." in result.err
        assert (contents(shop_file), files(Path())) == (before, present)

    def test_answers_go_to_the_folder_that_is_named_and_the_reason_to_each(self) -> None:
        entered("li-6", "automation", "--stop")
        run_all("--out", "post", "--reason", "on the same day")
        assert len(list(Path("post").iterdir())) == 1
        for request_id in ("R1", "R2"):
            (*_, last) = done("requests", "show", request_id)["history"]
            assert last["reason"] == "on the same day"

    @pytest.mark.parametrize(
        "arguments",
        [
            ("R1", "--all-ready"),
            (),
            ("--all-ready", "--ground", "child"),
            ("--all-ready", "--confirm", "ana-1"),
            ("--all-ready", "--request", "R1"),
        ],
    )
    def test_what_is_one_requests_is_not_said_of_all(self, arguments: tuple[str, ...]) -> None:
        assert habeas("requests", "run", *arguments).code == 2
        assert status("R1") == "ready"


class TestLimits:
    """Of six people two are to be erased: a third."""

    @pytest.fixture(autouse=True)
    def erasures(self, shop_file: Path) -> None:
        for person in ("bo-2", "li-6"):
            identified(entered(person, "erasure", "--ground", "child"))

    @pytest.mark.parametrize(
        ("limit", "code"),
        [
            (("--max-people", "1"), 5),
            (("--max-people", "2"), 0),
            (("--max-share", "33"), 5),
            (("--max-share", "34"), 0),
            (("--max-people", "2", "--max-share", "0.5"), 5),
            ((), 0),
        ],
    )
    def test_a_queue_stops_before_it_erases_more_than_was_meant(
        self, limit: tuple[str, ...], code: int, shop_file: Path
    ) -> None:
        before = contents(shop_file)
        result = run_all(*limit)
        assert result.code == code
        if code:
            assert "people would be erased, more than" in result.err
            assert (contents(shop_file), result.out) == (before, "")
            assert not Path("answers").exists()
        else:
            assert {"bo-2", "li-6"}.isdisjoint(profiles(shop_file))


class TestErasingSeveral:
    @pytest.fixture(autouse=True)
    def ids(self, shop_file: Path) -> None:
        Path("ids.txt").write_bytes("\ufeffbo-2\r\n\r\nana-1\n-rf\n".encode())

    command = ("erase", "ana-1", "--from", "ids.txt", "--ground", "consent-withdrawn")

    def test_each_is_erased_and_recorded(self, shop_file: Path) -> None:
        before = profiles(shop_file)
        rows = done(*self.command, "--confirm", "3")
        assert [(each["user_id"], each["profiles"], each["events"]) for each in rows] == [
            ("ana-1", 1, 2), ("bo-2", 1, 1), ("-rf", 1, 0)
        ]  # fmt: skip
        gone = {"ana-1", "bo-2", "-rf"}
        assert profiles(shop_file) == {k: row for k, row in before.items() if k not in gone}
        acts = [each for each in done("ledger", "show") if each["action"] == "erasure"]
        assert len({each["subject"] for each in acts}) == len(acts) == 3
        assert done("ledger", "verify")["chain"] == "whole"

    @pytest.mark.parametrize(
        ("options", "code"),
        [
            ((), 2),
            (("--confirm", "4"), 5),
            (("--confirm", "ana-1"), 5),
            (("--confirm", "3", "--max-people", "2"), 5),
            (("--confirm", "3", "--max-share", "49.9"), 5),
            (("--confirm", "3", "--request", "R1"), 2),
            (("--confirm", "4", "--", "nobody"), 4),
        ],
    )
    def test_nobody_is_erased_unless_all_are_meant_and_there(
        self, options: tuple[str, ...], code: int, shop_file: Path
    ) -> None:
        before = contents(shop_file)
        result = habeas(*self.command, *options)
        assert (result.code, result.out) == (code, "")
        assert contents(shop_file) == before

    @pytest.mark.parametrize("ids", [("one", "two"), ("two", "one"), ("one", "three", "two")])
    def test_ids_that_were_merged_go_together(self, ids: tuple[str, ...]) -> None:
        merged = {"one": ["two", "old"], "two": [], "three": ["old"]}
        rows = [{"user_id": each, "anonymous_ids": further} for each, further in merged.items()]
        done("import", "--people", write(Path("merged.csv"), rows))
        done("erase", *ids, "--ground", "child", "--confirm", len(ids))
        left = {each["user_id"] for each in done("find", "")}
        assert left & merged.keys() == merged.keys() - {*ids}
        assert done("ledger", "verify")["chain"] == "whole"

    def test_a_trial_counts_what_would_go(self, shop_file: Path) -> None:
        before = contents(shop_file)
        result = habeas(*self.command, "--dry-run", "--format", "json")
        assert (result.code, len(result.json)) == (0, 3)
        assert "This is the plan; nothing was changed." in result.err
        assert contents(shop_file) == before

    def test_a_limit_is_for_one_person_too(self, shop_file: Path) -> None:
        before = contents(shop_file)
        alone = ("erase", "ana-1", "--ground", "child", "--confirm", "ana-1")
        assert habeas(*alone, "--max-share", "16").code == 5
        assert contents(shop_file) == before
        assert habeas(*alone, "--max-share", "17", "--max-people", "1").code == 0
