"""Reading a person's profile, and what else is kept of them beside their records."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from data import locate
from data.cursor import Cursor, Row
from data.errors import NotFound
from data.schema import qualified
from data.sql import as_text, idents, texts


@dataclass(frozen=True)
class Restriction:
    """Stored, and not otherwise processed; `ground` is one of Article 18(1)."""

    ground: str
    since: datetime


@dataclass(frozen=True)
class Person:
    """All that is held on one person, but for the records.

    `fields` has the columns of the data map with the values as stored, `channels` whether
    the person may be reached that way (None: they never said), `said` those of which they spoke
    themselves, `merged` further ids of the same person. Of one who is not `known` nothing is held.
    """

    id: str
    fields: Mapping[str, Any]
    channels: Mapping[str, bool | None]
    merged: tuple[str, ...]
    restriction: Restriction | None
    automation_stopped: datetime | None
    said: tuple[str, ...] = ()
    known: bool = True

    @property
    def ids(self) -> tuple[str, ...]:
        return (self.id, *self.merged)


def read(cursor: Cursor, subject_id: str) -> Person:
    """The person with this id. Raises NotFound."""
    return known(lookup(cursor, subject_id), subject_id)


def known(person: Person | None, subject_id: str) -> Person:
    """The person that was looked up. Raises NotFound where there is none."""
    if person is None:
        raise missing(subject_id)
    return person


def missing(subject_id: str, then: str = "Search for them by name or email.") -> NotFound:
    return NotFound(f"There is no person with the id {subject_id}.", then=then)


def lookup(cursor: Cursor, subject_id: str) -> Person | None:
    """The person with this id, if there is one."""
    return lookup_all(cursor, [subject_id]).get(subject_id)


def lookup_all(cursor: Cursor, subject_ids: Sequence[str]) -> dict[str, Person]:
    """The people with these ids who are there, by id, read together."""
    people = cursor.map.people
    columns = [each.column for each in people.channels.values() if each.column]
    rows: dict[str, Row] = {}
    for key, *stored_row in _stored(cursor, subject_ids, [people.key, *people.fields, *columns]):
        rows.setdefault(key, tuple(stored_row))
    if not rows:
        return {}
    mine, ids = f"WHERE user_id IN (SELECT unnest({texts('ids')}))", as_text(rows)
    chosen: dict[str, dict[str, bool]] = {}
    for key, channel, opted_in in cursor.rows(
        f"SELECT user_id, channel, opted_in FROM habeas.choices {mine} ORDER BY channel", ids=ids
    ):
        chosen.setdefault(key, {})[channel] = opted_in
    restrictions = {
        key: Restriction(ground, since)
        for key, ground, since in cursor.rows(
            f"SELECT user_id, ground, since FROM habeas.restrictions {mine}", ids=ids
        )
    }
    stops: dict[str, datetime] = dict(
        cursor.rows(f"SELECT user_id, since FROM habeas.automation_stops {mine}", ids=ids)
    )
    found = {}
    for key, row in rows.items():
        fields = dict(zip(people.fields, map(_same, row), strict=False))
        stored = dict(zip(columns, row[len(people.fields) :], strict=True))
        said = chosen.get(key, {})
        found[key] = Person(
            id=key,
            fields=fields,
            channels={
                name: stored[each.column] if each.column else said.get(name)
                for name, each in people.channels.items()
            },
            merged=merged_ids(fields.get(people.merged_ids), key),
            restriction=restrictions.get(key),
            automation_stopped=stops.get(key),
            said=tuple(said),
        )
    return _with_all_merged(cursor, found)


def _stored(cursor: Cursor, subject_ids: Sequence[str], columns: Sequence[str]) -> list[Row]:
    """These columns of the rows with these ids."""
    people = cursor.map.people
    condition, values = locate.whose(cursor, people, subject_ids)
    return cursor.rows(
        f"SELECT {idents(columns)} FROM {qualified(people)} WHERE {condition}", **values
    )


def _same(value: Any) -> Any:
    """One NaN is not equal to another, and a plan is compared with the plan made anew."""
    return math.nan if isinstance(value, float) and math.isnan(value) else value


def nobody(subject_id: str) -> Person:
    """One of whom nothing is held, which they may be told: Article 15(1)."""
    return Person(subject_id, {}, {}, (), None, None, known=False)


def merged_ids(value: str | None, subject_id: str) -> tuple[str, ...]:
    """The further ids in a JSON list, without the person's own; anything else holds none."""
    listed = json.loads(value) if value else []
    if not isinstance(listed, list):
        return ()
    return tuple(
        dict.fromkeys(each for each in listed if isinstance(each, str) and each != subject_id)
    )


def _with_all_merged(cursor: Cursor, found: dict[str, Person]) -> dict[str, Person]:
    """These people with the further ids too that the profiles of their further ids list."""
    people = cursor.map.people
    merged = {key: list(person.merged) for key, person in found.items() if person.merged}
    new = merged
    while new:
        ids = [*{one: None for each in new.values() for one in each}]
        condition, values = locate.whose(cursor, people, ids)
        listed: dict[str, list[str]] = {}
        for key, further in cursor.rows(
            f"SELECT {idents([people.key, people.merged_ids])} FROM {qualified(people)} "
            f"WHERE {condition}",
            **values,
        ):
            listed.setdefault(key, []).append(further)
        before, new = new, {}
        for key, looked_at in before.items():
            further = dict.fromkeys(
                one
                for each in sorted(looked_at)
                for text in listed.get(each, ())
                for one in merged_ids(text, key)
                if one not in merged[key]
            )
            if further:
                new[key] = list(further)
                merged[key] += further
    return {key: replace(each, merged=tuple(merged.get(key, ()))) for key, each in found.items()}
