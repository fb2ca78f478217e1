"""Each right of the person, point by point: Articles 11 to 17. 18 to 22 have a file of their own.

A test here stands for a point of the law and fails when Habeas no longer carries it; the other
files say how it is carried.
"""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from data import fulfilment, people, rights
from data.errors import BadInput, Refused
from data.grounds import ERASURE, ERASURE_EXCEPTIONS
from data.intake import Counts
from data.ledger import By
from data.register.extension import extend
from data.register.identification import identify
from data.register.refusal import refuse
from data.rights.access import Access
from data.rights.erasure import STOP_COLLECTION, Erasure
from data.rights.plan import propose
from data.rights.rectification import Rectification
from data.store import Store
from tests.acts import SEEN, exercise, last_entry, person, receive, receive_known, request, run
from tests.conftest import ANA, EVENTS
from tests.layouts import BY, FULL, FixedClock, Layout, held, snapshot

WHY = By("handler", "You ask for very much at once.")
RECEIVED = date(2026, 11, 2)


@pytest.fixture(scope="session")
def layout() -> Layout:
    return FULL


def flat(path: Path) -> str:
    return " ".join(path.read_text("utf-8").split())


# Who asks, and by when they have an answer.


@pytest.mark.parametrize("right", rights.NAMES)
def test_12_6_it_is_checked_who_asks_before_data_is_given_away_changed_or_deleted(
    shop: Store, right: str
) -> None:
    waits = not receive(shop, right, details={}).is_ready
    assert waits == (right in {"access", "portability", "rectification", "erasure"})
    if waits:
        with pytest.raises(Refused, match="waits for the check of identity"):
            run(shop, "R1")
        assert identify(shop, "R1", "confirmed", SEEN).is_ready


def test_12_6_the_clock_may_wait_for_proof_and_the_register_says_why(
    shop: Store, clock: FixedClock
) -> None:
    receive(shop, "access", received=RECEIVED)
    identify(shop, "R1", "asked", By("handler", "a copy was asked for"), pause=True)
    clock.now = clock.now.replace(day=30)
    identify(shop, "R1", "confirmed", SEEN)
    assert request(shop).due == date(2026, 12, 9)
    assert held(snapshot(shop)["habeas.reasons"], "a copy was asked for")


def test_12_3_an_answer_is_due_in_a_month(shop: Store) -> None:
    asked = receive(shop, "access", received=RECEIVED)
    assert asked.due == date(2026, 12, 2)
    assert asked.working == "received Mon 2 Nov 2026, one month, ends Wed 2 Dec 2026"


def test_12_3_it_is_extended_by_two_months(shop: Store, tmp_path: Path) -> None:
    receive(shop, "access", received=RECEIVED)
    assert extend(shop, "R1", WHY, tmp_path)[0].due == date(2027, 2, 2)


def test_12_3_it_is_extended_once(shop: Store, tmp_path: Path) -> None:
    receive(shop, "access", received=RECEIVED)
    extend(shop, "R1", WHY, tmp_path)
    with pytest.raises(Refused):
        extend(shop, "R1", WHY, tmp_path)


def test_12_3_it_is_extended_inside_the_first_month(
    shop: Store, clock: FixedClock, tmp_path: Path
) -> None:
    receive(shop, "access", received=RECEIVED)
    clock.now = clock.now.replace(month=12, day=3)
    with pytest.raises(Refused):
        extend(shop, "R1", WHY, tmp_path)


def test_12_3_the_person_is_told_of_an_extension_with_its_reason(
    shop: Store, tmp_path: Path
) -> None:
    receive(shop, "access", received=RECEIVED)
    assert WHY.reason in flat(extend(shop, "R1", WHY, tmp_path)[1])
    with pytest.raises(BadInput):
        extend(shop, receive(shop).id, BY, tmp_path)


