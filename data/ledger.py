"""What was done, by whom, when and under which article: append-only, without personal data.

Each entry carries the SHA-256 of itself and of the one before it, and a keyed hash of the
last one stands in habeas.settings, so that an entry altered, removed or moved, the last one
too, is found. A person stands in it as a keyed hash. What is recorded is a closed vocabulary
and numbers; a reason in words stands beside it in habeas.reasons and goes with the person.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from data.errors import NotFound
from data.store import Cursor

PAGE = 5_000


@dataclass(frozen=True)
class By:
    """Who acts, why in their words, and on which request of the register."""

    actor: str
    reason: str = ""
    request: str = ""


@dataclass(frozen=True)
class Entry:
    seq: int
    moment: datetime
    actor: str
    action: str
    article: str
    subject: str
    request: str
    detail: str
    previous: str
    digest: str

    @property
    def facts(self) -> dict[str, Any]:
        """What `detail`, a JSON text, says."""
        facts: dict[str, Any] = json.loads(self.detail)
        return facts

    def computed(self) -> str:
        """The digest that the entry must have, from all that it says and the one before it."""
        said = [
            self.seq,
            self.moment.astimezone(UTC).isoformat(),
            self.actor,
            self.action,
            self.article,
            self.subject,
            self.request,
            self.detail,
            self.previous,
        ]
        text = json.dumps(said, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def append(
    cursor: Cursor,
    by: By,
    action: str,
    *,
    article: str = "",
    subject: str = "",
    detail: Mapping[str, Any] | None = None,
) -> Entry:
    """Adds an entry inside the caller's transaction. `detail` must hold no personal data."""
    last = cursor.row("SELECT seq, digest FROM habeas.ledger ORDER BY seq DESC LIMIT 1")
    seq, previous = last or (0, "")
    entry = Entry(
        seq=seq + 1,
        moment=cursor.now,
        actor=by.actor,
        action=action,
        article=article,
        subject=subject,
        request=by.request,
        detail=json.dumps(detail or {}, sort_keys=True),
        previous=previous,
        digest="",
    )
    entry = replace(entry, digest=entry.computed())
    cursor.run(
        "INSERT INTO habeas.ledger VALUES ($seq, $moment, $actor, $action, $article, "
        "$subject, $request, $detail, $previous, $digest)",
        **vars(entry),
    )
    cursor.run("DELETE FROM habeas.settings WHERE name = 'ledger_head'")
    cursor.run(
        "INSERT INTO habeas.settings VALUES ('ledger_head', $head)",
        head=cursor.pseudonym(entry.digest),
    )
    if by.reason:
        cursor.run(
            "INSERT INTO habeas.reasons VALUES ($seq, $subject, $reason)",
            seq=entry.seq,
            subject=subject,
            reason=by.reason,
        )
    return entry


def entries(cursor: Cursor, *, subject: str = "", after: int = 0, limit: int = PAGE) -> list[Entry]:
    """Entries in order, from the one after `after`; those of one person, by keyed hash."""
    rows = cursor.rows(
        "SELECT * FROM habeas.ledger WHERE seq > $after AND ($subject = '' OR subject = $subject) "
        "ORDER BY seq LIMIT $limit",
        after=after,
        subject=subject,
        limit=limit,
    )
    return [Entry(*row) for row in rows]


def newest(cursor: Cursor, *, offset: int = 0, limit: int = PAGE) -> list[Entry]:
    """Entries from the last one back."""
    last = count(cursor) - offset
    rows = cursor.rows(
        "SELECT * FROM habeas.ledger WHERE seq > $first AND seq <= $last ORDER BY seq DESC",
        first=last - limit,
        last=last,
    )
    return [Entry(*row) for row in rows]


def get(cursor: Cursor, seq: int) -> tuple[Entry, str]:
    """The entry with this number, and the reason given for it. Raises NotFound."""
    found = entries(cursor, after=seq - 1, limit=1)
    if not found or found[0].seq != seq:
        raise NotFound(f"There is no entry {seq} in the ledger.")
    reason = cursor.value("SELECT reason FROM habeas.reasons WHERE seq = $seq", seq=seq)
    return found[0], reason or ""


def count(cursor: Cursor) -> int:
    """How many entries there are: the number of the last one."""
    last: int = cursor.value("SELECT coalesce(max(seq), 0) FROM habeas.ledger")
    return last


def reasons(cursor: Cursor, subject: str = "") -> dict[int, str]:
    """The reasons given in words, by the number of their entry."""
    return dict(
        cursor.rows(
            "SELECT seq, reason FROM habeas.reasons WHERE $subject = '' OR subject = $subject",
            subject=subject,
        )
    )


def verify(cursor: Cursor) -> list[str]:
    """Every break of the chain, in words; empty where it is whole."""
    return list(_breaks(cursor))


def _breaks(cursor: Cursor) -> Iterator[str]:
    seq, previous = 0, ""
    while page := entries(cursor, after=seq):
        for entry in page:
            if entry.seq != seq + 1:
                missing = seq + 1
                yield f"entry {missing} is missing: {entry.seq} follows {seq}"
            if entry.previous != previous:
                yield f"entry {entry.seq} does not follow the one before it"
            if entry.computed() != entry.digest:
                yield f"entry {entry.seq} was altered"
            seq, previous = entry.seq, entry.digest
    head = cursor.value("SELECT value FROM habeas.settings WHERE name = 'ledger_head'") or ""
    if head != (cursor.pseudonym(previous) if previous else ""):
        yield f"entry {seq} is not the last one that was written"
