"""The steps on requests and notices, written into the register again as the ledger has them."""

from collections.abc import Callable, Mapping
from datetime import date

from data import rights
from data.cursor import Cursor
from data.entry import Entry
from data.register import extension, identification, notices, reception, requests

Known = Mapping[str, str]
"""The ids of people by their keyed hashes."""


def redo(cursor: Cursor, entry: Entry, known: Known) -> bool:
    """Whether the entry is such a step; if so, it is taken again."""
    step = _STEPS.get(entry.action)
    if step is None:
        return False
    step(cursor, entry, known)
    return True


def to_say(cursor: Cursor, entry: Entry) -> str:
    """What a person must say again, where the entry is of a request that is still open."""
    if entry.action != "request received":
        return ""
    request = requests.get(cursor, entry.request)
    if not request.is_open:
        return ""
    said = []
    if not request.user_id:
        said.append("Say who asks: requests identify --person.")
    if set(rights.named(request.right).needed()) - {"out"}:
        said.append("Say its particulars when it is carried out: they are lost.")
    if request.came_by == "import":
        said.append("The id that another system gave it is lost: do not take it in again.")
    return " ".join(said)


def _received(cursor: Cursor, entry: Entry, known: Known) -> None:
    """Without its particulars, which the ledger does not have, nor the name of who asks, where
    nothing is held on them."""
    facts = entry.facts
    nobody = entry.subject == cursor.pseudonym("")
    received = reception.Received(
        id=entry.request,
        right=facts["right"],
        subject=entry.subject,
        user_id="" if nobody else known.get(entry.subject),
        ready=not (nobody or rights.named(facts["right"]).asks_identity),
        details=None,
        received=date.fromisoformat(facts["received"]),
        came_by=facts["came_by"],
        handler=entry.actor,
    )
    reception.enter(cursor, [received])


def _begun(cursor: Cursor, entry: Entry, known: Known) -> None:
    requests.change(cursor, entry.request, status="in_progress")


def _identified(cursor: Cursor, entry: Entry, known: Known) -> None:
    facts, request = entry.facts, requests.get(cursor, entry.request)
    if entry.subject != request.subject:
        request = identification.give(
            cursor, entry.request, entry.subject, known.get(entry.subject)
        )
    identification.stand(
        cursor,
        request,
        facts["outcome"],
        paused_since=date.fromisoformat(facts["paused"]) if "paused" in facts else None,
        paused_days=int(facts["paused_days"]) if "paused_days" in facts else None,
    )


def _extended(cursor: Cursor, entry: Entry, known: Known) -> None:
    extension.lengthen(cursor, requests.get(cursor, entry.request))


def _refused(cursor: Cursor, entry: Entry, known: Known) -> None:
    requests.change(
        cursor, entry.request, status="refused", ground=entry.article, closed_at=cursor.now
    )


def _cancelled(cursor: Cursor, entry: Entry, known: Known) -> None:
    requests.change(cursor, entry.request, status="cancelled", closed_at=cursor.now)


def _assigned(cursor: Cursor, entry: Entry, known: Known) -> None:
    requests.change(cursor, entry.request, handler=entry.facts["handler"])


def _settled(cursor: Cursor, entry: Entry, known: Known) -> None:
    facts = entry.facts
    status = entry.action.removeprefix("notice ")
    notices.close(cursor, facts["notice"], status, date.fromisoformat(facts["on"]))


_STEPS: Mapping[str, Callable[[Cursor, Entry, Known], None]] = {
    "request received": _received,
    "request begun": _begun,
    "identity checked": _identified,
    "request extended": _extended,
    "request refused": _refused,
    "request cancelled": _cancelled,
    "request assigned": _assigned,
    "notice done": _settled,
    "notice impossible": _settled,
}