@pytest.mark.parametrize(
    "said", [WHY.reason, "complain to a supervisory authority", "Autoriteit Persoonsgegevens",
             "You can also go to court (Articles 77 and 79 GDPR)"]
)  # fmt: skip
def test_12_4_a_refusal_says_why_and_what_the_person_can_do(
    shop: Store, tmp_path: Path, said: str
) -> None:
    receive(shop, "access")
    assert said in flat(refuse(shop, "R1", "excessive", WHY, tmp_path)[1])


@pytest.mark.parametrize(
    ("ground", "article"),
    [("unfounded", "12(5)"), ("excessive", "12(5)"), ("unidentifiable", "11(2)")],
)
def test_12_5_and_11_2_a_request_is_refused_on_a_ground_that_is_recorded(
    shop: Store, tmp_path: Path, ground: str, article: str
) -> None:
    receive(shop, "access")
    assert refuse(shop, "R1", ground, WHY, tmp_path)[0].ground == article
    assert last_entry(shop).article == article


def test_11_2_who_is_identified_is_not_refused_for_want_of_it(shop: Store, tmp_path: Path) -> None:
    receive_known(shop, "access")
    with pytest.raises(Refused):
        refuse(shop, "R1", "unidentifiable", WHY, tmp_path)


# Access.


def answered(store: Store, out: Path) -> Path:
    exercise(store, Access(str(out)))
    (folder,) = out.iterdir()
    return folder


def test_15_1_an_answer_confirms_informs_and_has_a_copy(shop: Store, tmp_path: Path) -> None:
    folder = answered(shop, tmp_path / "out")
    answer = json.loads((folder / "answer.json").read_text())
    assert answer["confirmation"] == {"personal_data_held": True}
    assert answer["information"]
    assert json.loads((folder / "profile.json").read_text())["email"] == ANA["email"]
    assert len((folder / "events.json").read_text().splitlines()) == 2


def test_15_1_who_is_not_known_is_told_so(shop: Store, tmp_path: Path) -> None:
    fulfilment.receive(shop, "nobody-4", "access", BY, unknown=True)
    identify(shop, "R1", "confirmed", SEEN)
    run(shop, "R1", out=str(tmp_path / "out"))
    (folder,) = (tmp_path / "out").iterdir()
    answer = json.loads((folder / "answer.json").read_text())
    assert answer["confirmation"] == {"personal_data_held": False}


TOLD: dict[str, Callable[[dict[str, Any]], bool]] = {
    "15(1)(a) purposes": lambda told: told["purposes"][0]["purpose"].startswith("to run the acc"),
    "15(1)(b) categories": lambda told: (
        {"identity", "contact", "behaviour"} <= {each["name"] for each in told["categories"]}
    ),
    "15(1)(c) recipients": lambda told: (
        [each["name"] for each in told["recipients"]] == ["Printer GmbH", "Analyst Inc"]
    ),
    "15(1)(d) retention": lambda told: told["purposes"][2]["retention"] == "two years",
    "15(1)(e) rights": lambda told: (
        [each["article"] for each in told["rights"]] == ["16", "17", "18", "21"]
    ),
    "15(1)(f) complaint": lambda told: (
        told["complaint"]["authority"] == "Autoriteit Persoonsgegevens"
    ),
    "15(1)(g) sources": lambda told: "the accounts" in {s["source"] for s in told["sources"]},
    "15(1)(h) automated decisions": lambda told: (
        told["automated_decisions"]
        == [
            {
                "logic": "orders above 500 EUR are scored by payment history",
                "effect": "payment on invoice is refused",
            }
        ]
    ),
    "15(2) safeguards": lambda told: (
        (
            told["recipients"][1]["abroad"],
            told["recipients"][1]["safeguard"],
        )
        == (True, "standard contractual clauses")
    ),
}


@pytest.mark.parametrize("item", TOLD)
def test_15_the_person_is_told(shop: Store, tmp_path: Path, item: str) -> None:
    folder = answered(shop, tmp_path / "out")
    answer = json.loads((folder / "answer.json").read_text())
    assert TOLD[item](answer["information"])


# Rectification.


