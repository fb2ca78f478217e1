"""What an erasure leaves because the law requires it, Article 17(3): the columns named, no more.

Both layouts keep number, amount and issued_at of an invoice for ten years, on 17(3)(b); in one
of them rows are found by number too.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from data import people
from data.cursor import Row
from data.errors import MapError, StalePlan
from data.people import Person
from data.register import letters
from data.rights.access import Access
from data.rights.erasure import Erasure
from data.rights.plan import apply, propose
from data.rights.right import Plan
from data.store import Store
from tests.acts import exercise, last_entry, person, receive_known, run, tell_everybody
from tests.conftest import ANA, BO, CY, EVENTS
from tests.layouts import BY, FULL, NOON, SECOND, FixedClock, Layout, held, snapshot

SIXTEEN = datetime(2016, 11, 23, 12, 0, tzinfo=UTC)
"""Ten years before it is now."""

DUE = {"rows": 1, "until": "2036-11-23", "ground": "17(3)(b)",
       "columns": ["number", "amount", "issued_at"]}  # fmt: skip


@pytest.fixture(params=(FULL, SECOND), ids=lambda layout: layout.name, scope="session")
def layout(request: pytest.FixtureRequest) -> Layout:
    chosen: Layout = request.param
    return chosen


def invoice(layout: Layout, store: Store, **given: Any) -> None:
    """A further invoice of Ana's."""
    layout.further_records(store, ANA["id"], **given)


def invoices(store: Store) -> list[dict[str, Any]]:
    (described,) = [each for each in store.map.records if each.name == "invoices"]
    with store.reading() as cursor:
        rows = cursor.rows('SELECT COLUMNS(*) FROM "billing"."invoices"')
    return [dict(zip(described.columns, row, strict=False)) for row in rows]


def anas(store: Store) -> list[dict[str, Any]]:
    """The invoices that are not Bo's."""
    return [each for each in invoices(store) if each["customer"] != BO["id"]]


def planned(store: Store) -> Plan:
    return propose(store, Erasure("child"), ANA["id"])


def test_the_named_columns_stay_and_everything_else_is_blanked(shop: Store) -> None:
    (before,) = anas(shop)
    assert all(value is not None for value in before.values())
    exercise(shop, Erasure("child"))
    (kept,) = anas(shop)
    assert {name: value for name, value in kept.items() if value is not None} == {
        "number": "good",
        "amount": 12.5,
        "issued_at": NOON,
    }


def test_a_column_that_the_map_does_not_name_is_blanked_too(shop: Store) -> None:
    with shop.transaction() as cursor:
        cursor.run('ALTER TABLE "billing"."invoices" ADD COLUMN iban VARCHAR')
        cursor.run("""UPDATE "billing"."invoices" SET iban = 'PL61'""")
    exercise(shop, Erasure("child"))
    with shop.reading() as cursor:
        rows = cursor.rows('SELECT customer, iban FROM "billing"."invoices" ORDER BY customer')
    assert rows == [(BO["id"], "PL61"), (None, None)]


def test_a_table_that_lets_nothing_be_blank_is_said_before_anything_is_erased(
    shop: Store,
) -> None:
    with shop.transaction() as cursor:
        cursor.run('ALTER TABLE "billing"."invoices" ALTER COLUMN customer SET NOT NULL')
        cursor.run('ALTER TABLE "billing"."invoices" ALTER COLUMN number SET NOT NULL')
    with pytest.raises(MapError, match=r"billing\.invoices does not let customer be empty"):
        planned(shop)
    assert propose(shop, Erasure("child"), CY["id"]).facts == {}


def test_others_keep_theirs_whole(shop: Store) -> None:
    (before,) = [each for each in invoices(shop) if each["customer"] == BO["id"]]
    exercise(shop, Erasure("child"))
    assert [each for each in invoices(shop) if each["customer"] == BO["id"]] == [before]


def test_what_is_kept_says_no_more_whose_it_is(shop: Store) -> None:
    exercise(shop, Erasure("child"))
    tell_everybody(shop)
    rows: list[Row] = [row for table in snapshot(shop).values() for row in table]
    for value in (ANA["id"], ANA["email"], f"invoices-of-{ANA['id']}"):
        assert not held(rows, value)


def test_the_plan_and_the_receipt_say_what_is_kept_until_when_and_why(shop: Store) -> None:
    plan = planned(shop)
    assert plan.facts == {"kept": {"invoices": DUE}}
    counts = {each.name: each.count for each in plan.rows}
    assert counts["invoices"] == 0
    (said,) = [each for each in plan.warnings if each.startswith("Kept by law")]
    assert said == (
        "Kept by law until 2036-11-23, Article 17(3)(b): 1 row of invoices, with number, amount, "
        "issued_at; all else in it is blanked."
    )
    receive_known(shop, "erasure")
    receipt = run(shop, "R1").receipt
    assert receipt["facts"] == {"kept": {"invoices": DUE}}
    assert receipt["rows"]["invoices"] == 0
    assert last_entry(shop).facts["kept"] == {"invoices": DUE}


