"""How many rows fall in each day, month or year: the bars of a picture of them.

DuckDB counts the rows of a day: a million cost no more memory here than ten.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Bar:
    """How many rows fall in a time, whose first day this is."""

    start: date
    count: int


@dataclass(frozen=True)
class _Unit:
    """Spans of time as consecutive whole numbers, and the day each begins on."""

    number: Callable[[date], int]
    start: Callable[[int], date]


def _months(span: int) -> _Unit:
    return _Unit(
        lambda day: (day.year * 12 + day.month - 1) // span,
        lambda number: date(number * span // 12, number * span % 12 + 1, 1),
    )


def _years(span: int) -> _Unit:
    return _Unit(lambda day: day.year // span, lambda number: date(max(number * span, 1), 1, 1))


_UNITS = {
    "day": _Unit(date.toordinal, date.fromordinal),
    # The first of January of the year 1 was a Monday.
    "week": _Unit(
        lambda day: (day.toordinal() - 1) // 7, lambda number: date.fromordinal(number * 7 + 1)
    ),
    "month": _months(1),
    "quarter": _months(3),
    "year": _years(1),
    "decade": _years(10),
    "century": _years(100),
}

UNITS = tuple(_UNITS)
"""What a bar may span, the finest first."""


def moment(time: str) -> str:
    """A time, in SQL; NULL where it is in none of the years that Python has dates for, and nobody
    a past in."""
    moment = f"CAST({time} AS TIMESTAMPTZ)"
    return (
        f"CASE WHEN {moment} >= TIMESTAMPTZ '0002-01-01 00:00:00+00' "
        f"AND {moment} < TIMESTAMPTZ '9999-01-01 00:00:00+00' THEN {moment} END"
    )


def local(time: str) -> str:
    """The same as the clocks of `$zone` have it."""
    return f"timezone($zone, {moment(time)})"


def drawn(
    days: Mapping[date, int], *, most: int, units: Sequence[str] = UNITS
) -> tuple[str, tuple[Bar, ...]]:
    """From how many rows fall on each day: the finest of the units that needs no more than so
    many bars, and all of these from the first day to the last, those of no rows too."""
    if not days:
        return "", ()
    first, last = min(days), max(days)
    for name in units:
        unit = _UNITS[name]
        start, end = unit.number(first), unit.number(last)
        if end - start < most:
            break
    counts: Counter[int] = Counter()
    for day, count in days.items():
        counts[unit.number(day)] += count
    return name, tuple(Bar(unit.start(each), counts[each]) for each in range(start, end + 1))
