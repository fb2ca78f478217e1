"""More time to answer: two further months for complex or numerous requests, Article 12(3)."""

from pathlib import Path

from data.cursor import Cursor
from data.errors import Refused
from data.ledger import By
from data.register import letters, reasons, requests
from data.register.requests import Request
from data.store import Store

MONTHS = 3
"""The time to answer with its extension, in all."""


def check(cursor: Cursor, request: Request) -> None:
    """Raises Refused where the request was extended already, or the first month is over."""
    if request.extended:
        raise Refused(f"Request {request.id} was extended on {request.extended} already.")
    if request.is_overdue(cursor.today):
        raise Refused(
            f"Request {request.id} was due on {request.due}.",
            then="The person had to be told of an extension by then: answer it now.",
        )


def extend(
    store: Store, request_id: str, by: By, out: Path, *, keep: bool = True
) -> tuple[Request, Path]:
    """Extends the time, once, for `by.reason`, and writes the notice to the person.

    Raises NotFound, BadInput without a reason, and Refused where the request is closed or
    extended already, or the first month is over.
    """
    with store.transaction(keep=keep) as cursor:
        request = requests.open_one(cursor, request_id)
        check(cursor, request)
        reasons.check_on(
            cursor,
            request.user_id,
            by.reason,
            needed="The person is told why it takes longer: --reason TEXT.",
        )
        extended = lengthen(cursor, request)
        requests.note(
            cursor,
            request,
            by,
            "request extended",
            article="12(3)",
            detail={"due": str(extended.due), "was_due": str(request.due)},
        )
        letter = letters.write(cursor, extended, "extension", out, keep=keep, reason=by.reason)
        return extended, letter


def lengthen(cursor: Cursor, request: Request) -> Request:
    """Writes that the time is extended from today on."""
    due = requests.counted(cursor, request.received, MONTHS, paused=request.paused_days)
    return requests.change(
        cursor, request.id, extended=cursor.today, due=due.date, working=due.working
    )
