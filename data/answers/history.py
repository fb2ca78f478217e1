"""The rows of a table of records at a glance: how many, when, of which kinds, the newest."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from data import bars
from data.answers.gathering import Gathered
from data.answers.legible import legible
from data.bars import Bar
from data.cursor import Cursor, Row
from data.datamap import Records
from data.sql import ident
from data.subject import OWNER

KINDS = 20
"""The most frequent kinds that are told apart."""

NEWEST = 30

MOST_BARS = 40
"""As many as can be told apart across a phone."""

UNITS = ("day", "month", "year", "decade", "century")
"""What a bar may span: what the templates have words for."""

_QUARTER = 900_000_000
"""A quarter of an hour in microseconds."""

_SINCE = 94_694_400_000_000
"""The beginning of 1973 in microseconds: by then every clock differed by quarters of an hour."""


@dataclass(frozen=True)
class Kind:
    label: str
    count: int
    last: datetime | None


class Happened(NamedTuple):
    """One row; `details` is what else it has, by column or by the keys of its JSON. Numbers are
    texts."""

    time: datetime | None
    label: str
    details: tuple[tuple[str, Any], ...]


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


def of_all(cursor: Cursor, rows: Gathered) -> dict[int, History]:
    """The rows of each person that has any in a table of records, by place."""
    records = rows.table
    assert isinstance(records, Records)  # noqa: S101
    values = {**rows.values, "zone": cursor.map.controller.timezone}
    kinds: dict[int, list[Row]] = {}
    for owner, *kind in cursor.rows(
        f"SELECT {OWNER}, called, n, timezone($zone, last), kinds, "
        "timezone($zone, first), timezone($zone, latest) FROM "
        f"(SELECT {OWNER}, called, n, last, count(*) OVER mine AS kinds, "
        "min(first) OVER mine AS first, max(last) OVER mine AS latest, "
        f"row_number() OVER (PARTITION BY {OWNER} ORDER BY n DESC, called) AS place FROM "
        f"(SELECT {OWNER}, {_called(records)} AS called, count(*) AS n, "
        f"min({_moment(records)}) AS first, max({_moment(records)}) AS last "
        f"FROM {rows.source} GROUP BY ALL) WINDOW mine AS (PARTITION BY {OWNER})) "
        f"WHERE place <= {KINDS} ORDER BY {OWNER}, place",
        **values,
    ):
        kinds.setdefault(owner, []).append(tuple(kind))
    if not kinds:
        return {}
    days, newest = _days(cursor, rows, values), _newest(cursor, rows, values)
    histories = {}
    for owner, mine in kinds.items():
        unit, drawn = bars.drawn(days.get(owner, {}), most=MOST_BARS, units=UNITS)
        histories[owner] = History(
            records=records,
            count=rows.counts[owner],
            first=mine[0][4],
            last=mine[0][5],
            kinds=tuple(Kind(*each[:3]) for each in mine),
            kinds_count=mine[0][3],
            unit=unit,
            bars=drawn,
            newest=newest[owner],
        )
    return histories


def _days(cursor: Cursor, rows: Gathered, values: Mapping[str, Any]) -> dict[int, dict[date, int]]:
    """How many rows fall on each local day. Since 1972 clocks differ by quarters of an hour, so
    that only the first moment of each of these need be turned into a local time."""
    assert isinstance(rows.table, Records)  # noqa: S101
    found: dict[int, dict[date, int]] = {}
    for owner, day, count in cursor.rows(
        f"SELECT {OWNER}, CAST(timezone($zone, make_timestamptz(moment)) AS DATE) AS day, "
        "CAST(sum(n) AS BIGINT) FROM "
        f"(SELECT {OWNER}, CASE WHEN moment < {_SINCE} THEN moment "
        f"ELSE moment - moment % {_QUARTER} END AS moment, count(*) AS n FROM "
        f"(SELECT {OWNER}, epoch_us({_moment(rows.table)}) AS moment FROM {rows.source}) "
        "WHERE moment IS NOT NULL GROUP BY ALL) GROUP BY ALL",
        **values,
    ):
        found.setdefault(owner, {})[day] = count
    return found


def _newest(
    cursor: Cursor, rows: Gathered, values: Mapping[str, Any]
) -> dict[int, tuple[Happened, ...]]:
    records = rows.table
    assert isinstance(records, Records)  # noqa: S101
    types = _types(records)
    zone = values["zone"]
    latest = "moment DESC NULLS LAST, id"
    named = "".join(f", {ident(name)} AS further{n}" for n, name in enumerate(types))
    further = "".join(f", further{n}" for n in range(len(types)))
    last = f"ORDER BY {latest} LIMIT {NEWEST}"
    if len(rows.counts) > 1:
        last = (
            f"QUALIFY row_number() OVER (PARTITION BY {OWNER} ORDER BY {latest}) <= {NEWEST} "
            f"ORDER BY {OWNER}, {latest}"
        )
    found: dict[int, list[Happened]] = {}
    for owner, time, label, *has in cursor.rows(
        f"SELECT {OWNER}, timezone($zone, moment), called{further} FROM "
        f"(SELECT {OWNER}, {_moment(records)} AS moment, {_called(records)} AS called, "
        f"{ident(records.id)} AS id{named} FROM {rows.source}) {last}",
        **values,
    ):
        details: dict[str, Any] = {}
        for (name, kind), value in zip(types.items(), has, strict=True):
            read = legible(value, kind, zone)
            if name == records.rest and isinstance(read, dict):
                details |= read
            elif read is not None:
                details[records.fields[name].label if name in records.fields else name] = read
        found.setdefault(owner, []).append(Happened(time, label, _written(details)))
    return {owner: tuple(happened) for owner, happened in found.items()}


def _written(details: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(
        (name, str(value) if type(value) in (int, float) else value)
        for name, value in details.items()
    )


def _moment(records: Records) -> str:
    return bars.moment(ident(records.time))


def _called(records: Records) -> str:
    return f"coalesce(CAST({ident(records.label)} AS VARCHAR), '')"


def _types(records: Records) -> dict[str, str]:
    """The columns that a row has beside its key, id, time and label, with their types."""
    types = {name: each.type for name, each in records.fields.items()}
    return types | ({records.rest: "json"} if records.rest else {})
