"""habeas on a store that was restored from a backup, and habeas replay."""

import csv
import io
import shutil
from pathlib import Path

import pytest

from data import beside
from tests.every import READS, WRITES, WRITES_FILES
from tests.layouts import write
from tests.shop import contents, done, files, habeas

pytest_plugins = ["tests.fixtures"]

LACKS = "lacks 3 entries of its ledger (1 × erasure, 1 × automation, 1 × rectification)"
reads = pytest.mark.parametrize("command", READS.values(), ids=READS)
refused = pytest.mark.parametrize(
    "command", (WRITES | WRITES_FILES).values(), ids=WRITES | WRITES_FILES
)


@pytest.fixture
def restored(shop_file: Path) -> Path:
    """Since the backup one was erased, one's automated decisions stopped, and one corrected."""
    backup = shop_file.with_suffix(".backup")
    shutil.copy(shop_file, backup)
    done("erase", "li-6", "--ground", "child", "--confirm", "li-6")
    done("automation", "ana-1", "--stop")
    done("rectify", "ana-1", "city=Utrecht")
    shutil.copy(backup, shop_file)
    backup.unlink()
    write(Path("new.csv"), [{"user_id": "new-7"}])
    write(Path("new-events.csv"), [{"user_id": "new-7", "event_time": "2026-02-01"}])
    return shop_file


@reads
def test_what_only_reads_is_done_with_a_warning(command: tuple[str, ...], restored: Path) -> None:
    result = habeas(*command)
    assert result.out
    assert LACKS in result.err
    assert result.code == (1 if command == READS["ledger verify"] else 0)


@refused
def test_what_writes_or_hands_out_is_refused_once_and_does_nothing(
    command: tuple[str, ...], restored: Path
) -> None:
    before, present = contents(restored), files(restored.parent)
    result = habeas(*command)
    assert (result.code, result.out) == (5, "")
    assert result.err.count(LACKS) == 1
    assert "habeas replay" in result.err
    assert (contents(restored), files(restored.parent)) == (before, present)


def test_a_report_is_shown_but_not_handed_out(restored: Path) -> None:
    assert habeas("report", "--out", "report.json").code == 5
    assert not Path("report.json").exists()


def test_it_is_done_again_and_what_is_left_is_named_with_the_person(restored: Path) -> None:
    result = habeas("replay", "--format", "json")
    assert result.code == 0
    assert result.json["entries"] == 3
    assert result.json["done"] == {"erasure": 1, "automation": 1}
    (left,) = result.json["left"]
    assert (left["act"], left["person"], left["fields"]) == ("rectification", "ana-1", ["city"])
    assert "correct it again" in left["to_do"]
    assert "not kept" in result.err
    assert habeas("show", "li-6").code == 4
    assert done("show", "ana-1")["automated decisions"] == "stopped"
    assert done("ledger", "verify")["chain"] == "whole"
    assert "ana-1" not in str(done("ledger", "show")[-1])


def test_as_a_table_and_as_csv(restored: Path) -> None:
    table = habeas("replay", "--dry-run").out
    assert "1 × erasure, 1 × automation" in table
    assert "ana-1" in table
    (row,) = csv.DictReader(io.StringIO(habeas("replay", "--dry-run", "--format", "csv").out))
    assert (row["act"], row["person"]) == ("rectification", "ana-1")


def test_a_dry_run_changes_nothing_and_says_so(restored: Path) -> None:
    before, present = contents(restored), files(restored.parent)
    result = habeas("replay", "--dry-run")
    assert result.code == 0
    assert "nothing was" in result.err
    assert (contents(restored), files(restored.parent)) == (before, present)


def test_where_nothing_is_lacking_it_says_so_and_does_nothing(shop_file: Path) -> None:
    before = contents(shop_file)
    result = habeas("replay")
    assert result.code == 0
    assert "lacks nothing" in result.err
    assert contents(shop_file) == before


def test_afterwards_all_is_possible_again(restored: Path) -> None:
    done("replay")
    result = habeas("rectify", "ana-1", "city=Utrecht")
    assert (result.code, result.err) == (0, "")
    assert habeas("find", "").err.startswith("5 of 5")


@pytest.mark.parametrize("command", [READS["find"], WRITES["import"], WRITES["automation"]])
def test_a_ledger_that_was_cut_is_told_of_loudly(command: tuple[str, ...], restored: Path) -> None:
    done("replay")
    restored.with_suffix(beside.LEDGER).unlink()
    assert "Somebody may have hidden what was done" in habeas(*command).err
