"""Where a few people's rows are, in tables too large to be looked through for each.

DuckDB skips what cannot hold a row by the first bytes of a text alone, in which ids are often
all alike. But people are kept in order of id, so that a row can be come at by halves: over 10M
people in 25 ms of processor time, where the first look at their numbers takes 115 (measured).
There is one row a person; where another program has put rows there, which are not in the
directory, or the order is another, all are looked through.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from data import directory, pieces, subject
from data.cursor import Cursor
from data.datamap import People, Records
from data.directory import Entry
from data.schema import qualified
from data.sql import as_text, ident, numbers, unnested
from data.subject import OWNER

LARGE = 200_000
"""Rows from which this is worth the while."""

FEW = 20
"""Ids up to which it is: for ten an erasure among 10M people takes a third of the time, for fifty
as long (measured)."""

STRETCH = 32_768
"""Rows that are looked through in the end: it takes as long as another look or two would."""


def whose(
    cursor: Cursor, table: People | Records, ids: Sequence[str]
) -> tuple[str, dict[str, Any]]:
    """The condition for the rows of these ids, and its values: those of a few people by the
    numbers that DuckDB gives the rows, where these can be told."""
    if isinstance(table, People) and (found := _rows(cursor, ids)) is not None:
        # Of numbers from a query DuckDB looks for each, of those written out for all between them.
        among = "rowid IN (SELECT unnest($rows))"
        values = {"ids": list(ids), "rows": found}
        return f"{among} AND list_contains($ids, {ident(table.key)})", values
    return subject.whose(table, ids)


def theirs(
    cursor: Cursor, table: People | Records, people: Sequence[Sequence[str]]
) -> tuple[str, dict[str, Any]]:
    """The rows of several people, each given by their ids, as what goes behind FROM, and its
    values: `r` with the columns of the table, and OWNER, the person's place among them."""
    if len(people) == 1:
        # To join one would read the ids of all: over 10M rows 110 ms, so 18 (measured).
        condition, values = whose(cursor, table, people[0])
        rows = f"(SELECT * FROM {qualified(table)} WHERE {condition}) AS r"
        return f"{rows} CROSS JOIN (SELECT 0 AS {OWNER}) AS o", values
    owned = sorted(
        (subject.number(one), one, owner)
        for owner, ids in enumerate(people)
        for one in dict.fromkeys(ids)
    )
    named = ("habeas_number", "habeas_id", OWNER)
    values = {"owned": as_text(dict(zip(named, each, strict=True)) for each in owned)}
    owners = unnested("owned", dict(zip(named, ("BIGINT", "VARCHAR", "BIGINT"), strict=True)))
    condition = f"r.{ident(table.key)} = o.habeas_id"
    rows = qualified(table)
    if table.number:
        # Written out: over the events of 500 people among 100M it takes a third of the time
        # (measured).
        column = ident(table.number)
        listed = numbers(dict.fromkeys(each for each, *_ in owned))
        rows = f"(SELECT * FROM {rows} WHERE {column} IN ({listed}))"
        condition += f" AND r.{column} = o.habeas_number"
    return f"{rows} AS r JOIN {owners} AS o ON {condition}", values


def lines(
    cursor: Cursor, ids: Sequence[str], further: Sequence[str] = ()
) -> tuple[str, dict[str, Any]]:
    """The condition for the lines in the directory of people of these ids and of further ids,
    of which there may be none, and its values."""
    every = [*ids, *further]
    if _few_among_many(cursor, every):
        found = _lines(cursor, every) or []
        if {*ids} <= {one for _, one in found}:
            return f"place IN ({numbers(place for place, _ in found)})", {}
    return directory.lines(directory.THESE), {"ids": every}


