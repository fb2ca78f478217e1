"""The register of requests: what was asked, by whom, by when it is due, what came of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from data import ledger
from data.clock import answer_due
from data.errors import BadInput, NotFound, Refused
from data.ledger import By
from data.store import Cursor

OPEN = ("received",)
"""The statuses in which a request still waits for its answer."""


@dataclass(frozen=True)
class Request:
    """One request. `user_id` and `details` are empty once the person is erased."""

    id: str
    right: str
    subject: str
    user_id: str
    details: Mapping[str, Any]
    received: date
    due: date
    working: str
    status: str
    handler: str
    closed_at: datetime | None
    receipt: Mapping[str, Any]

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    def days_left(self, today: date) -> int:
        """Negative once it is overdue."""
        return (self.due - today) // timedelta(days=1)


def add(
    cursor: Cursor,
    subject_id: str,
    right: str,
    by: By,
    *,
    details: Mapping[str, Any] | None = None,
    received: date | None = None,
) -> Request:
    """Enters a request, received today unless said otherwise, with its due date.

    Raises BadInput where it would be received in the future.
    """
    received = received or cursor.today
    if received > cursor.today:
        raise BadInput(f"{received} is in the future; a request is received on its day.")
    controller = cursor.map.controller
    due = answer_due(received, country=controller.country, day_one=controller.day_one)
    subject = cursor.pseudonym(subject_id)
    count = cursor.value("SELECT count(*) FROM habeas.requests")
    request_id = f"R{count + 1}"
    cursor.run(
        "INSERT INTO habeas.requests VALUES ($id, $asked, $subject, $user_id, $details, "
        "$received, $due, $working, 'received', $handler, NULL, NULL)",
        id=request_id,
        asked=right,
        subject=subject,
        user_id=subject_id,
        details=json.dumps(details or {}),
        received=received,
        due=due.date,
        working=due.working,
        handler=by.actor,
    )
    named = By(by.actor, by.reason, request_id)
    ledger.append(
        cursor,
        named,
        "request received",
        article="12(3)",
        subject=subject,
        detail={"right": right, "received": str(received), "due": str(due.date)},
    )
    return get(cursor, request_id)


def get(cursor: Cursor, request_id: str) -> Request:
    """The request with this id. Raises NotFound."""
    rows = cursor.rows("SELECT * FROM habeas.requests WHERE id = $id", id=request_id)
    if not rows:
        raise NotFound(f"There is no request {request_id}.", then="See the list of requests.")
    return _request(rows[0])


def listed(cursor: Cursor, *, subject: str = "") -> list[Request]:
    """The register: what is open first, by due date, then what is closed, newest first."""
    rows = cursor.rows(
        "SELECT * FROM habeas.requests WHERE $subject = '' OR subject = $subject "
        "ORDER BY closed_at IS NOT NULL, "
        "CASE WHEN closed_at IS NULL THEN due END, closed_at DESC, length(id), id",
        subject=subject,
    )
    return [_request(row) for row in rows]


def complete(
    cursor: Cursor, request_id: str, right: str, subject: str, receipt: Mapping[str, Any]
) -> None:
    """Stores the receipt of what was done, in the transaction that did it.

    Raises Refused where the request is closed already, another person's, or for another right.
    """
    request = get(cursor, request_id)
    if not request.is_open:
        raise Refused(f"Request {request_id} is {request.status} already.")
    if request.subject != subject:
        raise Refused(f"Request {request_id} is another person's.")
    if request.right != right:
        raise Refused(f"Request {request_id} is for {request.right}, not for {right}.")
    _close(cursor, request_id, "completed", receipt)


def cancel(cursor: Cursor, request_id: str, by: By) -> Request:
    """Closes a request that the person took back. Raises Refused where it is closed already."""
    request = get(cursor, request_id)
    if not request.is_open:
        raise Refused(f"Request {request_id} is {request.status} already.")
    _close(cursor, request_id, "cancelled", {})
    named = By(by.actor, by.reason, request_id)
    ledger.append(cursor, named, "request cancelled", subject=request.subject)
    return get(cursor, request_id)


def forget(cursor: Cursor, subject: str) -> None:
    """Takes the person out of the register; that they asked, and what was done, stays."""
    cursor.run(
        "UPDATE habeas.requests SET user_id = NULL, details = NULL WHERE subject = $subject",
        subject=subject,
    )


def _close(cursor: Cursor, request_id: str, status: str, receipt: Mapping[str, Any]) -> None:
    cursor.run(
        "UPDATE habeas.requests SET status = $status, receipt = $receipt, closed_at = $now "
        "WHERE id = $id",
        status=status,
        receipt=json.dumps(receipt),
        now=cursor.now,
        id=request_id,
    )


def _request(row: tuple[Any, ...]) -> Request:
    return Request(
        id=row[0],
        right=row[1],
        subject=row[2],
        user_id=row[3] or "",
        details=json.loads(row[4] or "{}"),
        received=row[5],
        due=row[6],
        working=row[7],
        status=row[8],
        handler=row[9],
        closed_at=row[10],
        receipt=json.loads(row[11] or "{}"),
    )
