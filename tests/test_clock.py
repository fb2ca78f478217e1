"""By when an answer is due: one month from receipt, as Regulation 1182/71 counts it.

The dates were worked out by hand.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest

from data.clock import Due, answer_due, local_date, months_later
from data.errors import MapError

WEEKENDS = [
    # received, last day, why
    ("2026-11-23", "2026-12-23", "the same date a month later"),
    ("2026-01-31", "2026-03-02", "no 31 February: Sat 28th, so Monday"),
    ("2026-01-28", "2026-03-02", "Sat 28 February, so Monday"),
    ("2026-01-27", "2026-02-27", "a Friday stands"),
    ("2026-02-28", "2026-03-30", "Sat 28 March, so Monday"),
    ("2026-03-01", "2026-04-01", "the first of a month"),
    ("2026-01-01", "2026-02-02", "Sun 1 February, so Monday"),
    ("2026-03-05", "2026-04-06", "Sun 5 April, so Monday: no country, no Easter"),
    ("2026-03-31", "2026-04-30", "no 31 April"),
    ("2026-05-31", "2026-06-30", "no 31 June"),
    ("2026-06-30", "2026-07-30", "the last day of June is not the last of July"),
    ("2026-07-31", "2026-08-31", "two long months in a row"),
    ("2026-08-31", "2026-09-30", "no 31 September"),
    ("2026-10-31", "2026-11-30", "no 31 November"),
    ("2026-11-30", "2026-12-30", "the last day of November is not the last of December"),
    ("2026-10-14", "2026-11-16", "a Saturday, so Monday"),
    ("2026-10-15", "2026-11-16", "a Sunday, so Monday"),
    ("2026-10-16", "2026-11-16", "a Monday stands"),
    ("2026-12-01", "2027-01-01", "New Year's Day is a day like others without a country"),
    ("2026-12-31", "2027-02-01", "across the year: Sun 31 January, so Monday"),
    ("2027-12-31", "2028-01-31", "across the year to a Monday"),
    ("2027-02-28", "2027-03-29", "Sun 28 March, so Monday"),
    ("2027-01-29", "2027-03-01", "no leap year: Sun 28 February, so Monday"),
    ("2028-01-29", "2028-02-29", "a leap year has a 29th"),
    ("2028-01-30", "2028-02-29", "but no 30th"),
    ("2028-01-31", "2028-02-29", "nor a 31st"),
    ("2028-02-28", "2028-03-28", "the day before a leap day"),
    ("2028-02-29", "2028-03-29", "from a leap day"),
    ("2000-01-30", "2000-02-29", "2000 was a leap year"),
    ("2100-01-29", "2100-03-01", "2100 is none: Sun 28th, so Monday"),
]

NEXT_DAY = [
    ("2026-01-26", "2026-02-27", "counted from the 27th, a Friday"),
    ("2026-01-27", "2026-03-02", "counted from the 28th: Sat 28 February, so Monday"),
    ("2026-01-28", "2026-03-02", "counted from the 29th, which February lacks"),
    ("2026-01-30", "2026-03-02", "counted from the 31st, which February lacks"),
    ("2026-01-31", "2026-03-02", "counted from 1 February: Sun 1 March, so Monday"),
    ("2026-08-31", "2026-10-01", "counted from 1 September"),
    ("2026-09-30", "2026-11-02", "counted from 1 October: Sun 1 November, so Monday"),
    ("2026-11-23", "2026-12-24", "a day more"),
    ("2026-12-30", "2027-02-01", "counted from the 31st: Sun 31 January, so Monday"),
    ("2026-12-31", "2027-02-01", "counted from 1 January, a Monday"),
    ("2028-02-28", "2028-03-29", "counted from a leap day"),
]

HOLIDAYS = [
    ("NL", "2026-03-03", "2026-04-07", "from Good Friday over Easter to Tuesday"),
    ("NL", "2026-03-05", "2026-04-07", "Easter Sunday and Monday"),
    ("NL", "2026-03-27", "2026-04-28", "King's Day, a Monday"),
    ("NL", "2026-04-14", "2026-05-15", "Ascension Day, a Thursday: Friday is worked"),
    ("NL", "2026-04-24", "2026-05-26", "Pentecost and its Monday"),
    ("NL", "2026-04-25", "2026-05-26", "Pentecost Monday"),
    ("NL", "2026-11-25", "2026-12-28", "Christmas and the weekend behind it"),
    ("NL", "2026-12-01", "2027-01-04", "New Year's Day, a Friday"),
    ("DE", "2026-04-01", "2026-05-04", "Labour Day, a Friday"),
    ("DE", "2026-09-03", "2026-10-05", "German Unity Day, a Saturday"),
    ("DE", "2027-09-03", "2027-10-04", "German Unity Day, a Sunday"),
    ("DE", "2026-11-26", "2026-12-28", "the second day of Christmas, a Saturday"),
    ("FR", "2026-03-03", "2026-04-03", "Good Friday is worked in France"),
    ("FR", "2026-04-08", "2026-05-11", "Victory Day, a Friday"),
    ("FR", "2026-06-14", "2026-07-15", "the National Day, a Tuesday"),
    ("FR", "2026-10-11", "2026-11-12", "Armistice Day, a Wednesday"),
    ("IE", "2026-02-17", "2026-03-18", "Saint Patrick's Day, a Tuesday"),
    ("IE", "2026-07-03", "2026-08-04", "the August bank holiday"),
    ("PL", "2026-10-11", "2026-11-12", "Independence Day, a Wednesday"),
    ("PL", "2026-12-06", "2027-01-07", "Epiphany, a Wednesday"),
    ("GR", "2026-03-13", "2026-04-14", "Easter Monday of the Orthodox calendar"),
    ("SE", "2026-05-06", "2026-06-08", "the National Day, a Saturday"),
    ("AT", "2026-09-26", "2026-10-27", "the National Day, a Monday"),
    ("BE", "2026-06-21", "2026-07-22", "the National Day, a Tuesday"),
    ("IT", "2026-05-02", "2026-06-03", "Republic Day, a Tuesday"),
    ("PT", "2026-05-10", "2026-06-11", "Portugal Day, a Wednesday"),
    ("ES", "2026-09-12", "2026-10-13", "the National Day, a Monday"),
]

EXTENDED = [
    ("2026-08-31", "2026-11-30", "no 31 November"),
    ("2026-11-30", "2027-03-01", "no 30 February: Sun 28th, so Monday"),
    ("2027-11-30", "2028-02-29", "no 30 February, but a 29th"),
]

PAUSED = [
    # received, months, country, days paused, last day, why
    ("2026-11-02", 1, "", 1, "2026-12-03", "a day more"),
    ("2026-11-02", 1, "", 7, "2026-12-09", "a week more"),
    ("2026-11-02", 1, "", 11, "2026-12-14", "to Sun 13 December, so Monday"),
    ("2026-01-31", 1, "", 2, "2026-03-02", "after the end of the month, not of the weekend"),
    ("2026-01-31", 1, "", 3, "2026-03-03", "from Sat 28 February to a Tuesday"),
    ("2026-11-25", 1, "NL", 1, "2026-12-28", "from Christmas to its second day, so Monday"),
    ("2026-08-31", 3, "", 1, "2026-12-01", "after an extension"),
]


def cases(*tables: Sequence[tuple[Any, ...]]) -> pytest.MarkDecorator:
    rows = [row for table in tables for row in table]
    return pytest.mark.parametrize("row", rows, ids=[row[-1] for row in rows])


@cases(WEEKENDS)
def test_an_answer_is_due_a_month_after_receipt(row: tuple[str, str, str]) -> None:
    assert answer_due(date.fromisoformat(row[0])).date == date.fromisoformat(row[1])


@cases(NEXT_DAY)
def test_the_month_may_be_counted_from_the_next_day(row: tuple[str, str, str]) -> None:
    due = answer_due(date.fromisoformat(row[0]), day_one="next")
    assert due.date == date.fromisoformat(row[1])


@cases(HOLIDAYS)
def test_public_holidays_of_the_country_do_not_end_a_period(row: tuple[str, ...]) -> None:
    country, received, last, _ = row
    due = answer_due(date.fromisoformat(received), country=country)
    assert due.date == date.fromisoformat(last)


@cases(EXTENDED)
def test_an_extension_counts_three_months_from_receipt(row: tuple[str, str, str]) -> None:
    assert answer_due(date.fromisoformat(row[0]), months=3).date == date.fromisoformat(row[1])


@cases(PAUSED)
def test_days_that_were_paused_are_added_at_the_end(row: tuple[Any, ...]) -> None:
    received, months, country, paused, last, _ = row
    due = answer_due(date.fromisoformat(received), months, country=country, paused=paused)
    assert due.date == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("due", "working"),
    [
        (
            answer_due(date(2026, 8, 31)),
            "received Mon 31 Aug 2026, one month, ends Wed 30 Sep 2026",
        ),
        (
            answer_due(date(2026, 1, 31)),
            (
                "received Sat 31 Jan 2026, one month, ends Sat 28 Feb 2026 (a weekend), "
                "moved on to Mon 2 Mar 2026"
            ),
        ),
        (
            answer_due(date(2026, 11, 25), country="NL"),
            (
                "received Wed 25 Nov 2026, one month, ends Fri 25 Dec 2026 (Christmas Day, "
                "Second Day of Christmas, a weekend), moved on to Mon 28 Dec 2026"
            ),
        ),
        (
            answer_due(date(2026, 8, 31), months=3, day_one="next"),
            "received Mon 31 Aug 2026, counted from Tue 1 Sep 2026, 3 months, ends Tue 1 Dec 2026",
        ),
        (
            answer_due(date(2026, 11, 2), paused=1),
            "received Mon 2 Nov 2026, one month and 1 day paused, ends Thu 3 Dec 2026",
        ),
        (
            answer_due(date(2026, 11, 2), 3, paused=11),
            (
                "received Mon 2 Nov 2026, 3 months and 11 days paused, ends Sat 13 Feb 2027 "
                "(a weekend), moved on to Mon 15 Feb 2027"
            ),
        ),
    ],
    ids=["plain", "a weekend", "holidays", "from the next day", "a day paused", "days paused"],
)
def test_the_working_says_how_it_was_counted(due: Due, working: str) -> None:
    assert due.working == working


def test_a_country_without_known_holidays_is_said() -> None:
    with pytest.raises(MapError, match="XX"):
        answer_due(date(2026, 1, 1), country="XX")


def test_a_month_on_is_never_in_the_month_after_next() -> None:
    for day in range(1, 32):
        later = months_later(date(2026, 1, day), 1)
        assert (later.year, later.month) == (2026, 2)


def test_a_moment_falls_on_the_controllers_calendar_date() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert local_date(late, "UTC") == date(2026, 11, 23)
    assert local_date(late, "Europe/Berlin") == date(2026, 11, 24)
    assert local_date(late, "America/New_York") == date(2026, 11, 23)
