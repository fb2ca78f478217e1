"""The whole register in a file, read back as another program would."""

import csv
import json
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data import fulfilment
from data.cursor import Cursor
from data.errors import BadInput, HabeasError, Interrupted
from data.ledger import By
from data.register import register_files, requests
from data.register.identification import identify
from data.rights.erasure import Erasure
from data.rights.plan import apply, propose
from data.store import Store
from tests.conftest import ANA, BO
from tests.hostile import HOSTILE, a_hostile_shop, subject_id
from tests.layouts import BY, FixedClock, Layout, changed, snapshot

DATES = ("received", "paused_since", "extended", "due", "purge_by")
NUMBERS = ("paused_days", "to_tell")

Rows = list[dict[str, Any]]


def exported(store: Store, path: Path) -> Path:
    with store.reading() as cursor:
        assert register_files.write(cursor, path) == cursor.value(
            "SELECT count(*) FROM habeas.requests"
        )
    return path


def from_csv(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return [
            {name: cell or None for name, cell in row.items()}
            | {name: int(row[name]) for name in NUMBERS}
            | {name: _date(row[name]) for name in DATES}
            | {"closed_at": _moment(row["closed_at"])}
            for row in csv.DictReader(file)
        ]


def from_json(path: Path) -> Rows:
    rows = [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]
    return [
        row | {name: _date(row[name]) for name in DATES} | {"closed_at": _moment(row["closed_at"])}
        for row in rows
    ]


def from_parquet(path: Path) -> Rows:
    table = pq.read_table(path)
    assert all(table.schema.field(name).type == pa.date32() for name in DATES)
    assert all(table.schema.field(name).type == pa.int32() for name in NUMBERS)
    assert table.schema.field("closed_at").type == pa.timestamp("us", tz="UTC")
    rows: Rows = table.to_pylist()
    return rows


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _moment(text: str | None) -> datetime | None:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z") if text else None


formats = pytest.mark.parametrize(
    ("name", "read"),
    [("register.csv", from_csv), ("register.json", from_json), ("register.parquet", from_parquet)],
)


@pytest.fixture
def asked(shop: Store, layout: Layout, clock: FixedClock, tmp_path: Path) -> Store:
    """R1 is Ana's objection, done an hour later; R2 Bo's rectification, paused."""
    details = {"channels": [layout.channels[0]]}
    fulfilment.receive(shop, ANA["id"], "objection", BY, details=details, came_by="phone")
    fulfilment.receive(
        shop,
        BO["id"],
        "rectification",
        BY,
        details={"changes": {layout.person["last"]: 'Berg, "B"\nö'}},
        received=date(2026, 11, 3),
    )
    identify(shop, "R2", "asked", By("handler", "a letter"), pause=True)
    clock.now = datetime(2026, 11, 23, 13, tzinfo=UTC)
    fulfilment.run(shop, "R1", BY, {})
    return shop


@formats
def test_a_register_in_a_file_says_what_the_register_says(
    asked: Store, tmp_path: Path, name: str, read: Callable[[Path], Rows]
) -> None:
    rows = read(exported(asked, tmp_path / name))
    with asked.reading() as cursor:
        for row in rows:
            one = vars(requests.get(cursor, row["id"]))
            given = {
                name: json.loads(value) if name in ("details", "receipt") and value else value
                for name, value in row.items()
            }
            wanted = {name: value if value not in ("", {}) else None for name, value in one.items()}
            assert given == wanted
    assert [row["id"] for row in rows] == ["R1", "R2"]


def test_the_first_columns_say_what_was_asked_when_and_by_whom(
    asked: Store, tmp_path: Path
) -> None:
    path = exported(asked, tmp_path / "register.csv")
    first, second, _ = path.read_bytes().decode().split("\r\n", 2)
    assert first.startswith("id,right,received,came_by,origin,user_id,subject,details,")
    assert second.startswith("R1,objection,2026-11-23,phone,,ana-1,")


@formats
def test_the_tenth_request_comes_after_the_second(
    shop: Store, tmp_path: Path, name: str, read: Callable[[Path], Rows]
) -> None:
    for _ in range(11):
        fulfilment.receive(shop, ANA["id"], "portability", BY)
    rows = read(exported(shop, tmp_path / name))
    assert [row["id"] for row in rows] == [f"R{n}" for n in range(1, 12)]


@formats
def test_of_an_erased_person_it_has_the_keyed_hash_only(
    asked: Store, layout: Layout, tmp_path: Path, name: str, read: Callable[[Path], Rows]
) -> None:
    apply(asked, propose(asked, Erasure("child"), BO["id"]), BY)
    rows = read(exported(asked, tmp_path / name))
    with asked.reading() as cursor:
        subject = cursor.pseudonym(BO["id"])
    assert (rows[1]["subject"], rows[1]["user_id"], rows[1]["details"]) == (subject, None, None)
    for value in (BO["id"], BO["last"], BO["email"], "Berg"):
        assert value not in str(rows)
    assert rows[0]["user_id"] == ANA["id"]


@formats
def test_an_empty_register_is_a_file_that_can_be_read(
    store: Store, tmp_path: Path, name: str, read: Callable[[Path], Rows]
) -> None:
    path = exported(store, tmp_path / name)
    assert read(path) == []
    assert path.stat().st_size > 0
    assert duckdb.sql(f"FROM '{path}'").fetchall() == []


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = a_hostile_shop(tmp_path_factory.mktemp("hostile"), HOSTILE)
    with Store.open(path, clock=FixedClock()) as store:
        yield store


@formats
def test_ids_and_details_keep_their_raw_value(
    hostile: Store, tmp_path: Path, name: str, read: Callable[[Path], Rows]
) -> None:
    rows = read(exported(hostile, tmp_path / name))
    assert [row["user_id"] for row in rows] == [subject_id(value) for value in HOSTILE]
    cities = [json.loads(row["details"])["changes"]["city"] for row in rows]
    assert cities == list(HOSTILE)
    assert [row["handler"] for row in rows] == [value[:60] for value in HOSTILE]


@formats
def test_a_file_is_private_and_takes_the_place_of_an_earlier_one(
    asked: Store, tmp_path: Path, name: str, read: Callable[[Path], Rows]
) -> None:
    path = tmp_path / "out" / name
    path.parent.mkdir()
    path.write_text("earlier")
    path.chmod(0o644)
    before = snapshot(asked)
    exported(asked, path)
    assert changed(before, snapshot(asked)) == set()
    assert len(read(path)) == 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("name", ["register", "register.xlsx", "register.csv.gz", "folder"])
def test_another_suffix_is_no_format(asked: Store, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    before = set(tmp_path.iterdir())
    with pytest.raises(BadInput, match=r"its suffix is one of \.csv, \.json, \.parquet"):
        exported(asked, tmp_path / name)
    assert set(tmp_path.iterdir()) == before


@formats
def test_a_folder_stays(
    asked: Store, tmp_path: Path, name: str, read: Callable[[Path], Rows]
) -> None:
    (tmp_path / name).mkdir()
    before = set(tmp_path.iterdir())
    with pytest.raises(HabeasError, match="cannot be written: Is a directory"):
        exported(asked, tmp_path / name)
    assert set(tmp_path.iterdir()) == before


@pytest.mark.parametrize("name", ["file/register.csv", f"{'x' * 300}.csv"])
def test_where_no_file_can_be_it_says_so(asked: Store, tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HabeasError, match="cannot be written"):
        exported(asked, tmp_path / name)


def test_what_is_interrupted_leaves_the_earlier_file(
    asked: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "register.csv"
    path.write_text("earlier")
    before = set(tmp_path.iterdir())
    real = Cursor.run

    def broken_off(self: Cursor, sql: str, **values: Any) -> int:
        real(self, sql, **values)
        raise Interrupted("The query was stopped.")

    monkeypatch.setattr(Cursor, "run", broken_off)
    with asked.reading() as cursor, pytest.raises(Interrupted):
        register_files.write(cursor, path)
    assert path.read_text("utf-8") == "earlier"
    assert set(tmp_path.iterdir()) == before
