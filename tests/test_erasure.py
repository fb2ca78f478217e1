"""Erasure, Article 17: gone from everything, the others untouched, and not brought back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from data import finding, fulfilment, ledger, people
from data.cursor import Row
from data.errors import NotFound, Refused
from data.intake import Counts
from data.ledger import By
from data.register import requests
from data.rights.automation import Automation
from data.rights.erasure import STOP_COLLECTION, Erasure, check_extent
from data.rights.objection import Objection
from data.rights.plan import propose
from data.rights.rectification import Rectification
from data.rights.restriction import Restriction
from data.store import Store
from tests.acts import exercise, last_entry, receive_known, run, tell_everybody, told
from tests.conftest import ANA, BO, CY, EVENTS
from tests.layouts import BUILT_IN, Layout, held, snapshot

GROUND = "consent-withdrawn"


def erase(store: Store, subject_id: str = ANA["id"]) -> None:
    exercise(store, Erasure(GROUND), subject_id)


@pytest.fixture
def busy(layout: Layout, shop: Store) -> Store:
    """A store in which two people have used every right, and asked again."""
    for each in (ANA, BO):
        exercise(shop, Rectification({layout.person["last"]: f"not {each['last']}"}), each["id"])
        exercise(shop, Objection([layout.channels[0]]), each["id"])
        exercise(shop, Automation(stop=True), each["id"])
        fulfilment.receive(
            shop,
            each["id"],
            "rectification",
            By("handler", f"{each['last']} wrote a letter"),
            details={"changes": {layout.person["email"]: f"new-{each['email']}"}},
        )
        exercise(shop, Restriction("accuracy"), each["id"])
    return shop


def every_row(store: Store) -> Iterator[tuple[str, Row]]:
    for table, rows in snapshot(store).items():
        for row in rows:
            yield table, row


def test_no_value_of_the_person_is_left_anywhere(layout: Layout, busy: Store) -> None:
    values = [ANA["id"], ANA["last"], ANA["email"], f"not {ANA['last']}", f"new-{ANA['email']}"]
    for value in values:
        assert any(value in str(cell) for _, row in every_row(busy) for cell in row), value
    erase(busy)
    tell_everybody(busy)
    left = [(t, v) for t, row in every_row(busy) for v in values for c in row if v in str(c)]
    assert left == []


def test_until_the_recipients_are_told_their_notices_alone_hold_the_person(
    layout: Layout, busy: Store
) -> None:
    erase(busy)
    holding = {t for t, row in every_row(busy) for v in ANA.values() if v and held([row], v)}
    assert holding == ({"habeas.notices"} if layout.kept else set())


def test_all_rows_of_everybody_else_are_the_same(layout: Layout, busy: Store) -> None:
    before = snapshot(busy)
    erase(busy)
    after = snapshot(busy)
    with busy.reading() as cursor:
        ana = cursor.pseudonym(ANA["id"])
    for table in before:
        if table in ("habeas.settings", "habeas.erased", "habeas.ledger"):
            continue
        if table == "billing.invoices":
            continue  # of Ana's a part is kept: see test_kept
        others = [row for row in before[table] if not held([row], ANA["id"])]
        others = [row for row in others if not held([row], ana)]
        kept = [row for row in after[table] if not held([row], ana)]
        assert kept == others, table
    assert after["habeas.ledger"][:-1] == before["habeas.ledger"]


def test_an_erased_person_is_not_there(busy: Store) -> None:
    erase(busy)
    with busy.reading() as cursor, pytest.raises(NotFound):
        people.read(cursor, ANA["id"])
    with pytest.raises(NotFound):
        propose(busy, Erasure(GROUND), ANA["id"])


def test_no_import_brings_the_person_back(layout: Layout, busy: Store) -> None:
    erase(busy)
    tell_everybody(busy)
    new = {**EVENTS[0], "what": "a late event"}
    for _ in range(2):
        done = layout.load(busy, people=[ANA, BO, CY], events=[*EVENTS, new])
        assert done.people == Counts(read=3, erased=1, restricted=1)
        assert done.records == Counts(read=4, erased=3, restricted=1)
        assert not any(held([row], ANA["id"]) for _, row in every_row(busy))


def test_an_id_that_only_begins_alike_is_not_erased(layout: Layout, shop: Store) -> None:
    alike = ["ana-11", "ana-1 ", "ANA-1", "ana-", "ana-1\u200b"]
    layout.load(shop, people=[{"id": each, "last": "x"} for each in alike])
    layout.load(shop, events=[{**EVENTS[0], "who": each} for each in alike])
    erase(shop)
    with shop.reading() as cursor:
        assert {each.id for each in finding.find(cursor)} == {*alike, BO["id"], CY["id"]}
        for each in alike:
            assert len(_events(shop, layout, each)) == 1


def _events(store: Store, layout: Layout, who: str) -> list[Row]:
    column = list(layout.map.records[0].columns).index(layout.event["who"])
    return [row for row in snapshot(store)[layout.map.records[0].table] if row[column] == who]


def test_merged_ids_are_erased_too_and_do_not_come_back(tmp_path: Path) -> None:
    ana: dict[str, Any] = {**ANA, "anonymous_ids": ["device-9", "device-10"]}
    events = [{**EVENTS[0], "who": who} for who in ("ana-1", "device-9", "device-10", "bo-2")]
    with BUILT_IN.create(tmp_path) as store:
        BUILT_IN.load(store, people=[ana, BO], events=events)
        erase(store)
        done = BUILT_IN.load(store, events=events)
        assert done.records == Counts(read=4, erased=3)
        assert not any(held([row], "device-") for _, row in every_row(store))


def test_the_plan_counts_what_goes_and_says_what_to_weigh(layout: Layout, busy: Store) -> None:
    plan = propose(busy, Erasure("objection"), ANA["id"])
    assert plan.final
    assert plan.article == "17(1)(c)"
    further = {"ratings": 1, "invoices": 0} if layout.kept else {}
    counts = {each.name: each.count for each in plan.rows}
    assert counts == {"profiles": 1, layout.events: 2, **further}
    weighed = [
        STOP_COLLECTION,
        f"Reports will count {sum(counts.values()) - 1} records fewer.",
        *told(
            layout,
            "Kept by law until 2036-11-23, Article 17(3)(b): 1 row of invoices, with number, "
            "amount, issued_at; all else in it is blanked.",
        ),
        "The person is restricted, for accuracy: they may need the data kept, Article 18(1).",
        *told(
            layout,
            "Until they are told, the notices to Printer GmbH, Analyst Inc keep what "
            "they know the person by.",
        ),
        "Still open, and not to be answered after: R1.",
    ]
    assert list(plan.warnings) == weighed
    assert plan.recipients == told(layout, "Printer GmbH", "Analyst Inc")


def test_the_register_keeps_that_a_request_was_made_but_not_by_whom(busy: Store) -> None:
    asked = receive_known(busy, "erasure", details={"ground": GROUND})
    done = run(busy, asked.id)
    assert done.status == "completed"
    assert (done.user_id, dict(done.details)) == ("", {})
    assert done.receipt["article"] == "17(1)(b)"
    assert done.receipt["rows"]["profiles"] == 1
    assert not [value for value in ANA.values() if value and value in str(done)]
    with busy.reading() as cursor:
        for each in requests.listed(cursor, subjects=[done.subject]):
            assert (each.user_id, dict(each.details)) == ("", {})
        bo = requests.listed(cursor, subjects=[cursor.pseudonym(BO["id"])])
        assert [each.user_id for each in bo] == [BO["id"]]


def test_the_ledger_holds_after_it_and_names_nobody(busy: Store) -> None:
    erase(busy)
    with busy.reading() as cursor:
        assert ledger.verify(cursor) == []
        assert last_entry(busy).subject == cursor.pseudonym(ANA["id"])
    assert last_entry(busy).facts["rows"]["profiles"] == 1


def test_a_person_with_nothing_but_an_id_can_be_erased(layout: Layout, store: Store) -> None:
    layout.load(store, events=[EVENTS[0]])
    erase(store)
    tell_everybody(store)
    assert not any(held([row], ANA["id"]) for _, row in every_row(store))


@pytest.mark.parametrize(
    ("count", "max_people", "max_share", "refused"),
    [
        (2, None, None, False),
        (2, 2, None, False),
        (2, 1, None, True),
        (2, None, 67, False),
        (2, None, 66, True),
        (1, None, 33.3, True),
        (3, 3, 100, False),
        (0, 0, 0, False),
        (1, 5, 10, True),
    ],
)
def test_a_batch_that_would_erase_more_than_was_meant_is_stopped(
    shop: Store, count: int, max_people: int | None, max_share: float | None, refused: bool
) -> None:
    """There are three people."""
    with shop.reading() as cursor:
        limits = {"max_people": max_people, "max_share": max_share}
        if not refused:
            check_extent(cursor, count, **limits)  # type: ignore[arg-type]
            return
        with pytest.raises(Refused, match="would be erased, more than"):
            check_extent(cursor, count, **limits)  # type: ignore[arg-type]
