"""One person's events never need a scan of all, whatever the ids look like."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from data import demo, events, finding, people
from data.cursor import Cursor
from data.events import Wanted
from data.people import Person
from data.store import Store

ROW_GROUP = 122_880
"""Rows that DuckDB keeps together, each with its own zone map."""

PEOPLE = 30_000


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("scan") / "demo.duckdb"
    demo.make(path, PEOPLE)
    with Store.open(path) as opened:
        yield opened


QUESTIONS: dict[str, Callable[[Cursor, Person], object]] = {
    "timeline": events.timeline,
    "of a name": lambda cursor, person: events.timeline(cursor, person, Wanted(name="home")),
    "counts": events.counts,
    "names": lambda cursor, person: events.names(cursor, person, limit=10),
    "histogram": lambda cursor, person: events.histogram(
        cursor, person, Wanted(since=date(2020, 1, 1))
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
@pytest.mark.parametrize("place", [0, PEOPLE // 2, PEOPLE - 1])
def test_it_is_answered_from_one_part_of_the_table(
    store: Store, place: int, tmp_path: Path, question: Callable[[Cursor, Person], object]
) -> None:
    with store.reading() as cursor:
        total = cursor.value("SELECT count(*) FROM events")
        assert total > 4 * ROW_GROUP
        # The first 16 characters of every id are the same.
        person = people.read(cursor, finding.find(cursor, limit=1, offset=place)[0].id)
        assert person.id.startswith("customer-000")
        profile = tmp_path / "profile.json"
        cursor.run("PRAGMA enable_profiling = 'json'")
        cursor.run(f"PRAGMA profiling_output = '{profile}'")
        cursor.run("""PRAGMA custom_profiling_settings = '{"OPERATOR_ROWS_SCANNED": "true"}'""")
        assert question(cursor, person)
    assert 0 < scanned(json.loads(profile.read_text())) <= 2 * ROW_GROUP


def scanned(node: dict[str, Any]) -> int:
    """Rows read from tables anywhere in a plan."""
    below = sum(scanned(child) for child in node.get("children", []))
    return int(node.get("operator_rows_scanned") or 0) + below
