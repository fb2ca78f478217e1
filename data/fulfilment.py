"""From the register to the right: receiving a request, and carrying it out, one or all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Literal

from data import people, rights
from data.cursor import Cursor
from data.errors import HabeasError, Interrupted, Refused
from data.ledger import By
from data.people import Person
from data.register import completion, identification, reception, requests
from data.register.requests import Request
from data.rights.objection import OUTCOMES, decided
from data.rights.plan import apply_all, carry_out_each, plan_each, propose, propose_all
from data.rights.right import Plan, Receipt, Right, planned
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
        if not unknown and people.lookup(cursor, subject_id) is None:
            raise people.missing(subject_id, NOT_THERE)
        new = reception.New(
            subject_id,
            right,
            ready=not kind.asks_identity,
            details=details or {},
            received=received,
            came_by=came_by,
        )
        return reception.add(cursor, new, by)


NOT_THERE = (
    "Search for them by name or email; if they are not in the store, --unknown enters it all the "
    "same, and access tells them that nothing is held."
)


def person(store: Store, request: Request) -> Person:
    """Who asks, or one of whom nothing is held. Raises NotFound, and Refused where nobody can be
    answered, whatever the particulars: the person was erased, the check of identity is to be made,
    or there is nothing to lift."""
    with store.reading() as cursor:
        asking = _asking(request, people.lookup_all(cursor, [request.user_id]))
    if not request.awaits_decision:
        rights.named(request.right).check(asking)
    return asking


def outcomes(request: Request) -> dict[str, bool]:
    """How an objection may be decided, each with whether it can be already: what comes to a right
    that asks for it waits for the check of identity."""
    return {name: request.is_proven or not right.asks_identity for name, right in OUTCOMES.items()}


def plan(store: Store, request_id: str, details: Mapping[str, Any]) -> Plan:
    """What carrying out the request would do; `details` add to those in the register.

    Raises NotFound, Refused where the request is closed or waits for the check of identity,
    BadInput where details are missing.
    """
    return planned(plan_all(store, {request_id: details})[request_id])


def plan_all(
    store: Store, details: Mapping[str, Mapping[str, Any]]
) -> dict[str, Plan | HabeasError]:
    """The same for several requests, by id, or why one cannot be carried out. Raises NotFound."""
    with store.reading() as cursor:
        found = requests.get_all(cursor, list(details))
        known = people.lookup_all(cursor, [each.user_id for each in found])
        plans: dict[str, Plan | HabeasError] = {}
        asked = {}
        for each in found:
            try:
                asked[each.id] = _asked(requests.check_open(each), details[each.id], known)
            except HabeasError as why:
                plans[each.id] = why
        return plans | dict(zip(asked, plan_each(cursor, list(asked.values())), strict=True))


def _asked(
    request: Request, details: Mapping[str, Any], known: Mapping[str, Person]
) -> tuple[Right, Person]:
    asking = _asking(request, known)
    right = _right(request, details)
    if right.asks_identity:
        identification.check(request)
    return right, asking


def _asking(request: Request, known: Mapping[str, Person]) -> Person:
    if not request.user_id:
        raise Refused(f"The person of request {request.id} was erased.", then="Cancel it.")
    right = rights.named(request.right)
    if right.asks_identity:
        identification.check(request)
    found = known.get(request.user_id)
    if not right.answers_nobody:
        people.known(found, request.user_id)
    return found or people.nobody(request.user_id)


def carry_out(store: Store, plan: Plan, by: By) -> Receipt:
    """Applies the plan, on the request of `by` if it names one, which is marked as begun."""
    return carry_out_all(store, [(plan, by)])[0]


def carry_out_all(store: Store, plans: Sequence[tuple[Plan, By]]) -> list[Receipt]:
    """Applies plans of different people in one transaction."""
    if begun := [by.request for _, by in plans if by.request]:
        with store.transaction() as cursor:
            completion.begin(cursor, begun, plans[0][1])
    with store.transaction() as cursor:
        return apply_all(cursor, plans)


def exercise(
    store: Store, rights: Mapping[str, Right], by: By, *, keep: bool = True
) -> dict[str, Plan | HabeasError]:
    """Carries out the right of each of these people, by id, as it is planned in the same
    transaction, and gives the plans; those for whom there can be none are left out.

    With `keep=False` they are only planned.
    """
    if by.request:
        plans = _proposed(store, rights)
        if keep:
            carry_out_all(store, [(each, by) for each in plans.values() if isinstance(each, Plan)])
        return plans
    if not keep:
        return _proposed(store, rights)
    with store.transaction() as cursor:
        plans = propose_all(cursor, rights)
        carry_out_each(cursor, [(each, by) for each in plans.values() if isinstance(each, Plan)])
        return plans


def exercise_one(
    store: Store, right: Right, subject_id: str, by: By, before: Callable[[Plan], None]
) -> Receipt:
    """Carries out a right of one person as it is planned in the same transaction, having shown the
    plan `before`. Raises NotFound, Refused where it corrects nothing and is on no request, and what
    planning and applying raise."""
    if by.request:
        made = propose(store, right, subject_id)
        before(made)
        return carry_out(store, made, by)
    with store.transaction() as cursor:
        made = right.plan(cursor, people.read(cursor, subject_id))
        made.check_effect()
        before(made)
        return carry_out_each(cursor, [(made, by)])[0]


def _proposed(store: Store, rights: Mapping[str, Right]) -> dict[str, Plan | HabeasError]:
    with store.reading() as cursor:
        return propose_all(cursor, rights)


def run(store: Store, request_id: str, by: By, details: Mapping[str, Any]) -> Request:
    """Carries the request out once, and gives it with its receipt; run again, the same."""
    with store.reading() as cursor:
        request = requests.get(cursor, request_id)
    if _is_done(request, details):
        return request
    made = plan(store, request_id, details)
    carry_out(store, made, By(by.actor, by.reason, request_id))
    with store.reading() as cursor:
        return requests.get(cursor, request_id)


def _is_done(request: Request, details: Mapping[str, Any]) -> bool:
    decides = request.awaits_decision and "outcome" in details
    return bool(request.receipt) and not decides


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
    store: Store, queue: Sequence[Request], by: By, details: Mapping[str, Any], *, keep: bool = True
) -> list[Outcome]:
    """Runs requests of a queue, those of different people in one transaction; what goes wrong with
    one stops none of the others.

    With `keep=False` they are only planned.
    """
    came_to: dict[str, Outcome] = {}
    left = list(queue)
    while left:
        now, left = _of_different_people(left)
        came_to |= {each.request.id: each for each in _together(store, now, by, details, keep)}
    return [came_to[each.id] for each in queue]


def _of_different_people(queue: Sequence[Request]) -> tuple[list[Request], list[Request]]:
    """The first request of each person, and those that come after."""
    first = {each.subject: each for each in reversed(queue)}
    now = [each for each in queue if first[each.subject] is each]
    return now, [each for each in queue if first[each.subject] is not each]


def _together(
    store: Store, queue: Sequence[Request], by: By, details: Mapping[str, Any], keep: bool
) -> list[Outcome]:
    given = {each.id: taken(each.right, details) for each in queue}
    waiting = {each.id: each for each in queue if not _is_done(each, given[each.id])}
    plans = plan_all(store, {each: given[each] for each in waiting})
    failed = {
        each: _failed(waiting[each], why)
        for each, why in plans.items()
        if isinstance(why, HabeasError)
    }
    doable = [
        (made, By(by.actor, by.reason, each))
        for each, made in plans.items()
        if isinstance(made, Plan)
    ]
    ids = [one for made, _ in doable for one in made.person.ids]
    try:
        if len(set(ids)) < len(ids):
            raise Refused("Two of these are one person, under different ids.")
        if keep and doable:
            carry_out_all(store, doable)
    except Interrupted:
        raise
    except HabeasError as why:
        if len(queue) == 1:
            return [_failed(queue[0], why)]
        return [one for each in queue for one in _together(store, [each], by, details, keep)]
    with store.reading() as cursor:
        now = requests.get_all(cursor, [each.id for each in queue])
    return [failed.get(each.id) or Outcome(each, "done") for each in now]


def _failed(request: Request, why: HabeasError) -> Outcome:
    return Outcome(request, "refused" if isinstance(why, Refused) else "failed", why.happened)


def taken(right: str, details: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the details that are particulars of the right."""
    known = [each.name for each in fields(rights.named(right))]  # type: ignore[arg-type]
    return {name: value for name, value in details.items() if name in known}


def _right(request: Request, details: Mapping[str, Any]) -> Right:
    if request.awaits_decision:
        return decided(details)
    return rights.named(request.right).from_details({**request.details, **details})
