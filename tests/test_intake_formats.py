"""The same rows give the same store, whatever the file they come in; a value never changes."""

import csv
import gzip
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import intake, people
from data.answers.bundle import folder
from data.errors import BadInput
from data.intake import Counts
from data.intake.sources import zstd
from data.rights.access import Access
from data.rights.plan import apply, propose
from data.store import Store
from tests.conftest import ANA
from tests.layouts import BUILT_IN, BY, Layout, Snapshot, snapshot, write

Rows = Sequence[Mapping[str, str]]

PEOPLE = [
    {"id": "007", "last": 'O"Brien, "Bo"', "email": "bo@example.org", "born": "1990-12-31",
     "tier": "gold", "a/b~c": "x"},
    {"id": "ünï", "last": "two\nlines", "email": "é@example.org", "born": "1970-01-01",
     "tier": "1e5", "a/b~c": "🜂"},
]  # fmt: skip
EVENTS = [
    {"who": "007", "time": "2026-01-01T10:00:00Z", "what": "home", "tier": "x;y\tz|"},
    {"who": "007", "time": "2026-01-01T10:00:00Z", "what": "home", "tier": "x;y\tz|"},
    {"who": "ünï", "time": "2026-01-01 11:00:00.123+02:00", "what": "basket", "tier": "true"},
]


def delimited(delimiter: str, line_end: str = "\n") -> Callable[[Path, Rows], None]:
    def writes(path: Path, rows: Rows) -> None:
        with path.open("w", encoding="utf-8", newline="") as file:
            out = csv.DictWriter(file, [*rows[0]], delimiter=delimiter, lineterminator=line_end)
            out.writeheader()
            out.writerows(rows)

    return writes


def ndjson(path: Path, rows: Rows) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def json_list(path: Path, rows: Rows) -> None:
    path.write_text(json.dumps(rows, indent=1, ensure_ascii=False), "utf-8")


def parquet(path: Path, rows: Rows) -> None:
    pq.write_table(pa.Table.from_pylist([*rows]), path)


def zipped(writes: Callable[[Path, Rows], None]) -> Callable[[Path, Rows], None]:
    def packed(path: Path, rows: Rows) -> None:
        writes(path, rows)
        path.write_bytes(gzip.compress(path.read_bytes()))

    return packed


def zstandard(path: Path, rows: Rows) -> None:
    delimited(",")(path, rows)
    compressed = pa.compress(path.read_bytes(), codec="zstd", asbytes=True)
    path.write_bytes(compressed)


WRITERS = {
    "a.csv": delimited(","),
    "crlf.csv": delimited(",", "\r\n"),
    "a.tsv": delimited("\t"),
    "semicolon.csv": delimited(";"),
    "bar.CSV": delimited("|"),
    "a.ndjson": ndjson,
    "a.jsonl": ndjson,
    "a.json": json_list,
    "a.parquet": parquet,
    "a.csv.gz": zipped(delimited(",")),
    "a.ndjson.gz": zipped(ndjson),
    "a.json.gz": zipped(json_list),
    "a.csv.zst": zstandard,
}


def loaded(layout: Layout, folder: Path, name: str, people: Rows, events: Rows) -> Snapshot:
    """What a store holds after these rows were loaded from files of that name."""
    folder.mkdir()
    files = {"people": map(layout.as_person, people), "events": map(layout.as_event, events)}
    for kind, rows in files.items():
        WRITERS[name](folder / f"{kind}-{name}", [*rows])
    with layout.create(folder) as store:
        done = intake.load(
            store, BY, people=folder / f"people-{name}", records=folder / f"events-{name}"
        )
        assert done.rejects is None
        kept = snapshot(store)
    return {table: rows for table, rows in kept.items() if table != "habeas.settings"}


@pytest.mark.parametrize("name", WRITERS)
def test_the_same_rows_give_the_same_store(layout: Layout, tmp_path: Path, name: str) -> None:
    expected = loaded(layout, tmp_path / "expected", "a.csv", PEOPLE, EVENTS)
    assert loaded(layout, tmp_path / "found", name, PEOPLE, EVENTS) == expected
    assert len(expected[layout.events]) == 3


def test_the_same_events_in_another_format_are_the_same_events(
    layout: Layout, tmp_path: Path
) -> None:
    rows = [layout.as_event(row) for row in EVENTS]
    with layout.create(tmp_path) as store:
        for name, added in (("a.csv", 3), ("a.ndjson", 0), ("a.parquet", 0)):
            WRITERS[name](tmp_path / name, rows)
            done = intake.load(store, BY, records=tmp_path / name)
            assert done.records
            assert done.records.added == added


def test_what_has_no_column_keeps_its_json_type(layout: Layout, tmp_path: Path) -> None:
    row = {"id": "a", "n": 5, "yes": True, "list": [1, "x"], "deep": {"k": None}, "none": None}
    expected = {"n": 5, "yes": True, "list": [1, "x"], "deep": {"k": None}}
    path = tmp_path / "p.ndjson"
    path.write_text(json.dumps(layout.as_person(row)), "utf-8")
    with layout.create(tmp_path) as store:
        intake.load(store, BY, people=path)
        assert rest(layout, store, "a") == expected


