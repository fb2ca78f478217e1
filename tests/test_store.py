"""The only door to the database: who may open it, and what a transaction keeps."""

import os
import stat
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest

from data.errors import HabeasError, Interrupted, StoreUnavailable
from data.store import Store
from data.work import Work
from tests.conftest import ANA
from tests.layouts import BUILT_IN, FixedClock, Layout, changed, snapshot

HOLDER = """
import sys
from data.store import Store
with Store.open(sys.argv[1]):
    print("open", flush=True)
    sys.stdin.read()
"""
"""A process that holds the store open until its standard input ends."""

FULL_DISK = """
import sys
from data.store import Store
with Store.open(sys.argv[1]) as store:
    store._connection.execute("SET debug_checkpoint_abort = 'before_header'")
    with store.transaction() as cursor:
        cursor.run("INSERT INTO habeas.settings VALUES ('last', 'kept')")
print("closed", flush=True)
"""
"""A process whose store cannot be written to its end at closing."""

ENDLESS = "SELECT count(*) FROM range(100000000000) a, range(1000) b WHERE a.range % 7 = b.range"


def test_a_store_held_by_another_process_is_unavailable_and_its_process_named(
    layout: Layout, tmp_path: Path
) -> None:
    layout.create(tmp_path).close()
    path = tmp_path / "shop.duckdb"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[1],
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"open\n"
        for read_only in (False, True):
            with pytest.raises(StoreUnavailable, match=f"process {holder.pid} ") as raised:
                Store.open(path, read_only=read_only)
            assert raised.value.then
        holder.communicate()
    Store.open(path).close()


def test_a_store_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="no store"):
        Store.open(tmp_path / "shop.duckdb")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"user_id\n", b"user_id,name\n" * 10_000])
def test_a_file_of_something_else_is_unavailable_and_left_alone(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "shop.duckdb"
    path.write_bytes(content)
    with pytest.raises(StoreUnavailable, match="is not a DuckDB file"):
        Store.open(path)
    assert path.read_bytes() == content


def test_a_folder_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable):
        Store.open(tmp_path)


def test_a_duckdb_file_of_somebody_else_is_unavailable_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "shop.duckdb"
    with duckdb.connect(str(path)) as other:
        other.execute("CREATE TABLE t (a INTEGER)")
    before = path.read_bytes()
    with pytest.raises(StoreUnavailable, match="not a store of Habeas"):
        Store.open(path)
    assert path.read_bytes() == before


def test_a_store_of_another_schema_is_unavailable(tmp_path: Path) -> None:
    with BUILT_IN.create(tmp_path) as store, store.transaction() as cursor:
        cursor.run("UPDATE habeas.settings SET value = '99' WHERE name = 'schema'")
    with pytest.raises(StoreUnavailable, match="another version"):
        Store.open(tmp_path / "shop.duckdb")


def test_a_store_is_never_made_over_a_file(tmp_path: Path) -> None:
    path = tmp_path / "shop.duckdb"
    path.write_bytes(b"mine")
    with pytest.raises(StoreUnavailable, match="already"):
        Store.create(path)
    assert path.read_bytes() == b"mine"


def test_a_store_that_cannot_be_made_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailable, match="can be made"):
        Store.create(tmp_path / "file" / "shop.duckdb")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_store_whose_making_is_stopped_leaves_nothing(tmp_path: Path) -> None:
    task = Work()
    task.end()
    with task.under(), pytest.raises(Interrupted):
        Store.create(tmp_path / "shop.duckdb")
    assert list(tmp_path.iterdir()) == []


def test_what_a_crash_left_half_made_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / ".shop.duckdb.new").write_bytes(b"half")
    Store.create(tmp_path / "shop.duckdb").close()
    assert {path.name for path in tmp_path.iterdir()} == {"shop.duckdb", "shop.key"}


def test_the_files_of_a_store_are_private(shop: Store, layout: Layout) -> None:
    with shop.transaction() as cursor:
        cursor.run(f"DELETE FROM {layout.people_table}")
    made = [path for path in shop.path.parent.iterdir() if path.name.startswith("shop.duckdb")]
    assert shop.path in made
    assert {stat.S_IMODE(path.stat().st_mode) for path in made} == {0o600}


def test_a_store_opened_for_reading_refuses_to_write(shop: Store, layout: Layout) -> None:
    before = snapshot(shop)
    shop.close()
    with Store.open(shop.path, read_only=True) as store:
        with pytest.raises(StoreUnavailable, match="reading only"), store.transaction():
            pass
        with store.reading() as cursor, pytest.raises(duckdb.Error):
            cursor.run(f"DELETE FROM {layout.people_table}")
        assert snapshot(store) == before


