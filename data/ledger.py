"""What was done, by whom, when and under which article: append-only, without personal data.

Each entry carries the SHA-256 of itself and of the one before it, and a keyed hash of the
last one stands in habeas.settings, so that an entry altered, removed or moved, the last one
too, is found. A file beside the store gets the same entries once they are kept. A person stands
in it as a keyed hash. What is recorded is a closed vocabulary and numbers; a reason in words
stands beside it in habeas.reasons and goes with the person.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from data.cursor import Cursor
from data.entry import Entry
from data.errors import NotFound
from data.ledgerfile import Damaged
from data.sql import insertion

PAGE = 5_000


@dataclass(frozen=True)
class By:
    """Who acts, why in their words, and on which request of the register."""

    actor: str
    reason: str = ""
    request: str = ""


@dataclass(frozen=True)
class Act:
    """What is to be entered. `detail` must hold no personal data."""

    by: By
    action: str
    article: str = ""
    subject: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


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
    return append_all(cursor, [Act(by, action, article, subject, detail or {})])[0]


def append_all(cursor: Cursor, acts: Sequence[Act]) -> list[Entry]:
    """Adds an entry for each act, in order, inside the caller's transaction."""
    if not acts:
        return []
    if cursor.ledger_file.fault:
        _replace_file(cursor, acts[0].by)
    entries = following(cursor, acts)
    for sql, values in appending(cursor, entries, acts):
        cursor.run(sql, **values)
    return entries


def following(cursor: Cursor, acts: Sequence[Act]) -> list[Entry]:
    """The entries that would come next, which they are not yet."""
    last = count(cursor)
    previous = _digest(cursor, last)
    entries: list[Entry] = []
    for seq, each in enumerate(acts, last + 1):
        entry = Entry(
            seq=seq,
            moment=cursor.now,
            actor=each.by.actor,
            action=each.action,
            article=each.article,
            subject=each.subject,
            request=each.by.request,
            detail=json.dumps(each.detail, sort_keys=True),
            previous=previous,
            digest="",
        )
        previous = entry.computed()
        entries.append(replace(entry, digest=previous))
    return entries


