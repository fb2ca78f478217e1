"""From the register to the right: receiving a request, and carrying it out, one or all."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Literal

from data import people, rights
from data.cursor import Cursor
from data.errors import HabeasError, Interrupted, Refused
from data.ledger import By
from data.people import Person
from data.register import identification, requests
from data.register.requests import Request
from data.rights.objection import decided
from data.rights.plan import Plan, Receipt, Right, apply, propose, propose_for_nobody
from data.store import Store


def receive(
    store: Store,
    subject_id: str,
    right: str,
    by: By,
    *,
    details: Mapping[str, Any] | None = None,
    received: date | None = None,
    came_by: str = "not said",
    unknown: bool = False,
    keep: bool = True,
) -> Request:
    """Enters a request of a person who is there for a right that is known.

    With `unknown` the person need not be there: they may still have an answer. Raises NotFound,
    BadInput. With `keep=False` it only shows what would be entered.
    """
    kind = rights.named(right)
    kind.check_details(details or {})
    with store.transaction(keep=keep) as cursor:
        if not unknown:
            people.read(cursor, subject_id)
        return requests.add(
            cursor,
            subject_id,
            right,
            by,
            ready=not kind.asks_identity,
            details=details,
            received=received,
            came_by=came_by,
        )


def person(store: Store, request: Request) -> Person:
    """Who asks, or one of whom nothing is held. Raises Refused where nobody can be answered yet:
    the person was erased, or the check of identity is to be made."""
    if not request.user_id:
        raise Refused(f"The person of request {request.id} was erased.", then="Cancel it.")
    if rights.named(request.right).asks_identity:
        identification.check(request)
    with store.reading() as cursor:
        return people.lookup(cursor, request.user_id) or people.nobody(request.user_id)


def plan(store: Store, request_id: str, details: Mapping[str, Any]) -> Plan:
    """What carrying out the request would do; `details` add to those in the register.

    Raises NotFound, Refused where the request is closed or waits for the check of identity,
    BadInput where details are missing.
    """
    with store.reading() as cursor:
        request = requests.open_one(cursor, request_id)
    asking = person(store, request)
    right = _right(request, details)
    if right.asks_identity:
        identification.check(request)
    if not asking.known and right.answers_nobody:
        return propose_for_nobody(store, right, request.user_id)
    return propose(store, right, request.user_id)


def carry_out(store: Store, plan: Plan, by: By) -> Receipt:
    """Applies the plan, on the request of `by` if it names one, which is marked as begun."""
    if by.request:
        with store.transaction() as cursor:
            requests.begin(cursor, [by.request], by)
    return apply(store, plan, by)


def run(store: Store, request_id: str, by: By, details: Mapping[str, Any]) -> Request:
    """Carries the request out once, and gives it with its receipt; run again, the same."""
    with store.reading() as cursor:
        request = requests.get(cursor, request_id)
    if request.receipt and not (request.awaits_decision and "outcome" in details):
        return request
    made = plan(store, request_id, details)
    carry_out(store, made, By(by.actor, by.reason, request_id))
    with store.reading() as cursor:
        return requests.get(cursor, request_id)


@dataclass(frozen=True)
class Outcome:
    """What became of one request of a queue, and why where it was not done."""

    request: Request
    came_to: Literal["done", "refused", "failed"]
    why: str = ""


def ready(cursor: Cursor) -> list[Request]:
    """The requests that wait for nothing but to be carried out, by due date."""
    return [each for each in requests.listed(cursor) if each.is_ready]


def work_off(
    store: Store, request: Request, by: By, details: Mapping[str, Any], *, keep: bool = True
) -> Outcome:
    """Runs one request of a queue; what goes wrong with it stops none of the others.

    With `keep=False` it is only planned.
    """
    given = taken(request.right, details)
    try:
        if not keep:
            plan(store, request.id, given)
            return Outcome(request, "done")
        return Outcome(run(store, request.id, by, given), "done")
    except Interrupted:
        raise
    except Refused as refused:
        return Outcome(request, "refused", refused.happened)
    except HabeasError as failed:
        return Outcome(request, "failed", failed.happened)


def taken(right: str, details: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the details that are particulars of the right."""
    known = [each.name for each in fields(rights.named(right))]  # type: ignore[arg-type]
    return {name: value for name, value in details.items() if name in known}


def _right(request: Request, details: Mapping[str, Any]) -> Right:
    if request.awaits_decision:
        return decided(details)
    return rights.named(request.right).from_details({**request.details, **details})
