"""Whether anything is left of a person: in every table, in every file, and what is said of it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import duckdb
import pytest

from data import ledger
from data.errors import BadInput, HabeasError, Interrupted
from data.rights import erasure
from data.rights.erasure import Erasure
from data.rights.plan import apply, propose
from data.store import Store
from data.subject import number
from data.verification import files, scan, tables, verify
from data.verification.verify import Verification
from data.work import Work
from tests.layouts import BUILT_IN, BY, SECOND, FixedClock, Layout
from tests.shop import done, habeas
from tests.shop import files as present

pytest_plugins = ["tests.fixtures"]

DORA = {"id": "dora-44", "last": "Weiß", "email": "dora@example.org", "born": "1980-05-05"}
OTHERS = [
    {"id": "dora-445", "last": "Rossi", "email": "isadora@example.org"},
    {"id": "dora-446", "last": "Rossi", "email": "l.dora@example.org"},
]


@pytest.fixture
def plain(tmp_path: Path, clock: FixedClock) -> Iterator[Store]:
    """An empty store of the built-in layout."""
    with BUILT_IN.create(tmp_path, clock) as store:
        yield store


@pytest.fixture
def dora(layout: Layout, store: Store) -> Store:
    """A store with Dora, and two whose ids and addresses begin and end as hers."""
    layout.load(store, people=[DORA, *OTHERS], events=[
        {"who": "dora-44", "time": "2026-01-01 10:00:00", "what": "home"},
        {"who": "dora-445", "time": "2026-01-02 10:00:00", "what": "home"},
    ])  # fmt: skip
    return store


def erased(store: Store, subject_id: str = "dora-44") -> Store:
    apply(store, propose(store, Erasure("child"), subject_id), BY)
    return store


def told(store: Store) -> Store:
    """The recipients were told, so that the notices keep nothing."""
    with store.transaction() as cursor:
        cursor.run("UPDATE habeas.notices SET person = NULL, status = 'done'")
    return store


def looked(store: Store, *ids: str, also: tuple[str, ...] = ()) -> Verification:
    with store.reading() as cursor:
        decoded = verify.in_tables(cursor, ids or ("dora-44",), also)
    return verify.in_files(store.path, decoded)


def looked_for_all_erased(store: Store) -> Verification:
    with store.reading() as cursor:
        decoded = verify.erased_in_tables(cursor)
    return verify.in_files(store.path, decoded)


def rows(found: Verification) -> dict[str, tuple[int, int]]:
    return {each.column: (each.equal, each.within) for each in found.tables.found}


def forms(found: Verification) -> set[tuple[str, str]]:
    return {(each.file.name, each.form) for each in found.files.found}


def rewritten(store: Store) -> Path:
    """The store in fresh files, with nothing of what was deleted."""
    path = store.path.parent / "fresh" / store.path.name
    path.parent.mkdir()
    store.close()
    for each in files.of(store.path):
        if each.name.endswith((".key", ".ledger", ".map.toml")):
            (path.parent / each.name).write_bytes(each.read_bytes())
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{store.path}' AS old (READ_ONLY)")
        connection.execute(f"ATTACH '{path}' AS new (STORAGE_VERSION 'v1.5.0')")
        connection.execute("COPY FROM DATABASE old TO new")
    return path


def test_one_who_is_in_the_store_is_found_with_all_that_identifies_them(
    layout: Layout, dora: Store
) -> None:
    found = looked(dora)
    assert not found.clean
    tables = [dora.map.people.table, dora.map.records[0].table, "habeas.directory"]
    assert {column.rpartition(".")[0] for column in rows(found)} == {
        each if "." in each else f"main.{each}" for each in tables
    }
    assert any(column.endswith(f".{layout.person['email']}") for column in rows(found))
    assert found.people[0].held
    values = rows(found)
    assert values.pop("habeas.directory.line") == (0, 2)
    assert all(equal == 1 and within == 0 for equal, within in values.values())


def test_one_who_was_never_there_is_not_found(dora: Store) -> None:
    found = looked(dora, "never-77", also=("never@example.org",))
    assert found.clean
    assert found.unknown == ("never-77",)


def test_what_is_deleted_is_in_no_table_but_in_the_file_until_that_is_rewritten(
    layout: Layout, dora: Store
) -> None:
    told(erased(dora))
    found = looked(dora, also=(DORA["email"],))
    assert rows(found) == {}
    assert "text" in {form for _, form in forms(found)}
    path = rewritten(dora)
    with Store.open(path, read_only=True) as store:
        again = looked(store, also=(DORA["email"],))
    assert again.clean
    assert again.files.size > 100_000


@pytest.mark.parametrize("compression", ["auto", "uncompressed", "zstd"])
def test_an_erasure_alone_leaves_the_bytes_in_the_database(
    compression: str, layout: Layout, tmp_path: Path
) -> None:
    with layout.create(tmp_path) as store:
        with store.reading() as cursor:
            cursor.run(f"PRAGMA force_compression = '{compression}'")
        layout.load(store, people=[DORA, *OTHERS])
    with Store.open(store.path) as store:
        told(erased(store))
    assert not store.path.with_name("shop.duckdb.wal").exists()
    with Store.open(store.path, read_only=True) as store:
        for also in ((), ("dora@example.org",)):
            found = looked(store, also=also)
            assert found.tables.found == ()
            assert (store.path.name, "text") in forms(found)
            assert found.people[0].erased


def test_until_recipients_are_told_a_notice_keeps_who_is_meant(tmp_path: Path) -> None:
    with SECOND.create(tmp_path) as store:
        SECOND.load(store, people=[DORA])
        erased(store)
        found = looked(store)
        assert "habeas.notices.person" in rows(found)
        assert found.people[0].notices


PLACES: Mapping[str, tuple[str, str]] = {
    "a_text": ("VARCHAR", "$id"),
    "inside_of_a_text": ("VARCHAR", "'to ' || $id || ', today'"),
    "in_upper_case": ("VARCHAR", "upper($id)"),
    "json": ("JSON", "json_object('to', [$id])"),
    "a_list": ("VARCHAR[]", "['x', $id]"),
    "a_structure": ("STRUCT(a STRUCT(b VARCHAR))", "{'a': {'b': $id}}"),
    "a_map": ("MAP(VARCHAR, INTEGER)", "MAP {$id: 1}"),
    "an_enumeration": ("ENUM ('x', 'dora-44')", "$id"),
    "bytes": ("BLOB", "encode($id)"),
}
"""Columns of a table that the data map does not know, and what Dora's id is in them."""