def test_typed_columns_of_parquet_are_kept_as_what_they_are(tmp_path: Path) -> None:
    table = pa.table(
        {
            "user_id": pa.array([7], pa.int64()),
            "birth_date": pa.array([datetime(1990, 12, 31, tzinfo=UTC).date()]),
            "created_at": pa.array([datetime(2026, 1, 1, 10, tzinfo=UTC)]),
            "email_opt_in": pa.array([True]),
            "anonymous_ids": pa.array([["x", "y"]]),
            "attributes": pa.array([{"tier": "gold"}]),
            "points": pa.array([5]),
            "nothing": pa.array([None], pa.int64()),
        }
    )
    pq.write_table(table, tmp_path / "p.parquet")
    with BUILT_IN.create(tmp_path) as store:
        intake.load(store, BY, people=tmp_path / "p.parquet")
        with store.reading() as cursor:
            person = people.read(cursor, "7")
        assert str(person.fields["birth_date"]) == "1990-12-31"
        assert person.fields["created_at"] == datetime(2026, 1, 1, 10, tzinfo=UTC)
        assert person.channels["email"] is True
        assert person.merged == ("x", "y")
        assert rest(BUILT_IN, store, "7") == {"tier": "gold", "points": 5}


@pytest.mark.parametrize("given", ['{"k": 1, "tier": "iron"}', ""])
@pytest.mark.parametrize("tier", ["gold", ""])
def test_the_object_of_attributes_and_further_columns_are_one(
    layout: Layout, store: Store, given: str, tier: str
) -> None:
    layout.load(store, people=[{"id": "a", "rest": given, "tier": tier, "hat": ""}])
    expected = {**json.loads(given or "{}"), **({"tier": tier} if tier else {})}
    assert rest(layout, store, "a") == (expected or None)


TIMES = [
    ("2026-01-01T10:00:00Z", "2026-01-01T10:00:00+00:00"),
    ("2026-01-01 10:00:00", "2026-01-01T10:00:00+00:00"),
    ("2026-01-01T10:00:00+02:00", "2026-01-01T08:00:00+00:00"),
    ("2026-01-01T10:00:00.123456-05:30", "2026-01-01T15:30:00.123456+00:00"),
    ("2026-01-01", "2026-01-01T00:00:00+00:00"),
    ("1767261600", "2026-01-01T10:00:00+00:00"),
    ("1767261600123", "2026-01-01T10:00:00.123000+00:00"),
]


@pytest.mark.parametrize(("written", "meant"), TIMES)
def test_a_time_is_read_as_it_is_meant(
    layout: Layout, store: Store, written: str, meant: str
) -> None:
    layout.load(store, events=[{"who": "a", "time": written, "what": "x"}])
    with store.reading() as cursor:
        time = layout.event["time"]
        assert cursor.value(f"SELECT {time} FROM {layout.events_table}").isoformat() == meant


