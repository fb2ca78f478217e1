"""A purge writes the store anew: nothing of who was erased, all of everybody else."""

import json
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from data import ledger, mapfile
from data.errors import NotFound, Refused, StoreUnavailable
from data.ledger import By
from data.purge import purging, replacing, waiting
from data.purge.waiting import Waiting
from data.rights.erasure import Erasure
from data.rights.objection import Objection
from data.rights.rectification import Rectification
from data.store import Store
from tests.acts import exercise, open_notices, tell_everybody
from tests.layouts import BUILT_IN, NOON, FixedClock, Layout, snapshot
from tests.purged import compression, found, load, opened, purged, somebody  # noqa: F401

DAY = NOON.date()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with four people."""
    folder = tmp_path / "store"
    BUILT_IN.create(folder).close()
    with opened(folder / "shop.duckdb") as store:
        load(store, tmp_path, somebody(1, 4))
    return folder / "shop.duckdb"


def waits(path: Path) -> Waiting:
    with opened(path) as store, store.reading() as cursor:
        return waiting.of(cursor)


def test_no_byte_of_who_was_erased_is_left(
    tmp_path: Path, path: Path, compression: str  # noqa: F811
) -> None:  # fmt: skip
    gone, stays, *_ = people = [*somebody(2, 4)]
    assert len(gone.markers) >= 200
    with opened(path, compression) as store:
        load(store, tmp_path, people)
        exercise(store, Rectification(gone.corrected), of=gone.id)
        exercise(store, Rectification(stays.corrected), of=stays.id)
        exercise(store, Erasure("child"), of=gone.id)
    assert found(path.parent, {"id": gone.markers["id"]}), "an erasure alone leaves the bytes"
    purged(path)
    assert found(path.parent, gone.markers) == []
    if compression == "uncompressed":
        assert len(found(path.parent, stays.markers)) > 60
        wrong = {name: stays.markers[name] for name in ("first", "last", "city")}
        assert found(path.parent, wrong) == [], "what was corrected is left"


def test_everybody_else_is_as_before(layout: Layout, shop: Store) -> None:
    exercise(shop, Erasure("child"))
    tell_everybody(shop)
    before = snapshot(shop)
    shop.close()
    purged(shop.path)
    with opened(shop.path) as store:
        after = snapshot(store)
        for name in before:
            if name not in {"habeas.ledger", "habeas.settings"}:
                assert sorted(map(str, after[name])) == sorted(map(str, before[name])), name
        assert after["habeas.ledger"][:-1] == before["habeas.ledger"]
        with store.reading() as cursor:
            assert ledger.verify(cursor) == []


def test_the_certificate_is_the_last_entry_of_the_ledger_in_the_store_and_beside_it(
    path: Path,
) -> None:
    with opened(path) as store:
        exercise(store, Erasure("child"), of=next(somebody(1, 1)).id)
    done = purge_for(path, By("officer", "as every month"))
    assert (done.entry.action, done.entry.actor) == ("purge", "officer")
    facts = done.entry.facts
    assert (facts["erasures"], facts["corrections"]) == (1, 0)
    assert facts["engine"] == duckdb.__version__
    assert len(facts["content"]) == 64
    assert done.overwritten
    with opened(path) as store, store.reading() as cursor:
        assert ledger.get(cursor, done.entry.seq) == (done.entry, "as every month")
        assert [*store.ledger_file.entries()][-1] == done.entry
        assert cursor.value("SELECT count(*) FROM profiles") == 3


def purge_for(path: Path, by: By) -> purging.Certificate:
    return purging.purge(path, by, clock=FixedClock())


def test_what_is_the_same_has_the_same_content(path: Path) -> None:
    """The sum over a table is that of its rows, wherever they stand."""
    first = purged(path).entry.facts
    with opened(path) as store, store.transaction() as cursor:
        cursor.run("CREATE TEMP TABLE all_of_them AS SELECT * FROM profiles")
        cursor.run("DELETE FROM profiles")
        cursor.run("INSERT INTO profiles SELECT * FROM all_of_them ORDER BY user_id DESC")
        cursor.run("DELETE FROM habeas.ledger WHERE action = 'purge'")
        head = ledger.entries(cursor)[-1].digest
        cursor.run(
            "UPDATE habeas.settings SET value = $head WHERE name = 'ledger_head'",
            head=cursor.pseudonym(head),
        )
    path.with_suffix(".ledger").unlink()
    again = purged(path).entry.facts
    assert again["rows"] == first["rows"]
    with opened(path) as store, store.reading() as cursor:
        ids = [row[0] for row in cursor.rows("SELECT user_id FROM profiles")]
    assert ids == sorted(ids), "the rows are not in order again"


def test_events_that_came_in_any_order_come_out_by_person_and_time(
    tmp_path: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data.purge.carrying.SLICE", 20)
    with opened(path) as store:
        for each in somebody(3, 6):
            load(store, tmp_path, [each])
        with store.transaction() as cursor:
            cursor.run("UPDATE events SET person_no = NULL WHERE event_id = "
                       "(SELECT max(event_id) FROM events)")  # fmt: skip
            before = cursor.rows("SELECT * FROM events ORDER BY ALL")
    purged(path)
    with opened(path) as store, store.reading() as cursor:
        assert cursor.rows("SELECT * FROM events ORDER BY ALL") == before
        stored = cursor.rows("SELECT * FROM events")
        assert stored == cursor.rows(
            "SELECT * FROM events ORDER BY person_no, event_time, event_id"
        )


class TestWhatWaits:
    def test_erasures_and_corrections_until_they_are_purged(self, path: Path) -> None:
        first, second, third, fourth = somebody(1, 4)
        assert waits(path) == Waiting()
        with opened(path) as store:
            exercise(store, Objection(["email"]), of=first.id)
            assert waits_in(store) == Waiting()
            exercise(store, Erasure("child"), of=first.id)
            exercise(store, Erasure("child"), of=second.id)
            exercise(store, Rectification({"city": "Gdynia"}), of=third.id)
            due = DAY.replace(month=12)
            assert waits_in(store) == Waiting(2, 1, due)
            assert not waits_in(store).is_overdue(due)
            assert waits_in(store).is_overdue(due.replace(day=31))
        purged(path)
        assert waits(path) == Waiting()
        with opened(path) as store:
            exercise(store, Erasure("child"), of=fourth.id)
        assert waits(path) == Waiting(1, 0, due)

    def test_the_data_map_says_for_how_long(self, path: Path) -> None:
        said = mapfile.parse('extends = "built-in"\n[controller]\npurge_within = 0\n')
        with Store.open(path, said, clock=FixedClock()) as store:
            exercise(store, Erasure("child"), of=next(somebody(1, 1)).id)
            assert waits_in(store) == Waiting(1, 0, DAY)

    def test_a_notice_that_is_settled_after_the_purge(self, layout: Layout, shop: Store) -> None:
        """Until then it keeps what the recipient knows the person by."""
        exercise(shop, Erasure("child"))
        shop.close()
        purged(shop.path)
        with opened(shop.path) as store:
            assert waits_in(store) == Waiting()
            kept = len(open_notices(store))
            assert purging.needs(store).notices == kept
            tell_everybody(store)
            assert waits_in(store).erasures == min(kept, 1)


def waits_in(store: Store) -> Waiting:
    with store.reading() as cursor:
        return waiting.of(cursor)


class TestItIsRefused:
    def test_while_the_store_is_in_use(self, path: Path) -> None:
        with opened(path), pytest.raises(StoreUnavailable):
            purged(path)

    def test_for_want_of_room(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        scarce = shutil.disk_usage(path.parent)._replace(free=10)
        monkeypatch.setattr("shutil.disk_usage", lambda _: scarce)
        with pytest.raises(Refused, match="10 are free"):
            purged(path)
        assert_untouched(path)

    def test_for_a_request_that_is_none(self, path: Path) -> None:
        with pytest.raises(NotFound):
            purge_for(path, By("officer", request="R9"))
        assert_untouched(path)

    def test_where_a_view_no_longer_works_which_is_named(self, path: Path) -> None:
        with duckdb.connect(str(path)) as connection:
            connection.execute("CREATE TABLE passing (n INTEGER)")
            connection.execute("CREATE VIEW looking AS SELECT n FROM passing")
            connection.execute("DROP TABLE passing")
        with pytest.raises(Refused, match="looking"):
            purged(path)
        assert_untouched(path)

    def test_where_another_program_changed_it_meanwhile(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        close = Store.close

        def close_and_lose(store: Store) -> None:
            close(store)
            monkeypatch.setattr(Store, "close", close)
            with opened(path) as other:
                exercise(other, Objection(["email"]), of=next(somebody(1, 1)).id)

        monkeypatch.setattr(Store, "close", close_and_lose)
        with pytest.raises(StoreUnavailable, match="changed by another program"):
            purged(path)
        with opened(path) as store, store.reading() as cursor:
            assert ledger.entries(cursor)[-1].action == "objection"
            assert ledger.verify(cursor) == []


def assert_untouched(path: Path) -> None:
    with opened(path) as store, store.reading() as cursor:
        assert cursor.value("SELECT count(*) FROM profiles") == 4
        assert ledger.entries(cursor)[-1].action == "import"
        assert ledger.verify(cursor) == []
    assert not replacing.folder(path).exists()


class TestTheFile:
    def test_it_is_private_as_it_was(self, path: Path) -> None:
        path.chmod(0o640)
        purged(path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o640

    def test_nothing_else_is_left_beside_it(self, path: Path) -> None:
        before = sorted(each.name for each in path.parent.iterdir())
        purged(path)
        assert sorted(each.name for each in path.parent.iterdir()) == before

    def test_the_old_one_is_overwritten(self, path: Path) -> None:
        with path.open("rb") as old:
            purged(path)
            assert old.read().strip(b"\0") == b""

    def test_unless_it_has_a_second_name(self, path: Path) -> None:
        second = path.with_name("backup.duckdb")
        second.hardlink_to(path)
        before = second.read_bytes()
        with duckdb.connect(str(second), read_only=True):
            pass
        assert not purged(path).overwritten
        assert len(second.read_bytes()) == len(before)
        with duckdb.connect(str(second), read_only=True) as connection:
            assert connection.execute("SELECT count(*) FROM profiles").fetchone() == (4,)

    def test_a_link_to_the_store_stays_one(self, tmp_path: Path, path: Path) -> None:
        link = tmp_path / "shop.duckdb"
        link.symlink_to(path)
        for suffix in (".key", ".ledger", ".map.toml"):
            (tmp_path / f"shop{suffix}").symlink_to(path.with_suffix(suffix))
        purged(link)
        assert link.is_symlink()
        assert waits(link) == Waiting()


class TestWhatAKilledProcessLeft:
    def test_a_folder_with_the_old_file_is_overwritten_by_who_opens_it_next(
        self, path: Path
    ) -> None:
        place = replacing.folder(path)
        place.mkdir()
        (place / replacing.OLD).write_bytes(b"Kowalska")
        with (place / replacing.OLD).open("rb") as old:
            opened(path).close()
            assert old.read() == bytes(8)
        assert not place.exists()

    def test_the_store_itself_is_left_alone_where_it_has_a_name_in_there(self, path: Path) -> None:
        """It was cut short before the new file took its place."""
        place = replacing.folder(path)
        place.mkdir()
        (place / replacing.OLD).hardlink_to(path)
        (place / "new-1.duckdb").write_bytes(b"half of it")
        assert_untouched(path)

    def test_what_was_spilled(self, path: Path) -> None:
        spilled = path.with_suffix(".tmp")
        spilled.mkdir()
        (spilled / "duckdb_temp_storage-0.tmp").write_bytes(b"Kowalska")
        Store.open(path, read_only=True).close()
        assert spilled.exists(), "others may read at the same time"
        with (spilled / "duckdb_temp_storage-0.tmp").open("rb") as file:
            opened(path).close()
            assert file.read() == bytes(8)
        assert not spilled.exists()


CUT = 9
CUT_SHORT = """
import itertools, os, sys
from pathlib import Path
from data.purge import replacing
store, new, synced = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
sync, counts = os.fsync, itertools.count(1)
os.fsync = lambda file: os._exit(9) if next(counts) == synced else sync(file)
replacing.replace(store, new, store.stat())
"""


def run(program: str, *given: object) -> subprocess.CompletedProcess[str]:
    """A program in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", program, *map(str, given)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(("synced", "stands"), [(1, "old"), (2, "old"), (3, "new"), (4, "new")])
