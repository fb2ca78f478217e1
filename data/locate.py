"""Where a person's row is, in a table too large to be looked through for each.

DuckDB skips what cannot hold a row by the first bytes of a text alone, in which ids are often
all alike. But a load keeps people in order of id, so that the row can be come at by halves.
Over 10M people that takes as long as the column of numbers does to read from the disk, but a
fifteenth of the memory (measured).
"""

from data.cursor import Cursor
from data.schema import qualified
from data.sql import ident

LARGE = 200_000
"""Rows from which this is worth the while."""

STRETCH = 4096
"""Rows that are looked through in the end."""


def near(cursor: Cursor, subject_id: str) -> str | None:
    """A part of the table of people, as a query in brackets, that has the person if they are in
    it and it is in order of id; None where the table is small, and best taken whole."""
    table, key = qualified(cursor.map.people), ident(cursor.map.people.key)
    after = int(cursor.value(f"SELECT count(*) FROM {table}"))
    if after < LARGE:
        return None

    def beyond(number: int) -> bool:
        """Whether the row of this number, or the next there is, is after the person's."""
        found = cursor.row(
            f"SELECT {key} > $id FROM {table} WHERE rowid >= $number LIMIT 1",
            id=subject_id,
            number=number,
        )
        return found is None or bool(found[0])

    first = 0
    while not beyond(after):  # rows that were deleted left numbers that nobody has
        first, after = after, 2 * after
    while after - first > STRETCH // 2:
        middle = (first + after) // 2
        first, after = (first, middle) if beyond(middle) else (middle, after)
    return f"(SELECT * FROM {table} WHERE rowid >= {first} LIMIT {STRETCH})"
