"""Finding people and reading one person's profile."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from data import locate, search
from data.clock import day_begins
from data.cursor import Cursor, Row
from data.datamap import People
from data.errors import BadInput, NotFound
from data.schema import qualified
from data.sql import as_text, ident, idents, texts


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


@dataclass(frozen=True)
class Found:
    """One line of a search: the id, the identifying fields in the map's order, and a flag."""

    id: str
    values: tuple[Any, ...]
    restricted: bool


@dataclass(frozen=True)
class Wanted:
    """Who is looked for: those who fit all that is given; where nothing is, everybody.

    Each word of the `text` is in the id or an identifying field, whatever its case and accents;
    `country` is all of that field, upper and lower case being one. Of a channel one is
    `unsubscribed` who said no to it, not who never said; `asking` is who has an open request.
    Both dates are included, and are of the controller's calendar.
    """

    text: str = ""
    restricted: bool = False
    asking: bool = False
    unsubscribed: str = ""
    country: str = ""
    created_from: date | None = None
    created_until: date | None = None

    @property
    def narrows(self) -> bool:
        """Whether anybody may be left out."""
        return replace(self, text=self.text.strip()) != EVERYBODY

    @property
    def by_text_alone(self) -> bool:
        """Whether the text is all that is given."""
        return self.narrows and replace(self, text="") == EVERYBODY


EVERYBODY = Wanted()

BEST = 50
"""How many a search by text alone lists."""


class Count(int):
    """A number of people: exact where `bound` is empty, else "about" or "more than" so many."""

    bound: str = ""

    @classmethod
    def bounded(cls, number: int, bound: str) -> "Count":
        counted = cls(number)
        counted.bound = bound
        return counted

    def __str__(self) -> str:
        return f"{self.bound} {int(self):,}".lstrip()


def read(cursor: Cursor, subject_id: str) -> Person:
    """The person with this id. Raises NotFound."""
    return known(lookup(cursor, subject_id), subject_id)


def known(person: Person | None, subject_id: str) -> Person:
    """The person that was looked up. Raises NotFound where there is none."""
    if person is None:
        raise missing(subject_id)
    return person


def missing(subject_id: str) -> NotFound:
    return NotFound(
        f"There is no person with the id {subject_id}.",
        then="Search for them by name or email.",
    )


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


def check(people: People, wanted: Wanted) -> None:
    """Raises BadInput where nobody of this layout can be meant."""
    if wanted.unsubscribed and wanted.unsubscribed not in people.channels:
        known = f"there are {', '.join(people.channels)}" if people.channels else "there are none"
        raise BadInput(f"{wanted.unsubscribed} is no channel of the data map; {known}.")
    if wanted.country and not people.country:
        raise BadInput("The data map does not say which field is the country.")
    days = [each for each in (wanted.created_from, wanted.created_until) if each]
    if days and not people.created:
        raise BadInput("The data map does not say which field is when a person was created.")
    for day in days:
        if not 1 < day.year < date.max.year:
            raise BadInput(f"{day} is no day on which a person was created.")
    if days != sorted(days):
        raise BadInput(f"{wanted.created_from} is after {wanted.created_until}.")


def check_order(people: People, order: str) -> None:
    """Raises BadInput where people are in no such order."""
    if order and order not in (people.key, *people.identifying):
        raise BadInput(f"People are in order of {', '.join(people.identifying)}, not of {order}.")


