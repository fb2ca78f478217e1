"""Many people at once: what each of them gets is what they would get alone."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from data import finding, fulfilment, ledger, people, sql
from data.answers import bundle, gathering
from data.cursor import Cursor
from data.errors import HabeasError, MapError, NotFound
from data.ledger import By
from data.register import requests
from data.rights.access import Access, Copy
from data.rights.erasure import Erasure
from data.rights.objection import Objection
from data.rights.plan import apply_all, propose, propose_all
from data.rights.portability import Portability
from data.rights.rectification import Rectification
from data.rights.restriction import Restriction
from data.rights.right import Plan, Right
from data.schema import qualified
from data.store import Store
from data.subject import number
from tests.acts import receive_known, request
from tests.conftest import ANA, BO, CY
from tests.layouts import BUILT_IN, BY, SECOND, Layout, Snapshot, changed, snapshot

IDS = (ANA["id"], BO["id"], CY["id"])


@pytest.fixture(autouse=True)
def nonce(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one thing of an answer that is never the same twice."""
    monkeypatch.setattr("secrets.token_hex", lambda length: "0" * 2 * length)


@pytest.fixture
def busy(layout: Layout, shop: Store) -> Store:
    """The shop, with a person of several ids and hostile values, and one of odd times."""
    more = {"anonymous_ids": ["device-9", BO["id"]]} if layout is BUILT_IN else {}
    layout.load(
        shop,
        people=[{"id": "di/4", "last": '"Ó\n, ', "email": "", "born": "", "city": "#1", **more}],
        events=[
            {"who": who, "time": f"2026-0{month}-01 10:00:00", "what": what, "n": '"\n\u202e,'}
            for who in ("di/4", "device-9")
            for month, what in ((3, "b,\r\n"), (1, ""), (2, "ü"))
        ],
    )
    return shop


def written(out: Path) -> dict[str, Any]:
    """What is in the files: of one in Parquet its rows and their types, since the bytes are those
    of the program that wrote it, which a manifest describes."""
    return {str(each.relative_to(out)): held(each) for each in out.rglob("*.*")}


def held(path: Path) -> Any:
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        return table.schema.remove_metadata(), repr(table.to_pylist())
    if path.name == "manifest.json":
        manifest = json.loads(path.read_bytes())
        for each in manifest["files"]:
            if each["name"].endswith(".parquet"):
                assert each.pop("bytes") == path.with_name(each["name"]).stat().st_size
                del each["sha256"]
        return manifest
    return path.read_bytes()


def export(store: Store, kind: type[Copy], ids: tuple[str, ...], out: Path) -> dict[str, Any]:
    """The files of these people, exported together."""
    made = fulfilment.exercise(store, dict.fromkeys(ids, kind(str(out))), BY)
    assert all(isinstance(each, Plan) for each in made.values())
    return written(out)


@pytest.mark.parametrize("kind", [Access, Portability])
def test_what_is_exported_with_others_is_what_is_exported_alone(
    busy: Store, tmp_path: Path, kind: type[Copy]
) -> None:
    ids = (*IDS, "di/4")
    together = export(busy, kind, ids, tmp_path / "together")
    for each in ids:
        export(busy, kind, (each,), tmp_path / "alone")
    assert together == written(tmp_path / "alone")
    assert len({Path(each).parent for each in together}) == len(ids)


def test_of_several_every_character_is_written_as_of_one(shop: Store, tmp_path: Path) -> None:
    """Which ones are put in quotes, DuckDB alone knows."""
    with shop.transaction() as cursor:
        (records, *_) = cursor.map.records
        for each in (ANA["id"], BO["id"]):
            values = {
                records.id: "$id || n",
                records.key: "$id",
                records.time: "TIMESTAMPTZ '2026-01-01 00:00:00+00' + to_seconds(n)",
                records.label: "[c, 'a' || c, c || 'a', '', ' ', ' a ', 'NULL'][n % 7 + 1]",
                **({records.number: str(number(each))} if records.number else {}),
            }
            cursor.run(
                f"INSERT INTO {qualified(records)} ({sql.idents(values)}) "
                f"SELECT {', '.join(values.values())} FROM "
                "(SELECT n, chr(CAST(n AS INTEGER)) AS c FROM range(1, 900) r(n))",
                id=each,
            )
    together = export(shop, Portability, IDS[:2], tmp_path / "together")
    for one in IDS[:2]:
        export(shop, Portability, (one,), tmp_path / "alone")
    assert together == written(tmp_path / "alone")


TYPES = {
    "BOOLEAN": "true",
    "DECIMAL(9, 2)": "1.5",
    "TIME": "'10:00:00'",
    "UUID": "'00000000-0000-0000-0000-00000000000a'",
    "HUGEINT": "1",
    "BOOLEAN[]": "[true, NULL]",
}


