"""An answer: one private folder a person, in JSON and Parquet, with a manifest that is true."""

import hashlib
import json
import os
import re
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data import ledger, people
from data.answers import bundle, copying
from data.errors import HabeasError
from data.rights.access import Access, Copy
from data.rights.objection import Objection
from data.rights.plan import apply, propose
from data.rights.portability import Portability
from data.store import Store
from tests.conftest import ANA, BO, EVENTS
from tests.layouts import BUILT_IN, BY, Layout, changed, snapshot


def answered(store: Store, right: Copy, subject_id: str = ANA["id"]) -> Path:
    """The folder of the answer."""
    apply(store, propose(store, right, subject_id), BY)
    with store.reading() as cursor:
        return bundle.folder(cursor, people.read(cursor, subject_id), Path(right.out), right.name)


def objects(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


def table(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return rows


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "answers"


def test_an_answer_has_each_table_twice_documents_and_a_manifest(
    layout: Layout, shop: Store, out: Path
) -> None:
    names = ["profile", *(each.name for each in layout.map.records)]
    files = {f"{name}.{kind}" for name in names for kind in ("json", "parquet")}
    documents = {"answer.json", "report.html", "dictionary.json", "manifest.json"}
    made = answered(shop, Access(str(out)))
    assert {path.name for path in made.iterdir()} == files | documents
    assert list(out.iterdir()) == [made]


def test_a_pack_to_take_elsewhere_is_in_three_forms_with_a_schema(
    layout: Layout, shop: Store, out: Path
) -> None:
    names = ["profile", layout.events, *(["invoices"] if layout.kept else [])]
    files = {f"{name}.{kind}" for name in names for kind in ("json", "csv", "parquet")}
    made = answered(shop, Portability(str(out)))
    documents = {"schema.json", "dictionary.json", "manifest.json"}
    assert {path.name for path in made.iterdir()} == files | documents


COUNTED = {
    "profile.json": 1, "profile.csv": 1, "profile.parquet": 1,
    "events.json": 2, "events.csv": 2, "events.parquet": 2,
    "visits.json": 2, "visits.csv": 2, "visits.parquet": 2,
    "ratings.json": 1, "ratings.parquet": 1,
    "invoices.json": 1, "invoices.csv": 1, "invoices.parquet": 1,
}  # fmt: skip


@pytest.mark.parametrize(("right", "article"), [(Access, "15"), (Portability, "20")])
def test_the_manifest_is_true(shop: Store, out: Path, right: type[Copy], article: str) -> None:
    made = answered(shop, right(str(out)))
    manifest = json.loads((made / "manifest.json").read_text("utf-8"))
    assert (manifest["right"], manifest["article"]) == (right.name, article)
    assert manifest["person"] == ANA["id"]
    assert manifest["time"] == "2026-11-23T12:00:00+00:00"
    described = {each["name"]: each for each in manifest["files"]}
    assert set(described) == {path.name for path in made.iterdir()} - {"manifest.json"}
    for name, each in described.items():
        content = (made / name).read_bytes()
        assert each["bytes"] == len(content)
        assert each["sha256"] == hashlib.sha256(content).hexdigest()
        assert each.get("rows") == COUNTED.get(name)


def in_the_answer(layout: Layout) -> list[str]:
    """The members of a profile: the columns of the map, and what was said of other channels."""
    people = layout.map.people
    said = [f"{name}_opt_in" for name, each in people.channels.items() if not each.column]
    return [name for name in people.columns if name != people.number] + said


def test_an_answer_holds_all_of_the_person_and_nothing_of_others(
    layout: Layout, shop: Store, out: Path
) -> None:
    made = answered(shop, Access(str(out)))
    (profile,) = objects(made / "profile.json")
    assert profile[layout.person["last"]] == ANA["last"]
    assert profile[layout.person["born"]] == ANA["born"]
    assert set(profile) == set(in_the_answer(layout))
    rows = objects(made / f"{layout.events}.json")
    assert [row[layout.event["what"]] for row in rows] == ["home", "basket"]
    assert rows[0][layout.event["more"]] == {"platform": "phone"}
    assert set(rows[0]) == set(layout.map.records[0].columns) - {layout.map.records[0].number}
    everything = b"".join(path.read_bytes() for path in made.glob("*.json"))
    assert BO["last"].encode() not in everything


def test_times_are_utc_in_both_forms(layout: Layout, shop: Store, out: Path) -> None:
    made = answered(shop, Access(str(out)))
    time = layout.event["time"]
    assert [row[time] for row in objects(made / f"{layout.events}.json")] == [
        "2026-01-01T10:00:00.000000Z",
        "2026-01-02T10:00:00.000000Z",
    ]
    columns = pq.read_table(made / f"{layout.events}.parquet")
    assert columns.schema.field(time).type == pa.timestamp("us", tz="UTC")
    assert columns[time].to_pylist()[0] == datetime(2026, 1, 1, 10, tzinfo=UTC)


def test_an_answer_to_portability_leaves_out_what_was_inferred(
    layout: Layout, shop: Store, out: Path
) -> None:
    made = answered(shop, Portability(str(out)))
    (profile,) = objects(made / "profile.json")
    inferred = {name for name, f in layout.map.people.fields.items() if f.origin == "inferred"}
    assert set(profile) == set(in_the_answer(layout)) - inferred
    left_out = [each.name for each in layout.map.records if each.origin == "inferred"]
    assert not [name for name in left_out if (made / f"{name}.json").exists()]
    assert len(objects(made / f"{layout.events}.json")) == 2
    if layout.kept:
        assert (inferred, left_out) == ({"score"}, ["ratings"])


def test_an_answer_is_private(shop: Store, out: Path) -> None:
    made = answered(shop, Access(str(out)))
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in made.iterdir()} == {0o600}


def test_the_person_with_nothing_gets_empty_files(layout: Layout, shop: Store, out: Path) -> None:
    made = answered(shop, Access(str(out)), "cy-3")
    assert objects(made / f"{layout.events}.json") == []
    assert table(made / f"{layout.events}.parquet") == []


def test_an_earlier_answer_is_replaced_as_a_whole(layout: Layout, shop: Store, out: Path) -> None:
    made = answered(shop, Access(str(out)))
    (made / "note.txt").write_text("a file that somebody put there")
    layout.load(shop, people=[{**ANA, "last": "Nowak"}])
    assert answered(shop, Access(str(out))) == made
    assert objects(made / "profile.json")[0][layout.person["last"]] == "Nowak"
    assert not (made / "note.txt").exists()
    assert list(out.iterdir()) == [made]


HOSTILE = [
    "../../etc/passwd",
    "..",
    ".",
    "/",
    "a/b\\c",
    "x" * 100,
    "con",
    "$(touch pwned)",
    "-rf",
    "~",
    "ana\n-1",
    "ünï 身份",
]


@pytest.mark.parametrize("subject_id", HOSTILE)
def test_an_answer_never_leaves_its_folder(
    layout: Layout, store: Store, tmp_path: Path, subject_id: str
) -> None:
    layout.load(store, people=[{"id": subject_id, "last": "x"}])
    before = {*tmp_path.rglob("*")}
    out = tmp_path / "deep" / "out"
    made = answered(store, Access(str(out)), subject_id)
    new = {*tmp_path.rglob("*")} - before - {out, out.parent, *store.path.parent.glob("*.wal")}
    assert made.parent == out
    assert new == {made, *made.iterdir()}
    assert re.fullmatch("[0-9a-f]{16}-access", made.name)
    assert json.loads((made / "manifest.json").read_text("utf-8"))["person"] == subject_id


def test_a_folder_with_a_hostile_name_is_only_a_folder(shop: Store, tmp_path: Path) -> None:
    made = answered(shop, Access(str(tmp_path / 'o\'ut; "$(x)" *.json')))
    assert (made / "profile.parquet").is_file()


def test_a_file_that_cannot_be_written_leaves_no_answer(
    shop: Store, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = snapshot(shop)
    broken = {**copying.FORMATS, "parquet": "FORMAT PARQUET, COMPRESSION nonsense"}
    monkeypatch.setattr(copying, "FORMATS", broken)
    with pytest.raises(duckdb.Error):
        answered(shop, Access(str(out)))
    assert list(out.iterdir()) == []
    assert changed(before, snapshot(shop)) == set()


def test_a_file_is_whole_where_the_system_takes_a_few_bytes_at_a_time(
    shop: Store, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    monkeypatch.setattr("os.write", lambda file, content: write(file, content[:1000]))
    made = answered(shop, Access(str(out)))
    page = (made / "report.html").read_text("utf-8")
    assert len(page) > 1000
    assert page.endswith("</html>\n")


def test_a_place_that_cannot_be_written_is_said(shop: Store, out: Path) -> None:
    before = snapshot(shop)
    out.write_text("a file")
    with pytest.raises(HabeasError, match="cannot be written") as raised:
        answered(shop, Access(str(out)))
    assert raised.value.unchanged == "Nothing was exported."
    assert out.read_text() == "a file"
    assert changed(before, snapshot(shop)) == set()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_said(shop: Store, out: Path) -> None:
    out.mkdir(mode=0o500)
    with pytest.raises(HabeasError, match="cannot be written: Permission denied"):
        answered(shop, Access(str(out)))


@pytest.mark.parametrize("earlier", [False, True])
def test_an_act_that_is_not_kept_leaves_the_answers_as_they_were(
    layout: Layout, shop: Store, out: Path, monkeypatch: pytest.MonkeyPatch, earlier: bool
) -> None:
    if earlier:
        answered(shop, Access(str(out)))
    layout.load(shop, people=[{**ANA, "last": "Nowak"}])
    files = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(ledger, "append_all", fail)
    with pytest.raises(RuntimeError):
        answered(shop, Access(str(out)))
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == files


def test_further_ids_bring_their_records(tmp_path: Path, out: Path) -> None:
    ana = {**ANA, "anonymous_ids": ["device-9"]}
    events = [{**EVENTS[0], "who": who} for who in ("ana-1", "device-9", "device-99")]
    with BUILT_IN.create(tmp_path) as store:
        BUILT_IN.load(store, people=[ana], events=events)
        made = answered(store, Access(str(out)))
        whose = [row["user_id"] for row in objects(made / "events.json")]
        assert sorted(whose) == ["ana-1", "device-9"]


def test_what_the_person_said_of_channels_is_in_the_answer(layout: Layout, shop: Store) -> None:
    apply(shop, propose(shop, Objection(("email",)), "ana-1"), BY)
    out = shop.path.parent / "out"
    apply(shop, propose(shop, Access(str(out)), "ana-1"), BY)
    (profile,) = out.glob("*/profile.json")
    assert json.loads(profile.read_text())["email_opt_in"] is False