def test_the_person_is_told_of_it(shop: Store, tmp_path: Path) -> None:
    receive_known(shop, "erasure")
    done = run(shop, "R1")
    with shop.reading() as cursor:
        text = letters.write_asked(cursor, done, "completion", tmp_path).read_text("utf-8")
    said = "records (invoices) until 2036-11-23 (Article 17(3)(b) GDPR): number, amount, issued_at."
    assert said in " ".join(text.split())


@pytest.mark.parametrize(
    ("issued", "kept"),
    [
        (SIXTEEN.replace(hour=12, second=1), True),
        (SIXTEEN, False),
        (SIXTEEN.replace(year=2010), False),
        (NOON.replace(year=2020), True),
        (None, True),
    ],
    ids=["a second short of ten years", "ten years", "longer ago", "lately", "no time of its own"],
)
def test_what_was_kept_long_enough_is_deleted(
    layout: Layout, shop: Store, issued: datetime | None, kept: bool
) -> None:
    with shop.transaction() as cursor:
        cursor.run(
            'UPDATE "billing"."invoices" SET issued_at = $at WHERE customer = $id',
            at=issued,
            id=ANA["id"],
        )
    counts = {each.name: each.count for each in planned(shop).rows}
    assert counts["invoices"] == (0 if kept else 1)
    assert bool(planned(shop).facts) == kept
    exercise(shop, Erasure("child"))
    assert len(anas(shop)) == kept


def test_of_several_the_last_says_until_when(layout: Layout, shop: Store) -> None:
    invoice(layout, shop, issued_at=NOON.replace(year=2020))
    invoice(layout, shop, issued_at=SIXTEEN)
    found = planned(shop)
    assert found.facts["kept"]["invoices"] == {**DUE, "rows": 2}
    assert {each.name: each.count for each in found.rows}["invoices"] == 1
    assert "2 rows of invoices" in " ".join(found.warnings)
    exercise(shop, Erasure("child"))
    assert len(anas(shop)) == 2


def test_the_views_for_jobs_downstream_leave_it_out(shop: Store) -> None:
    exercise(shop, Erasure("child"))
    assert len(snapshot(shop)["billing.invoices"]) == 2
    assert [row for row in snapshot(shop)["habeas.processable_invoices"] if held([row], "bo-2")]
    assert len(snapshot(shop)["habeas.processable_invoices"]) == 1


def test_no_import_brings_the_person_back_beside_it(layout: Layout, shop: Store) -> None:
    exercise(shop, Erasure("child"))
    done = layout.load(shop, people=[ANA], events=EVENTS)
    assert done.people
    assert done.people.erased == 1
    assert len(anas(shop)) == 1


def test_nothing_is_held_on_the_person_any_more(shop: Store, tmp_path: Path) -> None:
    exercise(shop, Erasure("child"))
    with shop.reading() as cursor:
        plan = Access(str(tmp_path / "out")).plan(cursor, people.nobody(ANA["id"]))
    assert {each.name: each.count for each in plan.rows}["invoices"] == 0


def test_a_plan_is_refused_once_an_invoice_came_in(layout: Layout, shop: Store) -> None:
    plan = planned(shop)
    invoice(layout, shop)
    with pytest.raises(StalePlan):
        apply(shop, plan, BY)


def test_a_plan_is_refused_once_the_law_no_longer_keeps_it(
    layout: Layout, shop: Store, clock: FixedClock
) -> None:
    plan = planned(shop)
    clock.now = NOON.replace(year=2036)
    with pytest.raises(StalePlan):
        apply(shop, plan, BY)


def test_what_belongs_to_merged_ids_is_kept_too(tmp_path: Path) -> None:
    with FULL.create(tmp_path) as store:
        FULL.load(store, people=[{**ANA, "anonymous_ids": ["device-9"]}])
        FULL.further_records(store, "device-9")
        found: Person = person(store)
        assert found.merged == ("device-9",)
        exercise(store, Erasure("child"))
        (kept,) = invoices(store)
    assert (kept["customer"], kept["customer_no"], kept["invoice"]) == (None, None, None)
    assert kept["amount"] == 12.5


def test_who_has_nothing_to_keep_has_no_word_of_it(layout: Layout, shop: Store) -> None:
    layout.load(shop, people=[{"id": "di-4"}])
    plan = propose(shop, Erasure("child"), "di-4")
    assert plan.facts == {}
    assert "Kept by law" not in " ".join(plan.warnings)
