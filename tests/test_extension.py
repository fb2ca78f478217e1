"""More time, Article 12(3): once, inside the first month, three months in all, and said why.

The dates were worked out by hand. R1 is received on Monday 2 November 2026, and so due on
Wednesday 2 December.
"""

from datetime import date
from pathlib import Path

import pytest

from data.errors import BadInput, NotFound, Refused
from data.ledger import By
from data.register import requests
from data.register.extension import extend
from data.register.identification import identify
from data.store import Store
from tests.acts import REGISTER, SEEN, cancel, confirm, last_entry, receive, request
from tests.layouts import FixedClock, changed, held, snapshot

RECEIVED = date(2026, 11, 2)
COMPLEX = By("bea", "Your data is in several systems; putting it together takes longer.")


@pytest.fixture
def asked(shop: Store) -> Store:
    receive(shop, "access", received=RECEIVED)
    return shop


def test_it_adds_two_months_to_the_one_and_says_how_they_were_counted(
    asked: Store, tmp_path: Path
) -> None:
    before = snapshot(asked)
    extended, _ = extend(asked, "R1", COMPLEX, tmp_path / "out")
    assert (extended.due, extended.extended) == (date(2027, 2, 2), date(2026, 11, 23))
    assert extended.working == "received Mon 2 Nov 2026, 3 months, ends Tue 2 Feb 2027"
    assert request(asked) == extended
    assert changed(before, snapshot(asked)) == REGISTER | {"habeas.reasons"}
    entry = last_entry(asked)
    assert (entry.actor, entry.action, entry.article) == ("bea", "request extended", "12(3)")
    assert entry.facts == {"due": "2027-02-02", "was_due": "2026-12-02"}
    assert held(snapshot(asked)["habeas.reasons"], COMPLEX.reason)


def test_the_person_is_told_why_and_until_when(asked: Store, tmp_path: Path) -> None:
    _, letter = extend(asked, "R1", COMPLEX, tmp_path / "out")
    text = letter.read_text("utf-8")
    assert letter == tmp_path / "out" / "R1-extension.txt"
    assert COMPLEX.reason in text
    assert "by Tue 2 Feb 2027" in " ".join(text.split())
    assert "Article 12(3)" in text
    assert "complain to a supervisory authority" in text
    assert "go to court" in text


@pytest.mark.parametrize(("day", "allowed"), [(1, True), (2, True), (3, False), (31, False)])
def test_it_is_for_the_first_month_only(
    asked: Store, clock: FixedClock, tmp_path: Path, day: int, allowed: bool
) -> None:
    clock.now = clock.now.replace(month=12, day=day)
    if allowed:
        assert extend(asked, "R1", COMPLEX, tmp_path)[0].extended == date(2026, 12, day)
        return
    before = snapshot(asked)
    with pytest.raises(Refused, match="was due on 2026-12-02"):
        extend(asked, "R1", COMPLEX, tmp_path / "out")
    assert changed(before, snapshot(asked)) == set()
    assert not (tmp_path / "out").exists()


def test_it_is_extended_once(asked: Store, tmp_path: Path) -> None:
    extend(asked, "R1", COMPLEX, tmp_path / "out")
    before = snapshot(asked)
    with pytest.raises(Refused, match="was extended on 2026-11-23 already"):
        extend(asked, "R1", COMPLEX, tmp_path / "again")
    assert changed(before, snapshot(asked)) == set()
    assert not (tmp_path / "again").exists()


@pytest.mark.parametrize(
    ("reason", "error"),
    [("", BadInput), (" \n", BadInput), ("Kowalska has many accounts", Refused)],
)
def test_it_needs_a_reason_that_names_nobody(
    asked: Store, tmp_path: Path, reason: str, error: type[Exception]
) -> None:
    before = snapshot(asked)
    with pytest.raises(error):
        extend(asked, "R1", By("handler", reason), tmp_path / "out")
    assert changed(before, snapshot(asked)) == set()
    assert not (tmp_path / "out").exists()


def test_days_that_were_paused_are_added(asked: Store, clock: FixedClock, tmp_path: Path) -> None:
    identify(asked, "R1", "asked", SEEN, pause=True)
    clock.now = clock.now.replace(day=30)
    confirm(asked, "R1")
    extended, _ = extend(asked, "R1", COMPLEX, tmp_path)
    assert extended.due == date(2027, 2, 9)


def test_the_first_month_is_not_over_while_the_clock_stands_still(
    asked: Store, clock: FixedClock, tmp_path: Path
) -> None:
    identify(asked, "R1", "asked", SEEN, pause=True)
    clock.now = clock.now.replace(month=12, day=20)
    extend(asked, "R1", COMPLEX, tmp_path)
    assert confirm(asked, "R1").due == date(2027, 3, 1)


def test_a_pause_after_it_is_added_to_three_months(
    asked: Store, clock: FixedClock, tmp_path: Path
) -> None:
    extend(asked, "R1", COMPLEX, tmp_path)
    identify(asked, "R1", "asked", SEEN, pause=True)
    clock.now = clock.now.replace(day=30)
    assert confirm(asked, "R1").due == date(2027, 2, 9)


def test_what_is_closed_is_not_extended(asked: Store, tmp_path: Path) -> None:
    cancel(asked, "R1")
    with pytest.raises(Refused, match="R1 is cancelled already"):
        extend(asked, "R1", COMPLEX, tmp_path)
    with pytest.raises(NotFound):
        extend(asked, "R9", COMPLEX, tmp_path)


def test_a_trial_leaves_no_letter(asked: Store, tmp_path: Path) -> None:
    before = snapshot(asked)
    extended, letter = extend(asked, "R1", COMPLEX, tmp_path / "out", keep=False)
    assert extended.due == date(2027, 2, 2)
    assert not letter.exists()
    assert changed(before, snapshot(asked)) == set()


def test_where_the_letter_cannot_be_written_nothing_is_extended(
    asked: Store, tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("a file, not a folder")
    before = snapshot(asked)
    with pytest.raises(Exception, match="cannot be written"):
        extend(asked, "R1", COMPLEX, tmp_path / "out")
    assert changed(before, snapshot(asked)) == set()


def test_it_is_overdue_by_the_new_day(asked: Store, tmp_path: Path) -> None:
    extend(asked, "R1", COMPLEX, tmp_path)
    assert not request(asked).is_overdue(date(2027, 2, 2))
    assert request(asked).is_overdue(date(2027, 2, 3))
    with asked.reading() as cursor:
        assert [entry.action for entry, _ in requests.history(cursor, "R1")] == [
            "request received",
            "request extended",
        ]
