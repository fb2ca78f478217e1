"""A month in figures, worked by hand on small registers."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from data import fulfilment
from data.errors import BadInput
from data.ledger import By
from data.register import notices, report, requests
from data.register.extension import extend
from data.register.identification import identify
from data.register.refusal import refuse
from data.register.report import Figures, Report
from data.rights.erasure import Erasure
from data.rights.plan import apply, propose
from data.store import Store
from tests.conftest import ANA
from tests.layouts import BY, NOON, SECOND, FixedClock, Layout, changed, snapshot

WHY = By("handler", "as discussed")
OCTOBER = date(2026, 10, 1)

NONE = Figures(
    received=0, completed=0, to_tell=0, open=0, overdue=0, refused=0, cancelled=0, extended=0,
    on_time=0, late=0, median_days=None, longest_days=None, paused_days=0,
)  # fmt: skip


def of(store: Store, month: date | None = OCTOBER) -> Report:
    with store.reading() as cursor:
        return report.monthly(cursor, month)


def day(month: int, number: int, hour: int = 12) -> datetime:
    return datetime(2026, month, number, hour, tzinfo=UTC)


class Register:
    """A register that is filled day by day, at noon UTC."""

    def __init__(self, store: Store, layout: Layout, clock: FixedClock, out: Path) -> None:
        self.store, self.layout, self.clock, self.out = store, layout, clock, out

    def receive(self, month: int, number: int, right: str = "objection") -> str:
        details: dict[str, dict[str, Any]] = {
            "objection": {"channels": [self.layout.channels[0]]},
            "erasure": {"ground": "child"},
        }
        self.clock.now = day(month, number)
        return fulfilment.receive(self.store, ANA["id"], right, BY, details=details.get(right)).id

    def complete(self, month: int, number: int, request_id: str) -> None:
        self.clock.now = day(month, number)
        fulfilment.run(self.store, request_id, BY, {})

    def refuse(self, month: int, number: int, request_id: str) -> None:
        self.clock.now = day(month, number)
        refuse(self.store, request_id, "excessive", WHY, self.out)

    def extend(self, month: int, number: int, request_id: str) -> None:
        self.clock.now = day(month, number)
        extend(self.store, request_id, WHY, self.out)

    def cancel(self, month: int, number: int, request_id: str) -> None:
        self.clock.now = day(month, number)
        with self.store.transaction() as cursor:
            requests.cancel(cursor, request_id, BY)

    def identify(
        self, month: int, number: int, request_id: str, outcome: str, *, pause: bool = False
    ) -> None:
        self.clock.now = day(month, number)
        identify(self.store, request_id, outcome, WHY, pause=pause)


@pytest.fixture
def register(shop: Store, layout: Layout, clock: FixedClock, tmp_path: Path) -> Register:
    return Register(shop, layout, clock, tmp_path / "letters")


@pytest.fixture
def autumn(register: Register) -> Store:
    """Six requests of October, one of September and one of November; today is 23 November.

    Due are R2 on 2 Nov, as 1 Nov is a Sunday, R3 on 5 Nov, R4 on 12 Nov and R5 on 20 Nov.
    """
    register.receive(9, 30)
    for number in (1, 5):
        register.receive(10, number)
    register.complete(10, 11, "R2")
    for number in (12, 20):
        register.receive(10, number)
    for number in (30, 31):
        register.receive(10, number, "access")
    register.cancel(11, 2, "R7")
    register.complete(11, 6, "R3")
    register.refuse(11, 11, "R4")
    register.receive(11, 12)
    register.extend(11, 20, "R6")
    register.clock.now = NOON
    return register.store


def test_a_month_is_counted_by_right_and_in_all(autumn: Store) -> None:
    made = of(autumn)
    objection = Figures(
        received=4, completed=2, to_tell=0, open=1, overdue=1, refused=1, cancelled=0, extended=0,
        on_time=2, late=1, median_days=30, longest_days=32, paused_days=0,
    )  # fmt: skip
    access = replace(NONE, received=2, open=1, cancelled=1, extended=1)
    assert (made.month, made.title) == (OCTOBER, "Oct 2026")
    assert made.rights == {"objection": objection, "access": access}
    assert made.all == replace(objection, received=6, open=2, cancelled=1, extended=1)


def test_what_is_asked_most_stands_first_and_equals_by_name(register: Register) -> None:
    for right in ("erasure", "objection", "access", "objection"):
        register.receive(10, 5, right)
    assert list(of(register.store).rights) == ["objection", "access", "erasure"]


def test_every_request_has_come_to_one_thing(autumn: Store) -> None:
    for figures in (of(autumn).all, *of(autumn).rights.values()):
        outcomes = [getattr(figures, each) for each in report.OUTCOMES]
        assert sum(outcomes) == figures.received
        assert figures.on_time + figures.late == figures.completed + figures.refused


def test_an_even_number_of_answers_has_its_median_in_between(register: Register) -> None:
    for number in (1, 1):
        register.receive(10, number)
    register.complete(10, 4, "R1")
    register.complete(10, 9, "R2")
    assert (of(register.store).all.median_days, of(register.store).all.longest_days) == (5.5, 8)


def test_an_empty_month_has_no_figures(autumn: Store) -> None:
    assert of(autumn, date(2026, 8, 1)) == Report(date(2026, 8, 1), NONE, {})


def test_without_a_month_it_is_the_current_one(autumn: Store) -> None:
    assert of(autumn, None) == of(autumn, date(2026, 11, 1))
    assert of(autumn, None).all.received == 1


def test_a_report_changes_nothing(autumn: Store) -> None:
    before = snapshot(autumn)
    of(autumn)
    assert changed(before, snapshot(autumn)) == set()


class TestTheControllersZone:
    def test_the_month_turns_at_its_midnight(
        self, shop: Store, layout: Layout, clock: FixedClock
    ) -> None:
        clock.now = day(11, 30, 23)
        berlin = layout.map.controller.timezone == "Europe/Berlin"
        assert of(shop, None).month == date(2026, 12 if berlin else 11, 1)

    def test_days_are_counted_to_the_date_there(self, register: Register) -> None:
        request_id = register.receive(10, 5)
        register.clock.now = day(10, 8, 22)
        fulfilment.run(register.store, request_id, BY, {})
        berlin = register.layout.map.controller.timezone == "Europe/Berlin"
        assert of(register.store).all.longest_days == (4 if berlin else 3)

    def test_an_answer_after_midnight_there_is_late(self, register: Register) -> None:
        request_id = register.receive(10, 5)
        register.clock.now = day(11, 5, 23)
        fulfilment.run(register.store, request_id, BY, {})
        berlin = register.layout.map.controller.timezone == "Europe/Berlin"
        assert of(register.store).all.late == (1 if berlin else 0)


@pytest.mark.parametrize(("number", "late"), [(5, 0), (6, 1)])
def test_the_due_day_is_on_time_and_the_next_is_late(
    register: Register, number: int, late: int
) -> None:
    register.complete(11, number, register.receive(10, 5))
    assert (of(register.store).all.late, of(register.store).all.on_time) == (late, 1 - late)


@pytest.mark.parametrize(("number", "overdue"), [(5, 0), (6, 1)])
def test_an_open_request_is_overdue_from_the_day_after(
    register: Register, number: int, overdue: int
) -> None:
    register.receive(10, 5)
    register.clock.now = day(11, number)
    assert (of(register.store).all.open, of(register.store).all.overdue) == (1, overdue)


class TestThePausedClock:
    def test_paused_days_are_named_apart(self, register: Register) -> None:
        """Due on 5 Nov, with five days more on 10 Nov."""
        request_id = register.receive(10, 5)
        register.identify(10, 10, request_id, "asked", pause=True)
        register.identify(10, 15, request_id, "confirmed")
        register.complete(11, 10, request_id)
        made = of(register.store).all
        assert (made.longest_days, made.paused_days, made.on_time) == (36, 5, 1)

    def test_a_refusal_while_it_stands_still_is_on_time(self, register: Register) -> None:
        """Due on 5 Nov, stopped six days before: 11 days of the 36 did not count."""
        request_id = register.receive(10, 5)
        register.identify(10, 30, request_id, "asked", pause=True)
        register.refuse(11, 10, request_id)
        made = of(register.store).all
        assert (made.longest_days, made.paused_days, made.on_time) == (36, 11, 1)

    def test_a_pause_that_came_too_late_does_not_mend_it(self, register: Register) -> None:
        request_id = register.receive(10, 5)
        register.identify(11, 6, request_id, "asked", pause=True)
        register.refuse(11, 10, request_id)
        assert of(register.store).all.late == 1


class TestRecipientsToBeTold:
    @pytest.fixture
    def erased(self, tmp_path: Path) -> Iterator[Store]:
        """Ana's erasure, received on 5 Oct and carried out on the 9th; two recipients have
        her data."""
        clock = FixedClock()
        with SECOND.create(tmp_path, clock) as store:
            SECOND.load(store, people=[ANA])
            register = Register(store, SECOND, clock, tmp_path)
            request_id = register.receive(10, 5, "erasure")
            register.identify(10, 6, request_id, "confirmed")
            register.complete(10, 9, request_id)
            yield store

    def settle(self, store: Store, notice_id: str) -> None:
        with store.transaction() as cursor:
            notices.done(cursor, notice_id, cursor.today, BY)

    def test_a_request_is_not_completed_before_the_last_is_told(self, erased: Store) -> None:
        waiting = replace(NONE, received=1, to_tell=1)
        assert of(erased).all == waiting
        self.settle(erased, "N1")
        assert of(erased).all == waiting
        self.settle(erased, "N2")
        told = replace(NONE, received=1, completed=1, on_time=1, median_days=4, longest_days=4)
        assert of(erased).all == told


def test_an_objection_that_awaits_its_decision_is_open(register: Register) -> None:
    register.complete(10, 9, register.receive(10, 5, "opposition"))
    assert of(register.store).all == replace(NONE, received=1, open=1)
    register.clock.now = NOON
    assert of(register.store).all == replace(NONE, received=1, open=1, overdue=1)


def test_requests_of_erased_people_count_and_name_nobody(autumn: Store) -> None:
    before = of(autumn)
    apply(autumn, propose(autumn, Erasure("child"), ANA["id"]), BY)
    assert of(autumn) == before
    assert "ana" not in str(of(autumn)).lower()


class TestTheMonth:
    def test_it_is_written_as_year_and_month(self) -> None:
        assert report.parsed("2026-11") == date(2026, 11, 1)

    @pytest.mark.parametrize(
        "text",
        ["", "2026", "2026-13", "2026-00", "0000-01", "2026-1", "26-11", "2026-11-01", "11-2026",
         "2026/11", " 2026-11", "2026-11\n", "２０２６-１１", "2026-W1", "november"],
    )  # fmt: skip
    def test_anything_else_is_none(self, text: str) -> None:
        with pytest.raises(BadInput, match="is no month"):
            report.parsed(text)

    def test_one_that_has_not_begun_has_no_report(self, shop: Store) -> None:
        with pytest.raises(BadInput, match="2026-12 has not begun; the last month is 2026-11"):
            of(shop, date(2026, 12, 1))
