"""By when an answer is due: one month from receipt, as Regulation 1182/71 counts it."""

from datetime import UTC, date, datetime

import pytest

from data.clock import answer_due, local_date, months_later

DUE = [
    # received, last day, why
    ("2026-11-23", "2026-12-23", "the same date a month later"),
    ("2026-01-31", "2026-03-02", "no 31 February: Sat 28th, so Monday"),
    ("2026-01-28", "2026-03-02", "Sat 28 February, so Monday"),
    ("2026-01-27", "2026-02-27", "a Friday stands"),
    ("2028-01-31", "2028-02-29", "a leap year's last day of February, a Tuesday"),
    ("2028-01-29", "2028-02-29", "a leap year has a 29th"),
    ("2027-01-29", "2027-03-01", "no leap year: Sun 28th, so Monday"),
    ("2028-02-29", "2028-03-29", "from a leap day"),
    ("2000-01-30", "2000-02-29", "2000 was a leap year"),
    ("2100-01-29", "2100-03-01", "2100 is none: Sun 28th, so Monday"),
    ("2026-03-31", "2026-04-30", "a month of 30 days"),
    ("2026-08-31", "2026-09-30", "a month of 30 days"),
    ("2026-12-31", "2027-02-01", "across the year: Sun 31 January, so Monday"),
    ("2026-12-01", "2027-01-01", "across the year; public holidays are not known"),
    ("2026-10-14", "2026-11-16", "a Saturday, so Monday"),
    ("2026-10-15", "2026-11-16", "a Sunday, so Monday"),
    ("2026-10-16", "2026-11-16", "a Monday stands"),
]


@pytest.mark.parametrize(("received", "due"), [row[:2] for row in DUE], ids=[r[2] for r in DUE])
def test_an_answer_is_due_a_month_after_receipt(received: str, due: str) -> None:
    assert answer_due(date.fromisoformat(received)).date == date.fromisoformat(due)


def test_an_extension_counts_three_months_from_receipt() -> None:
    assert answer_due(date(2026, 11, 30), months=3).date == date(2027, 3, 1)
    assert answer_due(date(2026, 11, 30), months=3).working == (
        "received Mon 30 Nov 2026, 3 months, ends Sun 28 Feb 2027, moved on to Mon 1 Mar 2027"
    )


def test_the_working_says_how_it_was_counted() -> None:
    assert answer_due(date(2026, 1, 31)).working == (
        "received Sat 31 Jan 2026, one month, ends Sat 28 Feb 2026, moved on to Mon 2 Mar 2026"
    )


def test_the_working_is_silent_about_a_weekend_that_was_none() -> None:
    assert answer_due(date(2026, 11, 23)).working == (
        "received Mon 23 Nov 2026, one month, ends Wed 23 Dec 2026"
    )


def test_a_month_on_is_never_in_the_month_after_next() -> None:
    for day in range(1, 32):
        later = months_later(date(2026, 1, day), 1)
        assert (later.year, later.month) == (2026, 2)


def test_a_moment_falls_on_the_controllers_calendar_date() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert local_date(late, "UTC") == date(2026, 11, 23)
    assert local_date(late, "Europe/Berlin") == date(2026, 11, 24)
    assert local_date(late, "America/New_York") == date(2026, 11, 23)