@pytest.mark.parametrize("schema", ["main", "mailing"])
def test_it_is_found_in_a_table_outside_of_the_map_and_in_a_column_of_any_type(
    schema: str, plain: Store
) -> None:
    columns = ", ".join(f"{name} {kind}" for name, (kind, _) in PLACES.items())
    values = ", ".join(sql for _, sql in PLACES.values())
    with plain.transaction() as cursor:
        cursor.run(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        cursor.run(f"CREATE TABLE {schema}.letters ({columns})")
        cursor.run(f"INSERT INTO {schema}.letters SELECT {values}", id="dora-44")
    found = rows(looked(plain))
    assert set(found) == {f"{schema}.letters.{name}" for name in PLACES}
    assert all(sum(counts) == 1 for counts in found.values())
    for part in ("dora-4", "ora-44"):
        assert looked(plain, part).tables.found == ()


def test_the_number_of_an_id_and_an_id_of_digits_are_found_in_a_column_of_integers(
    plain: Store,
) -> None:
    with plain.transaction() as cursor:
        cursor.run("CREATE TABLE visits (n BIGINT, customer INTEGER)")
        cursor.run("INSERT INTO visits VALUES ($n, 104277), (1042, 7)", n=number("dora-44"))
    assert rows(looked(plain)) == {"main.visits.n": (1, 0)}
    assert rows(looked(plain, "104277")) == {"main.visits.customer": (1, 0)}


def test_columns_of_every_type_can_be_looked_through(plain: Store) -> None:
    with plain.transaction() as cursor:
        cursor.run("CREATE TABLE every_type AS FROM test_all_types()")
        cursor.run("CREATE TABLE variants AS SELECT {'a': 'dora-44'}::VARIANT AS x")
        cursor.run('CREATE TABLE "odd ""$form0_0 name" ("$value0 ""." VARCHAR)')
        cursor.run('INSERT INTO "odd ""$form0_0 name" VALUES ($id)', id="dora-44")
    assert set(rows(looked(plain))) == {'main.odd "$form0_0 name.$value0 ".', "main.variants.x"}
    assert looked_for_all_erased(plain).tables.found == ()


ANYTHING = (
    *("zoë-77", 'a"b\\c-77', "x\ny-77", "[.*]+(77", "東京-77", "\0-77-x", "%_'--77"),
    *("İstanbul-77", "STRASSE-77", "ẞ-77-x", "ǅ-77-x", "ΣΑΣ-77", "\U0001f600-77"),
)


def test_a_value_of_any_characters_is_found_in_text_and_in_json(plain: Store) -> None:
    with plain.transaction() as cursor:
        cursor.run("CREATE TABLE t (text VARCHAR, json JSON, list VARCHAR[])")
        for value in ANYTHING:
            said = json.dumps({"v": value})
            cursor.run("INSERT INTO t VALUES ($v, $json, [$v])", v=value, json=said)
    in_each = {"main.t.text": (1, 0), "main.t.json": (0, 1), "main.t.list": (0, 1)}
    for value in ANYTHING:
        with plain.reading() as cursor:
            found = verify.in_tables(cursor, [value]).tables.found
        assert {each.column: (each.equal, each.within) for each in found} == in_each


BESIDE = {
    "shop.tmp/duckdb_temp_storage-0.tmp": True,
    "shop.purge/shop.duckdb": True,
    "shop.letters/en/refusal.txt": True,
    "shop.map.toml": True,
    "shop.ledger.1": True,
    "shop-rejects-20260101T000000Z.csv": True,
    ".shop-rejects-20260101T000000Z.csv.new": True,
    ".shop.duckdb.new": True,
    ".shop.duckdb.before": True,
    "shop.duckdb.bak": True,
    "shop2.duckdb": False,
    "shop.eu.duckdb": False,
    "notes.txt": False,
}
"""Files beside the store shop.duckdb, and whether they are of it."""


def test_every_file_that_belongs_to_the_store_is_looked_through(plain: Store) -> None:
    with plain.reading() as cursor:
        decoded = verify.in_tables(cursor, ["dora-44"])
    for name in BESIDE:
        path = plain.path.parent / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"\0\0 dora-44 \0")
    found = verify.in_files(plain.path, decoded).files.found
    names = {str(each.file.relative_to(plain.path.parent)) for each in found}
    assert names == {name for name, belongs in BESIDE.items() if belongs}


