"""Undo: a slip of the handler is taken back as if it had not been, while nobody knows of it."""

from dataclasses import replace

import pytest

from data.errors import Refused
from data.purge import waiting
from data.register import notices
from data.rights import NAMES
from data.rights.automation import Automation
from data.rights.erasure import Erasure
from data.rights.objection import Objection, Subscription
from data.rights.plan import apply, propose
from data.rights.rectification import Rectification
from data.rights.restriction import Lifting, Restriction
from data.rights.right import Plan, Right
from data.rights.undo import Undo
from data.store import Store
from tests.acts import (
    LEDGER,
    exercise,
    last_entry,
    open_notices,
    person,
    receive_known,
    tell_everybody,
)
from tests.conftest import ANA
from tests.layouts import BY, Layout, changed, snapshot


def done(store: Store, right: Right, request: str = "") -> Undo:
    """Carries the right out; what would take it back."""
    plan = propose(store, right, ANA["id"])
    receipt = apply(store, plan, BY if not request else type(BY)(BY.actor, "", request))
    return Undo(plan, receipt.ledger_entry)


def undo(store: Store, slip: Undo) -> Plan:
    plan = propose(store, slip, ANA["id"])
    apply(store, plan, BY)
    return plan


def slips(layout: Layout) -> list[Right]:
    return [
        Rectification({layout.person["last"]: "Nowak", layout.person.get("born", "born"): ""}),
        Objection([layout.channels[0]]),
        Subscription(list(layout.channels)),
        Restriction("claims"),
    ]


@pytest.mark.parametrize(("number", "corrections"), [(0, 2), (1, 0), (2, 0), (3, 0)])
def test_only_of_a_correction_that_is_taken_back_bytes_are_to_be_purged(
    layout: Layout, shop: Store, number: int, corrections: int
) -> None:
    undo(shop, done(shop, slips(layout)[number]))
    with shop.reading() as cursor:
        waits = waiting.of(cursor)
    assert (waits.corrections, waits.erasures) == (corrections, 0)


@pytest.mark.parametrize("number", range(4))
def test_all_is_as_it_was_before(layout: Layout, shop: Store, number: int) -> None:
    before, was = snapshot(shop), person(shop)
    slip = done(shop, slips(layout)[number])
    assert person(shop) != was
    undo(shop, slip)
    untouched = {layout.map.people.updated: None}
    now = person(shop)
    assert replace(now, fields={**now.fields, **untouched}) == replace(
        was, fields={**was.fields, **untouched}
    )
    left = changed(before, snapshot(shop)) - LEDGER - {"habeas.notices"}
    if isinstance(slip.of.right, Rectification):
        # When the profile was last touched, and keyed hashes of what was never right.
        assert left <= {
            "habeas.corrections",
            "habeas.processable_profiles",
            "habeas.decidable_profiles",
            layout.map.people.table,
            f"main.{layout.map.people.table}",
        }
    else:
        assert left == set()


def test_an_import_may_overrule_again_what_the_person_never_said(
    layout: Layout, shop: Store
) -> None:
    undo(shop, done(shop, Objection([layout.channels[0]])))
    with shop.reading() as cursor:
        assert cursor.value("SELECT count(*) FROM habeas.choices") == 0


def test_what_the_person_had_said_stands_again(layout: Layout, shop: Store) -> None:
    exercise(shop, Subscription([layout.channels[0]]))
    undo(shop, done(shop, Objection([layout.channels[0]])))
    with shop.reading() as cursor:
        assert cursor.rows("SELECT channel, opted_in FROM habeas.choices") == [
            (layout.channels[0], True)
        ]


def test_it_has_a_plan_and_an_entry_like_any_act(layout: Layout, shop: Store) -> None:
    slip = done(shop, Rectification({layout.person["last"]: "Nowak"}))
    plan = undo(shop, slip)
    (change,) = plan.changes
    assert (change.old, change.new) == ("Nowak", ANA["last"])
    entry = last_entry(shop)
    assert (entry.action, entry.article) == ("undo", "16")
    assert entry.facts["undone"] == slip.entry


def test_nobody_need_be_told_of_what_was_taken_back(shop: Store) -> None:
    slip = done(shop, Restriction("claims"))
    undo(shop, slip)
    assert open_notices(shop) == []
    with shop.reading() as cursor:
        assert {each.status for each in notices.listed(cursor)} <= {"withdrawn"}
        assert all(not each.person for each in notices.listed(cursor))


def test_other_notices_stay_open(layout: Layout, shop: Store) -> None:
    exercise(shop, Rectification({layout.person["email"]: "a@example.org"}))
    before = open_notices(shop)
    undo(shop, done(shop, Restriction("claims")))
    assert open_notices(shop) == before


class TestRefused:
    def refused(self, store: Store, slip: Undo, why: str) -> None:
        before = snapshot(store)
        with pytest.raises(Refused, match=why):
            propose(store, slip, ANA["id"])
        assert changed(before, snapshot(store)) == set()

    def test_once_a_recipient_was_told(self, layout: Layout, shop: Store) -> None:
        slip = done(shop, Restriction("claims"))
        tell_everybody(shop)
        if layout.kept:
            self.refused(shop, slip, "was told of it already")
        else:
            undo(shop, slip)

    def test_where_a_request_was_answered_with_it(self, shop: Store) -> None:
        request = receive_known(shop, "restriction")
        slip = done(shop, Restriction("accuracy"), request.id)
        self.refused(shop, slip, "Request R1 was answered with it")

    @pytest.mark.parametrize("right", [Automation(True), Erasure("child")])
    def test_what_cannot_be(self, shop: Store, right: Right) -> None:
        slip = done(shop, right)
        if right.final:
            exercise_again = Undo(slip.of, slip.entry)
            with shop.reading() as cursor, pytest.raises(Refused, match="Erasure cannot be undone"):
                exercise_again.plan(cursor, slip.of.person)
        else:
            self.refused(shop, slip, "Automated decisions cannot be undone")

    def test_a_field_that_was_changed_again(self, layout: Layout, shop: Store) -> None:
        last = layout.person["last"]
        slip = done(shop, Rectification({last: "Nowak"}))
        exercise(shop, Rectification({last: "Nowacki"}))
        self.refused(shop, slip, "was changed again since")

    def test_a_channel_that_was_changed_again(self, layout: Layout, shop: Store) -> None:
        slip = done(shop, Objection([layout.channels[0]]))
        exercise(shop, Subscription([layout.channels[0]]))
        self.refused(shop, slip, "was changed again since")

    def test_a_restriction_that_was_lifted(self, shop: Store) -> None:
        slip = done(shop, Restriction("claims"))
        exercise(shop, Lifting("2026-11-23"))
        self.refused(shop, slip, "was changed again since")

    def test_twice(self, layout: Layout, shop: Store) -> None:
        slip = done(shop, Rectification({layout.person["last"]: "Nowak"}))
        undo(shop, slip)
        self.refused(shop, slip, "was changed again since")


def test_nobody_asks_for_it() -> None:
    assert "undo" not in NAMES
