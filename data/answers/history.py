"""The rows of a table of records at a glance: how many, when, of which kinds, the newest."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from data import bars
from data.answers.legible import legible
from data.bars import Bar
from data.cursor import Cursor
from data.datamap import Records
from data.people import Person
from data.schema import qualified
from data.sql import ident
from data.subject import whose

KINDS = 20
"""The most frequent kinds that are told apart."""

NEWEST = 30

MOST_BARS = 40
"""As many as can be told apart across a phone."""

UNITS = ("day", "month", "year", "decade", "century")
"""What a bar may span: what the templates have words for."""


@dataclass(frozen=True)
class Kind:
    label: str
    count: int
    last: datetime | None


@dataclass(frozen=True)
class Happened:
    """One row; `details` is what else it has, by column or by the keys of its JSON."""

    time: datetime | None
    label: str
    details: dict[str, Any]


@dataclass(frozen=True)
class History:
    """Times are local to the controller. `unit`, of UNITS, is what a bar spans; there are bars
    from the first row to the last, those of no rows too."""

    records: Records
    count: int = 0
    first: datetime | None = None
    last: datetime | None = None
    kinds: tuple[Kind, ...] = ()
    kinds_count: int = 0
    unit: str = ""
    bars: tuple[Bar, ...] = ()
    newest: tuple[Happened, ...] = ()


def of(cursor: Cursor, person: Person, records: Records) -> History:
    """The person's rows in that table."""
    condition, values = whose(records, person.ids)
    values["zone"] = cursor.map.controller.timezone
    further = "".join(f", {ident(name)} AS further{n}" for n, name in enumerate(_types(records)))
    mine = (
        f"(SELECT {bars.local(ident(records.time))} AS local, "
        f"coalesce(CAST({ident(records.label)} AS VARCHAR), '') AS called, "
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
    unit, drawn = (
        bars.counted(cursor, mine, values, first.date(), last.date(), most=MOST_BARS, units=UNITS)
        if first
        else ("", ())
    )
    return History(
        records=records,
        count=int(count),
        first=first,
        last=last,
        kinds=tuple(Kind(*row[:3]) for row in kinds),
        kinds_count=kinds_count,
        unit=unit,
        bars=drawn,
        newest=_newest(cursor, records, mine, values),
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