def test_cut_short_between_any_two_steps_it_is_the_old_one_or_the_new_one(
    tmp_path: Path, synced: int, stands: str
) -> None:
    store = tmp_path / "shop.duckdb"
    store.write_text("old")
    new = replacing.begin(store)
    new.write_text("new")
    assert run(CUT_SHORT, store, new, synced).returncode == CUT
    old = replacing.folder(store) / replacing.OLD
    with old.open() if stands == "new" else store.open() as before:
        replacing.finish(store)
        assert before.read().strip("\0") == ("" if stands == "new" else "old")
    assert store.read_text() == stands
    assert [each.name for each in tmp_path.iterdir()] == ["shop.duckdb"]


LITTLE_ROOM = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
from tui.cli import main
main(["purge", "--store", sys.argv[2]])
"""


def test_a_disk_that_is_full_in_the_middle(tmp_path: Path) -> None:
    path = tmp_path / "store" / "shop.duckdb"
    BUILT_IN.create(path.parent).close()
    with opened(path) as store, store.transaction() as cursor:
        cursor.run("CREATE TABLE large AS SELECT hash(i) AS n, md5(CAST(i AS VARCHAR)) AS t "
                   "FROM range(200_000) r(i)")  # fmt: skip
    before = path.read_bytes()
    ran = run(LITTLE_ROOM, len(before) // 2, path)
    assert ran.returncode == 1
    assert "for want of room" in ran.stderr
    assert "The store is as it was. Make room" in ran.stderr
    assert not replacing.folder(path).exists()
    with opened(path) as store, store.reading() as cursor:
        assert ledger.verify(cursor) == []
        assert cursor.value("SELECT count(*) FROM large") == 200_000
    purged(path)


def test_the_ledger_holds_nothing_of_a_value(path: Path) -> None:
    gone = next(somebody(1, 1))
    with opened(path) as store:
        exercise(store, Erasure("child"), of=gone.id)
    said = json.dumps(purged(path).entry.line())
    assert not [name for name, each in gone.markers.items() if each.decode("latin-1") in said]


OPEN = """
import sys
from tui.cli import main
main(["find", "", "--store", sys.argv[1]])
"""


def test_nobody_can_open_the_old_file_while_it_is_replaced(path: Path) -> None:
    with replacing._alone(path):
        assert run(OPEN, path).returncode == StoreUnavailable.exit_code
    assert run(OPEN, path).returncode == 0
