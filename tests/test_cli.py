"""What holds for every command: its streams, its exit codes, its options."""

import csv
import getpass
import io
import json
import subprocess
from pathlib import Path

import duckdb
import pytest

from tests.layouts import SECOND, write
from tests.shop import COMMAND, contents, done, files, habeas

pytest_plugins = ["tests.fixtures"]

PERSON = {"ana-1", "bo-2"}
READS: dict[str, tuple[str, ...]] = {
    "find": ("find", ""),
    "show": ("show", "ana-1"),
    "requests list": ("requests", "list"),
    "requests show": ("requests", "show", "R1"),
    "ledger show": ("ledger", "show"),
    "ledger verify": ("ledger", "verify"),
}
WRITES: dict[str, tuple[str, ...]] = {
    "import": ("import", "--people", "new.csv", "--events", "new-events.csv"),
    "export": ("export", "ana-1", "--out", "out"),
    "rectify": ("rectify", "ana-1", "city=Utrecht"),
    "restrict": ("restrict", "ana-1", "--ground", "accuracy"),
    "lift": ("lift", "bo-2", "--informed", "2020-01-31"),
    "unsubscribe": ("unsubscribe", "ana-1", "--channel", "email", "--channel", "sms"),
    "subscribe": ("subscribe", "ana-1", "--channel", "push"),
    "automation": ("automation", "ana-1", "--stop"),
    "erase": ("erase", "ana-1", "--ground", "child", "--confirm", "ana-1"),
    "requests add": ("requests", "add", "bo-2", "--right", "erasure"),
    "requests run": ("requests", "run", "R1", "--out", "out"),
    "requests cancel": ("requests", "cancel", "R1"),
}
EVERY = READS | WRITES

reads = pytest.mark.parametrize("command", READS.values(), ids=READS)
writes = pytest.mark.parametrize("command", WRITES.values(), ids=WRITES)
every = pytest.mark.parametrize("command", EVERY.values(), ids=EVERY)


@pytest.fixture(autouse=True)
def newcomers(shop_file: Path) -> None:
    """Files to import: a person and an event that can be read, and one of each that cannot."""
    write(Path("new.csv"), [{"user_id": "new-7", "email": "n@example.org"}, {"user_id": ""}])
    event = {"user_id": "new-7", "event_name": "home", "event_time": "2026-02-01 09:00:00"}
    write(Path("new-events.csv"), [event, event | {"event_time": "never"}])


@every
def test_a_command_prints_its_result_to_stdout_and_says_so_by_exit_code(
    command: tuple[str, ...],
) -> None:
    result = habeas(*command)
    assert result.code == 0
    assert result.out
    assert "habeas:" not in result.out + result.err


@every
def test_json_can_be_read_back_and_nothing_else_is_on_stdout(command: tuple[str, ...]) -> None:
    assert json.loads(habeas(*command, "--format", "json").out)


@every
def test_csv_has_a_header_and_as_many_cells_in_every_row(command: tuple[str, ...]) -> None:
    header, *rows = csv.reader(io.StringIO(habeas(*command, "--format", "csv").out, newline=""))
    assert rows
    assert {len(row) for row in rows} == {len(header)}


@reads
def test_a_command_that_reads_changes_nothing(command: tuple[str, ...], shop_file: Path) -> None:
    before, present = contents(shop_file), files(shop_file.parent)
    habeas(*command)
    assert (contents(shop_file), files(shop_file.parent)) == (before, present)


@writes
def test_a_dry_run_changes_nothing_writes_no_file_and_says_so(
    command: tuple[str, ...], shop_file: Path
) -> None:
    before, present = contents(shop_file), files(shop_file.parent)
    result = habeas(*command, "--dry-run")
    assert result.code == 0
    assert result.out
    assert "nothing was" in result.err
    assert (contents(shop_file), files(shop_file.parent)) == (before, present)


@writes
def test_the_ledger_keeps_who_did_it_and_why(command: tuple[str, ...], shop_file: Path) -> None:
    before = contents(shop_file)
    habeas(*command, "--reason", "asked by letter", "--actor", "eva")
    assert contents(shop_file) != before
    last = done("ledger", "show")[-1]
    assert (last["actor"], last["reason"]) == ("eva", "asked by letter")
    assert done("ledger", "verify")["chain"] == "whole"


@writes
def test_a_command_that_writes_takes_a_request(command: tuple[str, ...]) -> None:
    assert "--request" in habeas(*command, "--help").out


def test_the_store_and_the_actor_come_from_the_environment(
    shop_file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    habeas("automation", "ana-1", "--stop")
    assert done("ledger", "show")[-1]["actor"] == "handler"
    monkeypatch.delenv("HABEAS_ACTOR")
    habeas("automation", "ana-1", "--allow")
    assert done("ledger", "show")[-1]["actor"] == getpass.getuser()
    monkeypatch.delenv("HABEAS_STORE")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert str(tmp_path / "habeas" / "habeas.duckdb") in habeas("find", "ana").err
    assert habeas("find", "ana", "--store", shop_file).code == 0


def test_an_option_goes_before_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert habeas("find", "ana", "--store", tmp_path / "none.duckdb").code == 3


def test_without_a_terminal_the_application_is_not_started() -> None:
    result = habeas()
    assert (result.code, result.out) == (2, "")
    assert "habeas --help" in result.err


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


@pytest.mark.parametrize(
    "arguments",
    [
        ("find",),
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


@pytest.mark.parametrize("command", [each for each in EVERY.values() if PERSON & {*each}])
def test_a_person_who_is_not_there_exits_4_and_is_named_safely(command: tuple[str, ...]) -> None:
    for stranger in ("nobody", "[/x]", "\x1b[2J", "", "ANA-1", "ana-1 "):
        result = habeas(*(stranger if each in PERSON else each for each in command))
        assert (result.code, "\x1b" in result.out + result.err) == (4, False)


@pytest.mark.parametrize("command", ["show", "run", "cancel"])
def test_a_request_that_is_not_there_exits_4(command: str) -> None:
    assert habeas("requests", command, "R99").code == 4


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


def test_the_same_holds_on_another_layout(tmp_path: Path) -> None:
    store = tmp_path / "second.duckdb"
    store.with_suffix(".map.toml").write_text(SECOND.map_text)
    people = SECOND.people_file(tmp_path, [{"id": "ana-1", "last": "Kowalska"}])
    mine = ("--store", store)
    assert habeas("import", "--people", people, *mine).code == 0
    assert done("find", "kowal", *mine)[0][SECOND.id] == "ana-1"
    assert done("unsubscribe", "ana-1", "--all", *mine)["fields"] == list(
        SECOND.map.people.channels
    )
    assert done("show", "ana-1", *mine)["channels"][SECOND.channels[1]] is False
    assert done("export", "ana-1", "--out", "out", *mine)[0]["profile"] == 1
    assert habeas("erase", "ana-1", "--ground", "child", "--confirm", "ana-1", *mine).code == 0


def test_the_version_is_the_one_that_is_installed() -> None:
    ran = subprocess.run([COMMAND, "--version"], capture_output=True, text=True, check=True)
    assert ran.stdout.strip()
    assert ran.stderr == ""


def test_a_program_gets_utf_8_whatever_the_encoding_of_the_terminal(
    shop_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    for form in ("table", "json", "csv"):
        ran = subprocess.run([COMMAND, "show", "ana-1", "--format", form], capture_output=True)
        assert ran.returncode == 0, ran.stderr
        assert "Kraków" in ran.stdout.decode("utf-8")
