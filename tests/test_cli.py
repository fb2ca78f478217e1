"""What holds for every command: its streams, its exit codes, its options."""

import csv
import getpass
import io
import json
import stat
import subprocess
from pathlib import Path

import pytest

from tests.every import ELSEWHERE, EVERY, READS, WHY, WRITES, WRITES_FILES
from tests.layouts import SECOND, write
from tests.shop import COMMAND, contents, done, files, habeas
from tui.cli.overview import GROUPS, SECTIONS

pytest_plugins = ["tests.fixtures"]

reads = pytest.mark.parametrize("command", READS.values(), ids=READS)
to_files = pytest.mark.parametrize("command", WRITES_FILES.values(), ids=WRITES_FILES)
writes = pytest.mark.parametrize("command", WRITES.values(), ids=WRITES)
every = pytest.mark.parametrize("command", EVERY.values(), ids=EVERY)


@pytest.fixture(autouse=True)
def newcomers(shop_file: Path) -> None:
    """Files to import: a person and an event that can be read, and one of each that cannot."""
    write(Path("new.csv"), [{"user_id": "new-7", "email": "n@example.org"}, {"user_id": ""}])
    event = {"user_id": "new-7", "event_name": "home", "event_time": "2026-02-01 09:00:00"}
    write(Path("new-events.csv"), [event, event | {"event_time": "never"}])


def names() -> set[str]:
    """What can be typed to run a command."""
    return {name for commands in SECTIONS.values() for name in commands}


def test_every_command_is_run_by_a_test() -> None:
    assert {*EVERY, *ELSEWHERE} == names()


@pytest.mark.parametrize("name", ["", *GROUPS, *sorted(names())])
def test_every_command_says_how_it_is_used(name: str) -> None:
    result = habeas(*name.split(), "--help")
    assert (result.code, result.err) == (0, "")
    assert f"habeas {name}".strip() in result.out
    assert "Traceback" not in result.out


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


@to_files
def test_what_is_written_to_a_file_is_private_and_changes_nothing_in_the_store(
    command: tuple[str, ...], shop_file: Path
) -> None:
    before, present = contents(shop_file), files(shop_file.parent)
    habeas(*command)
    written = [each for each in files(shop_file.parent) - present if each.is_file()]
    assert [stat.S_IMODE(each.stat().st_mode) for each in written] == [0o600]
    assert contents(shop_file) == before


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
    habeas(*command, *(() if WHY in command else ("--reason", WHY)), "--actor", "eva")
    assert contents(shop_file) != before
    last = done("ledger", "show")[-1]
    assert (last["actor"], last["reason"]) == ("eva", WHY)
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


def test_the_same_holds_on_another_layout(tmp_path: Path) -> None:
    store = tmp_path / "second.duckdb"
    store.with_suffix(".map.toml").write_text(SECOND.map_text)
    people = SECOND.people_file(tmp_path, [{"id": "ana-1", "last": "Kowalska"}])
    mine = ("--store", store)
    assert habeas("import", "--people", people, *mine).code == 0
    assert done("find", "kowal", *mine)[0][SECOND.id] == "ana-1"
    for option in (("--country", "DE"), ("--created-from", "2025-01-01")):
        assert habeas("find", *option, *mine).code == 2, "its map names no such field"
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
