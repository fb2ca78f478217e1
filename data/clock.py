"""Time: the moment something happens, and the dates the law counts.

A moment is an aware datetime in UTC. A date the law counts is a calendar date in the
controller's zone.
"""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]

SATURDAY = 5


def utc_now() -> datetime:
    return datetime.now(UTC)


def local_date(moment: datetime, zone: str) -> date:
    """The calendar date on which `moment` falls in the zone, e.g. "Europe/Amsterdam"."""
    return moment.astimezone(ZoneInfo(zone)).date()


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


def answer_due(received: date, months: int = 1) -> Due:
    """The day by which a request must be answered: one month from receipt, Article 12(3).

    A period that ends on a Saturday or Sunday runs to the end of the next working day,
    Regulation 1182/71, Article 3(4).
    """
    end = months_later(received, months)
    period = "one month" if months == 1 else f"{months} months"
    working = f"received {_spoken(received)}, {period}, ends {_spoken(end)}"
    due = end
    while due.weekday() >= SATURDAY:
        due += timedelta(days=1)
    if due != end:
        working += f", moved on to {_spoken(due)}"
    return Due(due, working)


def _spoken(day: date) -> str:
    weekday = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[day.weekday()]
    month = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{weekday} {day.day} {month[day.month - 1]} {day.year}"
