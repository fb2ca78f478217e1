"""Finding people: by a text, by what they asked for or said no to, by country and day."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from data import search
from data.clock import day_begins
from data.cursor import Cursor
from data.datamap import People
from data.errors import BadInput
from data.schema import qualified
from data.sql import ident, idents


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


def first(cursor: Cursor, wanted: Wanted, limit: int) -> tuple[list[Found], Count]:
    """So many of those who are wanted, and how many there are: by text alone those whom it fits
    best, else the first in order of id. Raises BadInput."""
    if wanted.by_text_alone:
        return best(cursor, wanted.text, limit)
    return find(cursor, wanted, limit=limit), count(cursor, wanted)


def find(
    cursor: Cursor,
    wanted: Wanted = EVERYBODY,
    *,
    order: str = "",
    limit: int = 50,
    offset: int = 0,
) -> list[Found]:
    """Those who are wanted, in order of id, or of an identifying field, who has no value there
    last. Raises BadInput."""
    people = cursor.map.people
    check_order(people, order)
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
