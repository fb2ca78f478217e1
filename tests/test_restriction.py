"""Restriction, Article 18: out of every view, used for four reasons only, and lifted by notice."""

from pathlib import Path

import pytest

from data.errors import BadInput, Refused
from data.grounds import DESPITE_RESTRICTION, RESTRICTION
from data.intake import Counts
from data.rights.access import Access
from data.rights.erasure import Erasure
from data.rights.objection import Objection, Subscription
from data.rights.plan import propose
from data.rights.portability import Portability
from data.rights.rectification import Rectification
from data.rights.restriction import Lifting, Restriction
from data.rights.right import Right
from data.store import Store
from tests.acts import LEDGER, exercise, last_entry, person, tell_everybody
from tests.conftest import ANA, EVENTS
from tests.layouts import BUILT_IN, FixedClock, Layout, changed, held, snapshot

PROFILES = {"habeas.processable_profiles", "habeas.decidable_profiles"}

MONDAY = "2026-11-23"


def test_restriction_takes_the_person_out_of_every_view(layout: Layout, shop: Store) -> None:
    exercise(shop, Subscription([layout.channels[0]]))
    before = snapshot(shop)
    exercise(shop, Restriction("claims"))
    after = snapshot(shop)
    views = {f"habeas.processable_{each.name}" for each in layout.map.records}
    told = {"habeas.notices"} if layout.kept else set()
    assert changed(before, after) == LEDGER | PROFILES | views | told | {
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
    exercise(shop, Lifting(MONDAY))
    told = {"habeas.notices"} if layout.kept else set()
    assert changed(before, snapshot(shop)) == LEDGER | told
    assert last_entry(shop).article == "18(3)"
    assert last_entry(shop).facts["informed"] == "2026-11-23"


@pytest.mark.parametrize(
    ("informed", "error", "said"),
    [
        ("2026-11-26", Refused, "after the lifting"),
        ("soon", BadInput, "no date"),
        ("", BadInput, "no date"),
    ],
)
def test_it_is_lifted_only_once_the_person_was_informed(
    shop: Store, clock: FixedClock, informed: str, error: type[Exception], said: str
) -> None:
    exercise(shop, Restriction("accuracy"))
    clock.now = clock.now.replace(day=25)
    with pytest.raises(error, match=said):
        propose(shop, Lifting(informed), ANA["id"])


@pytest.mark.parametrize("informed", ["2026-11-20", "2026-11-24", "2026-11-25"])
def test_on_which_day_of_it_they_were_informed_is_recorded(
    shop: Store, clock: FixedClock, informed: str
) -> None:
    exercise(shop, Restriction("accuracy"))
    clock.now = clock.now.replace(day=25)
    exercise(shop, Lifting(informed))
    assert last_entry(shop).facts["informed"] == informed
    assert person(shop).restriction is None


def test_what_is_not_restricted_is_not_lifted(shop: Store) -> None:
    with pytest.raises(Refused, match="is not restricted"):
        propose(shop, Lifting(MONDAY), ANA["id"])


def uses(layout: Layout, despite: str = "") -> list[Right]:
    """What uses the data of a restricted person."""
    return [
        Rectification({layout.person["last"]: "Nowak"}, despite=despite),
        Subscription([layout.channels[0]], despite=despite),
    ]


def test_a_restricted_persons_data_is_not_used_without_a_reason(
    layout: Layout, shop: Store
) -> None:
    exercise(shop, Restriction("accuracy"))
    before = snapshot(shop)
    for each in uses(layout):
        with pytest.raises(Refused, match="is restricted, for accuracy") as refused:
            exercise(shop, each)
        assert "consent|claims|another-person|public-interest" in refused.value.then
    assert changed(before, snapshot(shop)) == set()


@pytest.mark.parametrize("despite", DESPITE_RESTRICTION)
def test_why_it_is_used_all_the_same_is_recorded(layout: Layout, shop: Store, despite: str) -> None:
    exercise(shop, Restriction("accuracy"))
    for each in uses(layout, despite):
        receipt = exercise(shop, each)
        assert receipt.facts == {"despite": despite, "despite_article": "18(2)"}
        assert last_entry(shop).facts["despite"] == despite


def test_there_is_no_fifth_reason(layout: Layout, shop: Store) -> None:
    exercise(shop, Restriction("accuracy"))
    for each in uses(layout, "convenience"):
        with pytest.raises(BadInput, match="no ground"):
            propose(shop, each, ANA["id"])
    with pytest.raises(BadInput, match="no ground"):
        Rectification.check_details({"despite": "convenience"})


def test_nothing_is_recorded_of_who_is_not_restricted(layout: Layout, shop: Store) -> None:
    for each in uses(layout, "consent"):
        assert "despite" not in exercise(shop, each).facts


def test_only_of_a_restricted_person_the_reason_is_asked(shop: Store) -> None:
    assert Subscription.needed(person(shop)) == ["channels"]
    exercise(shop, Restriction("accuracy"))
    assert Subscription.needed(person(shop)) == ["channels", "despite"]


def test_what_serves_the_person_goes_on_while_they_are_restricted(
    layout: Layout, shop: Store, tmp_path: Path
) -> None:
    exercise(shop, Restriction("accuracy"))
    for each in (
        Access(str(tmp_path / "a")),
        Portability(str(tmp_path / "b")),
        Objection([layout.channels[0]]),
        Erasure("child"),
    ):
        exercise(shop, each)


def test_no_import_adds_to_a_restricted_person(layout: Layout, shop: Store) -> None:
    exercise(shop, Restriction("accuracy"))
    before = snapshot(shop)
    late = {**EVENTS[0], "what": "late"}
    done = layout.load(shop, people=[{**ANA, "last": "Nowak"}], events=[late])
    assert done.people == done.records == Counts(read=1, restricted=1)
    assert changed(before, snapshot(shop)) <= LEDGER


def test_who_is_erased_while_restricted_leaves_no_restriction(shop: Store) -> None:
    exercise(shop, Restriction("accuracy"))
    exercise(shop, Erasure("child"))
    tell_everybody(shop)
    assert snapshot(shop)["habeas.restrictions"] == []


@pytest.mark.parametrize(("ground", "article"), RESTRICTION.items())
def test_each_ground_is_a_point_of_the_article(shop: Store, ground: str, article: str) -> None:
    assert exercise(shop, Restriction(ground)).article == article
    restriction = person(shop).restriction
    assert restriction
    assert restriction.ground == ground


def test_a_restriction_holds_for_merged_ids(tmp_path: Path) -> None:
    with BUILT_IN.create(tmp_path) as store:
        ana = {**ANA, "anonymous_ids": ["device-9"]}
        event = {"who": "device-9", "time": "2026-01-01", "what": "home"}
        BUILT_IN.load(store, people=[ana], events=[event])
        exercise(store, Restriction("accuracy"))
        assert snapshot(store)["habeas.processable_events"] == []
        assert BUILT_IN.load(store, events=[event]).records == Counts(read=1, restricted=1)
        exercise(store, Lifting(MONDAY))
        assert len(snapshot(store)["habeas.processable_events"]) == 1
