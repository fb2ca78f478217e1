"""A request that is carried out: begun, and at the end the receipt."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from data import ledger
from data.cursor import Cursor
from data.errors import Refused
from data.ledger import By
from data.register.requests import check_open, get_all

DECISIONS: Mapping[str, tuple[str, ...]] = {"opposition": ("lifting", "erasure")}
"""Rights that are not at an end when carried out, and the rights whose exercise decides them."""


def begin(cursor: Cursor, request_ids: Sequence[str], by: By) -> None:
    """Marks requests as being carried out, before they are; each once."""
    found = [check_open(each) for each in get_all(cursor, request_ids)]
    begun = [each for each in found if each.status != "in_progress"]
    cursor.run(
        "UPDATE habeas.requests SET status = 'in_progress' WHERE id IN (SELECT unnest($ids))",
        ids=[each.id for each in begun],
    )
    ledger.append_all(
        cursor,
        [
            ledger.Act(By(by.actor, request=each.id), "request begun", subject=each.subject)
            for each in begun
        ],
    )


@dataclass(frozen=True)
class Answered:
    """The receipt of what was done on a request: of which right, for whom."""

    request_id: str
    right: str
    subject: str
    receipt: Mapping[str, Any]


def complete(cursor: Cursor, answered: Sequence[Answered]) -> None:
    """Stores the receipts of what was done, in the transaction that did it.

    Raises Refused where a request is closed already, another person's, or for another right.
    """
    if not answered:
        return
    found = get_all(cursor, [each.request_id for each in answered])
    texts, ends = [], []
    for request, each in zip(map(check_open, found), answered, strict=True):
        if request.subject != each.subject:
            raise Refused(f"Request {request.id} is another person's.")
        decides = request.awaits_decision and each.right in DECISIONS[request.right]
        if not decides and request.right != each.right:
            raise Refused(f"Request {request.id} is for {request.right}, not for {each.right}.")
        if not decides and request.receipt:
            raise Refused(f"Request {request.id} waits for its decision.")
        receipt = {**request.receipt, "decision": each.receipt} if decides else each.receipt
        texts.append(json.dumps(receipt))
        ends.append(decides or each.right not in DECISIONS)
    cursor.run(
        "UPDATE habeas.requests AS r SET receipt = a.receipt, "
        "status = CASE WHEN a.ends THEN 'completed' ELSE 'in_progress' END, "
        "closed_at = CASE WHEN a.ends THEN $now END "
        "FROM (SELECT unnest($ids) AS id, unnest($texts) AS receipt, unnest($ends) AS ends) a "
        "WHERE r.id = a.id",
        ids=[each.id for each in found],
        texts=texts,
        ends=ends,
        now=cursor.now,
    )
