"""Carrying a request out: once, wholly or not at all, and for the one who asked."""

from pathlib import Path

import pytest

from data.errors import BadInput, NotFound, Refused
from data.ledger import By
from data.register import requests
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
from tests.layouts import changed, held, snapshot


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
        patched.setattr(Restriction, "carry_out_all", fail)
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