def test_a_longer_id_or_address_of_somebody_else_is_not_meant(dora: Store) -> None:
    path = rewritten(told(erased(dora)))
    with Store.open(path, read_only=True) as store:
        assert looked(store, "dora-445").files.found
        found = looked(store, "dora-44", also=("dora@example.org", "dora-4", "isadora@example.or"))
    assert found.clean


def test_what_is_too_short_is_looked_for_in_the_tables_alone_and_that_is_said(
    plain: Store,
) -> None:
    BUILT_IN.load(plain, people=[{"id": "7"}])
    found = looked(plain, "7")
    assert found.tables.found
    assert "text" not in {form for _, form in forms(found)}
    assert found.unsought == ("7",)


def test_it_is_said_when_somebody_was_erased_and_whether_a_purge_came_after(
    dora: Store, clock: Any
) -> None:
    def purge() -> None:
        with dora.transaction() as cursor:
            ledger.append(cursor, BY, "purge", article="17")

    purge()
    assert looked(dora).people[0].erased is None
    erased(dora)
    standing = looked(dora).people[0]
    assert (standing.held, standing.erased, standing.purged) == (False, clock.now, None)
    assert looked_for_all_erased(dora).erased.purged == 0  # type: ignore[union-attr]
    purge()
    purge()
    assert looked(dora).people[0].purged == clock.now
    assert looked_for_all_erased(dora).erased.purged == 1  # type: ignore[union-attr]


