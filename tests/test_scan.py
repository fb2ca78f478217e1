"""One person's events never need a scan of all, whatever the ids look like."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from data import demo, events, people
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


@pytest.mark.slow
@pytest.mark.parametrize("place", [0, PEOPLE // 2, PEOPLE - 1])
def test_a_timeline_reads_one_part_of_the_table(store: Store, place: int, tmp_path: Path) -> None:
    with store.reading() as cursor:
        total = cursor.value("SELECT count(*) FROM events")
        assert total > 4 * ROW_GROUP
        # The first 16 characters of every id are the same.
        person = people.read(cursor, people.find(cursor, "", limit=1, offset=place)[0].id)
        assert person.id.startswith("customer-000")
        profile = tmp_path / "profile.json"
        cursor.run("PRAGMA enable_profiling = 'json'")
        cursor.run(f"PRAGMA profiling_output = '{profile}'")
        cursor.run("""PRAGMA custom_profiling_settings = '{"OPERATOR_ROWS_SCANNED": "true"}'""")
        found = events.timeline(cursor, person)
    assert scanned(json.loads(profile.read_text())) <= 2 * ROW_GROUP
    assert len({each.id for each in found}) == len(found)


def scanned(node: dict[str, Any]) -> int:
    """Rows read from tables anywhere in a plan."""
    below = sum(scanned(child) for child in node.get("children", []))
    return int(node.get("operator_rows_scanned") or 0) + below
