"""The register of requests, and carrying a request out, once."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from data import fulfilment, ledger, requests
from data.errors import BadInput, NotFound, Refused
from data.ledger import By
from data.requests import Request
from data.rights.erasure import Erasure
from data.rights.plan import apply, propose
from data.rights.restriction import Restriction
from data.store import Store
from tests.acts import (
    REGISTER,
    cancel,
    confirm,
    exercise,
    last_entry,
    person,
    receive,
    receive_known,
    request,
    run,
)
from tests.conftest import ANA, BO
from tests.layouts import BY, FixedClock, Layout, changed, held, snapshot

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
        of_bo = requests.listed(cursor, subject=cursor.pseudonym(BO["id"]))
    assert [each.id for each in of_bo] == ["R2"]


@pytest.mark.parametrize(
    ("today", "left"), [("2026-12-20", 3), ("2026-12-23", 0), ("2027-01-02", -10)]
)
def test_days_left_are_counted_to_the_due_date(shop: Store, today: str, left: int) -> None:
    assert receive(shop).days_left(date.fromisoformat(today)) == left


def test_a_request_is_carried_out_with_its_receipt(shop: Store) -> None:
    asked = receive(shop)
    done = run(shop, asked.id)
    assert (done.status, done.is_open) == ("completed", False)
    assert done.closed_at is not None
    assert done.receipt["article"] == "18(1)(a)"
    entry = last_entry(shop)
    assert person(shop).restriction
    assert (entry.request, entry.seq) == ("R1", done.receipt["ledger_entry"])
    assert entry.digest == done.receipt["ledger_digest"]


@pytest.mark.parametrize("right", ["access", "erasure", "restriction"])
def test_a_request_run_twice_is_done_once(shop: Store, tmp_path: Path, right: str) -> None:
    more = {"out": str(tmp_path / "out")} if right == "access" else {}
    asked = receive_known(shop, right)
    done = run(shop, asked.id, **more)
    before = snapshot(shop)
    assert run(shop, asked.id, **more) == done
    assert changed(before, snapshot(shop)) == set()


def test_what_the_register_does_not_know_is_given_when_it_is_run(
    shop: Store, tmp_path: Path
) -> None:
    asked = receive_known(shop, "access")
    with pytest.raises(BadInput, match="needs its out"):
        run(shop, asked.id)
    assert run(shop, asked.id, out=str(tmp_path / "out")).receipt


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


def test_a_request_that_is_not_there_is_said(shop: Store) -> None:
    for act in (cancel, run, confirm):
        with pytest.raises(NotFound, match="no request R9"):
            act(shop, "R9")


def test_a_plan_for_one_person_does_not_answer_anothers_request(shop: Store) -> None:
    asked = receive(shop, of=BO["id"])
    plan = propose(shop, Restriction("accuracy"), ANA["id"])
    before = snapshot(shop)
    with pytest.raises(Refused, match="R1 is another person's"):
        apply(shop, plan, By("handler", request=asked.id))
    assert changed(before, snapshot(shop)) == set()


def test_a_run_that_fails_leaves_the_request_begun_and_can_be_run_again(
    shop: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = receive(shop)
    before = snapshot(shop)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(Restriction, "carry_out", fail)
        for _ in range(2):
            with pytest.raises(RuntimeError):
                run(shop, asked.id)
    assert changed(before, snapshot(shop)) == REGISTER
    assert (request(shop).status, request(shop).receipt) == ("in_progress", {})
    assert run(shop, asked.id).status == "completed"
    with shop.reading() as cursor:
        steps = [entry.action for entry, _ in requests.history(cursor, asked.id)]
    assert steps == ["request received", "request begun", "restriction"]


def test_a_run_that_is_refused_leaves_the_request_as_it_was(shop: Store) -> None:
    asked, same = receive(shop), receive(shop)
    run(shop, asked.id)
    before = snapshot(shop)
    with pytest.raises(Refused, match="restricted already"):
        run(shop, same.id)
    assert changed(before, snapshot(shop)) == set()


def test_erasure_takes_the_person_out_of_the_register(shop: Store) -> None:
    for right in ("access", "erasure"):
        receive(shop, right)
    receive(shop, of=BO["id"])
    exercise(shop, Erasure("child"))
    rows = snapshot(shop)["habeas.requests"]
    assert not held(rows, ANA["id"])
    assert not held(rows[:2], "child")
    assert held(rows, BO["id"])


def test_a_request_of_an_erased_person_can_only_be_cancelled(shop: Store) -> None:
    receive(shop, "access")
    exercise(shop, Erasure("child"))
    with pytest.raises(Refused, match="person of request R1 was erased"):
        run(shop, "R1", out="/nowhere")
    assert cancel(shop, "R1").status == "cancelled"


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