def test_all_erased_are_looked_for_by_the_keyed_hashes_of_their_ids(
    layout: Layout, dora: Store
) -> None:
    told(erased(dora))
    assert looked_for_all_erased(dora).tables.found == ()
    with dora.transaction() as cursor:
        cursor.run("CREATE TABLE mailing (text VARCHAR, json JSON, n INTEGER)")
        cursor.run(
            "INSERT INTO mailing VALUES ('to dora-44, today', '{\"to\": [\"dora-44\"]}', 1), "
            "('dora-44', '{}', 2), ('dora-445', '{}', 3)"
        )
    assert rows(looked_for_all_erased(dora)) == {
        "main.mailing.text": (1, 1),
        "main.mailing.json": (0, 1),
    }
    dora.path.with_name("shop-rejects-1.csv").write_text("file,line\nx,'dora-44'\ny,dora-445\n")
    found = looked_for_all_erased(dora)
    assert {"shop-rejects-1.csv": 1}.items() <= {
        each.file.name: each.count for each in found.files.found
    }.items()


def test_where_nobody_was_erased_nobody_is_found(dora: Store) -> None:
    found = looked_for_all_erased(dora)
    assert found.clean
    assert found.erased is not None
    assert found.erased.ids == 0


def test_looking_through_the_files_leaves_the_lock_of_who_has_the_store_open(plain: Store) -> None:
    looked(plain)
    code = f"import duckdb; duckdb.connect({str(plain.path)!r})"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "Conflicting lock is held" in ran.stderr


