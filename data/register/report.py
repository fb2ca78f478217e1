"""A month of the register in figures, which name nobody: Articles 5(2) and 12(3).

What was received in the month is counted as it stands now. All dates are calendar dates in the
controller's zone.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Self

from data.clock import MONTHS, local_date
from data.cursor import Cursor
from data.errors import BadInput
from data.register import requests
from data.register.requests import Request

OUTCOMES = ("completed", "to_tell", "open", "refused", "cancelled")
"""What can have come of a request. Those `to_tell` were carried out, and are not completed
before the recipients are told, Article 19."""

ANSWERED = ("completed", "refused")


@dataclass(frozen=True)
class Figures:
    """Requests received in a month, counted.

    Each is one of OUTCOMES; some of the open ones are `overdue`. What was answered was so
    `on_time` or `late`, in `median_days` and at most `longest_days` from receipt, None where
    nothing was; on `paused_days` of these days, added up, the clock stood still, 12(6).
    """

    received: int
    completed: int
    to_tell: int
    open: int
    overdue: int
    refused: int
    cancelled: int
    extended: int
    on_time: int
    late: int
    median_days: float | None
    longest_days: int | None
    paused_days: int


@dataclass(frozen=True)
class Report:
    """The figures of a month, by its first day: of each right asked for, most asked first."""

    month: date
    all: Figures
    rights: Mapping[str, Figures]

    @property
    def title(self) -> str:
        """The month as it is said, e.g. "Nov 2026"."""
        return f"{MONTHS[self.month.month - 1]} {self.month.year}"


def parsed(text: str) -> date:
    """The first day of a month such as "2026-11". Raises BadInput."""
    try:
        if re.fullmatch("[0-9]{4}-[0-9]{2}", text):
            return date.fromisoformat(f"{text}-01")
    except ValueError:
        pass
    raise BadInput(f"{text} is no month; write it as 2026-11.")


def monthly(cursor: Cursor, month: date | None = None) -> Report:
    """The report of a month, by its first day; else of the current one.

    Raises BadInput where the month has not begun.
    """
    current = cursor.today.replace(day=1)
    month = month or current
    if month > current:
        raise BadInput(f"{month:%Y-%m} has not begun; the last month is {current:%Y-%m}.")
    received: dict[str, list[Request]] = {}
    for each in requests.listed(cursor):
        if each.received.replace(day=1) == month:
            received.setdefault(each.right, []).append(each)
    ordered = sorted(received.items(), key=lambda item: (-len(item[1]), item[0]))
    return Report(
        month,
        _figures(cursor, [each for _, found in ordered for each in found]),
        {right: _figures(cursor, found) for right, found in ordered},
    )


def _figures(cursor: Cursor, received: Sequence[Request]) -> Figures:
    count = Counter(map(_outcome, received))
    answers = [
        _Answer.to(each, local_date(each.closed_at, cursor.map.controller.timezone))
        for each in received
        if each.closed_at and _outcome(each) in ANSWERED
    ]
    on_time = sum(each.on_time for each in answers)
    return Figures(
        received=len(received),
        **{outcome: count[outcome] for outcome in OUTCOMES},
        overdue=sum(each.is_overdue(cursor.today) for each in received),
        extended=sum(each.extended is not None for each in received),
        on_time=on_time,
        late=len(answers) - on_time,
        median_days=float(median(each.days for each in answers)) if answers else None,
        longest_days=max((each.days for each in answers), default=None),
        paused_days=sum(each.paused for each in answers),
    )


def _outcome(request: Request) -> str:
    """One of OUTCOMES: a request that awaits its decision is open."""
    if request.is_open:
        return "open"
    return "to_tell" if request.status == "completed" and request.to_tell else request.status


@dataclass(frozen=True)
class _Answer:
    """How long an answer took, in days, and on how many of them the clock stood still."""

    days: int
    paused: int
    on_time: bool

    @classmethod
    def to(cls, request: Request, closed: date) -> Self:
        # A pause that lasts is not in the due date yet: time stood still on its first day.
        stopped = request.paused_since or closed
        return cls(
            days=(closed - request.received).days,
            paused=request.paused_days + (closed - stopped).days,
            on_time=stopped <= request.due,
        )