@pytest.mark.parametrize(
    ("field", "right", "wrong"),
    [
        ("email", "ana.nowak@example.org", "ana at example"),
        ("phone", "+48 12 345 67 89", "call me"),
        ("birth_date", "1991-01-01", "01/01/1991"),
        ("gender", "other", "unsaid"),
        ("attributes", '{"tier":"gold"}', "{tier}"),
    ],
)
def test_16_a_field_is_corrected_to_what_its_type_allows(
    shop: Store, field: str, right: str, wrong: str
) -> None:
    exercise(shop, Rectification({field: right}))
    assert str(person(shop).fields[field]) == right
    with pytest.raises(BadInput):
        propose(shop, Rectification({field: wrong}), ANA["id"])
    assert str(person(shop).fields[field]) == right


def test_16_several_fields_are_corrected_at_once(shop: Store) -> None:
    receipt = exercise(shop, Rectification({"last_name": "Nowak", "email": "a@b.example"}))
    now = person(shop).fields
    assert (now["last_name"], now["email"]) == ("Nowak", "a@b.example")
    assert receipt.fields == ("last_name", "email")


def test_16_what_is_incomplete_is_completed(shop: Store) -> None:
    assert person(shop).fields["city"] is None
    exercise(shop, Rectification({"city": "Kraków"}))
    assert person(shop).fields["city"] == "Kraków"


def test_16_what_was_wrong_does_not_come_back(layout: Layout, shop: Store) -> None:
    exercise(shop, Rectification({"last_name": "Nowak"}))
    layout.load(shop, people=[ANA])
    assert person(shop).fields["last_name"] == "Nowak"


# Erasure.


@pytest.mark.parametrize(("ground", "article"), ERASURE.items(), ids=ERASURE.values())
def test_17_1_it_is_for_a_ground_that_is_recorded(shop: Store, ground: str, article: str) -> None:
    exercise(shop, Erasure(ground))
    assert last_entry(shop).article == article
    with shop.reading() as cursor:
        assert people.lookup(cursor, ANA["id"]) is None


@pytest.mark.parametrize(("exception", "article"), ERASURE_EXCEPTIONS.items(),
                         ids=ERASURE_EXCEPTIONS.values())  # fmt: skip
def test_17_3_it_is_refused_for_an_exception_that_is_recorded(
    shop: Store, tmp_path: Path, exception: str, article: str
) -> None:
    receive(shop, "erasure")
    refused, _ = refuse(shop, "R1", "exception", WHY, tmp_path, exception=exception)
    assert refused.ground == article
    assert person(shop).known


def test_17_3_what_the_law_requires_is_kept_and_no_more(shop: Store) -> None:
    exercise(shop, Erasure("child"))
    kept = [row for row in snapshot(shop)["billing.invoices"] if not held([row], "bo-2")]
    assert [value for value in kept[0] if value is not None] == ["good", shop.clock(), 12.5]


def test_17_the_plan_advises_counts_and_says_what_reports_will_miss(shop: Store) -> None:
    plan = propose(shop, Erasure("child"), ANA["id"])
    assert plan.warnings[:2] == (STOP_COLLECTION, "Reports will count 2 records fewer.")
    counts = {each.name: each.count for each in plan.rows}
    assert counts == {"profiles": 1, "events": 2, "invoices": 0}


def test_17_it_takes_merged_ids_with_it_and_theirs_in_turn(layout: Layout, shop: Store) -> None:
    ids = [f"web-{n}" for n in range(5)]
    chain = [{"id": ids[n], "anonymous_ids": ids[n + 1 : n + 2]} for n in range(4)]
    layout.load(shop, people=chain, events=[{**EVENTS[0], "who": each} for each in ids])
    exercise(shop, Erasure("child"), of=ids[0])
    left = [row for name in ("profiles", "events") for row in snapshot(shop)[name]]
    assert not held(left, "web-")


def test_17_no_import_brings_the_person_back(layout: Layout, shop: Store) -> None:
    exercise(shop, Erasure("child"))
    done = layout.load(shop, people=[ANA], events=EVENTS[:2])
    assert (done.people, done.records) == (Counts(read=1, erased=1), Counts(read=2, erased=2))