@pytest.mark.parametrize("kind", TYPES)
def test_of_several_every_type_is_written_as_of_one(tmp_path: Path, kind: str) -> None:
    with SECOND.create(tmp_path / "store") as store:
        SECOND.load(store, people=[ANA, BO, CY])
        with store.transaction() as cursor:
            cursor.run(f"ALTER TABLE crm.members ALTER standing TYPE {kind} USING {TYPES[kind]}")
        together = export(store, Access, IDS, tmp_path / "together")
        for one in IDS:
            export(store, Access, (one,), tmp_path / "alone")
    assert together == written(tmp_path / "alone")


def test_a_person_of_very_many_records_is_read_alone(
    busy: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = (*IDS, "di/4")
    together = export(busy, Access, ids, tmp_path / "together")
    monkeypatch.setattr(gathering, "GATHERED", 2)
    assert export(busy, Access, ids, tmp_path / "apart") == together


def test_records_that_are_not_stored_by_time_are_put_in_order(
    layout: Layout, shop: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "MOST", 1)
    earlier = {"who": ANA["id"], "time": "2025-01-01 10:00:00", "what": "earlier"}
    layout.load(shop, events=[earlier])
    files = export(shop, Access, (ANA["id"],), tmp_path)
    (lines,) = (text for name, text in files.items() if name.endswith(f"{layout.events}.json"))
    assert [b"earlier" in each for each in lines.splitlines()] == [True, False, False]


def test_of_several_who_are_exported_each_has_an_entry(shop: Store, tmp_path: Path) -> None:
    export(shop, Access, IDS, tmp_path / "out")
    with shop.reading() as cursor:
        assert ledger.verify(cursor) == []
        entries = ledger.entries(cursor)[-3:]
        assert [each.subject for each in entries] == [cursor.pseudonym(each) for each in IDS]
    assert {each.action for each in entries} == {"access"}


def test_of_several_who_are_erased_each_has_an_entry_with_their_merged_ids(
    layout: Layout, busy: Store
) -> None:
    fulfilment.exercise(busy, dict.fromkeys((ANA["id"], "di/4"), Erasure("child")), BY)
    merged = ("device-9", BO["id"]) if layout is BUILT_IN else ()
    with busy.reading() as cursor:
        ana, di = ledger.entries(cursor)[-2:]
        assert "merged" not in ana.facts
        assert di.facts.get("merged", []) == [cursor.pseudonym(each) for each in merged]


def test_who_is_not_there_is_left_out(shop: Store, tmp_path: Path) -> None:
    made = fulfilment.exercise(shop, dict.fromkeys(("nobody", *IDS), Access(str(tmp_path))), BY)
    assert isinstance(made["nobody"], NotFound)
    assert len(list(tmp_path.glob("*-access"))) == len(IDS)


def test_one_folder_that_cannot_be_written_leaves_none(
    shop: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    put_in_place = bundle._put_in_place

    def fail(cursor: Cursor, whole: Path, final: Path) -> None:
        if final.name.startswith(cursor.pseudonym(CY["id"])[:16]):
            raise OSError(28, "No space left on device")
        put_in_place(cursor, whole, final)

    monkeypatch.setattr(bundle, "_put_in_place", fail)
    before = snapshot(shop)
    with pytest.raises(HabeasError, match="cannot be written: No space"):
        export(shop, Access, IDS, out)
    assert list(out.iterdir()) == []
    assert changed(before, snapshot(shop)) == set()


def test_what_a_killed_export_left_is_cleared_away(shop: Store, tmp_path: Path) -> None:
    with shop.reading() as cursor:
        left = tmp_path / f".{cursor.pseudonym('')[:16]}.new" / "of somebody"
    left.mkdir(parents=True)
    export(shop, Access, IDS, tmp_path)
    assert len(list(tmp_path.glob("*-access"))) == len(IDS)
    assert not left.parent.exists()


def rights(layout: Layout) -> Mapping[str, Right]:
    return {
        "erasure": Erasure("child"),
        "restriction": Restriction("accuracy"),
        "objection": Objection([layout.channels[0]]),
        "rectification": Rectification({layout.person["last"]: "Nowak"}),
    }


@pytest.mark.parametrize("name", ["erasure", "restriction", "objection", "rectification"])
def test_what_is_done_to_several_is_what_is_done_to_each(
    layout: Layout, tmp_path: Path, name: str
) -> None:
    together, apart = (made(layout, tmp_path / each) for each in ("together", "apart"))
    right = rights(layout)[name]
    with together, apart:
        with together.reading() as cursor:
            plans = propose_all(cursor, dict.fromkeys(IDS, right)).values()
        with together.transaction() as cursor:
            apply_all(cursor, [(each, BY) for each in plans if isinstance(each, Plan)])
        for each in IDS:
            fulfilment.carry_out(apart, propose(apart, right, each), BY)
        assert of_people(together) == of_people(apart)
        with together.reading() as cursor:
            assert ledger.verify(cursor) == []


def made(layout: Layout, folder: Path) -> Store:
    store = layout.create(folder)
    layout.load(
        store,
        people=[ANA, BO, CY],
        events=[{"who": each, "time": "2026-01-01 10:00:00", "what": "home"} for each in IDS],
    )
    for each in IDS:
        layout.further_records(store, each)
        for right in ("access", "erasure"):
            receive_known(store, right, of=each)
    return store


def of_people(store: Store) -> Snapshot:
    """All that is held, but what differs with the key of a store; in any order."""
    held = {
        name: sorted(map(repr, rows))
        for name, rows in snapshot(store).items()
        if name not in ("habeas.settings", "habeas.ledger", "habeas.erased", "habeas.corrections")
    }
    subject = {store_pseudonym(store, each): each for each in IDS}
    text = repr(held)
    for one, each in subject.items():
        text = text.replace(one, f"<{each}>")
    return {"held": [(text,)]}


def store_pseudonym(store: Store, subject_id: str) -> str:
    with store.reading() as cursor:
        return cursor.pseudonym(subject_id)


def asked(store: Store, *rights_asked: tuple[str, str, dict[str, Any]]) -> list[str]:
    return [
        receive_known(store, right, of=of, details=details).id
        for right, of, details in rights_asked
    ]


def test_a_queue_of_one_person_is_worked_off_in_order(shop: Store, tmp_path: Path) -> None:
    ids = asked(
        shop,
        ("access", ANA["id"], {}),
        ("restriction", BO["id"], {"ground": "accuracy"}),
        ("erasure", ANA["id"], {"ground": "child"}),
        ("restriction", BO["id"], {"ground": "claims"}),
        ("access", CY["id"], {}),
    )
    queue = [request(shop, each) for each in ids]
    outcomes = fulfilment.work_off(shop, queue, BY, {"out": str(tmp_path / "out")})
    assert [each.request.id for each in outcomes] == ids
    assert [each.came_to for each in outcomes] == ["done", "done", "done", "refused", "done"]
    assert len(list((tmp_path / "out").glob("*-access"))) == 2
    with shop.reading() as cursor:
        assert ledger.verify(cursor) == []
        assert [each.status for each in requests.get_all(cursor, ids)] == [
            "completed", "completed", "completed", "ready", "completed"
        ]  # fmt: skip


def test_what_fails_with_one_is_done_for_the_others(
    shop: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = asked(shop, *(("restriction", each, {"ground": "accuracy"}) for each in IDS))
    carry_out = Restriction.carry_out_all.__func__  # type: ignore[attr-defined]

    def fail(cls: type[Restriction], cursor: Any, plans: list[Plan]) -> None:
        if any(plan.person.id == BO["id"] for plan in plans):
            raise HabeasError("The disk is full.")
        carry_out(cls, cursor, plans)

    monkeypatch.setattr(Restriction, "carry_out_all", classmethod(fail))
    outcomes = fulfilment.work_off(shop, [request(shop, each) for each in ids], By("x"), {})
    assert [each.came_to for each in outcomes] == ["done", "failed", "done"]


def test_a_right_that_the_data_map_stands_against_fails_alone(
    shop: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> list[Plan | HabeasError]:
        raise MapError("invoices does not let customer be empty.")

    monkeypatch.setattr(Erasure, "plan_all", fail)
    ids = asked(
        shop,
        ("erasure", ANA["id"], {"ground": "child"}),
        ("restriction", BO["id"], {"ground": "accuracy"}),
        ("erasure", CY["id"], {"ground": "child"}),
    )
    outcomes = fulfilment.work_off(shop, [request(shop, each) for each in ids], BY, {})
    assert [each.came_to for each in outcomes] == ["failed", "done", "failed"]


@pytest.mark.parametrize("together", [False, True])
def test_a_right_reaches_whom_it_is_for_whatever_their_id(
    layout: Layout, store: Store, together: bool
) -> None:
    ids = ["ünï", 'a"b', "c\\d", "e'; --", "[1, 2]", "null", "f,g", "%_", "🜂", "ana "]
    layout.load(store, people=[{"id": each, "last": "Old"} for each in [*ids, "another"]])
    name = layout.person["last"]
    groups = [ids] if together else [[each] for each in ids]
    for some in groups:
        news: dict[str, Right] = {
            each: Rectification({name: f"New {ids.index(each)}"}) for each in some
        }
        fulfilment.exercise(store, news, BY)
        fulfilment.exercise(store, dict.fromkeys(some, Objection(["email"])), BY)
    with store.reading() as cursor:
        for place, each in enumerate(ids):
            person = people.read(cursor, each)
            assert person.fields[name] == f"New {place}"
            assert person.channels["email"] is False
        assert people.read(cursor, "another").fields[name] == "Old"
    for some in groups:
        fulfilment.exercise(store, dict.fromkeys(some, Erasure("child")), BY)
    with store.reading() as cursor:
        assert [each.id for each in finding.find(cursor)] == ["another"]
