"""Who asks is checked before a right is carried out, Article 12(6), and the clock may wait for it.

The dates were worked out by hand. R1 is received on Monday 2 November 2026, and so due on
Wednesday 2 December; it is the 23rd of November.
"""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from data import fulfilment, rights
from data.errors import BadInput, NotFound, Refused
from data.ledger import By
from data.register import identification, requests
from data.register.identification import identify
from data.rights.right import Right
from data.store import Store
from tests.acts import (
    REGISTER,
    SEEN,
    cancel,
    confirm,
    last_entry,
    receive,
    receive_known,
    request,
    run,
)
from tests.conftest import ANA, BO
from tests.layouts import BY, FixedClock, Layout, changed, held, snapshot

RECEIVED = date(2026, 11, 2)
GATED = ("access", "portability", "rectification", "erasure")
ASKED = By("handler", "a copy of a document was asked for")


def particulars(right: str, layout: Layout, out: Path) -> dict[str, Any]:
    known: dict[str, dict[str, Any]] = {
        "rectification": {"changes": {layout.person["last"]: "Nowak"}},
        "erasure": {"ground": "child"},
    }
    return known.get(right, {"out": str(out)})


def test_the_rights_that_give_away_change_or_delete_wait_for_it() -> None:
    assert {name for name in rights.NAMES if Right.known[name].asks_identity} == {*GATED}


@pytest.mark.parametrize("right", GATED)
@pytest.mark.parametrize("outcome", ["", "asked", "failed"])
def test_nothing_is_carried_out_before_it_is_clear_who_asks(
    layout: Layout, shop: Store, tmp_path: Path, right: str, outcome: str
) -> None:
    asked = receive(shop, right, details={})
    if outcome:
        identify(shop, asked.id, outcome, ASKED)
    before = snapshot(shop)
    said = f"waits for the check of identity, which is: {outcome or 'not checked'}"
    with pytest.raises(Refused, match=said):
        run(shop, asked.id, **particulars(right, layout, tmp_path / "out"))
    assert changed(before, snapshot(shop)) == set()
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("right", GATED)
@pytest.mark.parametrize("outcome", requests.PROVEN)
def test_once_it_is_clear_it_is_carried_out(
    layout: Layout, shop: Store, tmp_path: Path, right: str, outcome: str
) -> None:
    asked = receive(shop, right, details={})
    assert identify(shop, asked.id, outcome, SEEN).is_ready
    done = run(shop, asked.id, **particulars(right, layout, tmp_path / "out"))
    assert (done.status, done.identity) == ("completed", outcome)


def test_a_plan_made_before_the_check_failed_is_not_applied(shop: Store) -> None:
    asked = receive_known(shop, "erasure")
    plan = fulfilment.plan(shop, asked.id, {})
    identify(shop, asked.id, "failed", ASKED)
    with pytest.raises(Refused, match="which is: failed"):
        fulfilment.carry_out(shop, plan, By("handler", request=asked.id))
    assert request(shop).user_id == ANA["id"]


def test_the_other_rights_do_not_wait(shop: Store) -> None:
    for right in sorted({*rights.NAMES} - {*GATED}):
        assert receive(shop, right, details={}).is_ready
    assert run(shop, receive(shop, "restriction").id).status == "completed"


@pytest.mark.parametrize(("outcome", "status"), identification.OUTCOMES.items())
def test_each_outcome_is_recorded_with_how_it_was_come_to(
    shop: Store, outcome: str, status: str
) -> None:
    receive(shop, "access")
    before = snapshot(shop)
    checked = identify(shop, "R1", outcome, By("bea", "by video call"))
    assert (checked.identity, checked.status) == (outcome, status)
    assert (checked.paused_since, checked.paused_days) == (None, 0)
    assert request(shop) == checked
    assert changed(before, snapshot(shop)) == REGISTER | {"habeas.reasons"}
    entry = last_entry(shop)
    assert (entry.actor, entry.action, entry.article) == ("bea", "identity checked", "12(6)")
    assert (entry.request, entry.facts) == ("R1", {"outcome": outcome})
    assert held(snapshot(shop)["habeas.reasons"], "by video call")


def test_a_trial_shows_what_would_be_recorded(shop: Store) -> None:
    receive(shop, "access")
    before = snapshot(shop)
    assert identify(shop, "R1", "confirmed", SEEN, keep=False).status == "ready"
    assert changed(before, snapshot(shop)) == set()


@pytest.mark.parametrize(
    ("outcome", "pause", "by", "error", "said"),
    [
        ("perhaps", False, SEEN, BadInput, "no outcome"),
        ("confirmed", True, SEEN, BadInput, "only while proof of identity is asked for"),
        ("failed", True, SEEN, BadInput, "only while proof of identity is asked for"),
        ("confirmed", False, BY, BadInput, "Say how it was checked"),
        ("confirmed", False, By("handler", " \t"), BadInput, "Say how it was checked"),
        ("confirmed", False, By("handler", "Kowalska's passport"), Refused, "holds the person's"),
        ("asked", True, By("handler", "wrote to ANA@example.org"), Refused, "holds the person's"),
        ("confirmed", False, By("handler", "knows (ana-1)"), Refused, "holds the person's"),
    ],
)
def test_what_cannot_be_recorded_changes_nothing(
    shop: Store, outcome: str, pause: bool, by: By, error: type[Exception], said: str
) -> None:
    receive(shop, "access")
    before = snapshot(shop)
    with pytest.raises(error, match=said):
        identify(shop, "R1", outcome, by, pause=pause)
    assert changed(before, snapshot(shop)) == set()