def test_looking_through_the_files_can_be_stopped(
    plain: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stopping(files._Child):
        def __init__(self) -> None:
            super().__init__()
            work.end()

    work = Work()
    with plain.reading() as cursor:
        decoded = verify.in_tables(cursor, ["dora-44"])
    monkeypatch.setattr(files, "_Child", Stopping)
    with work.under(), pytest.raises(Interrupted):
        verify.in_files(plain.path, decoded)


@pytest.fixture
def scanning() -> Iterator[subprocess.Popen[str]]:
    """The process that looks through files."""
    with subprocess.Popen(
        [sys.executable, "-m", "data.verification.scan"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.kill()


def told_to_look_in(process: subprocess.Popen[str], path: Path) -> IO[str]:
    """Where its answers are to be read."""
    assert process.stdin
    assert process.stdout
    process.stdin.write(json.dumps({"files": [str(path)], "needles": [], "hashes": [], "key": ""}))
    process.stdin.close()
    return process.stdout


def test_the_search_of_the_files_says_how_far_it_is(
    tmp_path: Path, scanning: subprocess.Popen[str]
) -> None:
    file = tmp_path / "large"
    file.write_bytes(b"")
    os.truncate(file, 4 * scan.BLOCK)
    *shares, found = told_to_look_in(scanning, file)
    assert [*map(float, shares)] == sorted(map(float, shares))
    assert float(shares[0]) == 0.0
    assert 0.7 < float(shares[-1]) < 1.0
    assert json.loads(found)["bytes"] == 4 * scan.BLOCK


def test_the_search_of_the_files_ends_with_the_process_that_asked_for_it(
    tmp_path: Path, scanning: subprocess.Popen[str]
) -> None:
    os.mkfifo(tmp_path / "endless")
    told_to_look_in(scanning, tmp_path / "endless").close()
    with (tmp_path / "endless").open("wb", 0) as endless, pytest.raises(BrokenPipeError):
        endless.writelines([bytes(scan.BLOCK)] * 8)
    assert scanning.wait() == -signal.SIGPIPE


@pytest.mark.parametrize("everybody", [False, True])
def test_a_verification_says_how_far_it_is_from_its_tables_to_its_files(
    plain: Store, monkeypatch: pytest.MonkeyPatch, everybody: bool
) -> None:
    task, asked = Work(), files._asked
    at_the_files = []

    def then_asked(said: str) -> Any:
        at_the_files.append(task.share)
        return asked(said)

    monkeypatch.setattr(files, "_asked", then_asked)
    with task.under(), plain.reading() as cursor:
        assert task.share is None
        decoded = (
            verify.erased_in_tables(cursor) if everybody else verify.in_tables(cursor, ["dora-44"])
        )
        assert 0.2 < (task.share or 0.0) <= tables.TENTHS / 10
        verify.in_files(plain.path, decoded)
    assert at_the_files == [tables.TENTHS / 10]


def test_a_search_that_breaks_off_is_an_error_and_not_nothing(
    plain: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with plain.reading() as cursor:
        decoded = verify.in_tables(cursor, ["dora-44"])
    monkeypatch.setattr(files, "_MODULE", "data.verification.nothing")
    with pytest.raises(HabeasError, match="came to no end"):
        verify.in_files(plain.path, decoded)


def test_a_file_that_cannot_be_read_is_an_error_and_not_nothing(
    plain: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with plain.reading() as cursor:
        decoded = verify.in_tables(cursor, ["dora-44"])
    monkeypatch.setattr(files, "of", lambda _: [plain.path.parent])
    with pytest.raises(HabeasError, match="Is a directory"):
        verify.in_files(plain.path, decoded)


def test_what_cannot_be_looked_for_is_refused(plain: Store) -> None:
    for value in ("", "  ", "x" * 301):
        with plain.reading() as cursor, pytest.raises(BadInput):
            verify.in_tables(cursor, [value])


def test_the_command_exits_0_where_nothing_is_found_and_says_what_it_searched(
    shop_file: Path,
) -> None:
    said = done("verify", "dora-44")
    assert said["result"] == "nothing found"
    searched = said["searched"]
    assert searched["values"] == ["dora-44"]
    assert searched["tables"] == 21
    assert searched["files"] == 4
    assert searched["bytes"] == sum(each.stat().st_size for each in files.of(shop_file))
    assert said["people"][0]["held"] is False


def test_the_command_says_first_which_ids_are_unknown(shop_file: Path) -> None:
    with Store.open(shop_file) as store, store.transaction() as cursor:
        erasure.forget(cursor, [cursor.pseudonym("gone-7")])
    mistyped, gone, both = (
        " ".join(habeas("verify", *ids).out.split())
        for ids in (["never-77"], ["gone-7"], ["gone-7", "never-77"])
    )
    unknown = "Unknown here: never-77, neither in the store nor erased from it."
    assert unknown in mistyped
    assert "Nothing is left" not in mistyped
    assert "Nothing is left of gone-7." in gone
    assert "Unknown" not in gone
    assert unknown in both
    assert "Nothing is left of gone-7." in both


def test_the_command_exits_1_where_something_is_found(shop_file: Path) -> None:
    done("erase", "ana-1", "--ground", "child", "--confirm", "ana-1")
    for notice in ("N3", "N4"):
        done("notices", "done", notice, "--on", "2020-01-31")
    result = habeas("verify", "ana-1", "--also", "ana@example.org", "--format", "json")
    assert result.code == 1
    assert {each["where"] for each in result.json["found"]} == {"shop.duckdb"}
    assert result.json["people"][0]["erased"]
    assert "habeas purge" in result.err


def test_the_command_names_the_copies_that_were_handed_out_and_the_open_notices(
    shop_file: Path,
) -> None:
    (copy,) = done("export", "ana-1", "--out", "out")
    done("erase", "ana-1", "--ground", "child", "--confirm", "ana-1")
    result = habeas("verify", "ana-1", "--format", "json")
    (person,) = result.json["people"]
    assert [each["folder"] for each in person["bundles"]] == [Path(copy["folder"]).name]
    assert person["notices"] == ["N3", "N4"]
    assert Path(copy["folder"]).name in result.err
    assert "N3, N4" in result.err


def test_the_command_prints_no_value_of_anybody_else(shop_file: Path) -> None:
    for form in ("table", "json", "csv"):
        result = habeas("verify", "ana-1", "--format", form)
        assert result.code == 1
        assert "lindqvist" not in (result.out + result.err).lower()
        assert "bo-2" not in result.out + result.err


@pytest.mark.parametrize(
    "arguments", [(), ("ana-1", "--all-erased"), ("--also", "x@y.z"), ("",), ("x" * 400,)]
)
def test_the_command_exits_2_where_nobody_is_named(
    arguments: tuple[str, ...], shop_file: Path
) -> None:
    before = present(shop_file.parent)
    result = habeas("verify", *arguments)
    assert (result.code, result.out) == (2, "")
    assert present(shop_file.parent) == before
