"""The register of requests, and carrying a request out, once."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from data import fulfilment, ledger
from data.errors import BadInput, NotFound, Refused
from data.ledger import By
from data.register import reception, requests
from data.register.requests import Request
from data.store import Store
from tests.acts import (
    REGISTER,
    cancel,
    confirm,
    last_entry,
    receive,
    run,
)
from tests.conftest import ANA, BO
from tests.layouts import BY, FixedClock, Layout, changed, snapshot

MONDAY = date(2026, 11, 23)


def listed(store: Store) -> list[str]:
    with store.reading() as cursor:
        return [each.id for each in requests.listed(cursor)]


def test_a_request_is_entered_with_its_due_date_and_how_it_was_counted(shop: Store) -> None:
    before = snapshot(shop)
    entered = receive(shop, received=date(2026, 1, 31))
    assert (entered.id, entered.right, entered.user_id) == ("R1", "restriction", ANA["id"])
    assert (entered.status, entered.is_open, entered.handler) == ("ready", True, "handler")
    assert (entered.identity, entered.came_by) == ("not checked", "not said")
    assert entered.due == date(2026, 3, 2)
    assert entered.working.endswith("ends Sat 28 Feb 2026 (a weekend), moved on to Mon 2 Mar 2026")
    assert entered.details == {"ground": "accuracy"}
    assert changed(before, snapshot(shop)) == REGISTER


def test_a_request_is_received_today_unless_said_otherwise(
    layout: Layout, shop: Store, clock: FixedClock
) -> None:
    clock.now = clock.now.replace(hour=23, minute=30)
    berlin = layout.map.controller.timezone == "Europe/Berlin"
    assert receive(shop).received == MONDAY + timedelta(days=1 if berlin else 0)


def test_no_request_is_received_in_the_future(shop: Store) -> None:
    before = snapshot(shop)
    with pytest.raises(BadInput, match="in the future"):
        receive(shop, received=MONDAY + timedelta(days=1))
    assert changed(before, snapshot(shop)) == set()


def test_only_a_person_who_is_there_and_a_right_that_is_known_are_entered(shop: Store) -> None:
    before = snapshot(shop)
    with pytest.raises(NotFound):
        receive(shop, of="nobody")
    with pytest.raises(BadInput, match="no right"):
        receive(shop, "oblivion")
    assert changed(before, snapshot(shop)) == set()


def test_a_trial_shows_what_would_be_entered(shop: Store) -> None:
    before = snapshot(shop)
    assert receive(shop, keep=False).id == "R1"
    assert changed(before, snapshot(shop)) == set()


def test_the_ledger_says_that_it_was_received_and_when_it_is_due(shop: Store) -> None:
    receive(shop, came_by="phone")
    with shop.reading() as cursor:
        entry = ledger.entries(cursor)[-1]
        assert entry.subject == cursor.pseudonym(ANA["id"])
    assert (entry.action, entry.article, entry.request) == ("request received", "12(3)", "R1")
    assert entry.facts == {
        "right": "restriction",
        "received": "2026-11-23",
        "came_by": "phone",
        "due": "2026-12-23",
    }


def test_what_is_due_first_stands_first_and_what_is_closed_last(
    shop: Store, clock: FixedClock
) -> None:
    days = {"R1": 5, "R2": 20, "R3": 12, "R4": 20, "R5": 1, "R6": 2}
    for days_ago in days.values():
        receive(shop, received=MONDAY - timedelta(days=days_ago))
    for hour, each in ((13, "R6"), (14, "R5")):
        clock.now = clock.now.replace(hour=hour)
        with shop.transaction() as cursor:
            requests.cancel(cursor, each, BY)
    assert listed(shop) == ["R2", "R4", "R3", "R1", "R5", "R6"]


def test_the_tenth_request_comes_after_the_second(shop: Store) -> None:
    for _ in range(11):
        receive(shop)
    assert listed(shop) == [f"R{n}" for n in range(1, 12)]


def test_one_persons_requests_are_listed_by_their_hash(shop: Store) -> None:
    receive(shop)
    receive(shop, of=BO["id"])
    with shop.reading() as cursor:
        of_bo = requests.listed(cursor, subjects=[cursor.pseudonym(BO["id"])])
    assert [each.id for each in of_bo] == ["R2"]


def test_the_register_is_filtered_by_right_status_and_what_is_overdue(
    shop: Store, clock: FixedClock
) -> None:
    for right, day in (("restriction", 1), ("access", 2), ("access", 20), ("erasure", 3)):
        receive(shop, right, received=date(2026, 11, day))
    confirm(shop, "R2")
    cancel(shop, "R4")
    clock.now = clock.now.replace(month=12, day=5)

    def found(**chosen: Any) -> list[str]:
        with shop.reading() as cursor:
            return [each.id for each in requests.listed(cursor, **chosen)]

    assert found(right="access") == ["R2", "R3"]
    assert found(status="ready") == ["R1", "R2"]
    assert found(status="cancelled") == ["R4"]
    assert found(overdue=True) == ["R1", "R2"]
    assert found(right="access", status="received", overdue=True) == []


def test_nothing_is_overdue_on_its_last_day_nor_once_it_is_closed(shop: Store) -> None:
    asked = receive(shop)
    assert not asked.is_overdue(asked.due)
    assert asked.is_overdue(asked.due + timedelta(days=1))
    assert not cancel(shop, asked.id).is_overdue(asked.due + timedelta(days=1))


@pytest.mark.parametrize("way", [*reception.CAME_BY])
def test_how_it_came_is_one_of_the_known_ways(shop: Store, way: str) -> None:
    assert receive(shop, came_by=way).came_by == way


def test_no_request_comes_by_pigeon(shop: Store) -> None:
    before = snapshot(shop)
    with pytest.raises(BadInput, match="no way a request comes by"):
        receive(shop, came_by="pigeon")
    assert changed(before, snapshot(shop)) == set()


def test_another_handler_takes_over(shop: Store) -> None:
    receive(shop)
    before = snapshot(shop)
    with shop.transaction() as cursor:
        assert requests.assign(cursor, "R1", "bea", By("cem", "on leave")).handler == "bea"
    assert changed(before, snapshot(shop)) == REGISTER | {"habeas.reasons"}
    entry = last_entry(shop)
    assert (entry.actor, entry.action, entry.facts) == (
        "cem",
        "request assigned",
        {"handler": "bea"},
    )


def test_only_an_open_request_is_given_to_somebody(shop: Store) -> None:
    receive(shop)
    cancel(shop, "R1")
    receive(shop)
    before = snapshot(shop)
    for request_id, handler, error in (("R1", "bea", Refused), ("R2", " ", BadInput)):
        with pytest.raises(error), shop.transaction() as cursor:
            requests.assign(cursor, request_id, handler, BY)
    assert changed(before, snapshot(shop)) == set()


def test_its_history_has_every_step_with_what_was_said_of_it(shop: Store) -> None:
    receive(shop, "erasure")
    receive(shop)
    confirm(shop, "R1")
    run(shop, "R2")
    with shop.reading() as cursor:
        steps = [(entry.action, said) for entry, said in requests.history(cursor, "R1")]
    assert steps == [("request received", ""), ("identity checked", "passport seen")]


@pytest.mark.parametrize(
    ("today", "left"), [("2026-12-20", 3), ("2026-12-23", 0), ("2027-01-02", -10)]
)
def test_days_left_are_counted_to_the_due_date(shop: Store, today: str, left: int) -> None:
    assert receive(shop).days_left(date.fromisoformat(today)) == left


def test_a_request_taken_back_is_closed(shop: Store) -> None:
    asked = receive(shop)
    before = snapshot(shop)
    with shop.transaction() as cursor:
        cancelled = requests.cancel(cursor, asked.id, By("handler", "by telephone"))
    assert (cancelled.status, cancelled.is_open) == ("cancelled", False)
    assert changed(before, snapshot(shop)) == REGISTER | {"habeas.reasons"}
    with pytest.raises(Refused, match="R1 is cancelled already"):
        run(shop, asked.id)


@pytest.mark.parametrize("close", [cancel, run])
def test_what_is_closed_cannot_be_cancelled(
    shop: Store, close: Callable[[Store, str], Request]
) -> None:
    close(shop, receive(shop).id)
    before = snapshot(shop)
    with pytest.raises(Refused, match="already"):
        cancel(shop, "R1")
    assert changed(before, snapshot(shop)) == set()


@pytest.mark.parametrize(
    ("right", "details"),
    [("access", {"ground": "child"}), ("erasure", {"ground": "boredom"}), ("gift", {})],
)
def test_a_request_that_could_never_be_run_is_not_entered(
    shop: Store, right: str, details: dict[str, str]
) -> None:
    before = snapshot(shop)
    with pytest.raises(BadInput):
        fulfilment.receive(shop, ANA["id"], right, BY, details=details)
    assert changed(before, snapshot(shop)) == set()


def test_a_reason_that_names_the_person_is_refused_at_every_step(shop: Store) -> None:
    naming = By("handler", f"{ANA['last']} rang")
    asked = receive(shop)
    before = snapshot(shop)
    with pytest.raises(Refused, match="The reason holds"):
        fulfilment.receive(shop, ANA["id"], "restriction", naming, details={"ground": "accuracy"})
    with pytest.raises(Refused, match="The reason holds"), shop.transaction() as cursor:
        requests.cancel(cursor, asked.id, naming)
    with pytest.raises(Refused, match="The reason holds"), shop.transaction() as cursor:
        requests.assign(cursor, asked.id, "noor", naming)
    assert changed(before, snapshot(shop)) == set()