def test_what_is_closed_is_not_checked(shop: Store) -> None:
    cancel(shop, receive(shop, "access").id)
    run(shop, receive(shop, "restriction").id)
    for each in ("R1", "R2"):
        with pytest.raises(Refused, match="already"):
            confirm(shop, each)


class TestWhoItIs:
    """The check may show that the register had the wrong person."""

    def test_the_one_who_asks_takes_their_place(self, shop: Store) -> None:
        receive(shop, "erasure")
        identify(shop, "R1", "confirmed", SEEN, person=BO["id"])
        with shop.reading() as cursor:
            assert request(shop).subject == cursor.pseudonym(BO["id"])
        assert request(shop).user_id == BO["id"]
        assert last_entry(shop).subject == request(shop).subject
        run(shop, "R1")
        people = snapshot(shop)[shop.map.people.table]
        assert held(people, ANA["id"])
        assert not held(people, BO["id"])

    def test_it_is_somebody_who_is_there(self, shop: Store) -> None:
        receive(shop, "erasure")
        with pytest.raises(NotFound):
            identify(shop, "R1", "confirmed", SEEN, person="nobody")
        assert request(shop).identity == "not checked"

    def test_the_reason_names_them_no_more_than_the_other(self, shop: Store) -> None:
        receive(shop, "erasure")
        with pytest.raises(Refused, match="holds the person's"):
            identify(shop, "R1", "confirmed", By("handler", "it is Lindqvist"), person=BO["id"])

    def test_what_was_said_so_far_goes_with_them(self, shop: Store) -> None:
        by = By("handler", "Lindqvist wrote a letter")
        fulfilment.receive(shop, ANA["id"], "erasure", by, details={"ground": "child"})
        identify(shop, "R1", "confirmed", SEEN, person=BO["id"])
        run(shop, "R1")
        assert snapshot(shop)["habeas.reasons"] == []

    def test_of_what_was_done_already_it_stays_the_same(self, shop: Store) -> None:
        run(shop, receive(shop, "opposition", details={}).id)
        with pytest.raises(Refused, match="carried out already"):
            identify(shop, "R1", "confirmed", SEEN, person=BO["id"])
        assert confirm(shop, "R1").user_id == ANA["id"]


class TestPause:
    """The clock stands still from the day proof is asked for to the next outcome."""

    @pytest.fixture
    def paused(self, shop: Store) -> Store:
        assert receive(shop, "access", received=RECEIVED).due == date(2026, 12, 2)
        identify(shop, "R1", "asked", ASKED, pause=True)
        return shop

    def test_it_is_recorded_with_its_day_and_why(self, paused: Store) -> None:
        assert (request(paused).paused_since, request(paused).due) == (
            date(2026, 11, 23),
            date(2026, 12, 2),
        )
        assert last_entry(paused).facts == {"outcome": "asked", "paused": "2026-11-23"}
        assert held(snapshot(paused)["habeas.reasons"], ASKED.reason)

    @pytest.mark.parametrize("outcome", ["confirmed", "failed", "not needed"])
    def test_the_next_outcome_adds_the_days(
        self, paused: Store, clock: FixedClock, outcome: str
    ) -> None:
        clock.now = clock.now.replace(day=30)
        went_on = identify(paused, "R1", outcome, SEEN)
        assert (went_on.due, went_on.paused_days) == (date(2026, 12, 9), 7)
        assert went_on.paused_since is None
        assert went_on.working == (
            "received Mon 2 Nov 2026, one month and 7 days paused, ends Wed 9 Dec 2026"
        )
        assert last_entry(paused).facts == {
            "outcome": outcome,
            "paused_days": "7",
            "due": "2026-12-09",
        }

    def test_on_the_same_day_it_adds_none(self, paused: Store) -> None:
        assert confirm(paused, "R1").due == date(2026, 12, 2)

    def test_a_second_pause_is_added_to_the_first(self, paused: Store, clock: FixedClock) -> None:
        clock.now = clock.now.replace(day=30)
        identify(paused, "R1", "failed", SEEN)
        clock.now = clock.now.replace(month=12, day=1)
        identify(paused, "R1", "asked", ASKED, pause=True)
        clock.now = clock.now.replace(month=12, day=5)
        went_on = confirm(paused, "R1")
        # The 2nd and 11 days is Sunday the 13th.
        assert (went_on.paused_days, went_on.due) == (11, date(2026, 12, 14))

    def test_asked_once_more_it_goes_on_standing_still(
        self, paused: Store, clock: FixedClock
    ) -> None:
        clock.now = clock.now.replace(day=30)
        again = identify(paused, "R1", "asked", ASKED, pause=True)
        assert (again.paused_since, again.paused_days) == (date(2026, 11, 30), 7)
        clock.now = clock.now.replace(month=12, day=2)
        assert confirm(paused, "R1").paused_days == 9

    def test_asked_without_it_the_clock_goes_on(self, paused: Store, clock: FixedClock) -> None:
        clock.now = clock.now.replace(day=30)
        assert identify(paused, "R1", "asked", ASKED).paused_since is None

    def test_nothing_is_overdue_while_it_lasts(self, paused: Store) -> None:
        late = date(2027, 6, 1)
        assert not request(paused).is_overdue(late)
        confirm(paused, "R1")
        assert request(paused).is_overdue(late)
