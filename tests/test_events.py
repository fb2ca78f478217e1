"""A person's events, all or those wanted: each question about them has the same answer."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from data import bars, events, people
from data.bars import Bar
from data.cursor import Cursor
from data.events import ALL, Histogram, Wanted
from data.store import Store
from tests.conftest import ANA, BO
from tests.layouts import NOON, SECOND, Layout

DAY = date(2026, 3, 5)
MORNING = datetime(2026, 3, 5, tzinfo=UTC)
NIGHT = MORNING + timedelta(hours=24, microseconds=-1)


def happened(store: Store, layout: Layout, *these: tuple[str, datetime]) -> None:
    """Ana's events: what, and when."""
    rows = [
        {"who": ANA["id"], "what": what, "time": time.isoformat(), "ref": f"e{place}"}
        for place, (what, time) in enumerate(these)
    ]
    another = {"who": BO["id"], "what": "home", "time": NOON.isoformat(), "ref": "other"}
    layout.load(store, people=[ANA, BO], events=[*rows, another])


def found(cursor: Cursor, wanted: Wanted) -> list[str]:
    """The names of those wanted, newest first; the counts and the bars must say as many."""
    ana = people.read(cursor, ANA["id"])
    timeline = events.timeline(cursor, ana, wanted)
    drawn = events.histogram(cursor, ana, wanted)
    counts = events.counts(cursor, ana, wanted)
    assert len(timeline) == sum(counts.values())
    assert len(timeline) == sum(each.count for each in drawn.bars) + drawn.undated
    assert list(counts) == [each.name for each in cursor.map.records]
    return [each.label for each in timeline]


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (ALL, ["late", "home", "night", "morning", "home", "early"]),
        (Wanted(name="home"), ["home", "home"]),
        (Wanted(name="hom"), []),
        (Wanted(name="HOME"), []),
        (Wanted(since=DAY), ["late", "home", "night", "morning"]),
        (Wanted(until=DAY), ["night", "morning", "home", "early"]),
        (Wanted(since=DAY, until=DAY), ["night", "morning"]),
        (Wanted("home", date(2026, 1, 1), DAY), ["home"]),
        (Wanted(since=DAY, until=date(2026, 3, 4)), []),
        (Wanted(since=date.min, until=date.max), ["late", "home", "night", "morning", "home",
                                                  "early"]),
    ],
)  # fmt: skip
def test_they_are_found_by_name_and_by_days_whole_in_utc(
    layout: Layout, store: Store, wanted: Wanted, names: list[str]
) -> None:
    happened(
        store,
        layout,
        ("early", MORNING - timedelta(days=90)),
        ("home", MORNING - timedelta(microseconds=1)),
        ("morning", MORNING),
        ("night", NIGHT),
        ("home", NIGHT + timedelta(microseconds=1)),
        ("late", NIGHT + timedelta(days=90)),
    )
    with store.reading() as cursor:
        assert found(cursor, wanted) == names


def test_those_without_a_name_or_a_time_are_found_too(layout: Layout, store: Store) -> None:
    happened(store, layout, ("home", MORNING), ("x", MORNING), ("never", MORNING))
    what, time = (layout.event[name] for name in ("what", "time"))
    with store.transaction() as cursor:
        for column, which in ((what, "x"), (time, "never")):
            cursor.run(
                f"UPDATE {layout.events_table} SET {column} = NULL WHERE {what} = $which",
                which=which,
            )
    with store.reading() as cursor:
        assert found(cursor, ALL) == ["home", "", "never"]
        assert found(cursor, Wanted(name="")) == [""]
        assert found(cursor, Wanted(since=date.min)) == ["home", ""]
        ana = people.read(cursor, ANA["id"])
        assert events.histogram(cursor, ana, Wanted(name="never")) == Histogram(undated=1)


def test_an_event_has_its_further_columns_by_their_labels(tmp_path: Path) -> None:
    with SECOND.create(tmp_path) as store:
        SECOND.load(store, people=[ANA])
        SECOND.further_records(store, ANA["id"])
        with store.reading() as cursor:
            found = events.timeline(cursor, people.read(cursor, ANA["id"]))
    further = {each.records: each.further for each in found}
    assert further["ratings"] == ""
    assert json.loads(further["invoices"]) == {"Amount": 12.5, "Address": "of ana-1"}


def test_their_names_are_counted_the_most_frequent_first(layout: Layout, store: Store) -> None:
    happened(store, layout, *((name, MORNING) for name in ("b", "a", "c", "b", "a", "b", "d")))
    with store.reading() as cursor:
        ana = people.read(cursor, ANA["id"])
        assert list(events.names(cursor, ana, limit=9).items()) == [
            ("b", 3), ("a", 2), ("c", 1), ("d", 1)
        ]  # fmt: skip
        assert list(events.names(cursor, ana, limit=2)) == ["b", "a"]


@pytest.mark.parametrize(
    ("days", "unit", "number"),
    [
        ([0], "day", 1),
        ([0, 39], "day", 40),
        ([0, 40], "week", 7),
        ([0, 273], "week", 40),
        ([0, 280], "month", 10),
        ([0, 365 * 4], "quarter", 17),
        ([0, 365 * 30], "year", 31),
        ([0, 365 * 60], "decade", 7),
        ([0, 365 * 900], "century", 10),
    ],
)
def test_bars_are_as_fine_as_fit(
    layout: Layout, store: Store, days: list[int], unit: str, number: int
) -> None:
    happened(store, layout, *(("home", NOON - timedelta(days=each)) for each in days))
    with store.reading() as cursor:
        drawn = events.histogram(cursor, people.read(cursor, ANA["id"]))
    assert (drawn.unit, len(drawn.bars)) == (unit, number)
    assert drawn.bars[0].count
    assert drawn.bars[-1].count
    assert sum(each.count for each in drawn.bars) == len(days)


@pytest.mark.parametrize(
    ("day", "unit", "start"),
    [
        (date(2026, 3, 5), "day", date(2026, 3, 5)),
        (date(2026, 3, 5), "week", date(2026, 3, 2)),
        (date(2026, 3, 2), "week", date(2026, 3, 2)),
        (date(2026, 3, 1), "week", date(2026, 2, 23)),
        (date(2026, 3, 31), "month", date(2026, 3, 1)),
        (date(2026, 3, 31), "quarter", date(2026, 1, 1)),
        (date(2026, 12, 31), "quarter", date(2026, 10, 1)),
        (date(2026, 12, 31), "year", date(2026, 1, 1)),
        (date(2019, 12, 31), "decade", date(2010, 1, 1)),
        (date(2000, 1, 1), "century", date(2000, 1, 1)),
    ],
)
def test_a_bar_begins_where_its_time_does(day: date, unit: str, start: date) -> None:
    assert bars.drawn({day: 7}, most=1, units=[unit]) == (unit, (Bar(start, 7),))