def find(
    cursor: Cursor,
    wanted: Wanted = EVERYBODY,
    *,
    order: str = "",
    limit: int = 50,
    offset: int = 0,
) -> list[Found]:
    """Those who are wanted: by text alone those whom it fits best first, else in order of id; or
    in order of an identifying field, who has no value there last. Raises BadInput.
    """
    people = cursor.map.people
    check_order(people, order)
    if wanted.by_text_alone and not order:
        return best(cursor, wanted.text, offset + limit)[0][offset:]
    shown = [name for name in people.identifying if name != people.key]
    condition, values = _fitting(cursor, wanted)
    key = ident(people.key)
    rows = cursor.rows(
        f"SELECT {idents([people.key, *shown])}, {key} IN ({RESTRICTED}) "
        f"FROM {qualified(people)} WHERE {condition} "
        f"ORDER BY {ident(order or people.key)} NULLS LAST, {key} LIMIT $limit OFFSET $offset",
        limit=limit,
        offset=offset,
        **values,
    )
    return [Found(row[0], row[1:-1], row[-1]) for row in rows]


def best(cursor: Cursor, text: str, limit: int) -> tuple[list[Found], Count]:
    """Of those who have all words of a text so many whom it fits best, and how many there are."""
    matches = search.search(cursor, search.folded(cursor, text), limit)
    found = [Found(*each) for each in matches.best]
    return found, Count.bounded(matches.total, matches.bound)


def count(cursor: Cursor, wanted: Wanted = EVERYBODY) -> Count:
    """How many people are wanted. Raises BadInput."""
    if wanted.by_text_alone:
        return best(cursor, wanted.text, BEST)[1]
    condition, values = _fitting(cursor, wanted)
    return Count(
        cursor.value(
            f"SELECT count(*) FROM {qualified(cursor.map.people)} WHERE {condition}", **values
        )
    )


def countries(cursor: Cursor, limit: int) -> list[str]:
    """The countries that most people live in, as they are stored; none where the map names no
    field for it."""
    people = cursor.map.people
    if not people.country:
        return []
    country = f"CAST({ident(people.country)} AS VARCHAR)"
    rows = cursor.rows(
        f"SELECT {country} FROM {qualified(people)} WHERE {country} <> '' "
        "GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT $limit",
        limit=limit,
    )
    return [row[0] for row in rows]


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


RESTRICTED = "SELECT user_id FROM habeas.restrictions"
_ASKING = "SELECT user_id FROM habeas.requests WHERE closed_at IS NULL"
_UNSUBSCRIBED = "SELECT user_id FROM habeas.choices WHERE channel = $channel AND NOT opted_in"


def _fitting(cursor: Cursor, wanted: Wanted) -> tuple[str, dict[str, Any]]:
    """The condition for those who are wanted, and its values. Raises BadInput."""
    people = cursor.map.people
    check(people, wanted)
    key = ident(people.key)
    conditions: list[str] = []
    values: dict[str, Any] = {}
    if words := search.folded(cursor, wanted.text):
        holding, values = search.holding(cursor, words)
        conditions.append(f"{key} IN ({holding})")
    if wanted.restricted:
        conditions.append(f"{key} IN ({RESTRICTED})")
    if wanted.asking:
        conditions.append(f"{key} IN ({_ASKING})")
    if wanted.unsubscribed:
        column = people.channels[wanted.unsubscribed].column
        if column:
            conditions.append(f"NOT {ident(column)}")
        else:
            conditions.append(f"{key} IN ({_UNSUBSCRIBED})")
            values["channel"] = wanted.unsubscribed
    if wanted.country:
        conditions.append(f"lower(CAST({ident(people.country)} AS VARCHAR)) = lower($country)")
        values["country"] = wanted.country
    if wanted.created_from:
        conditions.append(f"{ident(people.created)} >= $first")
        values["first"] = _beginning(cursor, wanted.created_from)
    if wanted.created_until:
        conditions.append(f"{ident(people.created)} < $after")
        values["after"] = _beginning(cursor, wanted.created_until + timedelta(days=1))
    return " AND ".join(conditions) or "true", values


def _beginning(cursor: Cursor, day: date) -> date:
    """The day, as a moment where that is what the map says people have."""
    people = cursor.map.people
    if people.fields[people.created].type == "date":
        return day
    return day_begins(day, cursor.map.controller.timezone)
