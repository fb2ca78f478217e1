"""A pack to take elsewhere: in three forms that agree, described, without what was inferred."""

import csv
import io
import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from data import people
from data.answers import bundle, copying
from data.rights.access import Access, Copy
from data.rights.plan import apply, propose
from data.rights.portability import Portability
from data.store import Store
from tests.conftest import ANA, EVENTS
from tests.layouts import BUILT_IN, BY, SECOND, Layout

AWKWARD = {
    "id": "ana-1",
    "last": 'O"Brien, the\nthird\r\n',
    "email": "=cmd()",
    "born": "1990-12-31",
    "rest": {"a": [1, {"b": None}], "ü": 'quote " and, comma'},
}


@pytest.fixture
def pack(shop: Store, layout: Layout, tmp_path: Path) -> Path:
    """The folder of Ana's pack, in a store where she has awkward values."""
    with shop.transaction() as cursor:
        cursor.run(
            f'UPDATE {layout.people_table} SET "{layout.person["last"]}" = $last, '
            f'"{layout.person["email"]}" = $email, "{layout.person["rest"]}" = $rest '
            f'WHERE "{layout.id}" = $id',
            id=AWKWARD["id"],
            last=AWKWARD["last"],
            email=AWKWARD["email"],
            rest=json.dumps(AWKWARD["rest"]),
        )
    return exported(shop, Portability(str(tmp_path / "out")))


def exported(store: Store, right: Copy) -> Path:
    apply(store, propose(store, right, ANA["id"]), BY)
    with store.reading() as cursor:
        return bundle.folder(cursor, people.read(cursor, ANA["id"]), Path(right.out), right.name)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8"), newline="")))


