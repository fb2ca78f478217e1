"""Time: the moment something happens, and the dates the law counts.

A moment is an aware datetime in UTC. A date the law counts is a calendar date in the
controller's zone.
"""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from data.errors import MapError

Clock = Callable[[], datetime]

DAY_ONE = ("receipt", "next")
"""Which day a period starts on: that of receipt, or the day after. Regulators differ."""

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SATURDAY = 5


def utc_now() -> datetime:
    return datetime.now(UTC)


def local_date(moment: datetime, zone: str) -> date:
    """The calendar date on which `moment` falls in the zone, e.g. "Europe/Amsterdam"."""
    return moment.astimezone(ZoneInfo(zone)).date()


def day_begins(day: date, zone: str) -> datetime:
    """The first moment of a calendar date in the zone."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


@dataclass(frozen=True)
class Due:
    """The last day for an answer, and how it was counted, in words."""

    date: date
    working: str


def months_later(start: date, months: int) -> date:
    """The same day of a later month, or that month's last day where it has no such day.

    Regulation (EEC, Euratom) 1182/71, Article 3(2)(c).
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def answer_due(
    received: date,
    months: int = 1,
    *,
    country: str = "",
    day_one: str = "receipt",
    paused: int = 0,
) -> Due:
    """The day by which a request must be answered: one month from receipt, Article 12(3).

    A period that ends on a public holiday of the country (two letters, "" for none), a
    Saturday or Sunday runs to the end of the next working day: Regulation 1182/71, Article
    3(4). With `day_one="next"` it is counted from the day after receipt. Days on which the
    clock was paused, to have proof of who asks, 12(6), are added at the end of the period.
    Raises MapError where the holidays of the country are not known.
    """
    working = f"received {spoken(received)}"
    start = received
    if day_one == "next":
        start += timedelta(days=1)
        working += f", counted from {spoken(start)}"
    end = months_later(start, months)
    working += f", {'one month' if months == 1 else f'{months} months'}"
    if paused:
        end += timedelta(days=paused)
        working += f" and {paused} {'day' if paused == 1 else 'days'} paused"
    working += f", ends {spoken(end)}"
    due, passed = _working_day(end, country)
    if passed:
        working += f" ({', '.join(dict.fromkeys(passed))}), moved on to {spoken(due)}"
    return Due(due, working)


def spoken(day: date) -> str:
    """A date as it is said, e.g. "Wed 30 Sep 2026"."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def _working_day(day: date, country: str) -> tuple[date, list[str]]:
    """The first working day from this one on, and why each day before it is none."""
    passed = []
    while reason := _day_off(day, country):
        passed.append(reason)
        day += timedelta(days=1)
    return day, passed


def _day_off(day: date, country: str) -> str:
    """Why nobody works on that day: the name of the holiday, or the weekend; else ""."""
    if country:
        names = _holidays(country, day.year)
        if day in names:
            return names[day]
    return "a weekend" if day.weekday() >= SATURDAY else ""


@lru_cache(maxsize=8)
def _holidays(country: str, year: int) -> dict[date, str]:
    """The public holidays of a year. Raises MapError."""
    from holidays import country_holidays

    try:
        found = country_holidays(country, years=year, language="en_US")
    except NotImplementedError:
        raise MapError(f"Public holidays of the country {country} are not known.") from None
    return {day: str(name) for day, name in found.items()}
