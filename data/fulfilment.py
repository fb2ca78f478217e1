"""From the register to the right: receiving a request, and carrying it out."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from data import people, requests, rights
from data.errors import Refused
from data.ledger import By
from data.requests import Request
from data.rights.plan import Plan, apply, propose
from data.store import Store


def receive(
    store: Store,
    subject_id: str,
    right: str,
    by: By,
    *,
    details: Mapping[str, Any] | None = None,
    received: date | None = None,
    keep: bool = True,
) -> Request:
    """Enters a request of a person who is there for a right that is known.

    Raises NotFound, BadInput. With `keep=False` it only shows what would be entered.
    """
    rights.named(right).check_details(details or {})
    with store.transaction(keep=keep) as cursor:
        people.read(cursor, subject_id)
        return requests.add(cursor, subject_id, right, by, details=details, received=received)


def plan(store: Store, request_id: str, details: Mapping[str, Any]) -> Plan:
    """What carrying out the request would do; `details` add to those in the register.

    Raises NotFound, Refused where the request is closed, BadInput where details are missing.
    """
    with store.reading() as cursor:
        request = requests.get(cursor, request_id)
    if not request.is_open:
        raise Refused(f"Request {request.id} is {request.status} already.")
    if not request.user_id:
        raise Refused(f"The person of request {request.id} was erased.", then="Cancel it.")
    right = rights.named(request.right).from_details({**request.details, **details})
    return propose(store, right, request.user_id)


def run(store: Store, request_id: str, by: By, details: Mapping[str, Any]) -> Request:
    """Carries the request out once, and gives it with its receipt; run again, the same."""
    with store.reading() as cursor:
        request = requests.get(cursor, request_id)
    if request.status == "completed":
        return request
    apply(store, plan(store, request_id, details), By(by.actor, by.reason, request_id))
    with store.reading() as cursor:
        return requests.get(cursor, request_id)
