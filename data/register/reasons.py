"""Reasons in words: they may outlive the person they are about, so they must not name them."""

import re
from collections.abc import Sequence

from data import people
from data.cursor import Cursor
from data.datamap import People
from data.errors import BadInput, Refused
from data.people import Person


def check(layout: People, person: Person, reason: str) -> None:
    """Raises Refused where the reason holds the person's id or what identifies them."""
    if not reason:
        return
    words = reason.casefold()
    named = {each: person.fields.get(each) for each in layout.identifying}
    named[layout.key] = person.id
    for name, found in named.items():
        value = str(found or "").casefold()
        if len(value) > 2 and re.search(rf"(?<!\w){re.escape(value)}(?!\w)", words):
            raise Refused(
                f"The reason holds the person's {layout.fields[name].label.lower()}.",
                then="Say it without: a reason may outlive the person it is about.",
            )


def check_on(cursor: Cursor, subject_id: str, reason: str, *, needed: str = "") -> None:
    """The same for a step on a request of whoever has that id, "" once they were erased;
    `needed` says why there must be a reason. Raises BadInput."""
    if needed and not reason.strip():
        raise BadInput(needed)
    check_on_all(cursor, [subject_id] if subject_id else [], reason)


def check_on_all(cursor: Cursor, subject_ids: Sequence[str], reason: str) -> None:
    """The same for one reason of steps on requests of several people."""
    if reason and subject_ids:
        found = people.lookup_all(cursor, subject_ids)
        for each in subject_ids:
            check(cursor.map.people, found.get(each) or people.nobody(each), reason)
