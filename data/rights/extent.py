"""How much there is of the people whom a right takes: rows of each table, told apart by a sum."""

from collections.abc import Sequence

from data import locate
from data.cursor import Cursor
from data.datamap import People, Records
from data.people import Person
from data.rights.right import Rows
from data.subject import OWNER

PROFILES = "profiles"
"""What rows of the table of people are called."""


def of(cursor: Cursor, people: Sequence[Person]) -> list[dict[str, Rows]]:
    """For each of these people the rows in every table, by name; each table is read once."""
    found: list[dict[str, Rows]] = [{} for _ in people]
    for table in cursor.map.tables:
        name = table.name if isinstance(table, Records) else PROFILES
        rows = _counted(cursor, table, people)
        for place, each in enumerate(found):
            each[name] = Rows(name, *rows.get(place, (0, 0)))
    return found


def _counted(
    cursor: Cursor, table: People | Records, people: Sequence[Person]
) -> dict[int, tuple[int, int]]:
    """Rows, and a sum that changes when any of them does, by the place of their person."""
    relation, values = locate.theirs(cursor, table, [each.ids for each in people])
    return {
        owner: (int(count), int(checksum))
        for owner, count, checksum in cursor.rows(
            f"SELECT {OWNER}, count(*), sum(CAST(hash(r) AS HUGEINT)) FROM {relation} GROUP BY 1",
            **values,
        )
    }
