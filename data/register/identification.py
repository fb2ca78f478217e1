"""Who asks: the check of identity that some rights wait for, Article 12(6)."""

from datetime import date

from data import people
from data.cursor import Cursor
from data.errors import BadInput, Refused
from data.ledger import By
from data.register import reasons, requests
from data.register.extension import MONTHS as EXTENDED_MONTHS
from data.register.requests import Request
from data.store import Store

OUTCOMES = {
    "asked": "identifying",
    "confirmed": "ready",
    "failed": "identifying",
    "not needed": "ready",
}
"""What a check may have come to, and the status of a request that waited for it."""


def check(request: Request) -> None:
    """Raises Refused where it is not yet clear who asks."""
    if not request.is_proven:
        raise Refused(
            f"Request {request.id} waits for the check of identity, which is: {request.identity}.",
            then="Record how it was checked, or that it is not needed.",
        )


def identify(
    store: Store,
    request_id: str,
    outcome: str,
    by: By,
    *,
    person: str = "",
    pause: bool = False,
    keep: bool = True,
) -> Request:
    """Records how the check stands, with `by.reason` saying how it was made.

    `person` is the id of the one who asks, where the register did not have it right. With
    `pause` the clock stands still from today until the next outcome; the days are then added.
    Raises BadInput, NotFound, and Refused where the request is closed or being carried out.
    """
    if outcome not in OUTCOMES:
        raise BadInput(f"{outcome} is no outcome; there are {', '.join(OUTCOMES)}.")
    if pause and outcome != "asked":
        raise BadInput("The clock is paused only while proof of identity is asked for.")
    with store.transaction(keep=keep) as cursor:
        request = requests.open_one(cursor, request_id)
        if request.receipt and (person or not request.awaits_decision):
            raise Refused(f"Request {request_id} was carried out already.")
        if person:
            people.read(cursor, person)
            request = give(cursor, request_id, cursor.pseudonym(person), person)
        reasons.check_on(
            cursor, request.user_id, by.reason, needed="Say how it was checked: --how TEXT."
        )
        facts = {"outcome": outcome}
        days = None
        if request.paused_since:
            days = (cursor.today - request.paused_since).days + request.paused_days
        paused = cursor.today if pause else None
        identified = stand(cursor, request, outcome, paused_since=paused, paused_days=days)
        if days is not None:
            facts |= {"paused_days": str(days), "due": str(identified.due)}
        if pause:
            facts["paused"] = str(cursor.today)
        requests.note(cursor, request, by, "identity checked", article="12(6)", detail=facts)
        return identified


def give(cursor: Cursor, request_id: str, subject: str, user_id: str | None) -> Request:
    """Has the request be that of another person, and with it what was said of it so far."""
    cursor.run(
        "UPDATE habeas.reasons SET subject = $subject WHERE seq IN "
        "(SELECT seq FROM habeas.ledger WHERE request = $id)",
        subject=subject,
        id=request_id,
    )
    return requests.change(cursor, request_id, user_id=user_id, subject=subject)


def stand(
    cursor: Cursor,
    request: Request,
    outcome: str,
    *,
    paused_since: date | None,
    paused_days: int | None,
) -> Request:
    """Writes how the check stands; `paused_days` in all where a pause ended, else None."""
    changes: dict[str, object] = {"identity": outcome, "paused_since": paused_since}
    if not request.receipt:
        changes["status"] = OUTCOMES[outcome]
    if paused_days is not None:
        months = EXTENDED_MONTHS if request.extended else 1
        due = requests.counted(cursor, request.received, months, paused=paused_days)
        changes |= {"paused_days": paused_days, "due": due.date, "working": due.working}
    return requests.change(cursor, request.id, **changes)
