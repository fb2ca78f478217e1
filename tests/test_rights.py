"""Each right changes what it should and nothing else, in the tables, the views and the ledger.

Erasure, restriction and objection have files of their own.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from data import rights
from data.errors import BadInput, Refused
from data.grounds import ERASURE, RESTRICTION
from data.rights.access import Access
from data.rights.automation import Automation, Contest
from data.rights.erasure import Erasure
from data.rights.plan import propose
from data.rights.portability import Portability
from data.rights.rectification import Rectification
from data.rights.restriction import Restriction
from data.rights.right import Right
from data.store import Store
from tests.acts import LEDGER, exercise, last_entry, person
from tests.conftest import ANA
from tests.layouts import BUILT_IN, SECOND, FixedClock, Layout, changed, held, snapshot

PROFILES = {"habeas.processable_profiles", "habeas.decidable_profiles"}


def test_there_is_a_right_for_each_article() -> None:
    assert rights.NAMES == (
        "access",
        "automation",
        "contest",
        "erasure",
        "lifting",
        "objection",
        "opposition",
        "portability",
        "rectification",
        "restriction",
        "subscription",
    )
    with pytest.raises(BadInput, match="no right"):
        rights.named("oblivion")


@pytest.mark.parametrize(("kind", "article"), [(Access, "15"), (Portability, "20")])
def test_a_copy_is_recorded_and_changes_nothing_else(
    shop: Store, tmp_path: Path, kind: type[Access] | type[Portability], article: str
) -> None:
    before = snapshot(shop)
    exercise(shop, kind(str(tmp_path / "out")))
    assert changed(before, snapshot(shop)) == LEDGER
    assert last_entry(shop).article == article


def test_rectification_corrects_the_field_and_remembers_the_wrong_value_as_a_hash(
    layout: Layout, shop: Store, clock: FixedClock
) -> None:
    before, was = snapshot(shop), person(shop)
    clock.now = clock.now.replace(hour=13)
    last, born = layout.person["last"], layout.person["born"]
    exercise(shop, Rectification({last: "Nowak", born: ""}))
    after, now = snapshot(shop), person(shop)
    assert changed(before, after) == LEDGER | PROFILES | {
        layout.map.people.table,
        "habeas.corrections",
        "habeas.directory",
    }
    assert (now.fields[last], now.fields[born]) == ("Nowak", None)
    updated = layout.map.people.updated
    corrected = {name for name in was.fields if was.fields[name] != now.fields[name]}
    assert corrected == {last, born, *([updated] if updated else [])}
    assert len(after["habeas.corrections"]) == 2
    assert not held(after["habeas.corrections"], ANA["last"])
    entry = last_entry(shop)
    assert (entry.article, entry.facts["fields"]) == ("16", [last, born])


def test_a_correction_taken_back_is_no_correction(layout: Layout, shop: Store) -> None:
    last = layout.person["last"]
    exercise(shop, Rectification({last: "Nowak"}))
    exercise(shop, Rectification({last: ANA["last"]}))
    assert person(shop).fields[last] == ANA["last"]
    layout.load(shop, people=[ANA])
    assert person(shop).fields[last] == ANA["last"]
    assert len(snapshot(shop)["habeas.corrections"]) == 1


def test_a_value_that_is_there_already_is_no_correction(layout: Layout, shop: Store) -> None:
    plan = propose(shop, Rectification({layout.person["last"]: ANA["last"]}), ANA["id"])
    assert plan.changes == ()
    assert "has that value already" in plan.warnings[0]


@pytest.mark.parametrize(
    ("field", "text", "error"),
    [
        ("id", "ana-2", Refused),
        ("shoe", "41", BadInput),
        ("born", "31/12/1990", BadInput),
        ("born", "2026-02-29", BadInput),
        ("email", "ana at example", BadInput),
        ("rest", "{", BadInput),
        ("rest", '{"k": NaN}', BadInput),
        ("rest", "[1]", BadInput),
        ("rest", '{"k": "\\ud800"}', BadInput),
        ("last", "\ud800", BadInput),
    ],
)
def test_what_cannot_be_meant_corrects_nothing(
    layout: Layout, shop: Store, field: str, text: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        propose(shop, Rectification({layout.person.get(field, field): text}), ANA["id"])


def test_a_rectification_says_who_must_be_told(layout: Layout, shop: Store) -> None:
    told = propose(shop, Rectification({layout.person["email"]: "a@example.org"}), ANA["id"])
    untold = propose(shop, Rectification({layout.person["last"]: "Nowak"}), ANA["id"])
    assert told.recipients == (("Printer GmbH",) if layout.kept else ())
    assert untold.recipients == ()


def test_automated_decisions_are_stopped_and_allowed_again(shop: Store) -> None:
    before = snapshot(shop)
    exercise(shop, Automation(stop=True))
    stopped = snapshot(shop)
    assert changed(before, stopped) == LEDGER | {
        "habeas.automation_stops",
        "habeas.decidable_profiles",
    }
    assert not held(stopped["habeas.decidable_profiles"], ANA["id"])
    assert held(stopped["habeas.processable_profiles"], ANA["id"])
    assert (last_entry(shop).article, last_entry(shop).facts["stop"]) == ("22", "yes")
    exercise(shop, Automation(stop=True))
    assert len(snapshot(shop)["habeas.automation_stops"]) == 1
    exercise(shop, Automation(stop=False))
    assert changed(before, snapshot(shop)) == LEDGER


@pytest.mark.parametrize(("grounds", "right"), [(ERASURE, Erasure), (RESTRICTION, Restriction)])
def test_each_ground_is_a_point_of_its_article(
    shop: Store, grounds: dict[str, str], right: Callable[[str], Right]
) -> None:
    for ground, article in grounds.items():
        assert propose(shop, right(ground), ANA["id"]).article == article
    with pytest.raises(BadInput, match="no ground"):
        propose(shop, right("boredom"), ANA["id"])


def test_a_contested_decision_is_recorded_with_what_a_human_made_of_it(
    layout: Layout, shop: Store
) -> None:
    contest = Contest("score", "changed")
    before = snapshot(shop)
    if not layout.map.automated:
        with pytest.raises(Refused, match="names no automated decisions"):
            propose(shop, contest, ANA["id"])
        return
    (change,) = propose(shop, contest, ANA["id"]).changes
    assert (change.label, change.old, change.new) == (
        "invitations to openings",
        "by a machine",
        "changed",
    )
    exercise(shop, contest)
    assert changed(before, snapshot(shop)) == LEDGER
    assert last_entry(shop).facts == {
        "fields": ["contest"],
        "decision": "score",
        "outcome": "changed",
    }


@pytest.mark.parametrize(("decision", "outcome"), [("love", "changed"), ("score", "perhaps")])
def test_what_is_no_decision_and_no_outcome_is_not_recorded(
    tmp_path: Path, decision: str, outcome: str
) -> None:
    with SECOND.create(tmp_path) as store:
        SECOND.load(store, people=[ANA])
        with pytest.raises(BadInput):
            propose(store, Contest(decision, outcome), ANA["id"])


def test_an_enumeration_is_corrected_to_one_of_its_values(tmp_path: Path) -> None:
    with SECOND.create(tmp_path) as store:
        SECOND.load(store, people=[ANA])
        exercise(store, Rectification({"standing": "patron"}))
        assert person(store).fields["standing"] == "patron"
        with pytest.raises(BadInput, match="enemy is none of friend, patron"):
            propose(store, Rectification({"standing": "enemy"}), ANA["id"])
        exercise(store, Rectification({"standing": ""}))
        assert person(store).fields["standing"] is None


def test_merged_ids_are_followed_in_turn_and_never_in_circles(tmp_path: Path) -> None:
    people = [
        {**ANA, "anonymous_ids": ["web-1", "web-2"]},
        {"id": "web-1", "anonymous_ids": ["web-3", "ana-1"]},
        {"id": "web-3", "anonymous_ids": ["web-1", "web-4"]},
    ]
    with BUILT_IN.create(tmp_path) as store:
        BUILT_IN.load(store, people=people)
        assert person(store).merged == ("web-1", "web-2", "web-3", "web-4")
