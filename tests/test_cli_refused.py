"""What is mistyped, not there or forbidden: one line, an exit code, and nothing is changed."""

from pathlib import Path

import duckdb
import pytest

from tests.every import ANYBODY, EVERY, WRITES
from tests.layouts import write
from tests.shop import contents, files, habeas

pytest_plugins = ["tests.fixtures"]


@pytest.fixture(autouse=True)
def newcomers(shop_file: Path) -> None:
    """A file of people, of whom one cannot be read."""
    write(Path("new.csv"), [{"user_id": "new-7", "email": "n@example.org"}, {"user_id": ""}])
    write(Path("new-events.csv"), [{"user_id": "new-7", "event_name": "home"}])


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        (("finnd", "ana"), "find"),
        (("requests", "lst"), "list"),
        (("find", "ana", "--limti", "3"), "--limit"),
    ],
)
def test_what_is_mistyped_exits_2_and_names_the_near_one(typed: tuple[str, ...], near: str) -> None:
    result = habeas(*typed)
    assert (result.code, result.out) == (2, "")
    assert f"Did you mean {near}?" in result.err.replace('"', "")


def test_a_command_behind_its_options_exits_2_and_is_told_its_place() -> None:
    result = habeas("--actor", "ines", "ledger", "verify")
    assert (result.code, result.out) == (2, "")
    assert "ledger comes first, and its options after it." in result.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("find",),
        ("find", "--limit", "5"),
        ("find", "--unsubscribed", "pigeon"),
        ("find", "--created-from", "yesterday"),
        ("find", "--created-from", "2025-03-31", "--created-until", "2025-03-30"),
        ("find", "ana", "--limit", "0"),
        ("find", "ana", "--limit", "many"),
        ("find", "ana", "--format", "xml"),
        ("find", "ana", "--store", ""),
        ("find", "\udcff"),
        ("[/x]",),
        ("show", "-rf"),
        ("demo", "--people", "0"),
        ("import",),
        ("import", "--people", "none.csv"),
        ("import", "--people", "new.csv", "--column", "last_name"),
        ("import", "--people", "new.csv", "--column", "nonsense=email"),
        ("export", "--out", "out"),
        ("export", "--out", "out", "--from", "none.txt"),
        ("export", "ana-1"),
        ("rectify", "ana-1"),
        ("rectify", "ana-1", "city"),
        ("rectify", "ana-1", "city=A", "city=B"),
        ("rectify", "ana-1", "shoe=44"),
        ("rectify", "ana-1", "email=nowhere"),
        ("restrict", "ana-1", "--ground", "boredom"),
        ("lift", "bo-2", "--informed", "2026-02-30"),
        ("unsubscribe", "ana-1"),
        ("unsubscribe", "ana-1", "--all", "--channel", "email"),
        ("unsubscribe", "ana-1", "--channel", "pigeon"),
        ("subscribe", "ana-1"),
        ("automation", "ana-1"),
        ("automation", "ana-1", "--stop", "--allow"),
        ("erase", "ana-1", "--ground", "child"),
        ("erase", "ana-1", "--ground", "boredom", "--confirm", "ana-1"),
    ],
)
def test_what_cannot_be_meant_exits_2_in_one_line_and_changes_nothing(
    arguments: tuple[str, ...], shop_file: Path
) -> None:
    before, present = contents(shop_file), files(shop_file.parent)
    result = habeas(*arguments)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("habeas: ")
    assert result.err.count("\n") == 1
    assert (contents(shop_file), files(shop_file.parent)) == (before, present)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show",), "show needs USER-ID. See habeas show --help."),
        (("erase", "ana-1"), "erase needs --ground. See habeas erase --help."),
        (("requests", "letter", "R1"), "requests letter needs KIND."),
        (("requests", "add", "ana-1", "--right"), "--right needs a value."),
        (("requests", "add", "ana-1", "--rigth", "access"), "Did you mean --right instead of"),
        (
            ("requests", "add", "ana-1", "--right", "access", "--received", "01/11/2026"),
            "01/11/2026 is no date; write it as 2026-11-23.",
        ),
        (("lift", "bo-2", "--informed", "tomorrow"), "tomorrow is no date; write it as"),
        (("find", "ana", "--limit", "many"), "many is no whole number."),
    ],
)
def test_what_is_missing_or_cannot_be_read_is_named_as_one_types_it(
    arguments: tuple[str, ...], said: str
) -> None:
    result = habeas(*arguments)
    assert result.code == 2
    assert said in result.err


def test_a_data_map_that_contradicts_itself_exits_2(shop_file: Path) -> None:
    shop_file.with_suffix(".map.toml").write_text('extends = "built-in"\nversion = "one"\n')
    result = habeas("find", "ana")
    assert result.code == 2
    assert "line 2" in result.err


def test_a_failure_exits_1() -> None:
    Path("taken").write_text("a file, not a folder")
    result = habeas("export", "ana-1", "--out", "taken")
    assert (result.code, result.out) == (1, "")
    assert "taken cannot be written" in result.err


@pytest.mark.parametrize("content", [None, b"", b"no database", b"\x00" * 9000])
def test_a_store_that_cannot_be_opened_exits_3(content: bytes | None) -> None:
    if content is not None:
        Path("bad.duckdb").write_bytes(content)
    for command in EVERY.values():
        if content is not None or command[0] != "import":
            assert habeas(*command, "--store", "bad.duckdb").code == 3


def test_a_database_that_is_no_store_exits_3() -> None:
    duckdb.connect("plain.duckdb").close()
    result = habeas("find", "ana", "--store", "plain.duckdb")
    assert result.code == 3
    assert "not a store of Habeas" in result.err


@pytest.mark.parametrize("command", [each for each in EVERY.values() if ANYBODY & {*each}])
def test_a_person_who_is_not_there_exits_4_and_is_named_safely(command: tuple[str, ...]) -> None:
    for stranger in ("nobody", "[/x]", "\x1b[2J", "", "ANA-1", "ana-1 "):
        result = habeas(*(stranger if each in ANYBODY else each for each in command))
        assert (result.code, "\x1b" in result.out + result.err) == (4, False)


@pytest.mark.parametrize("command", [each for each in EVERY.values() if {"R1", "N1"} & {*each}])
def test_a_request_or_notice_that_is_not_there_exits_4(command: tuple[str, ...]) -> None:
    there = {"R1": "R99", "N1": "N99"}
    result = habeas(*(there.get(each, each) for each in command))
    assert (result.code, result.out) == (4, "")


@pytest.mark.parametrize("command", [each for each in WRITES.values() if {"R1", "N1"} & {*each}])
def test_a_command_on_a_request_or_its_notice_names_no_other(
    command: tuple[str, ...], shop_file: Path
) -> None:
    before = contents(shop_file)
    assert habeas(*command, "--request", "R2").code == 2
    assert contents(shop_file) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("restrict", "bo-2", "--ground", "claims"),
        ("lift", "ana-1", "--informed", "2020-01-31"),
        ("lift", "bo-2", "--informed", "2999-01-01"),
        ("rectify", "ana-1", "user_id=ana-2"),
        ("rectify", "ana-1", "city=Utrecht", "--reason", "Mrs Kowalska moved"),
        ("erase", "ana-1", "--ground", "child", "--confirm", "bo-2"),
        ("import", "--people", "new.csv", "--strict"),
    ],
)
def test_what_a_rule_forbids_exits_5_and_changes_nothing(
    arguments: tuple[str, ...], shop_file: Path
) -> None:
    before = contents(shop_file)
    assert habeas(*arguments).code == 5
    assert contents(shop_file) == before
