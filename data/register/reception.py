"""The first step on a request: it is entered in the register, with the day by which it is due."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from data import ledger
from data.cursor import Cursor
from data.errors import BadInput
from data.ledger import By
from data.register import reasons, requests
from data.register.requests import Request

CAME_BY = ("email", "post", "phone", "in person", "web", "app", "import", "not said")
"""The ways a request may have come."""


@dataclass(frozen=True)
class New:
    """What a person asks, to be entered. It is `ready` where its right does not wait for a check
    of identity; `content` is a keyed hash of what another system sent."""

    subject_id: str
    right: str
    ready: bool
    details: Mapping[str, Any] = field(default_factory=dict)
    received: date | None = None
    came_by: str = "not said"
    origin: str = ""
    content: str = ""


@dataclass(frozen=True)
class Received:
    """A request as it is written down. `user_id` is None where nobody knows whose it is, and
    `details` are JSON, None where they are lost."""

    id: str
    right: str
    subject: str
    user_id: str | None
    ready: bool
    details: str | None
    received: date
    came_by: str
    handler: str
    origin: str = ""
    content: str = ""


def add(cursor: Cursor, new: New, by: By) -> Request:
    """Enters a request, received today unless said otherwise, with its due date.

    Raises BadInput where it would be received in the future, and Refused where the reason names
    the person.
    """
    return add_all(cursor, [new], by)[0]


def add_all(cursor: Cursor, new: Sequence[New], by: By) -> list[Request]:
    """The same with several requests."""
    for each in new:
        _check(cursor, each)
    reasons.check_on_all(cursor, [each.subject_id for each in new], by.reason)
    count = cursor.value("SELECT count(*) FROM habeas.requests")
    entered = enter(
        cursor,
        [
            Received(
                id=f"R{number}",
                right=each.right,
                subject=cursor.pseudonym(each.subject_id),
                user_id=each.subject_id,
                ready=each.ready,
                details=json.dumps(each.details),
                received=each.received or cursor.today,
                came_by=each.came_by,
                handler=by.actor,
                origin=each.origin,
                content=each.content,
            )
            for number, each in enumerate(new, count + 1)
        ],
    )
    ledger.append_all(
        cursor,
        [
            ledger.Act(
                By(by.actor, by.reason, each.id),
                "request received",
                article="12(3)",
                subject=each.subject,
                detail={
                    "right": each.right,
                    "received": str(each.received),
                    "came_by": each.came_by,
                    "due": str(each.due),
                },
            )
            for each in entered
        ],
    )
    return entered


def _check(cursor: Cursor, new: New) -> None:
    if new.received and new.received > cursor.today:
        raise BadInput(f"{new.received} is in the future; a request is received on its day.")
    if new.came_by not in CAME_BY:
        ways = ", ".join(CAME_BY)
        raise BadInput(f"{new.came_by} is no way a request comes by; there are {ways}.")


def enter(cursor: Cursor, received: Sequence[Received]) -> list[Request]:
    """Writes requests as they were received; whoever does so adds the ledger entries."""
    rows = []
    for each in received:
        due = requests.counted(cursor, each.received)
        rows.append(
            {
                "id": each.id,
                "right_asked": each.right,
                "subject": each.subject,
                "user_id": each.user_id,
                "details": each.details,
                "received": each.received,
                "came_by": each.came_by,
                "handler": each.handler,
                "identity": requests.NOT_CHECKED,
                "due": due.date,
                "working": due.working,
                "paused_days": 0,
                "status": "ready" if each.ready else "received",
                "origin": each.origin or None,
                "content": each.content or None,
            }
        )
    cursor.insert("habeas.requests", rows)
    return requests.get_all(cursor, [each.id for each in received])
