"""Records at a glance, as the page of an answer shows them: how many, when, which, the newest."""

from datetime import timedelta
from pathlib import Path

import pytest

from data import people
from data.answers import history
from data.answers.gathering import gathered
from data.store import Store
from tests.conftest import ANA
from tests.layouts import NOON, SECOND, Layout
from tests.pages import check, page


def events(store: Store, layout: Layout, days: list[int], names: list[str] | None = None) -> None:
    """An event of Ana on each of so many days before today."""
    layout.load(
        store,
        people=[ANA],
        events=[
            {
                "who": ANA["id"],
                "time": (NOON - timedelta(days=each)).strftime("%Y-%m-%d %H:%M:%S"),
                "what": names[place] if names else "home",
                "ref": f"e{place}",
            }
            for place, each in enumerate(days)
        ],
    )


def seen(store: Store) -> history.History:
    with store.reading() as cursor:
        ana, records = people.read(cursor, ANA["id"]), cursor.map.records[0]
        with gathered(cursor, [ana], [records]) as (rows,):
            return history.of_all(cursor, rows)[0]


@pytest.mark.parametrize(
    ("days", "unit", "bars"),
    [
        ([0], "day", 1),
        ([0, 39], "day", 40),
        ([0, 40], "month", 2),
        ([0, 365 * 3], "month", 37),
        ([0, 365 * 30], "year", 31),
        ([0, 365 * 60], "decade", 7),
        ([0, 365 * 900], "century", 10),
    ],
)
def test_bars_are_as_fine_as_a_phone_can_show(
    layout: Layout, store: Store, days: list[int], unit: str, bars: int
) -> None:
    events(store, layout, days)
    found = seen(store)
    assert (found.unit, len(found.bars)) == (unit, bars)
    assert sum(each.count for each in found.bars) == found.count == len(days)
    assert found.bars[-1].count
    starts = [each.start for each in found.bars]
    assert starts == sorted(set(starts))


def test_the_picture_has_a_text_in_its_place(layout: Layout, store: Store) -> None:
    events(store, layout, [0, 0, 70])
    parsed = check(page(store))
    (label,) = (str(attrs["aria-label"]) for tag, attrs in parsed.elements if tag == "svg")
    assert "from September 2026 to November 2026; the most, 2, in November 2026" in label
    assert [tag for tag, _ in parsed.elements].count("rect") == 2
    assert "September 2026 1 October 2026 0 November 2026 2" in parsed.text


def test_a_page_has_the_newest_and_says_how_many_more_there_are(
    layout: Layout, store: Store
) -> None:
    names = [f"kind-{place:03}." for place in range(100)]
    events(store, layout, [*range(100)], names)
    text = check(page(store)).text
    newest = text[text.index("The newest") :]
    assert [name for name in names if name in newest] == names[: history.NEWEST]
    assert f"{100 - history.NEWEST} older ones are in {layout.events}.json" in newest
    kinds = text[text.index("What kinds there are") : text.index("The newest")]
    assert "the 20 most frequent of 100" in kinds
    assert sum(name in kinds for name in names) == history.KINDS


def test_kinds_are_counted_the_most_frequent_first(layout: Layout, store: Store) -> None:
    events(store, layout, [3, 2, 1, 0], ["b", "a", "b", "c"])
    assert [(each.label, each.count) for each in seen(store).kinds] == [
        ("b", 2),
        ("a", 1),
        ("c", 1),
    ]


def test_times_are_local_to_the_controller(tmp_path: Path) -> None:
    with SECOND.create(tmp_path) as store:
        event = {"who": ANA["id"], "time": "2025-12-31 23:30:00", "what": "late"}
        SECOND.load(store, people=[ANA], events=[event])
        text = check(page(store)).text
    assert "1 Jan 2026, 00:30" in text
    assert "Europe/Berlin" in text


@pytest.mark.parametrize(
    "time",
    [None, "infinity", "12000-01-01 00:00:00+00", "0001-01-01 00:00:00+00",
     "0044-03-15 (BC) 12:00:00+00"],
)  # fmt: skip
def test_a_time_that_no_calendar_has_is_not_known(
    layout: Layout, shop: Store, time: str | None
) -> None:
    column = layout.event["time"]
    with shop.transaction() as cursor:
        cursor.run(f'UPDATE {layout.events_table} SET "{column}" = $time', time=time)
    assert "time not known" in check(page(shop)).text
    assert seen(shop).first is None
