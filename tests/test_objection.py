"""Objection, Article 21: to direct marketing at once, to other processing once it is weighed."""

import pytest

from data import fulfilment
from data.errors import BadInput, Refused
from data.rights.erasure import Erasure
from data.rights.objection import Objection, Opposition, Subscription, Upheld
from data.rights.plan import propose
from data.rights.restriction import Lifting, Restriction
from data.store import Store
from tests.acts import (
    LEDGER,
    confirm,
    exercise,
    last_entry,
    person,
    receive,
    request,
    run,
    tell_everybody,
    told,
)
from tests.conftest import ANA
from tests.layouts import Layout, changed, held, snapshot

PROFILES = {"habeas.processable_profiles", "habeas.decidable_profiles"}

UPHELD = {"outcome": "upheld"}
OVERRIDDEN = {"outcome": "overridden", "informed": "2026-11-23"}


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


def test_an_objection_to_all_channels_is_one_act(layout: Layout, shop: Store) -> None:
    every = [*layout.map.people.channels]
    exercise(shop, Subscription(every))
    before = len(snapshot(shop)["habeas.ledger"])
    exercise(shop, Objection(every))
    assert snapshot(shop)["habeas.reachable"] == []
    assert set(person(shop).channels.values()) == {False}
    assert len(snapshot(shop)["habeas.ledger"]) == before + 1
    assert last_entry(shop).facts["fields"] == every


def test_no_import_overrules_an_objection(layout: Layout, shop: Store) -> None:
    channel = layout.channels[0]
    exercise(shop, Objection([channel]))
    column = layout.map.people.channels[channel].column or channel
    layout.load(shop, people=[{**ANA, column: "true"}])
    assert person(shop).channels[channel] is False
    assert snapshot(shop)["habeas.reachable"] == []


def oppose(store: Store) -> None:
    run(store, receive(store, "opposition", details={}).id)


def test_an_objection_to_processing_restricts_until_it_is_decided(
    layout: Layout, shop: Store
) -> None:
    oppose(shop)
    asked = request(shop)
    assert (asked.status, asked.awaits_decision, asked.is_ready) == ("in_progress", True, False)
    assert asked.closed_at is None
    assert asked.receipt["article"] == "21(1)"
    assert asked.receipt["facts"] == {"restricted_under": "18(1)(d)"}
    assert not held(snapshot(shop)["habeas.processable_profiles"], ANA["id"])
    restriction = person(shop).restriction
    assert restriction
    assert restriction.ground == "objection"
    assert tuple(asked.receipt["recipients"]) == told(layout, "Printer GmbH", "Analyst Inc")


def test_upheld_it_erases_who_has_proven_who_they_are(shop: Store) -> None:
    oppose(shop)
    with pytest.raises(Refused, match="waits for the check of identity"):
        run(shop, "R1", **UPHELD)
    assert confirm(shop, "R1").awaits_decision
    done = run(shop, "R1", **UPHELD)
    assert (done.status, done.user_id, done.awaits_decision) == ("completed", "", False)
    assert (done.receipt["article"], done.receipt["decision"]["article"]) == ("21(1)", "17(1)(c)")
    tell_everybody(shop)
    assert not held(snapshot(shop)[shop.map.people.table], ANA["id"])


def test_upheld_the_plan_warns_that_the_whole_person_goes_and_says_what_else_there_is(
    shop: Store,
) -> None:
    oppose(shop)
    confirm(shop, "R1")
    warning, *others = fulfilment.plan(shop, "R1", UPHELD).warnings
    assert "erases the whole person, even where they objected to one use" in warning
    assert "the data stays restricted, 18(1)(d)" in warning
    *same, still_open = propose(shop, Erasure("objection"), ANA["id"]).warnings
    assert others == same
    assert still_open == "Still open, and not to be answered after: R1."


def test_overridden_it_lifts_the_restriction_of_a_person_who_was_informed(shop: Store) -> None:
    before = snapshot(shop)["habeas.processable_profiles"]
    oppose(shop)
    done = run(shop, "R1", **OVERRIDDEN)
    assert (done.status, done.receipt["decision"]["right"]) == ("completed", "lifting")
    assert done.receipt["decision"]["facts"] == {"informed": "2026-11-23"}
    assert person(shop).restriction is None
    assert snapshot(shop)["habeas.processable_profiles"] == before


@pytest.mark.parametrize(
    ("details", "error", "said"),
    [
        ({"outcome": "overridden"}, BadInput, "needs its informed"),
        ({"outcome": "overridden", "informed": "2026-11-24"}, Refused, "after the lifting"),
        ({"outcome": "forgotten"}, BadInput, "no outcome"),
    ],
)
def test_a_decision_that_cannot_be_leaves_it_waiting(
    shop: Store, details: dict[str, str], error: type[Exception], said: str
) -> None:
    oppose(shop)
    before = snapshot(shop)
    with pytest.raises(error, match=said):
        run(shop, "R1", **details)
    assert changed(before, snapshot(shop)) == set()
    assert request(shop).awaits_decision


def test_run_again_without_a_decision_it_goes_on_waiting(shop: Store) -> None:
    oppose(shop)
    before = snapshot(shop)
    assert run(shop, "R1").awaits_decision
    assert changed(before, snapshot(shop)) == set()
    with pytest.raises(BadInput, match="waits for its decision"):
        fulfilment.plan(shop, "R1", {})


def test_decided_once_it_stays_decided(shop: Store) -> None:
    oppose(shop)
    done = run(shop, "R1", **OVERRIDDEN)
    before = snapshot(shop)
    assert run(shop, "R1", **UPHELD) == done
    assert changed(before, snapshot(shop)) == set()


def test_who_is_restricted_already_stays_so_on_that_ground(shop: Store) -> None:
    exercise(shop, Restriction("claims"))
    plan = propose(shop, Opposition(), ANA["id"])
    assert (plan.changes, plan.recipients) == ((), ())
    assert plan.warnings == ("The person is restricted already, for claims.",)
    oppose(shop)
    restriction = person(shop).restriction
    assert restriction
    assert restriction.ground == "claims"


def test_an_act_without_the_request_does_not_decide_it(shop: Store) -> None:
    oppose(shop)
    exercise(shop, Lifting("2026-11-23"))
    assert request(shop).awaits_decision


def test_a_person_erased_while_it_waits_leaves_nothing_to_decide(shop: Store) -> None:
    oppose(shop)
    exercise(shop, Erasure("child"))
    with pytest.raises(Refused, match="person of request R1 was erased"):
        run(shop, "R1", **UPHELD)


def test_upheld_the_plan_does_not_warn_of_the_restriction_that_the_objection_brought(
    shop: Store,
) -> None:
    oppose(shop)
    upheld, on_another_ground = (
        " ".join(propose(shop, each, ANA["id"]).warnings)
        for each in (Upheld("objection"), Erasure("child"))
    )
    assert "restricted, for" not in upheld
    assert "restricted, for objection" in on_another_ground
