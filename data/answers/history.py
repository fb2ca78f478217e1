"""The rows of a table of records at a glance: how many, when, of which kinds, the newest.

Counting is DuckDB's: a million rows cost no more memory here than ten.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from data.answers.legible import legible
from data.datamap import Records
from data.people import Person
from data.schema import qualified
from data.sql import ident
from data.store import Cursor
from data.subject import whose

KINDS = 20
"""The most frequent kinds that are told apart."""

NEWEST = 30

MOST_BARS = 40
"""As many as can be told apart across a phone."""


@dataclass(frozen=True)
class Kind:
    label: str
    count: int
    last: datetime | None


@dataclass(frozen=True)
class Bar:
    """How many rows fall in a time, whose first day this is."""

    start: date
    count: int


@dataclass(frozen=True)
class Happened:
    """One row; `details` is what else it has, by column or by the keys of its JSON."""

    time: datetime | None
    label: str
    details: dict[str, Any]


@dataclass(frozen=True)
class History:
    """Times are local to the controller. `unit` is what a bar spans: day, month, year, decade
    or century; there are bars from the first row to the last, those of no rows too."""

    records: Records
    count: int = 0
    first: datetime | None = None
    last: datetime | None = None
    kinds: tuple[Kind, ...] = ()
    kinds_count: int = 0
    unit: str = ""
    bars: tuple[Bar, ...] = ()
    newest: tuple[Happened, ...] = ()


@dataclass(frozen=True)
class _Unit:
    """A span of time as consecutive whole numbers: in SQL, in Python, and back to its day one."""

    sql: str
    number: Callable[[date], int]
    start: Callable[[int], date]


def _years(span: int) -> _Unit:
    return _Unit(
        f"year(local) // {span}",
        lambda day: day.year // span,
        lambda number: date(max(number * span, 1), 1, 1),
    )


_UNITS = {
    "day": _Unit(
        "datediff('day', DATE '0001-01-01', CAST(local AS DATE)) + 1",
        date.toordinal,
        date.fromordinal,
    ),
    "month": _Unit(
        "year(local) * 12 + month(local) - 1",
        lambda day: day.year * 12 + day.month - 1,
        lambda number: date(number // 12, number % 12 + 1, 1),
    ),
    "year": _years(1),
    "decade": _years(10),
    "century": _years(100),
}


def of(cursor: Cursor, person: Person, records: Records) -> History:
    """The person's rows in that table."""
    condition, values = whose(records, person.ids)
    values["zone"] = cursor.map.controller.timezone
    time = f"CAST({ident(records.time)} AS TIMESTAMPTZ)"
    further = "".join(f", {ident(name)} AS further{n}" for n, name in enumerate(_types(records)))
    # Beyond these years Python has no dates, and nobody has a past.
    mine = (
        f"(SELECT CASE WHEN year({time}) BETWEEN 2 AND 9998 THEN timezone($zone, {time}) END "
        f"AS local, coalesce(CAST({ident(records.label)} AS VARCHAR), '') AS called, "
        f"{ident(records.id)} AS id{further} FROM {qualified(records)} WHERE {condition})"
    )
    kinds = cursor.rows(
        "SELECT called, count(*) AS n, max(local), sum(count(*)) OVER (), count(*) OVER (), "
        f"min(min(local)) OVER (), max(max(local)) OVER () FROM {mine} "
        "GROUP BY called ORDER BY n DESC, called LIMIT $most",
        most=KINDS,
        **values,
    )
    if not kinds:
        return History(records)
    count, kinds_count, first, last = kinds[0][3:]
    unit, bars = _bars(cursor, mine, values, first, last) if first else ("", ())
    return History(
        records=records,
        count=int(count),
        first=first,
        last=last,
        kinds=tuple(Kind(*row[:3]) for row in kinds),
        kinds_count=kinds_count,
        unit=unit,
        bars=bars,
        newest=_newest(cursor, records, mine, values),
    )


def _bars(
    cursor: Cursor, mine: str, values: dict[str, Any], first: datetime, last: datetime
) -> tuple[str, tuple[Bar, ...]]:
    """The finest unit that needs no more than so many bars, and the bars."""
    for name, unit in _UNITS.items():  # noqa: B007  the last one serves for any time
        start, end = unit.number(first.date()), unit.number(last.date())
        if end - start < MOST_BARS:
            break
    counts: dict[int, int] = dict(
        cursor.rows(
            f"SELECT {unit.sql}, count(*) FROM {mine} WHERE local IS NOT NULL GROUP BY 1", **values
        )
    )
    return name, tuple(
        Bar(unit.start(number), counts.get(number, 0)) for number in range(start, end + 1)
    )


def _newest(
    cursor: Cursor, records: Records, mine: str, values: dict[str, Any]
) -> tuple[Happened, ...]:
    types = _types(records)
    zone = values["zone"]
    happened = []
    for time, label, *further in cursor.rows(
        f"SELECT * EXCLUDE (id) FROM {mine} ORDER BY local DESC NULLS LAST, id LIMIT $most",
        most=NEWEST,
        **values,
    ):
        details: dict[str, Any] = {}
        for (name, kind), value in zip(types.items(), further, strict=True):
            read = legible(value, kind, zone)
            if name == records.rest and isinstance(read, dict):
                details |= read
            elif read is not None:
                details[records.fields[name].label if name in records.fields else name] = read
        happened.append(Happened(time, label, details))
    return tuple(happened)


def _types(records: Records) -> dict[str, str]:
    """The columns that a row has beside its key, id, time and label, with their types."""
    types = {name: each.type for name, each in records.fields.items()}
    return types | ({records.rest: "json"} if records.rest else {})
