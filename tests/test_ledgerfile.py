"""The ledger stands in a file beside the store too, and each open compares the two."""

import shutil
from pathlib import Path

import pytest

from data import beside, ledger, people
from data.errors import HabeasError, NotFound, Refused, StoreUnavailable
from data.store import Store
from tests.layouts import BUILT_IN, BY


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with three entries, of which two were written at once."""
    with BUILT_IN.create(tmp_path) as store:
        act(store)
        act(store, 2)
    return tmp_path / "shop.duckdb"


@pytest.fixture
def file(path: Path) -> Path:
    return path.with_suffix(beside.LEDGER)


def act(store: Store, times: int = 1) -> None:
    with store.transaction() as cursor:
        for _ in range(times):
            ledger.append(cursor, BY, "import")


def fail(store: Store) -> None:
    with store.transaction() as cursor:
        ledger.append(cursor, BY, "import")
        people.read(cursor, "nobody")


def lines(file: Path) -> list[bytes]:
    return file.read_bytes().splitlines(keepends=True)


def breaks(store: Store) -> list[str]:
    with store.reading() as cursor:
        return ledger.verify(cursor)


def test_it_has_a_line_for_each_entry_and_is_private(path: Path, file: Path) -> None:
    with Store.open(path) as store, store.reading() as cursor:
        assert list(store.ledger_file.entries()) == ledger.entries(cursor)
    assert len(lines(file)) == 3
    assert file.stat().st_mode & 0o777 == 0o600


def test_it_is_only_ever_added_to(path: Path, file: Path) -> None:
    before = file.read_bytes()
    with Store.open(path) as store:
        act(store)
    assert file.read_bytes().startswith(before)
    assert len(lines(file)) == 4


def test_what_is_not_kept_is_not_in_it(path: Path, file: Path) -> None:
    before = file.read_bytes()
    with Store.open(path) as store:
        with store.transaction(keep=False) as cursor:
            ledger.append(cursor, BY, "import")
        with pytest.raises(NotFound):
            fail(store)
    assert file.read_bytes() == before


@pytest.mark.parametrize("torn", [b"", b'[3,"2026', b"\xff\xfe"])
def test_what_a_crash_left_out_is_added_at_the_next_open(
    path: Path, file: Path, torn: bytes
) -> None:
    """A crash between the commit and the file: the last transaction is not there, or in part."""
    whole = file.read_bytes()
    file.write_bytes(lines(file)[0] + torn)
    with Store.open(path) as store:
        assert not store.ledger_file.fault
        assert breaks(store) == []
    assert file.read_bytes() == whole


def test_who_only_reads_adds_nothing(path: Path, file: Path) -> None:
    file.write_bytes(lines(file)[0])
    before = file.read_bytes()
    with Store.open(path, read_only=True) as store:
        assert not store.ledger_file.fault
    assert file.read_bytes() == before


@pytest.mark.parametrize("left", [0, 1, 2])
def test_a_file_that_was_cut_is_told_from_one_that_a_crash_left_behind(
    path: Path, file: Path, left: int
) -> None:
    with Store.open(path) as store:
        act(store)
    file.write_bytes(b"".join(lines(file)[:left]))
    with Store.open(path) as store:
        assert f"was cut: it had 3 entries, and has {left}" in store.ledger_file.fault
        assert breaks(store) == [store.ledger_file.fault]


def test_a_file_that_is_gone_was_cut(path: Path, file: Path) -> None:
    file.unlink()
    with Store.open(path) as store:
        assert "was cut" in store.ledger_file.fault


@pytest.mark.parametrize(
    "line", [b'["x"]\n', b"{}\n", b"\n", b"\xff\n", b"[1,2,3,4,5,6,7,8,9,10]\n"]
)
def test_a_last_line_that_is_no_entry_is_told_of(path: Path, file: Path, line: bytes) -> None:
    file.write_bytes(file.read_bytes() + line)
    with Store.open(path) as store:
        assert "was altered" in store.ledger_file.fault


def test_another_last_entry_is_told_of(path: Path, file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b"handler", b"burglar"))
    with Store.open(path) as store:
        assert breaks(store) == [
            f"shop.ledger: entry {each} is not that of the store" for each in (1, 2, 3)
        ]


def test_an_entry_altered_in_the_middle_is_found(path: Path, file: Path) -> None:
    first, second, third = lines(file)
    file.write_bytes(first + second.replace(b"import", b"export") + third)
    with Store.open(path) as store:
        assert breaks(store) == ["shop.ledger: entry 2 is not that of the store"]


def test_an_entry_taken_out_of_the_middle_is_found(path: Path, file: Path) -> None:
    first, _, third = lines(file)
    file.write_bytes(first + third)
    with Store.open(path) as store:
        assert breaks(store) == ["shop.ledger: entry 2 is missing"]


def test_the_next_that_is_done_records_it_and_begins_the_file_anew(path: Path, file: Path) -> None:
    """What was found is kept beside it, and in the ledger for good."""
    damaged = lines(file)[0]
    with Store.open(path) as store:
        act(store)
    file.write_bytes(damaged)
    with Store.open(path) as store:
        act(store)
        assert breaks(store) == []
    with Store.open(path) as store, store.reading() as cursor:
        assert not store.ledger_file.fault
        actions = [each.action for each in ledger.entries(cursor)]
    assert actions == ["import"] * 4 + ["ledger file replaced", "import"]
    assert len(lines(file)) == 6
    assert file.with_name("shop.ledger.1").read_bytes() == damaged


def test_a_trial_run_does_not_hide_that_it_was_cut(path: Path, file: Path) -> None:
    file.unlink()
    with Store.open(path) as store:
        with store.transaction(keep=False) as cursor:
            ledger.append(cursor, BY, "import")
        assert "was cut" in store.ledger_file.fault
    assert not file.exists()


class TestAStoreThatWasRestored:
    @pytest.fixture
    def restored(self, path: Path, tmp_path: Path) -> Path:
        """From a backup of when it had three entries; two were written since."""
        backup = tmp_path / "backup"
        shutil.copy(path, backup)
        with Store.open(path) as store:
            act(store, 2)
        shutil.copy(backup, path)
        return path

    def test_what_it_lacks_is_known(self, restored: Path) -> None:
        with Store.open(restored) as store:
            assert [each.seq for each in store.ledger_file.lost] == [4, 5]
            assert breaks(store) == ["the store lacks what shop.ledger has from entry 4 on"]

    def test_nothing_can_be_written(self, restored: Path) -> None:
        with Store.open(restored) as store:
            with pytest.raises(
                Refused, match=r"lacks 2 entries of its ledger \(2 × import\)"
            ) as refused:
                act(store)
            assert "habeas replay" in refused.value.then

    def test_a_ledger_forged_to_follow_it_is_not_taken_for_what_it_lacks(
        self, restored: Path
    ) -> None:
        file = restored.with_suffix(beside.LEDGER)
        file.write_bytes(
            file.read_bytes().replace(b'"import","","","","{}"', b'"import","","","","{} "')
        )
        with Store.open(restored) as store:
            assert store.ledger_file.lost == ()
            assert "altered" in store.ledger_file.fault

    def test_the_ledger_of_another_store_is_told_of(self, path: Path, tmp_path: Path) -> None:
        with BUILT_IN.create(tmp_path / "other") as store:
            for _ in range(9):
                with store.transaction() as cursor:
                    ledger.append(cursor, BY, "access")
        shutil.copy(tmp_path / "other" / "shop.ledger", path.with_suffix(beside.LEDGER))
        with Store.open(path) as store:
            assert "is not the ledger of this store" in store.ledger_file.fault


def test_a_store_is_not_made_where_the_ledger_of_another_is_left(path: Path) -> None:
    path.unlink()
    with pytest.raises(StoreUnavailable, match=r"its ledger .* is still there"):
        BUILT_IN.create(path.parent)


def test_where_the_file_cannot_be_written_it_is_said_that_all_else_is_done(
    path: Path, file: Path
) -> None:
    with Store.open(path) as store:
        whole = file.read_bytes()
        file.unlink()
        file.mkdir()
        with pytest.raises(HabeasError, match="cannot be written") as failed:
            act(store)
        assert "is done" in failed.value.unchanged
        file.rmdir()
        file.write_bytes(whole)
        act(store)
    assert len(lines(file)) == 5
