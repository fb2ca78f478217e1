"""What a person did: the rows of every table of records, as one timeline."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from data.datamap import Records
from data.people import Person
from data.schema import qualified
from data.sql import ident, literal
from data.store import Cursor
from data.subject import whose


@dataclass(frozen=True)
class Event:
    """One row of a table of records; `properties` is a JSON text, "" where there are none."""

    records: str
    id: str
    time: datetime | None
    label: str
    properties: str


@dataclass(frozen=True)
class Extent:
    """How many rows a person has in a table, with a sum that changes when any of them does."""

    records: Records
    count: int
    checksum: int


def timeline(cursor: Cursor, person: Person, *, limit: int = 50, offset: int = 0) -> list[Event]:
    """The person's events in all tables of records, newest first."""
    sources: list[str] = []
    values: dict[str, Any] = {}
    for records in cursor.map.records:
        condition, bound = whose(records, person.ids)
        values |= bound
        rest = f"CAST({ident(records.rest)} AS VARCHAR)" if records.rest else "''"
        sources.append(
            f"SELECT {literal(records.name)} AS records, {ident(records.id)} AS id, "
            f"{ident(records.time)} AS time, {ident(records.label)} AS label, {rest} AS rest "
            f"FROM {qualified(records)} WHERE {condition}"
        )
    rows = cursor.rows(
        f"SELECT records, id, time, coalesce(label, ''), coalesce(rest, '') "
        f"FROM ({' UNION ALL '.join(sources)}) "
        "ORDER BY time DESC NULLS LAST, records, id LIMIT $limit OFFSET $offset",
        limit=limit,
        offset=offset,
        **values,
    )
    return [Event(*row) for row in rows]


def extents(cursor: Cursor, person: Person) -> Iterator[Extent]:
    """For each table of records how much of it is the person's."""
    for records in cursor.map.records:
        condition, values = whose(records, person.ids)
        row = cursor.row(
            f"SELECT count(*), coalesce(sum(CAST(hash(r) AS HUGEINT)), 0) "
            f"FROM {qualified(records)} AS r WHERE {condition}",
            **values,
        )
        assert row is not None  # noqa: S101  an aggregate has one row
        yield Extent(records, int(row[0]), int(row[1]))


def counts(cursor: Cursor, person: Person) -> dict[str, int]:
    """How many rows the person has in each table of records, by its name."""
    found = {}
    for records in cursor.map.records:
        condition, values = whose(records, person.ids)
        found[records.name] = int(
            cursor.value(f"SELECT count(*) FROM {qualified(records)} WHERE {condition}", **values)
        )
    return found
