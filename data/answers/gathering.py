"""The rows of several people, read in one pass of each table for all that an answer says."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from data import locate
from data.cursor import Cursor
from data.datamap import People, Records
from data.people import Person
from data.schema import qualified
from data.sql import as_text, ident, idents, texts
from data.subject import OWNER

MOST = 100_000
"""Rows of one person that are sorted for a copy; more are read as they are stored, where that is
by time."""

GATHERED = 25_000
"""Rows that are gathered at once: what is made of them is held in memory."""

POSITION = "habeas_position"
"""The column in which rows of several people say which comes first."""


@dataclass(frozen=True)
class Gathered:
    """The rows of one table. `source` goes behind FROM; it has the columns of the map and OWNER,
    the place of the row's person among the people. `values` are what it binds, `order` puts its
    rows in order, "" where they are stored so. `counts` are rows, by place."""

    table: People | Records
    source: str
    values: Mapping[str, Any]
    order: str
    counts: Mapping[int, int]

    def ends(self, people: int) -> list[int]:
        """Where in this order the rows of each of so many people begin, and where the last end."""
        return [*accumulate((self.counts.get(each, 0) for each in range(people)), initial=0)]


def groups(sizes: Sequence[int]) -> Iterator[list[int]]:
    """The places of so many rows each, put together as long as they are few enough."""
    group: list[int] = []
    rows = 0
    for place, size in enumerate(sizes):
        if group and rows + size > GATHERED:
            yield group
            group, rows = [], 0
        group.append(place)
        rows += size
    if group:
        yield group


@contextmanager
def gathered(
    cursor: Cursor, people: Sequence[Person], tables: Sequence[People | Records]
) -> Iterator[list[Gathered]]:
    """The rows of these people in these tables, in order of person, then as a copy has them: the
    profile under a person's own id before those of further ids, records by time."""
    if len(people) == 1:
        yield [_one(cursor, people[0], each) for each in tables]
        return
    names = [f"habeas_gathered_{place}" for place in range(len(tables))]
    try:
        yield [
            _several(cursor, people, each, name) for each, name in zip(tables, names, strict=True)
        ]
    finally:
        for name in names:
            cursor.run(f"DROP TABLE IF EXISTS {name}")


def _one(cursor: Cursor, person: Person, table: People | Records) -> Gathered:
    """Rows as they are stored: there may be a million of them."""
    condition, values = locate.whose(cursor, table, person.ids)
    source = f"(SELECT 0 AS {OWNER}, * FROM {qualified(table)} WHERE {condition})"
    count = cursor.value(f"SELECT count(*) FROM {source}", **values)
    if isinstance(table, People):
        values["own"] = person.id
        order = f" ORDER BY {_own_first(table, '$own')}"
    else:
        stored = count > MOST and _in_order(cursor, table, source, values)
        order = "" if stored else f" ORDER BY {_by_time(table)}"
    return Gathered(table, source, values, order, {0: count})


def _several(
    cursor: Cursor, people: Sequence[Person], table: People | Records, name: str
) -> Gathered:
    relation, values = locate.theirs(cursor, table, [each.ids for each in people])
    if isinstance(table, People):
        values["own"] = as_text(each.id for each in people)
        order = _own_first(table, f"list_extract({texts('own')}, {OWNER} + 1)")
    else:
        order = _by_time(table)
    cursor.run(
        f"CREATE TEMP TABLE {name} AS SELECT {OWNER}, {idents(table.columns)}, "
        f"row_number() OVER (ORDER BY {OWNER}, {order}) AS {POSITION} FROM {relation}",
        **values,
    )
    counts = cursor.rows(f"SELECT {OWNER}, count(*) FROM {name} GROUP BY 1")
    return Gathered(table, name, {}, f" ORDER BY {POSITION}", dict(counts))


def _in_order(cursor: Cursor, records: Records, source: str, values: Mapping[str, Any]) -> bool:
    """Whether rows are stored by time, so that none need be sorted: a million take 0.6 GB."""
    time = ident(records.time)
    astray = cursor.value(
        f"SELECT count(*) FROM (SELECT {time} AS time, lag({time}) OVER () AS before "
        f"FROM {source}) "
        "WHERE time IS NULL OR before > time",
        **values,
    )
    return not astray


def _own_first(people: People, own: str) -> str:
    return f"{ident(people.key)} <> {own}, {ident(people.key)}"


def _by_time(records: Records) -> str:
    return idents([records.time, records.id])
