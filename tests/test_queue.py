"""A queue of requests is worked off one by one; what goes wrong with one stops none."""

from pathlib import Path
from typing import Any

import pytest

from data import fulfilment
from data.errors import HabeasError, Interrupted
from data.fulfilment import Outcome
from data.ledger import By
from data.rights.restriction import Restriction
from data.store import Store
from tests.acts import cancel, confirm, receive, receive_known, request, run
from tests.conftest import ANA, BO, CY
from tests.layouts import BY, changed, snapshot


def waiting(store: Store) -> list[str]:
    with store.reading() as cursor:
        return [each.id for each in fulfilment.ready(cursor)]


def work_off(store: Store, request_id: str, *, keep: bool = True, **details: Any) -> Outcome:
    return fulfilment.work_off(store, [request(store, request_id)], BY, details, keep=keep)[0]


def test_what_waits_for_nothing_is_ready(shop: Store) -> None:
    receive(shop, "erasure")  # R1 waits for the check of identity
    receive_known(shop, "erasure")  # R2
    receive(shop)  # R3
    cancel(shop, receive(shop).id)
    run(shop, receive(shop, "opposition", of=BO["id"], details={}).id)  # waits for its decision
    assert waiting(shop) == ["R2", "R3"]
    confirm(shop, "R1")
    assert waiting(shop) == ["R1", "R2", "R3"]


def test_what_was_begun_and_failed_is_ready_again(
    shop: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive(shop)

    def fail(*_: object) -> None:
        raise HabeasError("The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(Restriction, "carry_out_all", fail)
        outcome = work_off(shop, "R1")
    assert (outcome.came_to, outcome.why) == ("failed", "The disk is full.")
    assert waiting(shop) == ["R1"]
    assert work_off(shop, "R1").came_to == "done"
    assert waiting(shop) == []


def test_what_is_refused_is_said_and_the_others_are_done(shop: Store, tmp_path: Path) -> None:
    run(shop, receive(shop).id)
    receive(shop)  # restricted already
    receive(shop, of=BO["id"])
    receive_known(shop, "access", of=CY["id"])
    out = str(tmp_path / "out")
    outcomes = {each: work_off(shop, each, out=out) for each in waiting(shop)}
    assert {name: each.came_to for name, each in outcomes.items()} == {
        "R2": "refused",
        "R3": "done",
        "R4": "done",
    }
    assert "ana-1 is restricted already" in outcomes["R2"].why
    assert outcomes["R3"].request == request(shop, "R3")
    assert waiting(shop) == ["R2"]


def test_what_lacks_a_particular_fails(shop: Store) -> None:
    receive_known(shop, "access")
    outcome = work_off(shop, "R1", ground="child")
    assert (outcome.came_to, outcome.why) == ("failed", "Access needs its out.")


def test_a_trial_only_plans(shop: Store, tmp_path: Path) -> None:
    receive(shop)
    receive_known(shop, "access")
    receive(shop, "erasure", of=BO["id"])
    before = snapshot(shop)
    out = str(tmp_path / "out")
    came_to = [work_off(shop, each, keep=False, out=out).came_to for each in ("R1", "R2", "R3")]
    assert came_to == ["done", "done", "refused"]
    assert changed(before, snapshot(shop)) == set()
    assert not (tmp_path / "out").exists()


def test_a_reason_that_names_the_person_is_refused_for_them_alone(shop: Store) -> None:
    receive(shop)
    receive(shop, of=BO["id"])
    by = By("handler", "asked with Kowalska")
    both = [request(shop, each) for each in ("R1", "R2")]
    came_to = [each.came_to for each in fulfilment.work_off(shop, both, by, {})]
    assert came_to == ["refused", "done"]
    assert ANA["last"] in by.reason


def test_an_interruption_ends_it(shop: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    receive(shop)

    def stop(*_: object) -> None:
        raise Interrupted("The query was stopped.")

    monkeypatch.setattr(Restriction, "carry_out_all", stop)
    with pytest.raises(Interrupted):
        work_off(shop, "R1")
