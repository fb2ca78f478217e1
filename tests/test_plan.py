"""What all rights share: a plan changes nothing, and is applied as it was made or not at all."""

from pathlib import Path

import pytest

from data import ledger
from data.errors import BadInput, NotFound, Refused, StalePlan
from data.ledger import By
from data.rights.access import Access
from data.rights.automation import Automation, Contest
from data.rights.erasure import Erasure
from data.rights.objection import Objection, Opposition, Subscription
from data.rights.plan import apply, propose
from data.rights.portability import Portability
from data.rights.rectification import Rectification
from data.rights.restriction import Restriction
from data.rights.right import Plan, Right
from data.store import Store
from tests.acts import exercise, last_entry
from tests.conftest import ANA
from tests.layouts import BY, SECOND, Layout, changed, held, snapshot


def every_right(layout: Layout, out: Path) -> list[Right]:
    return [
        Access(str(out)),
        Portability(str(out)),
        Rectification({layout.person["last"]: "Nowak"}),
        Restriction("accuracy"),
        Opposition(),
        Objection([layout.channels[0]]),
        Subscription([layout.channels[0]]),
        Automation(stop=True),
        *([Contest("score", "changed")] if layout.map.automated else []),
        Erasure("consent-withdrawn"),
    ]


def test_planning_changes_nothing(layout: Layout, shop: Store, tmp_path: Path) -> None:
    before = snapshot(shop)
    for right in every_right(layout, tmp_path / "out"):
        assert isinstance(propose(shop, right, ANA["id"]), Plan)
    assert changed(before, snapshot(shop)) == set()
    assert not (tmp_path / "out").exists()


def test_nothing_can_be_planned_for_a_person_who_is_not_there(
    layout: Layout, shop: Store, tmp_path: Path
) -> None:
    for right in every_right(layout, tmp_path / "out"):
        with pytest.raises(NotFound):
            propose(shop, right, "nobody")


def test_a_plan_is_refused_once_the_person_changed(
    layout: Layout, shop: Store, tmp_path: Path
) -> None:
    plans = [propose(shop, each, ANA["id"]) for each in every_right(layout, tmp_path / "out")]
    layout.load(shop, people=[{**ANA, "hat": "7"}])
    before = snapshot(shop)
    for plan in plans:
        with pytest.raises(StalePlan):
            apply(shop, plan, BY)
    assert changed(before, snapshot(shop)) == set()
    assert not (tmp_path / "out").exists()


def test_a_value_that_is_no_number_makes_no_plan_stale(tmp_path: Path) -> None:
    with SECOND.create(tmp_path) as store:
        SECOND.load(store, people=[ANA])
        with store.transaction() as cursor:
            cursor.run(f"UPDATE {SECOND.people_table} SET score = 'nan'")
        assert exercise(store, Restriction("accuracy")).article == "18(1)(a)"


def test_a_plan_that_takes_records_is_refused_once_one_of_them_changed(
    layout: Layout, shop: Store, tmp_path: Path
) -> None:
    takers = [Access(str(tmp_path)), Portability(str(tmp_path)), Erasure("consent-withdrawn")]
    plans = [propose(shop, each, ANA["id"]) for each in takers]
    with shop.transaction() as cursor:
        what = layout.event["what"]
        cursor.run(f"UPDATE {layout.events_table} SET {what} = 'other' WHERE {what} = 'basket'")
    for plan in plans:
        with pytest.raises(StalePlan):
            apply(shop, plan, BY)


def test_what_fails_while_it_is_applied_leaves_all_as_it_was(
    layout: Layout, shop: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    plans = [propose(shop, each, ANA["id"]) for each in every_right(layout, out)]
    before = snapshot(shop)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(ledger, "append_all", fail)
    for plan in plans:
        with pytest.raises(RuntimeError):
            apply(shop, plan, BY)
    assert changed(before, snapshot(shop)) == set()
    assert not out.exists() or not list(out.iterdir())


@pytest.mark.parametrize(
    "reason", ["Kowalska asked", "asked by KOWALSKA.", "mail from ana@example.org", "(ana-1)"]
)
def test_a_reason_that_names_the_person_is_refused(shop: Store, reason: str) -> None:
    before = snapshot(shop)
    with pytest.raises(Refused, match="The reason holds the person's"):
        exercise(shop, Automation(stop=True), by=By("handler", reason))
    assert changed(before, snapshot(shop)) == set()


def test_a_reason_that_names_nobody_is_kept_beside_the_ledger(shop: Store) -> None:
    exercise(shop, Automation(stop=True), by=By("handler", "asked by letter, banana-1"))
    with shop.reading() as cursor:
        assert ledger.reasons(cursor) == {last_entry(shop).seq: "asked by letter, banana-1"}
    assert not held([tuple(vars(last_entry(shop)).values())], "letter")


def test_a_receipt_names_its_entry_and_no_person(layout: Layout, shop: Store) -> None:
    receipt = exercise(shop, Rectification({layout.person["last"]: "Nowak"}))
    entry = last_entry(shop)
    assert (receipt.ledger_entry, receipt.ledger_digest) == (entry.seq, entry.digest)
    assert receipt.moment == "2026-11-23T12:00:00+00:00"
    text = repr(receipt)
    assert not [value for value in (*ANA.values(), "Nowak") if value in text]


def test_particulars_come_from_the_register_by_name() -> None:
    assert Erasure.from_details({"ground": "child"}) == Erasure("child")
    with pytest.raises(BadInput, match="needs its ground"):
        Erasure.from_details({})
    with pytest.raises(BadInput, match="takes no shoe"):
        Erasure.from_details({"ground": "child", "shoe": 41})
