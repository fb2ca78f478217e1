"""Who asks: the check of identity that some rights wait for, Article 12(6)."""

from data import people
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
    if request.identity not in requests.PROVEN:
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
            subject = cursor.pseudonym(person)
            request = requests.change(cursor, request_id, user_id=person, subject=subject)
            # What was said of the request so far goes with the one who asks.
            cursor.run(
                "UPDATE habeas.reasons SET subject = $subject WHERE seq IN "
                "(SELECT seq FROM habeas.ledger WHERE request = $id)",
                subject=subject,
                id=request_id,
            )
        reasons.check_on(
            cursor, request.user_id, by.reason, needed="Say how it was checked: --how TEXT."
        )
        facts = {"outcome": outcome}
        changes: dict[str, object] = {"identity": outcome}
        if not request.receipt:
            changes["status"] = OUTCOMES[outcome]
        if request.paused_since:
            days = (cursor.today - request.paused_since).days + request.paused_days
            months = EXTENDED_MONTHS if request.extended else 1
            due = requests.counted(cursor, request.received, months, paused=days)
            changes |= {"paused_days": days, "due": due.date, "working": due.working}
            facts |= {"paused_days": str(days), "due": str(due.date)}
        changes["paused_since"] = cursor.today if pause else None
        if pause:
            facts["paused"] = str(cursor.today)
        requests.note(cursor, request, by, "identity checked", article="12(6)", detail=facts)
        return requests.change(cursor, request_id, **changes)
