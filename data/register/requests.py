"""The register of requests: what was asked, by whom, by when it is due, what came of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from data import ledger
from data.clock import DAY_ONE, Due, answer_due
from data.cursor import Cursor
from data.entry import Entry
from data.errors import BadInput, NotFound, Refused
from data.ledger import By
from data.purge import waiting
from data.register import reasons
from data.sql import ident

OPEN = ("received", "identifying", "ready", "in_progress")
CLOSED = ("completed", "refused", "cancelled")
STATUSES = (*OPEN, *CLOSED)

NOT_CHECKED = "not checked"
PROVEN = ("confirmed", "not needed")
"""What a check of identity must have come to before a right that asks for it is carried out."""


@dataclass(frozen=True)
class Request:
    """One request.

    `user_id` and `details` are empty once the person is erased. `identity` is how the check of
    who asks stands, `paused_since` the day on which the clock was stopped for it, `extended`
    the day on which the time was extended, `ground` the article of a refusal, `origin` the id
    that another system gave it, `to_tell` how many recipients are still to be told, and `purge_by`
    the day by which the bytes of what was erased or corrected are to go from the store, until they
    have.
    """

    id: str
    right: str
    subject: str
    user_id: str
    details: Mapping[str, Any]
    received: date
    came_by: str
    handler: str
    identity: str
    due: date
    working: str
    paused_since: date | None
    paused_days: int
    extended: date | None
    status: str
    ground: str
    closed_at: datetime | None
    receipt: Mapping[str, Any]
    origin: str
    to_tell: int
    purge_by: date | None

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_proven(self) -> bool:
        """Whether it is clear who asks."""
        return self.identity in PROVEN

    @property
    def is_ready(self) -> bool:
        """Whether it waits for nothing but to be carried out."""
        return self.status in ("ready", "in_progress") and not self.receipt

    @property
    def awaits_decision(self) -> bool:
        return self.is_open and bool(self.receipt)

    def days_left(self, today: date) -> int:
        """Negative once it is overdue; while the clock stands still, as many as on that day."""
        return (self.due - (self.paused_since or today)) // timedelta(days=1)

    def is_overdue(self, today: date) -> bool:
        return self.is_open and self.days_left(today) < 0


def counted(cursor: Cursor, received: date, months: int = 1, *, paused: int = 0) -> Due:
    """When an answer is due, as the controller counts; `paused` are days, Article 12(6)."""
    controller = cursor.map.controller
    return answer_due(
        received,
        months,
        country=controller.country,
        day_one=controller.day_one or DAY_ONE[0],
        paused=paused,
    )


def get(cursor: Cursor, request_id: str) -> Request:
    """The request with this id. Raises NotFound."""
    return get_all(cursor, [request_id])[0]


def get_all(cursor: Cursor, request_ids: Sequence[str]) -> list[Request]:
    """The requests with these ids, in that order. Raises NotFound."""
    if not request_ids:
        return []
    rows = cursor.rows(
        f"{_SELECT} WHERE id IN (SELECT unnest($ids))", ids=list(request_ids), purge=waiting.PURGE
    )
    found = {row[0]: row for row in rows}
    if missing := [each for each in request_ids if each not in found]:
        raise NotFound(f"There is no request {missing[0]}.", then="See the list of requests.")
    return [_request(cursor, found[each]) for each in request_ids]


def open_one(cursor: Cursor, request_id: str) -> Request:
    """The request, which must not be closed. Raises NotFound, Refused."""
    return check_open(get(cursor, request_id))


def check_open(request: Request) -> Request:
    """The request, if it is not closed. Raises Refused."""
    if not request.is_open:
        raise Refused(f"Request {request.id} is {request.status} already.")
    return request


def listed(
    cursor: Cursor,
    *,
    subjects: Sequence[str] = (),
    right: str = "",
    status: str = "",
    overdue: bool = False,
) -> list[Request]:
    """The register: what is open first, by due date, then what is closed, newest first."""
    rows = cursor.rows(
        f"{_SELECT} WHERE (len($subjects) = 0 OR subject IN (SELECT unnest($subjects))) "
        "AND ($asked = '' OR right_asked = $asked) AND ($status = '' OR status = $status) "
        "ORDER BY closed_at IS NOT NULL, "
        "CASE WHEN closed_at IS NULL THEN due END, closed_at DESC, length(id), id",
        subjects=list(subjects),
        asked=right,
        status=status,
        purge=waiting.PURGE,
    )
    found = [_request(cursor, row) for row in rows]
    return [each for each in found if not overdue or each.is_overdue(cursor.today)]


def history(cursor: Cursor, request_id: str) -> list[tuple[Entry, str]]:
    """What was done on a request, in order, each with the reason given in words, if any."""
    rows = cursor.rows(
        "SELECT l.*, coalesce(r.reason, '') FROM habeas.ledger l "
        "LEFT JOIN habeas.reasons r ON r.seq = l.seq WHERE l.request = $id ORDER BY l.seq",
        id=request_id,
    )
    return [(Entry(*row[:-1]), row[-1]) for row in rows]


def change(cursor: Cursor, request_id: str, **columns: Any) -> Request:
    """Writes columns of the register; whoever changes them adds the ledger entry."""
    settings = ", ".join(f"{ident(name)} = ${name}" for name in columns)
    cursor.run(f"UPDATE habeas.requests SET {settings} WHERE id = $id", id=request_id, **columns)
    return get(cursor, request_id)


def note(
    cursor: Cursor,
    request: Request,
    by: By,
    action: str,
    *,
    article: str = "",
    detail: Mapping[str, Any] | None = None,
) -> Entry:
    """The ledger entry of a step on a request."""
    return ledger.append(
        cursor,
        By(by.actor, by.reason, request.id),
        action,
        article=article,
        subject=request.subject,
        detail=detail,
    )


def cancel(cursor: Cursor, request_id: str, by: By) -> Request:
    """Closes a request that the person took back. Raises Refused where it is closed already."""
    request = open_one(cursor, request_id)
    reasons.check_on(cursor, request.user_id, by.reason)
    note(cursor, request, by, "request cancelled")
    return change(cursor, request_id, status="cancelled", closed_at=cursor.now)


def assign(cursor: Cursor, request_id: str, handler: str, by: By) -> Request:
    """Gives an open request to another handler. Raises BadInput, Refused."""
    if not handler.strip():
        raise BadInput("Say who is to handle it.")
    request = open_one(cursor, request_id)
    reasons.check_on(cursor, request.user_id, by.reason)
    note(cursor, request, by, "request assigned", detail={"handler": handler})
    return change(cursor, request_id, handler=handler)


def forget(cursor: Cursor, subjects: Sequence[str]) -> None:
    """Takes these people out of the register; that they asked, and what was done, stays."""
    cursor.run(
        "UPDATE habeas.requests SET user_id = NULL, details = NULL "
        "WHERE subject IN (SELECT unnest($subjects))",
        subjects=list(subjects),
    )


UNPURGED = (
    "SELECT min(moment) FROM habeas.ledger l WHERE l.request = requests.id "
    f"AND l.action IN ('erasure', 'rectification') AND l.seq > ({waiting.LAST})"
)
"""Since when the bytes of what was erased or corrected on a request wait to be purged."""

_SELECT = (
    "SELECT id, right_asked, subject, coalesce(user_id, ''), coalesce(details, '{}'), received, "
    "came_by, handler, identity, due, working, paused_since, paused_days, extended, status, "
    "coalesce(ground, ''), closed_at, coalesce(receipt, '{}'), coalesce(origin, ''), "
    "coalesce((SELECT count(*) FROM habeas.notices n WHERE n.request = requests.id "
    "AND n.status = 'open'), 0), "
    f"({UNPURGED}) FROM habeas.requests"
)


def _request(cursor: Cursor, row: tuple[Any, ...]) -> Request:
    named = dict(zip(Request.__dataclass_fields__, row, strict=True))
    done = named["purge_by"]
    return Request(
        **{
            **named,
            "details": json.loads(row[4]),
            "receipt": json.loads(named["receipt"]),
            "purge_by": waiting.due(cursor, done) if done else None,
        }
    )