def test_a_transaction_is_kept_whole(shop: Store, layout: Layout) -> None:
    done: list[str] = []
    with shop.transaction() as cursor:
        cursor.if_kept(lambda: done.append("then"))
        cursor.if_rolled_back(lambda: done.append("never"))
        cursor.run(f"DELETE FROM {layout.people_table}")
    assert snapshot(shop)[shop.map.people.table] == []
    assert done == ["then"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_transaction_that_fails_leaves_all_as_it_was(
    shop: Store, layout: Layout, error: type[BaseException]
) -> None:
    before = snapshot(shop)
    undone: list[str] = []

    def fail() -> None:
        with shop.transaction() as cursor:
            cursor.if_rolled_back(lambda: undone.append("first"))
            cursor.if_rolled_back(lambda: undone.append("second"))
            cursor.if_kept(lambda: undone.append("never"))
            cursor.run(f"DELETE FROM {layout.people_table}")
            raise error

    with pytest.raises(error):
        fail()
    assert changed(before, snapshot(shop)) == set()
    assert undone == ["second", "first"]


def test_a_transaction_whose_statement_fails_leaves_all_as_it_was(
    shop: Store, layout: Layout
) -> None:
    before = snapshot(shop)

    def fail() -> None:
        with shop.transaction() as cursor:
            cursor.run(f"DELETE FROM {layout.people_table}")
            cursor.run("SELECT no_such_column")

    with pytest.raises(duckdb.Error):
        fail()
    assert changed(before, snapshot(shop)) == set()
    with shop.transaction() as cursor:
        assert cursor.value("SELECT 1") == 1


def test_a_trial_run_leaves_all_as_it_was(shop: Store, layout: Layout) -> None:
    before = snapshot(shop)
    undone: list[str] = []
    with shop.transaction(keep=False) as cursor:
        cursor.if_rolled_back(lambda: undone.append("undone"))
        assert cursor.run(f"DELETE FROM {layout.people_table}") == 3
    assert undone == ["undone"]
    assert changed(before, snapshot(shop)) == set()


def test_what_is_not_kept_yet_nobody_else_reads(shop: Store, layout: Layout) -> None:
    with shop.transaction() as cursor, shop.reading() as reader:
        cursor.run(f"DELETE FROM {layout.people_table}")
        assert reader.value(f"SELECT count(*) FROM {layout.people_table}") == 3


def test_two_threads_that_write_take_turns(shop: Store, layout: Layout) -> None:
    def add(name: str) -> None:
        for n in range(20):
            with shop.transaction() as cursor:
                cursor.run(
                    f"INSERT INTO {layout.people_table} ({layout.id}) VALUES ($id)", id=f"{name}{n}"
                )

    threads = [threading.Thread(target=add, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(snapshot(shop)[shop.map.people.table]) == 3 + 40


def test_a_store_that_is_changed_and_closed_again_and_again_stays_small(shop: Store) -> None:
    path = shop.path
    shop.close()
    for day in range(20):
        with Store.open(path) as opened, opened.transaction() as cursor:
            cursor.run("INSERT INTO habeas.settings VALUES ($name, '')", name=f"day {day}")
        assert not path.with_suffix(".duckdb.wal").exists()
    with duckdb.connect(str(path), read_only=True) as other:
        groups = other.execute(
            "SELECT count(DISTINCT row_group_id) FROM pragma_storage_info('habeas.settings')"
        ).fetchall()
        kept = other.execute("SELECT count(*) FROM habeas.settings WHERE name LIKE 'day %'")
        assert kept.fetchone() == (20,)
    assert groups <= [(8,)]


def test_a_store_that_cannot_be_written_out_at_closing_has_all_that_was_kept(shop: Store) -> None:
    shop.close()
    ran = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(shop.path)],
        cwd=Path(__file__).parents[1],
        stdout=subprocess.PIPE,
        check=True,
    )
    assert ran.stdout == b"closed\n"
    with Store.open(shop.path) as opened, opened.reading() as cursor:
        assert cursor.value("SELECT value FROM habeas.settings WHERE name = 'last'") == "kept"


def test_a_long_query_is_stopped_from_another_thread(shop: Store) -> None:
    raised: list[HabeasError] = []

    def ask() -> None:
        with shop.reading() as cursor:
            try:
                cursor.value(ENDLESS)
            except HabeasError as error:
                raised.append(error)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    while thread.is_alive():
        shop.interrupt()
        thread.join(0.01)
    assert [type(error) for error in raised] == [Interrupted]


def test_a_transaction_that_is_stopped_leaves_all_as_it_was(shop: Store, layout: Layout) -> None:
    before = snapshot(shop)

    def write() -> None:
        with suppress(Interrupted), shop.transaction() as cursor:
            cursor.run(f"DELETE FROM {layout.people_table}")
            deleted.set()
            cursor.value(ENDLESS)

    deleted = threading.Event()
    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    deleted.wait()
    while thread.is_alive():
        shop.interrupt()
        thread.join(0.01)
    assert changed(before, snapshot(shop)) == set()


def test_a_store_works_offline_and_in_utc(store: Store) -> None:
    with store.reading() as cursor:
        assert str(cursor.value("SELECT CAST('2026-07-01 00:00' AS TIMESTAMPTZ)")).endswith(
            "+00:00"
        )
        assert not cursor.value("SELECT current_setting('autoinstall_known_extensions')")
        assert not cursor.value("SELECT current_setting('autoload_known_extensions')")


def test_today_is_the_date_in_the_controllers_zone(
    layout: Layout, store: Store, clock: FixedClock
) -> None:
    clock.now = clock.now.replace(hour=23, minute=30)
    with store.reading() as cursor:
        assert cursor.today.day == (24 if layout.map.controller.timezone == "Europe/Berlin" else 23)


def test_other_programs_read_the_tables_and_the_views(shop: Store, layout: Layout) -> None:
    shop.close()
    with duckdb.connect(str(shop.path), read_only=True) as other:
        rows = other.execute(
            f"SELECT {layout.id} FROM habeas.processable_profiles ORDER BY 1"
        ).fetchall()
        assert (ANA["id"],) in rows
        other.execute("SELECT * FROM habeas.reachable").fetchall()
        other.execute("SELECT * FROM habeas.decidable_profiles").fetchall()


@pytest.mark.slow
def test_time_is_utc_wherever_the_machine_stands(store: Store) -> None:
    store.close()
    asked = (
        "import sys; from pathlib import Path; from data.store import Store\n"
        "with Store.open(Path(sys.argv[1])) as store, store.reading() as cursor:\n"
        "    print(cursor.value(\"SELECT current_setting('TimeZone')\"))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", asked, str(store.path)],
        env=os.environ | {"TZ": "America/New_York"},
        capture_output=True,
        check=True,
    )
    assert ran.stdout.decode().strip() == "UTC"
