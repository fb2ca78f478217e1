"""A request that is refused, with its reasons and what the person can do: Article 12(4)."""

from pathlib import Path

from data.errors import BadInput, Refused
from data.grounds import EXCEPTIONS, REFUSAL, RESTRICTED_BY_LAW, article_of
from data.ledger import By
from data.register import letters, reasons, requests
from data.register.requests import Request
from data.store import Store


def refuse(
    store: Store,
    request_id: str,
    ground: str,
    by: By,
    out: Path,
    *,
    exception: str = "",
    keep: bool = True,
) -> tuple[Request, Path]:
    """Refuses a request on a ground of `grounds.REFUSAL`, for `by.reason`, and writes the letter.

    For the ground "exception" one of `exceptions_of` its right is named. Raises NotFound,
    BadInput, and Refused where the request is closed or the ground cannot be.
    """
    with store.transaction(keep=keep) as cursor:
        request = requests.open_one(cursor, request_id)
        article = _article(request, ground, exception)
        if request.receipt:
            raise Refused(f"Request {request_id} was carried out already.")
        if ground == "unidentifiable" and request.is_proven:
            raise Refused(f"Request {request_id} has its identity {request.identity}.")
        reasons.check_on(
            cursor,
            request.user_id,
            by.reason,
            needed="The person is told why it is refused: --reason TEXT.",
        )
        facts = {"ground": ground, "exception": exception} if exception else {"ground": ground}
        requests.note(cursor, request, by, "request refused", article=article, detail=facts)
        refused = requests.change(
            cursor, request_id, status="refused", ground=article, closed_at=cursor.now
        )
        return refused, letters.write(
            cursor, refused, "refusal", out, keep=keep, reason=by.reason, because=ground
        )


def exceptions_of(right: str) -> dict[str, str]:
    """The exceptions there are from a right, each with its article."""
    return {**EXCEPTIONS.get(right, {}), **RESTRICTED_BY_LAW}


def _article(request: Request, ground: str, exception: str) -> str:
    article = article_of(REFUSAL, ground)
    if ground != "exception":
        if exception:
            raise BadInput(f"The ground {ground} has no exception.")
        return article
    known = exceptions_of(request.right)
    if exception not in known:
        raise BadInput(f"Say which exception: --exception {'|'.join(known)}.")
    return known[exception]