def near(cursor: Cursor, subject_id: str) -> str:
    """A part of the table of people, as a query in brackets that has `rowid` too, in which the
    person is if they are in the table and it is in order of id."""
    table, key = qualified(cursor.map.people), ident(cursor.map.people.key)

    def beyond(number: int) -> bool:
        """Whether the row of this number, or the next there is, is after the person's."""
        found = cursor.row(
            f"SELECT {key} > $id FROM {table} WHERE rowid >= $number LIMIT 1",
            id=subject_id,
            number=number,
        )
        return found is None or bool(found[0])

    first, after = 0, _count(cursor, table)
    while not beyond(after):  # rows that were deleted left numbers that nobody has
        first, after = after, 2 * after
    while after - first > STRETCH // 2:
        middle = (first + after) // 2
        first, after = (first, middle) if beyond(middle) else (middle, after)
    return f"(SELECT rowid, * FROM {table} WHERE rowid >= {first} LIMIT {STRETCH})"


def _lines(cursor: Cursor, ids: Sequence[str]) -> list[tuple[int, str]] | None:
    """The places of the lines of a few ids, in order, each with its id; None where their parts do
    not tell."""
    if cursor.value(f"SELECT true {directory.behind(cursor)} LIMIT 1"):
        return None
    # The line is where the row is, unless people came in another order than that of their ids.
    seen = [cursor.seen[each] + 1 for each in ids if each in cursor.seen]
    found = _of(ids, directory.at(cursor, seen))
    there = {one for _, one in found}
    held = _holding(cursor, [each for each in ids if each not in there])
    return None if held is None else sorted({*found, *_of(ids, directory.at(cursor, held))})


def _of(ids: Sequence[str], entries: Iterable[Entry]) -> list[tuple[int, str]]:
    there = ((each.place, json.loads(each.line)[0]) for each in entries)
    return [(place, one) for place, one in there if one in ids]


def _holding(cursor: Cursor, ids: Sequence[str]) -> set[int] | None:
    """The places of the lines that may be theirs, by what is in them; None where it is not rare."""
    held: set[int] = set()
    if not ids:
        return held
    plain = f"SELECT {directory.fold_sql('id')} FROM (SELECT unnest($ids) AS id)"
    for (each,) in cursor.rows(plain, ids=list(ids)):
        [way] = pieces.ways(f"{directory.MARK}{each}{directory.MARK}")
        # Its end tells it from most, and each range is looked for in another place of the disk.
        found = pieces.rare(cursor, [[way[:2]]])
        if found is None and (found := pieces.rare(cursor, [[way]])) is None:
            return None
        held.update(found)
    return held


def _rows(cursor: Cursor, ids: Sequence[str]) -> list[int] | None:
    """The numbers of the rows of these ids; None where all rows are best looked through."""
    if not _few_among_many(cursor, ids):
        return None
    found = {each: _row(cursor, each) for each in ids}
    rows = [row for row in found.values() if row is not None]
    # Who is not in the directory either is not there.
    missing = [each for each, row in found.items() if row is None]
    return None if missing and _lines(cursor, missing) != [] else rows


def _row(cursor: Cursor, subject_id: str) -> int | None:
    """The number of the person's row, if halves lead to it; it may be where it was before."""
    table, key = qualified(cursor.map.people), f"{ident(cursor.map.people.key)} = $id"
    seen: int | None = cursor.seen.get(subject_id)
    if seen is not None:
        # The limit spares DuckDB all that comes after it.
        at = f"(SELECT rowid, * FROM {table} WHERE rowid >= {seen:d} LIMIT 1)"
        if cursor.value(f"SELECT rowid FROM {at} WHERE {key}", id=subject_id) == seen:
            return seen
    row: int | None = cursor.value(
        f"SELECT rowid FROM {near(cursor, subject_id)} WHERE {key}", id=subject_id
    )
    if row is not None:
        cursor.seen[subject_id] = row
    return row


def _few_among_many(cursor: Cursor, ids: Sequence[str]) -> bool:
    """Whether these are few among many people, of whom each has a line in the directory; where
    somebody was seen, it was so."""
    if len(ids) > FEW or cursor.seen:
        return len(ids) <= FEW
    people = _count(cursor, qualified(cursor.map.people))
    return people >= LARGE and people == _count(cursor, "habeas.directory")


def _count(cursor: Cursor, table: str) -> int:
    count: int = cursor.value(f"SELECT count(*) FROM {table}")
    return count
