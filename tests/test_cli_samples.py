"""The whole main job on a shop's real events and people made up to be difficult."""

import csv
import gzip
import json
import shutil
from collections import defaultdict
from collections.abc import Mapping
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from data import beside
from data.store import Store
from tests.shop import contents, done, habeas, profiles
from tui.cli.options import Options

SAMPLES = Path(__file__).parents[2] / "shared" / "samples"
PEOPLE, EVENTS = SAMPLES / "people.csv", SAMPLES / "ecom.csv.gz"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not PEOPLE.exists(), reason="the samples are not here"),
]

ERASED = "user_0210"

Row = Mapping[str, str]


@pytest.fixture(scope="module")
def people() -> dict[str, Row]:
    with PEOPLE.open(encoding="utf-8", newline="") as file:
        return {row["user_id"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def events() -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    with gzip.open(EVENTS, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["user_id"]].append(row)
    return found


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("samples") / "shop.duckdb"
    done("import", "--people", PEOPLE, "--events", EVENTS, "--store", store)
    return store


@pytest.fixture
def store(loaded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for each in beside.made_with(loaded):
        shutil.copy(each, tmp_path)
    path = tmp_path / loaded.name
    monkeypatch.setenv("HABEAS_STORE", str(path))
    return path


def as_exported(row: Row) -> dict[str, Any]:
    """A person of the file as their bundle must have them: an empty text is no value."""
    values: dict[str, Any] = {name: value or None for name, value in row.items()}
    tier = values.pop("loyalty_tier")
    for name in values:
        if name.endswith("_opt_in") and values[name]:
            values[name] = values[name] == "true"
    if values["created_at"]:
        values["created_at"] = datetime.fromisoformat(values["created_at"])
    return values | {"attributes": {"loyalty_tier": tier} if tier else None}


def event_as_exported(row: Row) -> tuple[Any, ...]:
    further = {k: v for k, v in row.items() if k not in ("user_id", "event", "timestamp") and v}
    moment = datetime.fromisoformat(row["timestamp"]).replace(tzinfo=UTC)
    return row["user_id"], row["event"], moment, json.dumps(further, sort_keys=True)


def bundle_rows(folder: Path, name: str) -> list[dict[str, Any]]:
    """The rows of a bundle's file, which its Parquet and its JSON must both hold."""
    parquet = [_plain(row) for row in pq.read_table(folder / f"{name}.parquet").to_pylist()]
    lines = (folder / f"{name}.json").read_text("utf-8").split("\n")
    assert [_plain(json.loads(line)) for line in lines if line] == parquet
    return parquet


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(row)
    for name in ("attributes", "properties", "anonymous_ids"):
        if isinstance(values.get(name), str):
            values[name] = json.loads(values[name])
    for name in ("created_at", "updated_at", "event_time"):
        if isinstance(values.get(name), str):
            values[name] = datetime.fromisoformat(values[name])
    if values.get("birth_date"):
        values["birth_date"] = str(values["birth_date"])
    return values


def test_one_import_loads_everybody_and_everything(
    store: Path, people: dict[str, Row], events: dict[str, list[Row]]
) -> None:
    everyone = {*people, *events}
    assert len(everyone) == 612
    assert set(profiles(store)) == everyone
    assert len(contents(store)['"main"."events"']) == sum(map(len, events.values())) == 31_106


def test_everybody_is_found_and_shown(
    store: Path,
    people: dict[str, Row],
    events: dict[str, list[Row]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = {each["user_id"]: each for each in done("find", "", "--limit", 700)}
    assert set(found) == {*people, *events}
    for subject, row in people.items():
        names = ("first_name", "last_name", "email", "phone")
        assert [found[subject][name] or "" for name in names] == [row[name] for name in names]
    with Store.open(store, read_only=True) as open_once:
        monkeypatch.setattr(Options, "opened", lambda *_, **__: nullcontext(open_once))
        for subject in found:
            shown = done("show", "--", subject)
            assert shown["records"] == {"events": len(events.get(subject, []))}
            expected = people.get(subject, {"user_id": subject, "city": ""})
            assert {name: shown[name] or "" for name in ("user_id", "city")} == {
                name: expected[name] for name in ("user_id", "city")
            }


def test_everybody_is_exported_with_the_rows_of_the_source(
    store: Path, people: dict[str, Row], events: dict[str, list[Row]], tmp_path: Path
) -> None:
    everyone = [*people, *sorted({*events} - {*people})]
    ids = tmp_path / "ids.txt"
    ids.write_text("\n".join(everyone), encoding="utf-8")
    exported = done("export", "--from", ids, "--out", tmp_path / "out")
    assert [each["user_id"] for each in exported] == everyone
    assert len({each["folder"] for each in exported}) == 612
    for each in exported:
        subject, folder = each["user_id"], Path(each["folder"])
        (profile,) = bundle_rows(folder, "profile")
        expected = as_exported(people[subject]) if subject in people else {"user_id": subject}
        assert {k: v for k, v in profile.items() if v is not None} == {
            k: v for k, v in expected.items() if v is not None
        }
        rows = [
            (row["user_id"], row["event_name"], row["event_time"],
             json.dumps(row["properties"], sort_keys=True))
            for row in bundle_rows(folder, "events")
        ]  # fmt: skip
        assert sorted(rows) == sorted(event_as_exported(row) for row in events.get(subject, []))
    assert done("ledger", "verify") == {"entries": 613, "chain": "whole", "breaks": []}


def test_one_erased_is_gone_the_others_are_as_they_were_and_no_import_brings_them_back(
    store: Path,
) -> None:
    before = contents(store)
    done("erase", ERASED, "--ground", "consent-withdrawn", "--confirm", ERASED)
    assert habeas("show", ERASED).code == 4
    assert done("find", ERASED) == []
    after = contents(store)
    assert not any(ERASED in str(rows) for rows in after.values())
    for table in ('"main"."profiles"', '"main"."events"', '"habeas"."processable_profiles"'):
        kept = [row for row in before[table] if ERASED not in row]
        assert kept == after[table] != before[table]
    counted = done("import", "--people", PEOPLE, "--events", EVENTS)
    assert [(each["added"], each["changed"]) for each in counted] == [(0, 0), (0, 0)]
    assert all(each["withheld_erased"] for each in counted)
    assert contents(store) == after
    assert done("find", "", "--limit", 700)[-1]["user_id"] != ERASED
