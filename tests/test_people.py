"""Finding people: in which order, and by what."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from data import finding, fulfilment
from data.clock import day_begins
from data.errors import BadInput
from data.finding import EVERYBODY, Wanted
from data.register import reception, requests
from data.register.reception import New
from data.rights.objection import Objection, Subscription
from data.rights.plan import apply, propose
from data.rights.restriction import Restriction
from data.rights.right import Right
from data.store import Store
from tests.layouts import BUILT_IN, BY, SECOND, Layout

PEOPLE = [
    {"id": "a", "last": "Öztürk"},
    {"id": "b", "last": "Nowak"},
    {"id": "c", "last": ""},
    {"id": "d", "last": "Nowak"},
]


def found(store: Store, wanted: Wanted = EVERYBODY, order: str = "", **more: int) -> list[str]:
    """Their ids, which are as many as are counted."""
    with store.reading() as cursor:
        ids = [each.id for each in finding.find(cursor, wanted, order=order, **more)]
        assert more or finding.count(cursor, wanted) == len(ids)
        return ids


def do(store: Store, right: Right, subject_id: str) -> None:
    apply(store, propose(store, right, subject_id), BY)


def test_they_come_in_order_of_a_field_then_of_the_id_and_who_has_none_last(
    layout: Layout, store: Store
) -> None:
    layout.load(store, people=PEOPLE)
    assert found(store) == ["a", "b", "c", "d"]
    assert found(store, order=layout.person["last"]) == ["b", "d", "a", "c"]


def test_a_page_is_a_page_of_that_order(layout: Layout, store: Store) -> None:
    layout.load(store, people=PEOPLE)
    assert found(store, order=layout.person["last"], limit=2, offset=1) == ["d", "a"]


def test_only_what_identifies_orders_them(layout: Layout, store: Store) -> None:
    with pytest.raises(BadInput, match="not of hat"):
        found(store, order="hat")


class TestFilters:
    @pytest.fixture
    def four(self, layout: Layout, store: Store) -> Store:
        layout.load(store, people=PEOPLE)
        return store

    def test_restricted_people_until_the_restriction_is_lifted(self, four: Store) -> None:
        do(four, Restriction("accuracy"), "b")
        assert found(four, Wanted(restricted=True)) == ["b"]

    def test_who_said_no_to_a_channel_not_who_never_said(self, layout: Layout, four: Store) -> None:
        one, other = layout.channels
        do(four, Objection((one,)), "b")
        do(four, Objection((one,)), "d")
        do(four, Objection((other,)), "a")
        do(four, Subscription((one,)), "d")
        do(four, Subscription((one,)), "c")
        assert found(four, Wanted(unsubscribed=one)) == ["b"]
        assert found(four, Wanted(unsubscribed=other)) == ["a"]

    def test_who_asks_until_the_request_is_closed(self, four: Store) -> None:
        asked = [fulfilment.receive(four, each, "access", BY) for each in ("b", "d", "d")]
        assert found(four, Wanted(asking=True)) == ["b", "d"]
        with four.transaction() as cursor:
            for each in asked[:2]:
                requests.cancel(cursor, each.id, BY)
        assert found(four, Wanted(asking=True)) == ["d"]

    def test_a_request_of_one_who_was_erased_is_nobodys(self, four: Store) -> None:
        with four.transaction() as cursor:
            reception.add(cursor, New("b", "access", ready=True), BY)
            requests.forget(cursor, [cursor.pseudonym("b")])
        assert found(four, Wanted(asking=True)) == []

    def test_they_narrow_the_words_and_each_other(self, layout: Layout, four: Store) -> None:
        for each in ("a", "b", "d"):
            do(four, Restriction("accuracy"), each)
        fulfilment.receive(four, "d", "access", BY)
        assert found(four, Wanted("nowak", restricted=True)) == ["b", "d"]
        assert found(four, Wanted("NOWAK", restricted=True, asking=True)) == ["d"]
        assert found(four, Wanted("öz", restricted=True, asking=True)) == []

    def test_a_channel_that_the_map_does_not_name_is_refused(
        self, layout: Layout, four: Store
    ) -> None:
        with pytest.raises(BadInput, match=f"pigeon is no channel .* {layout.channels[0]}"):
            found(four, Wanted(unsubscribed="pigeon"))

    def test_nothing_wanted_is_everybody_and_spaces_are_nothing(self) -> None:
        assert not Wanted().narrows
        assert not Wanted("  ").narrows
        assert Wanted("a").narrows
        assert Wanted(" ", asking=True).narrows


HOSTILE = ("'; DROP TABLE profiles; --", "$country", "%", "\x1b[2J", "PL' OR '1'='1")


class TestCountries:
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[Store]:
        lived = ("PL", "pl", "DE", "", "PL", *HOSTILE)
        rows = [{"id": f"{n:02}", "country": each} for n, each in enumerate(lived)]
        with BUILT_IN.create(tmp_path) as store:
            BUILT_IN.load(store, people=rows)
            yield store

    def test_upper_and_lower_case_are_one_and_it_is_the_whole_of_it(self, store: Store) -> None:
        assert found(store, Wanted(country="Pl")) == ["00", "01", "04"]
        assert found(store, Wanted(country="P")) == []

    @pytest.mark.parametrize("value", HOSTILE)
    def test_whatever_stands_there_is_a_value(self, store: Store, value: str) -> None:
        assert len(found(store, Wanted(country=value))) == 1

    def test_those_of_most_people_are_listed_as_they_are_stored(self, store: Store) -> None:
        with store.reading() as cursor:
            assert finding.countries(cursor, 2) == ["PL", "\x1b[2J"]
            assert "" not in finding.countries(cursor, 50)


ZONE = BUILT_IN.map_text + '[controller]\ntimezone = "Europe/Amsterdam"\n'
TIMED = replace(BUILT_IN, map_text=ZONE)
DATED = replace(BUILT_IN, map_text=ZONE + '[people]\ncreated = "birth_date"\n')
MOMENTS = {
    # moments in UTC: before, at and at the end of two days in Amsterdam
    "a": ("2025-03-29T22:59:59Z", "2025-03-29"),
    "b": ("2025-03-29T23:00:00Z", "2025-03-30"),
    "c": ("2025-03-30T21:59:59Z", "2025-03-30"),  # summer time began at two
    "d": ("2025-03-30T22:00:00Z", "2025-03-31"),
    "e": ("", ""),
}


class TestCreated:
    @pytest.fixture(params=[TIMED, DATED], ids=["a time", "a date"])
    def store(self, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
        layout: Layout = request.param
        rows = [
            {"id": name, "created_at": moment, "born": day}
            for name, (moment, day) in MOMENTS.items()
        ]
        with layout.create(tmp_path) as store:
            layout.load(store, people=rows)
            yield store

    @pytest.mark.parametrize(
        ("first", "last", "ids"),
        [
            ("2025-03-30", "2025-03-30", "bc"),
            ("2025-03-30", None, "bcd"),
            (None, "2025-03-30", "abc"),
            ("2025-03-29", "2025-03-31", "abcd"),
            ("2025-04-01", None, ""),
            ("0002-01-01", "9998-12-31", "abcd"),
        ],
    )
    def test_both_days_count_as_the_controllers_calendar_has_them(
        self, store: Store, first: str | None, last: str | None, ids: str
    ) -> None:
        days = [each and date.fromisoformat(each) for each in (first, last)]
        wanted = Wanted(created_from=days[0] or None, created_until=days[1] or None)
        assert found(store, wanted) == [*ids]

    @pytest.mark.parametrize("day", [date.min, date.max])
    def test_a_day_at_the_end_of_the_calendar_is_refused(self, store: Store, day: date) -> None:
        for wanted in (Wanted(created_from=day), Wanted(created_until=day)):
            with pytest.raises(BadInput, match="is no day on which"):
                found(store, wanted)

    def test_a_first_day_after_the_last_is_refused(self, store: Store) -> None:
        wanted = Wanted(created_from=date(2025, 3, 31), created_until=date(2025, 3, 30))
        with pytest.raises(BadInput, match="2025-03-31 is after 2025-03-30"):
            found(store, wanted)


@pytest.mark.parametrize(
    ("day", "zone", "moment"),
    [
        ("2025-06-01", "UTC", "2025-06-01 00:00"),
        ("2025-06-01", "Europe/Amsterdam", "2025-05-31 22:00"),
        ("2025-04-25", "Africa/Cairo", "2025-04-24 22:00"),  # that day begins at one
        ("2025-03-09", "America/Havana", "2025-03-09 05:00"),  # so does this
        ("2025-11-02", "America/Havana", "2025-11-02 04:00"),  # its first hour comes twice
    ],
)
def test_a_day_begins_with_its_first_moment(day: str, zone: str, moment: str) -> None:
    assert f"{day_begins(date.fromisoformat(day), zone):%Y-%m-%d %H:%M}" == moment


def test_a_map_that_names_no_such_field_finds_nobody_by_it(tmp_path: Path) -> None:
    with SECOND.create(tmp_path) as store:
        SECOND.load(store, people=PEOPLE)
        with pytest.raises(BadInput, match="which field is the country"):
            found(store, Wanted(country="PL"))
        with pytest.raises(BadInput, match="which field is when a person was created"):
            found(store, Wanted(created_from=date(2025, 1, 1)))
        with store.reading() as cursor:
            assert finding.countries(cursor, 5) == []
