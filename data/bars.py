"""How many rows fall in each day, month or year: the bars of a picture of them.

Counting is DuckDB's: a million rows cost no more memory here than ten.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from data.cursor import Cursor


@dataclass(frozen=True)
class Bar:
    """How many rows fall in a time, whose first day this is."""

    start: date
    count: int


@dataclass(frozen=True)
class _Unit:
    """A span of time as consecutive whole numbers: in SQL, in Python, and back to its day one."""

    sql: str
    number: Callable[[date], int]
    start: Callable[[int], date]


_MONTH = "year(local) * 12 + month(local) - 1"
_DAY = "datediff('day', DATE '0001-01-01', CAST(local AS DATE))"


def _months(span: int) -> _Unit:
    return _Unit(
        f"({_MONTH}) // {span}",
        lambda day: (day.year * 12 + day.month - 1) // span,
        lambda number: date(number * span // 12, number * span % 12 + 1, 1),
    )


def _years(span: int) -> _Unit:
    return _Unit(
        f"year(local) // {span}",
        lambda day: day.year // span,
        lambda number: date(max(number * span, 1), 1, 1),
    )


_UNITS = {
    "day": _Unit(f"{_DAY} + 1", date.toordinal, date.fromordinal),
    # The first of January of the year 1 was a Monday.
    "week": _Unit(
        f"{_DAY} // 7",
        lambda day: (day.toordinal() - 1) // 7,
        lambda number: date.fromordinal(number * 7 + 1),
    ),
    "month": _months(1),
    "quarter": _months(3),
    "year": _years(1),
    "decade": _years(10),
    "century": _years(100),
}

UNITS = tuple(_UNITS)
"""What a bar may span, the finest first."""


def local(time: str) -> str:
    """A time, in SQL, as the clocks of `$zone` have it; NULL where it is in none of the years
    that Python has dates for, and nobody a past in."""
    moment = f"CAST({time} AS TIMESTAMPTZ)"
    return (
        f"CASE WHEN {moment} >= TIMESTAMPTZ '0002-01-01 00:00:00+00' "
        f"AND {moment} < TIMESTAMPTZ '9999-01-01 00:00:00+00' THEN timezone($zone, {moment}) END"
    )


def counted(
    cursor: Cursor,
    rows: str,
    values: dict[str, Any],
    first: date,
    last: date,
    *,
    most: int,
    units: Sequence[str] = UNITS,
) -> tuple[str, tuple[Bar, ...]]:
    """The finest of the units that needs no more than so many bars, and all of these from the
    first day to the last, those of no rows too.

    `rows` is a query in brackets with a column `local`, and `values` are what it binds.
    """
    for name in units:
        unit = _UNITS[name]
        start, end = unit.number(first), unit.number(last)
        if end - start < most:
            break
    counts: dict[int, int] = dict(
        cursor.rows(
            f"SELECT {unit.sql}, count(*) FROM {rows} WHERE local IS NOT NULL GROUP BY 1", **values
        )
    )
    return name, tuple(
        Bar(unit.start(number), counts.get(number, 0)) for number in range(start, end + 1)
    )