def fields(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((folder / "dictionary.json").read_text())["fields"]
    return found


@pytest.mark.parametrize("name", ["profile", "events"])
def test_the_three_forms_agree(pack: Path, layout: Layout, name: str) -> None:
    name = layout.events if name == "events" else name
    objects = lines(pack / f"{name}.json")
    assert objects
    parquet: list[dict[str, Any]] = pq.read_table(pack / f"{name}.parquet").to_pylist()
    kinds = {each["name"]: each["type"] for each in fields(pack) if each["file"] == name}
    for in_json, in_csv, in_parquet in zip(
        objects, rows(pack / f"{name}.csv"), parquet, strict=True
    ):
        assert list(in_json) == list(in_csv) == list(in_parquet) == list(kinds)
        for column, kind in kinds.items():
            assert from_csv(in_csv[column], kind) == in_json[column]
            assert from_parquet(in_parquet[column], kind) == in_json[column]


def from_csv(cell: str, kind: str) -> Any:
    if not cell:
        return None
    return json.loads(cell) if kind in ("json", "boolean", "integer", "number") else cell


def from_parquet(value: Any, kind: str) -> Any:
    if isinstance(value, datetime):
        return value.strftime(copying.TIME_FORMAT)
    if isinstance(value, date):
        return value.isoformat()
    return json.loads(value) if kind == "json" and value is not None else value


def test_csv_is_that_of_rfc_4180(pack: Path, layout: Layout) -> None:
    content = (pack / "profile.csv").read_bytes()
    assert content.endswith(b"\r\n")
    assert not content.startswith(b"\xef\xbb\xbf")
    (row,) = rows(pack / "profile.csv")
    assert row[layout.person["last"]] == AWKWARD["last"]
    assert row[layout.person["email"]] == AWKWARD["email"]
    assert content.count(b"\r\n") == 3, "after the header, in the value, after the row"


def test_nothing_inferred_and_no_number_of_ours_leaves(
    pack: Path, layout: Layout, tmp_path: Path, shop: Store
) -> None:
    origins = {each["origin"] for each in fields(pack)}
    assert origins == {"provided", "observed"}
    names = {each["name"] for each in fields(pack)}
    ours = {layout.map.people.number, *(each.number for each in layout.map.records)} - {""}
    assert not names & ours
    for path in pack.glob("*.json"):
        assert not any(f'"{name}"' in path.read_text("utf-8") for name in ours)
    if layout is SECOND:
        whole = fields(exported(shop, Access(str(tmp_path / "whole"))))
        inferred = {(each["file"], each["name"]) for each in whole if each["origin"] == "inferred"}
        assert inferred == {
            ("profile", "score"),
            *(("ratings", name) for name in ("id", "member", "name", "made")),
        }


@pytest.mark.parametrize("right", [Access, Portability])
def test_the_dictionary_explains_every_field_of_every_file(
    shop: Store, tmp_path: Path, right: type[Copy]
) -> None:
    folder = exported(shop, right(str(tmp_path / "out")))
    explained: dict[str, set[str]] = {}
    for each in fields(folder):
        explained.setdefault(each["file"], set()).add(each["name"])
    copies = {path.stem: set(pq.read_table(path).column_names) for path in folder.glob("*.parquet")}
    assert explained == copies


def test_the_dictionary_says_what_a_field_is_in_words(tmp_path: Path) -> None:
    with BUILT_IN.create(tmp_path) as store:
        BUILT_IN.load(store, people=[ANA], events=EVENTS)
        folder = exported(store, Portability(str(tmp_path / "out")))
    known = {(each["file"], each["name"]): each for each in fields(folder)}
    assert known["profile", "email"] == {
        "file": "profile",
        "name": "email",
        "label": "Email",
        "type": "email",
        "category": "contact",
        "origin": "provided",
        "source": "the person",
        "purposes": [
            "to run the account and fulfil orders",
            "to send the messages the person agreed to",
        ],
    }
    assert known["profile", "sms_opt_in"]["label"] == "May be reached: SMS"
    assert known["events", "event_time"]["type"] == "timestamp"
    formats = json.loads((folder / "dictionary.json").read_text())["formats"]
    assert set(formats) == {each["type"] for each in known.values()}


def test_the_schema_describes_every_line(pack: Path, layout: Layout) -> None:
    schema = json.loads((pack / "schema.json").read_text("utf-8"))
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    further = {"invoices"} if layout is SECOND else set()
    assert set(schema["$defs"]) == {"profile", layout.events} | further
    assert schema["anyOf"] == [{"$ref": f"#/$defs/{name}"} for name in schema["$defs"]]
    for name, described in schema["$defs"].items():
        for line in lines(pack / f"{name}.json"):
            assert conforms(line, described)


def test_the_schema_refuses_a_line_of_another_shape(pack: Path, layout: Layout) -> None:
    schema = json.loads((pack / "schema.json").read_text("utf-8"))["$defs"]["profile"]
    (line,) = lines(pack / "profile.json")
    assert not conforms({**line, layout.person["born"]: "31/12/1990"}, schema)
    assert not conforms({**line, layout.person["last"]: 3}, schema)
    assert not conforms({**line, "more": None}, schema)
    assert not conforms({name: line[name] for name in list(line)[1:]}, schema)


def conforms(line: Mapping[str, Any], schema: Mapping[str, Any]) -> bool:
    """Whether an object fits a schema that uses only the words of the language that ours do."""
    assert set(schema) == {"title", "type", "properties", "required", "additionalProperties"}
    assert (schema["type"], schema["additionalProperties"]) == ("object", False)
    assert schema["required"] == list(schema["properties"])
    return set(line) == set(schema["required"]) and all(
        fits(value, schema["properties"][name]) for name, value in line.items()
    )


def fits(value: Any, schema: Mapping[str, Any]) -> bool:
    assert set(schema) <= {"title", "type", "format"}
    python = {"string": str, "boolean": bool, "integer": int, "number": int | float}
    if "type" not in schema:
        return True
    (name,) = {*schema["type"]} - {"null"}
    if value is None:
        return "null" in schema["type"]
    if not isinstance(value, python[name]):
        return False
    try:
        if schema.get("format") == "date":
            date.fromisoformat(str(value))
        if schema.get("format") == "date-time":
            datetime.fromisoformat(str(value))
    except ValueError:
        return False
    return True


def test_json_stays_json_where_a_number_is_none(tmp_path: Path) -> None:
    with SECOND.create(tmp_path) as store:
        SECOND.load(store, people=[ANA])
        with store.transaction() as cursor:
            cursor.run("UPDATE crm.members SET score = 'Infinity'")
        folder = exported(store, Access(str(tmp_path / "out")))
    (profile,) = lines(folder / "profile.json")
    assert profile["score"] is None
    assert "inf" in str(pq.read_table(folder / "profile.parquet").to_pylist()[0]["score"])


def test_an_answer_of_article_15_and_one_of_20_lie_side_by_side(
    shop: Store, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    for right in (Access(str(out)), Portability(str(out))):
        apply(shop, propose(shop, right, ANA["id"]), BY)
    manifests = [json.loads(each.read_text("utf-8")) for each in out.glob("*/manifest.json")]
    assert {each["right"] for each in manifests} == {"access", "portability"}