def appending(
    cursor: Cursor, entries: Sequence[Entry], acts: Sequence[Act]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The statements that add the entries of these acts and the reasons for them, each with what
    it binds."""
    yield from _adopting(cursor, entries)
    said = [
        {"seq": entry.seq, "subject": entry.subject, "reason": each.by.reason}
        for entry, each in zip(entries, acts, strict=True)
        if each.by.reason
    ]
    if said:
        yield insertion("habeas.reasons", said)


def adopt(cursor: Cursor, entries: Sequence[Entry]) -> None:
    """Adds entries as they are, inside the caller's transaction; they follow the last one."""
    for sql, values in _adopting(cursor, entries):
        cursor.run(sql, **values)


def _adopting(cursor: Cursor, entries: Sequence[Entry]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield insertion("habeas.ledger", [vars(each) for each in entries])
    update = (
        "UPDATE habeas.settings SET value = CASE name WHEN 'ledger_head' THEN $head "
        "ELSE CAST($filed AS VARCHAR) END WHERE name IN ('ledger_head', 'ledger_filed')"
    )
    head = cursor.pseudonym(entries[-1].digest)
    yield update, {"head": head, "filed": cursor.ledger_file.filed}


def recover(cursor: Cursor) -> tuple[Entry, ...]:
    """Adds the entries that a restored store lacks, as they are, inside the caller's transaction;
    gives them."""
    held = cursor.ledger_file
    filed, held.filed = held.filed, held.lost[-1].seq
    cursor.if_rolled_back(lambda: setattr(held, "filed", filed))
    cursor.if_kept(lambda: setattr(held, "lost", ()))
    adopt(cursor, held.lost)
    return held.lost


def compare(cursor: Cursor) -> None:
    """Finds out how the file beside the store stands to the ledger in it."""
    filed = cursor.value("SELECT value FROM habeas.settings WHERE name = 'ledger_filed'")
    cursor.ledger_file.compare(count(cursor), int(filed), lambda seq: _digest(cursor, seq))


def _digest(cursor: Cursor, seq: int) -> str:
    """The digest of the entry with this number; "" where there is none."""
    found: str | None = cursor.value("SELECT digest FROM habeas.ledger WHERE seq = $seq", seq=seq)
    return found or ""


def file(cursor: Cursor) -> None:
    """Brings the file up to the ledger of the store, which is outside of any transaction."""
    held = cursor.ledger_file
    while not held.fault and held.filed < count(cursor):
        held.add(entries(cursor, after=held.filed))


def _replace_file(cursor: Cursor, by: By) -> None:
    """Begins the file anew, and records that it was cut or altered: else nobody would know."""
    held = cursor.ledger_file
    fault, held.fault = held.fault, ""
    cursor.if_rolled_back(lambda: setattr(held, "fault", fault))
    append(cursor, By(by.actor), "ledger file replaced", article="5(2)")
    cursor.if_kept(held.set_aside)


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


def newest(cursor: Cursor, text: str = "", *, offset: int = 0, limit: int = PAGE) -> list[Entry]:
    """Entries from the last one back; those of which all words of a text are said."""
    if text.strip():
        said, values = _said(cursor, text)
        rows = cursor.rows(
            f"SELECT * FROM habeas.ledger WHERE {said} "
            "ORDER BY seq DESC LIMIT $limit OFFSET $offset",
            limit=limit,
            offset=offset,
            **values,
        )
        return [Entry(*row) for row in rows]
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


def count(cursor: Cursor, text: str = "") -> int:
    """How many entries there are, of which all words of a text are said."""
    if text.strip():
        said, values = _said(cursor, text)
        found: int = cursor.value(f"SELECT count(*) FROM habeas.ledger WHERE {said}", **values)
        return found
    last: int = cursor.value("SELECT coalesce(max(seq), 0) FROM habeas.ledger")
    return last


def _said(cursor: Cursor, text: str) -> tuple[str, dict[str, str]]:
    """The condition that each word is said of an entry, and what it binds. The whole text, or a
    word of it, may be a person's id, of which the entry has the keyed hash."""
    day = "left(CAST(moment AS VARCHAR), 10)"
    says = f"lower(concat_ws(' ', {day}, actor, action, article, request))"
    values = {"person": cursor.pseudonym(text.strip())}
    conditions = []
    for n, word in enumerate(text.split()):
        values |= {f"word{n}": word.lower(), f"hash{n}": cursor.pseudonym(word)}
        conditions.append(
            f"(contains({says}, $word{n}) OR starts_with(subject, $word{n}) OR subject = $hash{n})"
        )
    return f"(subject = $person OR ({' AND '.join(conditions)}))", values


def reasons(cursor: Cursor, subject: str = "") -> dict[int, str]:
    """The reasons given in words, by the number of their entry."""
    return dict(
        cursor.rows(
            "SELECT seq, reason FROM habeas.reasons WHERE $subject = '' OR subject = $subject",
            subject=subject,
        )
    )


def verify(cursor: Cursor) -> list[str]:
    """Every break of the chain, in words, and every difference to the file beside the store;
    empty where all is whole."""
    return [*_breaks(cursor), *_differences(cursor)]


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


def _differences(cursor: Cursor) -> Iterator[str]:
    held = cursor.ledger_file
    if held.fault:
        yield held.fault
        return
    last, page = 0, {}
    try:
        for entry in held.entries():
            if entry.seq not in page:
                page = {each.seq: each for each in entries(cursor, after=entry.seq - 1)}
            if entry.seq != last + 1:
                yield f"{held.path.name}: entry {last + 1} is missing"
            last = entry.seq
            if page and entry != page.get(entry.seq):
                yield f"{held.path.name}: entry {entry.seq} is not that of the store"
            if not page:
                yield f"the store lacks what {held.path.name} has from entry {entry.seq} on"
                return
    except Damaged as error:
        yield f"{held.path.name}: {error.happened}"
