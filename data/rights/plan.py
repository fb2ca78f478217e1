"""Plan, then apply: what all rights share.

A plan reads and changes nothing; it says what will change. Applying it makes the plan anew
inside one transaction, refuses if the two differ, does what the plan says, and writes the
ledger entry and, on a request of the register, the receipt, all or nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from data import ledger, people
from data.cursor import Cursor
from data.entry import Entry
from data.errors import HabeasError, Interrupted, StalePlan
from data.ledger import By
from data.people import Person
from data.register import completion, identification, notices, reasons, requests
from data.register.notices import Told
from data.rights.right import Plan, Receipt, Right, planned
from data.store import Store

TOGETHER = 1_000
"""People of one transaction, at most, where many have a right carried out."""


def propose(store: Store, right: Right, subject_id: str) -> Plan:
    """The plan, read from the store as it is now. Raises NotFound, Refused, BadInput."""
    with store.reading() as cursor:
        return right.plan(cursor, people.read(cursor, subject_id))


def propose_all(cursor: Cursor, rights: Mapping[str, Right]) -> dict[str, Plan | HabeasError]:
    """For each of several people, by id, the plan of their right, or why there can be none."""
    found = people.lookup_all(cursor, list(rights))
    there = {each: found[each] for each in rights if each in found}
    made = plan_each(cursor, [(rights[each], person) for each, person in there.items()])
    plans = dict(zip(there, made, strict=True))
    return {each: plans.get(each) or people.missing(each) for each in rights}


def apply(store: Store, plan: Plan, by: By) -> Receipt:
    """Does exactly what the plan says. Raises StalePlan where the data changed since."""
    with store.transaction() as cursor:
        return apply_all(cursor, [(plan, by)])[0]


def apply_all(cursor: Cursor, plans: Sequence[tuple[Plan, By]]) -> list[Receipt]:
    """Does exactly what these plans of different people say, inside the caller's transaction.

    Raises StalePlan where the data of any of them changed since.
    """
    people_now = _as_now(cursor, [plan.person for plan, _ in plans])
    asked = [(plan.right, person) for (plan, _), person in zip(plans, people_now, strict=True)]
    for (plan, _), now in zip(plans, plan_each(cursor, asked), strict=True):
        if planned(now) != plan:
            raise StalePlan(
                "The data changed after this was planned.",
                then="Look at the new plan, then apply it.",
            )
    return carry_out_each(cursor, plans)


def plan_each(cursor: Cursor, asked: Sequence[tuple[Right, Person]]) -> list[Plan | HabeasError]:
    """For each the plan, or why there can be none; those of one right are made together."""
    made: dict[int, Plan | HabeasError] = {}
    for right, places in _by_right([each for each, _ in asked]).items():
        try:
            together = right.plan_all(cursor, [asked[place] for place in places])
        except Interrupted:
            raise
        except HabeasError as why:
            together = [why for _ in places]
        made |= zip(places, together, strict=True)
    return [made[place] for place in range(len(asked))]


def carry_out_each(cursor: Cursor, plans: Sequence[tuple[Plan, By]]) -> list[Receipt]:
    """Does what plans say that were made in the same transaction, of different people.

    Raises Refused where a reason names the person, or it is not clear who asks.
    """
    if not plans:
        return []
    for plan, by in plans:
        reasons.check(cursor.map.people, plan.person, by.reason)
    _check_identities(cursor, plans)
    for right, places in _by_right([plan.right for plan, _ in plans]).items():
        right.carry_out_all(cursor, [plans[place][0] for place in places])
    return _record(cursor, plans)


def _by_right(rights: Sequence[Right]) -> dict[type[Right], list[int]]:
    places: dict[type[Right], list[int]] = {}
    for place, right in enumerate(rights):
        places.setdefault(type(right), []).append(place)
    return places


def _check_identities(cursor: Cursor, plans: Sequence[tuple[Plan, By]]) -> None:
    asking = [by.request for plan, by in plans if by.request and plan.right.asks_identity]
    for request in requests.get_all(cursor, asking):
        identification.check(request)


def _record(cursor: Cursor, plans: Sequence[tuple[Plan, By]]) -> list[Receipt]:
    """The ledger entries, and what follows from them."""
    acts = [
        ledger.Act(
            by,
            plan.right.name,
            article=plan.article,
            subject=cursor.pseudonym(plan.person.id),
            detail=_detail(plan),
        )
        for plan, by in plans
    ]
    entries = ledger.append_all(cursor, acts)
    people_of = [plan.person for plan, _ in plans]
    return record_as(cursor, list(zip(people_of, entries, strict=True)))


def record_as(cursor: Cursor, done: Sequence[tuple[Person, Entry]]) -> list[Receipt]:
    """What follows from the exercise of rights that these entries record: the notices to
    recipients, and the receipts, on a request of the register where there is one."""
    recorded = [(person, entry, Receipt.of(entry)) for person, entry in done]
    notices.arise(
        cursor,
        [
            Told(person, entry, receipt.fields, receipt.recipients)
            for person, entry, receipt in recorded
        ],
    )
    completion.complete(
        cursor,
        [
            completion.Answered(entry.request, entry.action, entry.subject, asdict(receipt))
            for _, entry, receipt in recorded
            if entry.request
        ],
    )
    return [receipt for _, _, receipt in recorded]


def _detail(plan: Plan) -> dict[str, Any]:
    """What the ledger keeps of it."""
    fields = tuple(change.field for change in plan.changes)
    rows = {each.name: each.count for each in plan.rows}
    detail = {"fields": fields, "rows": rows, "recipients": plan.recipients, **plan.facts}
    return {name: value for name, value in detail.items() if value}


def _as_now(cursor: Cursor, planned_for: Sequence[Person]) -> list[Person]:
    found = people.lookup_all(cursor, [each.id for each in planned_for])
    for each in planned_for:
        if each.known:
            people.known(found.get(each.id), each.id)
        elif each.id in found:
            raise StalePlan(f"{each.id} is in the store now.", then="Make a new plan.")
    return [found.get(each.id, each) for each in planned_for]
