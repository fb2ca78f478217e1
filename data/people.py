"""Finding people and reading one person's profile."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from data.errors import BadInput, NotFound
from data.schema import qualified
from data.sql import ident, idents
from data.store import Cursor
from data.subject import whose


@dataclass(frozen=True)
class Restriction:
    """Stored, and not otherwise processed; `ground` is one of Article 18(1)."""

    ground: str
    since: datetime


@dataclass(frozen=True)
class Person:
    """All that is held on one person, but for the records.

    `fields` has the columns of the data map with the values as stored, `channels` whether
    the person may be reached that way (None: they never said), `merged` further ids of the
    same person. Of one who is not `known` nothing is held.
    """

    id: str
    fields: Mapping[str, Any]
    channels: Mapping[str, bool | None]
    merged: tuple[str, ...]
    restriction: Restriction | None
    automation_stopped: datetime | None
    known: bool = True

    @property
    def ids(self) -> tuple[str, ...]:
        return (self.id, *self.merged)


@dataclass(frozen=True)
class Found:
    """One line of a search: the id, the identifying fields in the map's order, and a flag."""

    id: str
    values: tuple[Any, ...]
    restricted: bool


def read(cursor: Cursor, subject_id: str) -> Person:
    """The person with this id. Raises NotFound."""
    person = lookup(cursor, subject_id)
    if person is None:
        raise NotFound(
            f"There is no person with the id {subject_id}.",
            then="Search for them by name or email.",
        )
    return person


def lookup(cursor: Cursor, subject_id: str) -> Person | None:
    """The person with this id, if there is one."""
    people = cursor.map.people
    columns = [each.column for each in people.channels.values() if each.column]
    condition, values = whose(people, [subject_id])
    row = cursor.row(
        f"SELECT {idents([*people.fields, *columns])} FROM {qualified(people)} WHERE {condition}",
        **values,
    )
    if row is None:
        return None
    # One NaN is not equal to another, and a plan is compared with the plan made anew.
    same: list[Any] = [
        math.nan if isinstance(each, float) and math.isnan(each) else each for each in row
    ]
    fields = dict(zip(people.fields, same, strict=False))
    stored = dict(zip(columns, row[len(people.fields) :], strict=True))
    chosen: dict[str, bool] = dict(
        cursor.rows(
            "SELECT channel, opted_in FROM habeas.choices WHERE user_id = $id", id=subject_id
        )
    )
    return Person(
        id=subject_id,
        fields=fields,
        channels={
            name: stored[each.column] if each.column else chosen.get(name)
            for name, each in people.channels.items()
        },
        merged=_merged(cursor, fields.get(people.merged_ids), subject_id),
        restriction=_restriction(cursor, subject_id),
        automation_stopped=cursor.value(
            "SELECT since FROM habeas.automation_stops WHERE user_id = $id", id=subject_id
        ),
    )


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


def find(
    cursor: Cursor, text: str, *, order: str = "", limit: int = 50, offset: int = 0
) -> list[Found]:
    """People whose id or identifying fields hold every word of the text, in order of id, or of
    one of these fields; who has no value there comes last.

    Upper and lower case are one. An empty text finds everybody. Raises BadInput.
    """
    people = cursor.map.people
    if order and order not in (people.key, *people.identifying):
        raise BadInput(f"People are in order of {', '.join(people.identifying)}, not of {order}.")
    shown = [name for name in people.identifying if name != people.key]
    condition, values = _matching(cursor, text)
    key = ident(people.key)
    rows = cursor.rows(
        f"SELECT {idents([people.key, *shown])}, "
        f"{key} IN (SELECT user_id FROM habeas.restrictions) "
        f"FROM {qualified(people)} WHERE {condition} "
        f"ORDER BY {ident(order or people.key)} NULLS LAST, {key} LIMIT $limit OFFSET $offset",
        limit=limit,
        offset=offset,
        **values,
    )
    return [Found(row[0], row[1:-1], row[-1]) for row in rows]


def count(cursor: Cursor, text: str = "") -> int:
    """How many people `find` would find, with no limit."""
    condition, values = _matching(cursor, text)
    counted: int = cursor.value(
        f"SELECT count(*) FROM {qualified(cursor.map.people)} WHERE {condition}", **values
    )
    return counted


def _merged(cursor: Cursor, listed: str | None, subject_id: str) -> tuple[str, ...]:
    """The further ids of a person, and those that the profiles of these ids list in turn."""
    people = cursor.map.people
    found = list(merged_ids(listed, subject_id))
    looked_at = 0
    while looked_at < len(found):
        condition, values = whose(people, found[looked_at:])
        looked_at = len(found)
        for (further,) in cursor.rows(
            f"SELECT {ident(people.merged_ids)} FROM {qualified(people)} WHERE {condition} "
            f"ORDER BY {ident(people.key)}",
            **values,
        ):
            found += [each for each in merged_ids(further, subject_id) if each not in found]
    return tuple(found)


def _matching(cursor: Cursor, text: str) -> tuple[str, dict[str, str]]:
    searched = dict.fromkeys((cursor.map.people.key, *cursor.map.people.identifying))
    words = {f"word{n}": word for n, word in enumerate(text.split())}
    conditions = (
        "("
        + " OR ".join(
            f"contains(lower(CAST({ident(name)} AS VARCHAR)), lower(${word}))" for name in searched
        )
        + ")"
        for word in words
    )
    return " AND ".join(conditions) or "true", words


def _restriction(cursor: Cursor, subject_id: str) -> Restriction | None:
    row = cursor.row(
        "SELECT ground, since FROM habeas.restrictions WHERE user_id = $id", id=subject_id
    )
    return Restriction(*row) if row else None
