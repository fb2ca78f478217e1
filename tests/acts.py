"""What the tests of the law have handlers do, and look at afterwards."""

from collections.abc import Mapping
from typing import Any

from data import fulfilment, ledger, people
from data.entry import Entry
from data.ledger import By
from data.people import Person
from data.register import identification, notices, requests
from data.register.notices import Notice
from data.register.requests import Request
from data.rights.plan import apply, propose
from data.rights.right import Receipt, Right
from data.store import Store
from tests.conftest import ANA
from tests.layouts import BY, Layout

SEEN = By("handler", "passport seen")

LEDGER = {"habeas.ledger", "habeas.settings"}
"""What every act changes: a new entry, and the mark of the last one."""

REGISTER = LEDGER | {"habeas.requests"}

_DETAILS: Mapping[str, Mapping[str, Any]] = {
    "erasure": {"ground": "child"},
    "restriction": {"ground": "accuracy"},
    "automation": {"stop": True},
}


def exercise(store: Store, right: Right, of: str = ANA["id"], by: By = BY) -> Receipt:
    """Plans the right and applies it, with no request."""
    return apply(store, propose(store, right, of), by)


def receive(store: Store, right: str = "restriction", **more: Any) -> Request:
    """A request, Ana's unless said `of` whom."""
    more.setdefault("details", _DETAILS.get(right))
    return fulfilment.receive(store, more.pop("of", ANA["id"]), right, BY, **more)


def confirm(store: Store, request_id: str) -> Request:
    return identification.identify(store, request_id, "confirmed", SEEN)


def receive_known(store: Store, right: str, **more: Any) -> Request:
    """The same, of somebody whose identity is confirmed."""
    return confirm(store, receive(store, right, **more).id)


def run(store: Store, request_id: str, **details: Any) -> Request:
    return fulfilment.run(store, request_id, BY, details)


def cancel(store: Store, request_id: str) -> Request:
    with store.transaction() as cursor:
        return requests.cancel(cursor, request_id, BY)


def request(store: Store, request_id: str = "R1") -> Request:
    with store.reading() as cursor:
        return requests.get(cursor, request_id)


def person(store: Store, subject_id: str = ANA["id"]) -> Person:
    with store.reading() as cursor:
        return people.read(cursor, subject_id)


def last_entry(store: Store) -> Entry:
    with store.reading() as cursor:
        return ledger.entries(cursor)[-1]


def open_notices(store: Store) -> list[Notice]:
    with store.reading() as cursor:
        return notices.listed(cursor, everyone=False)


def tell_everybody(store: Store) -> None:
    """Settles every open notice."""
    for each in open_notices(store):
        with store.transaction() as cursor:
            notices.done(cursor, each.id, cursor.today, BY)


def told(layout: Layout, *names: str) -> tuple[str, ...]:
    """The recipients of the second map; the built-in one names none."""
    return names if layout.kept else ()
