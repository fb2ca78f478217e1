"""What a person did: the rows of every table of records, as one timeline."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from data import bars, locate
from data.bars import Bar
from data.cursor import Cursor
from data.datamap import Records
from data.people import Person
from data.schema import qualified
from data.sql import ident, literal

MOST_BARS = 40
"""As many as can be told apart in half a terminal."""


@dataclass(frozen=True)
class Event:
    """One row of a table of records. `further` columns, by their labels, and `properties` are
    JSON texts, "" where there are none."""

    records: str
    id: str
    time: datetime | None
    label: str
    further: str
    properties: str


@dataclass(frozen=True)
class Wanted:
    """Which events: those of this name ("" is that of events without one), from this day on,
    until that one, both as UTC has them. None is any."""

    name: str | None = None
    since: date | None = None
    until: date | None = None


ALL = Wanted()


@dataclass(frozen=True)
class Histogram:
    """`unit`, of `bars.UNITS`, is what a bar spans. Times are in UTC; events of which no time is
    known are `undated`, and in no bar."""

    unit: str = ""
    bars: tuple[Bar, ...] = ()
    undated: int = 0


def timeline(
    cursor: Cursor, person: Person, wanted: Wanted = ALL, *, limit: int = 50, offset: int = 0
) -> list[Event]:
    """The person's events in all tables of records, newest first."""
    mine, values = _mine(cursor, person, wanted)
    rows = cursor.rows(
        f"SELECT records, id, time, label, further, rest FROM {mine} "
        "ORDER BY time DESC NULLS LAST, records, id LIMIT $limit OFFSET $offset",
        limit=limit,
        offset=offset,
        **values,
    )
    return [Event(*row) for row in rows]


def counts(cursor: Cursor, person: Person, wanted: Wanted = ALL) -> dict[str, int]:
    """How many of these events the person has in each table of records, by its name."""
    mine, values = _mine(cursor, person, wanted)
    found: dict[str, int] = dict(
        cursor.rows(f"SELECT records, count(*) FROM {mine} GROUP BY records", **values)
    )
    return {each.name: found.get(each.name, 0) for each in cursor.map.records}


def names(cursor: Cursor, person: Person, *, limit: int) -> dict[str, int]:
    """The most frequent names of the person's events, and how many have each."""
    mine, values = _mine(cursor, person, ALL)
    return dict(
        cursor.rows(
            f"SELECT label, count(*) AS n FROM {mine} GROUP BY label "
            "ORDER BY n DESC, label LIMIT $limit",
            limit=limit,
            **values,
        )
    )


def histogram(cursor: Cursor, person: Person, wanted: Wanted = ALL) -> Histogram:
    """How many of these events there were over time."""
    mine, values = _mine(cursor, person, wanted)
    days: dict[date | None, int] = dict(
        cursor.rows(f"SELECT CAST(local AS DATE), count(*) FROM {mine} GROUP BY 1", **values)
    )
    undated = days.pop(None, 0)
    unit, drawn = bars.drawn({day: n for day, n in days.items() if day}, most=MOST_BARS)
    return Histogram(unit, drawn, undated)


def _mine(cursor: Cursor, person: Person, wanted: Wanted) -> tuple[str, dict[str, Any]]:
    """The person's rows in all tables of records, as a query in brackets, and what it binds."""
    sources: list[str] = []
    values: dict[str, Any] = {"zone": "UTC"}
    for records in cursor.map.records:
        condition, bound = locate.whose(cursor, records, person.ids)
        values |= bound
        rest = f"CAST({ident(records.rest)} AS VARCHAR)" if records.rest else "''"
        sources.append(
            f"SELECT {literal(records.name)} AS records, {ident(records.id)} AS id, "
            f"{ident(records.time)} AS time, {bars.local(ident(records.time))} AS local, "
            f"coalesce(CAST({ident(records.label)} AS VARCHAR), '') AS label, "
            f"{_further(records)} AS further, coalesce({rest}, '') AS rest "
            f"FROM {qualified(records)} WHERE {condition}"
        )
    conditions = {
        "name": "label = $name",
        "since": "CAST(local AS DATE) >= $since",
        "until": "CAST(local AS DATE) <= $until",
    }
    asked = {name: value for name, value in vars(wanted).items() if value is not None}
    where = " AND ".join(conditions[name] for name in asked) or "true"
    return f"(SELECT * FROM ({' UNION ALL '.join(sources)}) WHERE {where})", values | asked


def _further(records: Records) -> str:
    """The further columns of a row as one JSON text, in SQL."""
    pairs = (f"{literal(each.label)}, {ident(name)}" for name, each in records.fields.items())
    return f"CAST(json_object({', '.join(pairs)}) AS VARCHAR)" if records.fields else "''"
