"""answer.json, and the answer to somebody on whom nothing is held."""

import json
from pathlib import Path
from typing import Any

import pytest

from data import people
from data.answers import bundle
from data.people import Person, nobody
from data.rights.access import Access
from data.rights.automation import Automation
from data.rights.erasure import Erasure
from data.rights.objection import Objection
from data.rights.plan import apply, propose
from data.rights.portability import Portability
from data.rights.restriction import Restriction
from data.rights.right import Plan
from data.store import Store
from tests.conftest import ANA, BO, EVENTS
from tests.layouts import BUILT_IN, BY, Layout

NOON = "2026-11-23T12:00:00+00:00"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "answers"


def answer(store: Store, out: Path, subject_id: str = ANA["id"]) -> dict[str, Any]:
    """answer.json of the access of a person."""
    apply(store, propose(store, Access(str(out)), subject_id), BY)
    with store.reading() as cursor:
        folder = bundle.folder(cursor, people.read(cursor, subject_id), out, "access")
    return read(folder / "answer.json")


def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def answer_to(store: Store, out: Path, person: Person) -> tuple[Plan, Path]:
    """The plan and the folder of the access of somebody who need not be in the store."""
    with store.transaction() as cursor:
        plan = Access(str(out)).plan(cursor, person)
        assert plan == Access(str(out)).plan(cursor, person)
        plan.right.carry_out(cursor, plan)
        return plan, bundle.folder(cursor, person, out, "access")


def test_an_answer_confirms_and_informs(layout: Layout, shop: Store, out: Path) -> None:
    given = answer(shop, out)
    assert (given["article"], given["person"], given["time"]) == ("15", ANA["id"], NOON)
    assert given["confirmation"] == {"personal_data_held": True}
    assert given["controller"]["name"] == layout.map.controller.name
    assert {"purposes", "categories", "rights", "complaint", "gaps"} <= set(given["information"])


def test_an_answer_has_what_the_person_chose(layout: Layout, shop: Store, out: Path) -> None:
    apply(shop, propose(shop, Objection((layout.channels[0],)), ANA["id"]), BY)
    channels = {each["channel"]: each for each in answer(shop, out)["standing"]["channels"]}
    assert list(channels) == list(layout.map.people.channels)
    said, silent = (channels[name] for name in layout.channels)
    assert (said["reachable"], said["since"]) == (False, NOON)
    assert (silent["reachable"], silent["since"]) == (None, None)


def test_an_answer_says_that_the_person_is_restricted_and_decided_on_by_people(
    shop: Store, out: Path
) -> None:
    assert set(answer(shop, out)["standing"]) == {"channels"}
    apply(shop, propose(shop, Restriction("accuracy"), ANA["id"]), BY)
    apply(shop, propose(shop, Automation(stop=True), ANA["id"]), BY)
    standing = answer(shop, out)["standing"]
    assert standing["restriction"] == {"ground": "accuracy", "since": NOON}
    assert standing["automated_decisions_stopped"] == NOON


def test_nobody_is_told_that_nothing_is_held(layout: Layout, shop: Store, out: Path) -> None:
    plan, folder = answer_to(shop, out, nobody("dee-4"))
    assert plan.warnings[0] == "Nothing is held on dee-4: the answer says so."
    assert not any(each.count for each in plan.rows)
    assert plan.facts == {"held": "nothing"}
    assert {each.name for each in folder.iterdir()} == {
        "answer.json", "report.html", "manifest.json",
    }  # fmt: skip
    given = read(folder / "answer.json")
    assert given["confirmation"] == {"personal_data_held": False}
    assert given["controller"]["name"] == layout.map.controller.name
    assert set(given["information"]) <= {"complaint", "gaps"}
    assert given["information"]["complaint"]["authority"] == layout.map.controller.authority
    described = read(folder / "manifest.json")["files"]
    assert [each["name"] for each in described] == ["answer.json", "report.html"]


def test_nobody_is_warned_of_only_what_concerns_the_controller(shop: Store, out: Path) -> None:
    plan, _ = answer_to(shop, out, nobody("dee-4"))
    articles = {warning.split(":")[0] for warning in plan.warnings[1:]}
    assert articles <= {"15(1)", "15(1)(e)", "15(1)(f)"}


def test_the_erased_are_told_that_a_code_is_kept(shop: Store, out: Path) -> None:
    apply(shop, propose(shop, Erasure("consent-withdrawn"), ANA["id"]), BY)
    _, folder = answer_to(shop, out, nobody(ANA["id"]))
    assert read(folder / "answer.json")["standing"] == {"erased": NOON}
    assert "was erased on 23 November 2026" in (folder / "report.html").read_text("utf-8")
    _, folder = answer_to(shop, out, nobody("dee-4"))
    assert read(folder / "answer.json")["standing"] == {}
    assert "erased" not in (folder / "report.html").read_text("utf-8")


def test_records_without_a_profile_are_held_all_the_same(
    layout: Layout, shop: Store, out: Path
) -> None:
    with shop.transaction() as cursor:
        cursor.run(f"DELETE FROM {layout.people_table} WHERE {layout.id} = $id", id=BO["id"])
    plan, folder = answer_to(shop, out, nobody(BO["id"]))
    assert {each.name: each.count for each in plan.rows}[layout.events] == 1
    assert read(folder / "answer.json")["confirmation"] == {"personal_data_held": True}
    assert "home" in (folder / f"{layout.events}.json").read_text("utf-8")
    assert "only the records below" in (folder / "report.html").read_text("utf-8")


def test_only_access_answers_nobody_and_both_ask_who_it_is() -> None:
    assert Access.answers_nobody
    assert not Portability.answers_nobody
    assert Access.asks_identity
    assert Portability.asks_identity


def test_a_profile_of_a_further_id_is_in_the_answer(tmp_path: Path, out: Path) -> None:
    ana = {**ANA, "anonymous_ids": ["device-9"]}
    device = {"id": "device-9", "city": "Gdynia"}
    with BUILT_IN.create(tmp_path) as store:
        BUILT_IN.load(store, people=[BO, device, ana], events=[EVENTS[0]])
        plan = propose(store, Access(str(out)), ANA["id"])
        assert plan.rows[0].count == 2
        _, folder = answer_to(store, out, plan.person)
    lines = (folder / "profile.json").read_text("utf-8").splitlines()
    assert [json.loads(line)["user_id"] for line in lines] == [ANA["id"], "device-9"]
    assert "Gdynia" in (folder / "report.html").read_text("utf-8")
