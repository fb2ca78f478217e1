"""Telling the recipients of a rectification, erasure or restriction, Article 19.

A notice arises for each recipient with the act itself, and is open until the recipient was told
or telling them proved impossible. Until then it keeps what they know the person by, also of a
person who was erased; nobody could be told of an erasure without.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from data import files, ledger, people, wording
from data.clock import spoken
from data.cursor import Cursor
from data.entry import Entry
from data.errors import BadInput, NotFound, Refused
from data.ledger import By
from data.people import Person
from data.register import reasons


@dataclass(frozen=True)
class Notice:
    """One recipient to be told. `person` is empty once the notice is settled."""

    id: str
    request: str
    subject: str
    recipient: str
    right: str
    article: str
    fields: tuple[str, ...]
    person: Mapping[str, str]
    since: date
    status: str
    settled: date | None

    @property
    def is_open(self) -> bool:
        return self.status == "open"


@dataclass(frozen=True)
class Told:
    """Who of the recipients, by name, is to be told of what the ledger entry records."""

    person: Person
    entry: Entry
    changed: Sequence[str]
    recipients: Sequence[str]


def arise(cursor: Cursor, told: Sequence[Told]) -> None:
    """A notice to each of the recipients."""
    wanted = [(each, name) for each in told for name in each.recipients]
    if not wanted:
        return
    count = cursor.value("SELECT count(*) FROM habeas.notices")
    cursor.insert(
        "habeas.notices",
        [
            {
                "id": f"N{number}",
                "entry": each.entry.seq,
                "request": each.entry.request or None,
                "subject": each.entry.subject,
                "recipient": name,
                "right_done": each.entry.action,
                "article": each.entry.article,
                "fields": json.dumps(each.changed),
                "person": json.dumps(_known_by(cursor, each.person, name), ensure_ascii=False),
                "since": cursor.today,
                "status": "open",
            }
            for number, (each, name) in enumerate(wanted, count + 1)
        ],
    )


def listed(cursor: Cursor, *, request: str = "", everyone: bool = True) -> list[Notice]:
    """The notices in order, the open ones first; those of one request, or the open ones alone."""
    rows = cursor.rows(
        f"{_SELECT} WHERE ($request = '' OR request = $request) AND ($every OR status = 'open') "
        "ORDER BY status <> 'open', since, length(id), id",
        request=request,
        every=everyone,
    )
    return [_notice(row) for row in rows]


def of_entry(cursor: Cursor, seq: int) -> list[Notice]:
    """The notices that arose with this entry of the ledger."""
    return [_notice(row) for row in cursor.rows(f"{_SELECT} WHERE entry = $seq", seq=seq)]


def get(cursor: Cursor, notice_id: str) -> Notice:
    """The notice with this id. Raises NotFound."""
    rows = cursor.rows(f"{_SELECT} WHERE id = $id", id=notice_id)
    if not rows:
        raise NotFound(f"There is no notice {notice_id}.", then="See the list of notices.")
    return _notice(rows[0])


def write(cursor: Cursor, notice: Notice, out: Path) -> Path:
    """Writes the message to the recipient; of what was corrected, the values as they are now.

    Raises Refused where the notice is settled, for then it no longer says who is meant.
    """
    _check_open(notice)
    if not notice.person[cursor.map.people.key]:
        raise Refused(
            f"What {notice.recipient} knows the person of {notice.id} by was lost with the store "
            "that was restored.",
            then="Tell them by what you know of the person, and record it: habeas notices done.",
        )
    values = {}
    if notice.right == "rectification":
        fields = cursor.map.people.fields
        person = people.read(cursor, notice.person[cursor.map.people.key])
        values = {fields[name].label: _one_line(person.fields[name]) for name in notice.fields}
    labels = cursor.map.people.fields
    text = wording.render(
        cursor,
        "recipients.txt",
        notice=notice,
        person={labels[name].label: _one_line(value) for name, value in notice.person.items()},
        values=values,
        today=spoken(cursor.today),
        since=spoken(notice.since),
    )
    return files.write_text(out / f"{notice.id}-recipient.txt", text, cursor)


def done(cursor: Cursor, notice_id: str, on: date, by: By) -> Notice:
    """Records that the recipient was told on that day. Raises BadInput, Refused, NotFound."""
    if on > cursor.today:
        raise BadInput(f"{on} is in the future; a recipient is told today or was before.")
    return _settle(cursor, get(cursor, notice_id), "done", on, by)


def impossible(cursor: Cursor, notice_id: str, by: By) -> Notice:
    """Records why telling the recipient is impossible or a disproportionate effort."""
    if not by.reason.strip():
        raise BadInput("Say why it is impossible or disproportionate: --reason TEXT.")
    return _settle(cursor, get(cursor, notice_id), "impossible", cursor.today, by)


def close(cursor: Cursor, notice_id: str, status: str, on: date) -> None:
    """Writes what came of a notice; whoever does so adds the ledger entry."""
    cursor.run(
        "UPDATE habeas.notices SET status = $status, settled = $on, person = NULL WHERE id = $id",
        id=notice_id,
        status=status,
        on=on,
    )


def overtake(cursor: Cursor, subjects: Sequence[str]) -> None:
    """Closes what the recipients no longer need to be told: these people are erased."""
    cursor.run(
        "UPDATE habeas.notices SET status = 'overtaken', person = NULL, settled = $today "
        "WHERE subject IN (SELECT unnest($subjects)) AND status = 'open'",
        today=cursor.today,
        subjects=list(subjects),
    )


def withdraw(cursor: Cursor, seq: int) -> None:
    """Closes what the recipients need not be told: what this entry records was taken back."""
    cursor.run(
        "UPDATE habeas.notices SET status = 'withdrawn', person = NULL, settled = $today "
        "WHERE entry = $seq AND status = 'open'",
        today=cursor.today,
        seq=seq,
    )


def _settle(cursor: Cursor, notice: Notice, status: str, on: date, by: By) -> Notice:
    _check_open(notice)
    subject_id = notice.person[cursor.map.people.key]
    person = people.lookup(cursor, subject_id)
    person = person or replace(people.nobody(subject_id), fields=notice.person)
    reasons.check(cursor.map.people, person, by.reason)
    ledger.append(
        cursor,
        By(by.actor, by.reason, notice.request),
        f"notice {status}",
        article="19",
        subject=notice.subject,
        detail={"notice": notice.id, "recipient": notice.recipient, "on": str(on)},
    )
    close(cursor, notice.id, status, on)
    return get(cursor, notice.id)


def _check_open(notice: Notice) -> None:
    if not notice.is_open:
        raise Refused(f"Notice {notice.id} is {notice.status} already.")


def _one_line(value: Any) -> Any:
    """A value that can add no paragraph to the message."""
    return " ".join(value.split()) if isinstance(value, str) else value


def _known_by(cursor: Cursor, person: Person, recipient: str) -> dict[str, Any]:
    """The id, and what identifies the person among the data that the recipient gets."""
    layout = cursor.map.people
    received = {
        category
        for each in cursor.map.recipients.values()
        if each.name == recipient
        for category in each.receives
    }
    return {layout.key: person.id} | {
        name: str(person.fields[name])
        for name in layout.identifying
        if name != layout.key
        and layout.fields[name].category in received
        and person.fields.get(name) is not None
    }


_SELECT = (
    "SELECT id, coalesce(request, ''), subject, recipient, right_done, article, fields, "
    "coalesce(person, '{}'), since, status, settled FROM habeas.notices"
)


def _notice(row: tuple[Any, ...]) -> Notice:
    named = dict(zip(Notice.__dataclass_fields__, row, strict=True))
    return Notice(**{**named, "fields": tuple(json.loads(row[6])), "person": json.loads(row[7])})
