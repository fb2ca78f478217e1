"""Each right changes what it should and nothing else, in the tables, the views and the ledger.

Erasure has a file of its own.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from data import ledger, people, rights
from data.errors import BadInput, Refused
from data.grounds import ERASURE, RESTRICTION
from data.intake import Counts
from data.ledger import By, Entry
from data.rights.access import Access
from data.rights.automation import Automation
from data.rights.erasure import Erasure
from data.rights.objection import Objection, Subscription
from data.rights.plan import Receipt, Right, apply, propose
from data.rights.portability import Portability
from data.rights.rectification import Rectification
from data.rights.restriction import Lifting, Restriction
from data.store import Store
from tests.conftest import ANA
from tests.layouts import BUILT_IN, BY, FixedClock, Layout, changed, held, snapshot

LEDGER = {"habeas.ledger", "habeas.settings"}
"""What every act changes: a new entry, and the mark of the last one."""

PROFILES = {"habeas.processable_profiles", "habeas.decidable_profiles"}


def exercise(store: Store, right: Right, by: By = BY) -> Receipt:
    return apply(store, propose(store, right, ANA["id"]), by)


def person(store: Store) -> people.Person:
    with store.reading() as cursor:
        return people.read(cursor, ANA["id"])


def last_entry(store: Store) -> Entry:
    with store.reading() as cursor:
        return ledger.entries(cursor)[-1]


def test_there_is_a_right_for_each_article() -> None:
    assert rights.NAMES == (
        "access",
        "automation",
        "erasure",
        "lifting",
        "objection",
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


def test_restriction_takes_the_person_out_of_every_view(layout: Layout, shop: Store) -> None:
    exercise(shop, Subscription([layout.channels[0]]))
    before = snapshot(shop)
    exercise(shop, Restriction("claims"))
    after = snapshot(shop)
    views = {f"habeas.processable_{each.name}" for each in layout.map.records}
    assert changed(before, after) == LEDGER | PROFILES | views | {
        "habeas.restrictions",
        "habeas.reachable",
    }
    for name in PROFILES | views | {"habeas.reachable"}:
        assert held(before[name], ANA["id"])
        assert not held(after[name], ANA["id"])
        assert set(after[name]) < set(before[name])
    assert last_entry(shop).article == "18(1)(c)"
    restriction = person(shop).restriction
    assert restriction
    assert restriction.ground == "claims"


def test_who_is_restricted_cannot_be_restricted_again(shop: Store) -> None:
    exercise(shop, Restriction("claims"))
    with pytest.raises(Refused, match="restricted already, for claims"):
        propose(shop, Restriction("accuracy"), ANA["id"])


def test_lifting_brings_back_all_that_restriction_took(layout: Layout, shop: Store) -> None:
    before = snapshot(shop)
    exercise(shop, Restriction("accuracy"))
    exercise(shop, Lifting("2026-11-23"))
    assert changed(before, snapshot(shop)) == LEDGER
    assert last_entry(shop).article == "18(3)"
    assert last_entry(shop).facts["informed"] == "2026-11-23"


def test_nothing_is_lifted_before_the_person_is_informed(shop: Store) -> None:
    with pytest.raises(Refused, match="is not restricted"):
        propose(shop, Lifting("2026-11-23"), ANA["id"])
    exercise(shop, Restriction("accuracy"))
    with pytest.raises(Refused, match="after the lifting"):
        propose(shop, Lifting("2026-11-24"), ANA["id"])
    with pytest.raises(BadInput, match="no date"):
        propose(shop, Lifting("soon"), ANA["id"])


def test_a_restriction_holds_for_merged_ids(tmp_path: Path) -> None:
    with BUILT_IN.create(tmp_path) as store:
        ana = {**ANA, "anonymous_ids": ["device-9"]}
        event = {"who": "device-9", "time": "2026-01-01", "what": "home"}
        BUILT_IN.load(store, people=[ana], events=[event])
        exercise(store, Restriction("accuracy"))
        assert snapshot(store)["habeas.processable_events"] == []
        assert BUILT_IN.load(store, events=[event]).records == Counts(read=1, restricted=1)
        exercise(store, Lifting("2026-11-23"))
        assert len(snapshot(store)["habeas.processable_events"]) == 1


def test_objection_and_subscription_change_one_channel(layout: Layout, shop: Store) -> None:
    channel, other = layout.channels
    exercise(shop, Subscription([channel, other]))
    before = snapshot(shop)
    exercise(shop, Objection([channel]))
    after = snapshot(shop)
    column = set() if layout.kept else PROFILES | {layout.map.people.table}
    assert changed(before, after) == LEDGER | column | {"habeas.choices", "habeas.reachable"}
    assert set(before["habeas.reachable"]) - set(after["habeas.reachable"]) == {
        (ANA["id"], channel)
    }
    assert (person(shop).channels[channel], person(shop).channels[other]) == (False, True)
    assert last_entry(shop).article == "21(2)"
    exercise(shop, Subscription([channel]))
    assert set(snapshot(shop)["habeas.reachable"]) == set(before["habeas.reachable"])
    assert last_entry(shop).article == "7"


def test_nobody_is_reachable_by_having_said_nothing(layout: Layout, shop: Store) -> None:
    assert set(person(shop).channels.values()) == {None}
    assert snapshot(shop)["habeas.reachable"] == []


@pytest.mark.parametrize("channels", [[], ["pigeon"]])
def test_an_objection_needs_a_channel_of_the_map(shop: Store, channels: list[str]) -> None:
    with pytest.raises(BadInput):
        propose(shop, Objection(channels), ANA["id"])


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