@pytest.mark.parametrize(
    ("name", "why"),
    [("p" * 300 + ".csv", "File name too long"), ("\udcff.csv", "not UTF-8"), ("p.csv", "no file")],
    ids=["too long", "no text", "missing"],
)
def test_a_file_that_cannot_be_is_refused(store: Store, name: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        intake.load(store, BY, people=store.path.parent / name)


@pytest.mark.parametrize("name", ["p.xlsx", "p", "p.gz", "p.csv.bz2"])
def test_a_file_of_no_known_format_is_refused(store: Store, name: str) -> None:
    path = write(store.path.parent / name, [{"user_id": "a"}])
    with pytest.raises(BadInput, match="no known format"):
        intake.load(store, BY, people=path)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("p.csv", b"", "no header"),
        ("p.csv", b"user_id,\na,b\n", "no header that names every column"),
        ("p.csv", b"user_id,Mail,mail\na,b,c\n", "names a column twice: Mail, mail"),
        ("p.parquet", b"user_id\n", "cannot be read as PARQUET"),
        ("p.json", b"{]", "cannot be read as JSON"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(
    store: Store, name: str, content: bytes, why: str
) -> None:
    path = store.path.parent / name
    path.write_bytes(content)
    with pytest.raises(BadInput, match=why):
        intake.load(store, BY, people=path)


def test_a_file_that_is_not_there_is_refused(store: Store) -> None:
    with pytest.raises(BadInput, match="no file"):
        intake.load(store, BY, people=store.path.with_name("nobody.csv"))


def test_a_byte_order_mark_is_no_part_of_a_name(layout: Layout, store: Store) -> None:
    path = store.path.parent / "p.csv"
    path.write_bytes(b"\xef\xbb\xbf" + f"{layout.id}\na\n".encode())
    assert intake.load(store, BY, people=path).people == intake.Counts(read=1, added=1)


# NUL is left out: it is the one character that Parquet readers and CSV files disagree on.
hostile = st.text(
    st.one_of(
        st.sampled_from("\"'\n\r\t,;|\\ \x1b\x7f\x85\u2028\u202e\u200b\ufeff🜂é{}[]"),
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    ),
    min_size=1,
    max_size=30,
)


@pytest.mark.slow
@settings(max_examples=12)
@given(values=st.lists(st.tuples(hostile, hostile), min_size=1, max_size=4))
def test_any_text_comes_out_as_it_went_in(
    layout: Layout, tmp_path_factory: pytest.TempPathFactory, values: list[tuple[str, str]]
) -> None:
    where = tmp_path_factory.mktemp("hostile")
    with layout.create(where) as store:
        rows = [{"id": f"p{n}", "last": last, "hat": hat} for n, (last, hat) in enumerate(values)]
        events = [{"who": "p0", "time": "2026-01-01", "what": last} for last, _ in values]
        done = layout.load(store, people=rows, events=events)
        assert done.rejects is None
        for n, (last, hat) in enumerate(values):
            apply(store, propose(store, Access(str(where / "out")), f"p{n}"), BY)
            with store.reading() as cursor:
                made = folder(cursor, people.read(cursor, f"p{n}"), where / "out", "access")
            for profile in (
                json.loads((made / "profile.json").read_text("utf-8")),
                pq.read_table(made / "profile.parquet").to_pylist()[0],
            ):
                assert profile[layout.person["last"]] == last
                further = profile[layout.person["rest"]]
                further = json.loads(further) if isinstance(further, str) else further
                assert further == {"hat": hat}
        with store.reading() as cursor:
            made = folder(cursor, people.read(cursor, "p0"), where / "out", "access")
        whats = [row[layout.event["what"]] for row in _events(made, layout)]
        assert sorted(whats) == sorted(last for last, _ in values)


def _events(made: Path, layout: Layout) -> list[dict[str, Any]]:
    from_parquet: list[dict[str, Any]] = pq.read_table(
        made / f"{layout.events}.parquet"
    ).to_pylist()
    lines = (made / f"{layout.events}.json").read_text("utf-8").split("\n")
    from_json = [json.loads(line) for line in lines if line]
    what = layout.event["what"]
    assert [row[what] for row in from_json] == [row[what] for row in from_parquet]
    return from_json


def rest(layout: Layout, store: Store, subject_id: str) -> Any:
    """What the person has beside the columns, as Python values."""
    with store.reading() as cursor:
        text = people.read(cursor, subject_id).fields[layout.person["rest"]]
    return json.loads(text) if text else None


@pytest.mark.parametrize(
    "name", ["a[1].csv", "b*.csv", "c?.csv.gz", "d [x] 'y'.ndjson", "*.parquet"]
)
def test_a_name_is_no_pattern(layout: Layout, store: Store, name: str) -> None:
    folder = store.path.parent / "files"
    folder.mkdir()
    written = layout.people_file(folder, [ANA])
    if ".csv" in name:
        data = written.read_bytes()
        (folder / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    elif name.endswith(".ndjson"):
        (folder / name).write_text(json.dumps({layout.id: "ana-1"}))
    else:
        pq.write_table(pa.table({layout.id: ["ana-1"]}), folder / name)
    for decoy in ("a1.csv", "bb.csv", "cc.csv.gz", "d x 'y'.ndjson", "x.parquet"):
        (folder / decoy).write_bytes(b"not this one")
    loaded = intake.load(store, BY, people=folder / name)
    assert loaded.people == Counts(read=1, added=1)


def test_a_key_of_json_may_be_any_text(layout: Layout, store: Store) -> None:
    key = 'line\nbreak "quote" back\\slash tab\t~/\'é'
    path = store.path.parent / "p.ndjson"
    rest = {key: {"x": None}, "": 1, "Hat": 7, "hat": "7"}
    path.write_text(json.dumps({layout.id: "ana-1", **rest}))
    intake.load(store, BY, people=path)
    with store.reading() as cursor:
        person = people.read(cursor, "ana-1")
    assert json.loads(person.fields[layout.map.people.rest]) == rest


@pytest.mark.parametrize("name", ["people.csv.gz", "people.csv.zst", "people.ndjson.gz"])
def test_a_packed_file_that_breaks_off_is_refused(layout: Layout, store: Store, name: str) -> None:
    lines = [f"{n},{n * 7919 % 10007}" for n in range(50_000)]
    text = "\n".join([f"{layout.id},x", *lines]).encode()
    packed = zstd.compress(text) if name.endswith(".zst") else gzip.compress(text)
    path = store.path.parent / name
    path.write_bytes(packed[: len(packed) // 2])
    before = snapshot(store)
    with pytest.raises(BadInput, match="breaks off"):
        intake.load(store, BY, people=path)
    assert snapshot(store) == before


ROWS = 1_300_000


@pytest.mark.slow
def test_a_csv_file_larger_than_the_memory_is_read(store: Store) -> None:
    path = store.path.parent / "p.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("user_id,tier\n")
        file.writelines(f"p{place},{'x' * 200}\n" for place in range(ROWS))
    with store.reading() as cursor:
        cursor.run("SET memory_limit = '250MB'")
    loaded = intake.load(store, BY, people=path, keep=False)
    assert loaded.people == Counts(read=ROWS, added=ROWS)
