"""Everybody, one after another: any place among ten million people is reached at once.

Where the rows lie in order already, as a load keeps people by id, a page is so many rows from a
place on: 5 ms anywhere (measured over 10M). For any other order the numbers that DuckDB gives
the rows are sorted once and kept in memory, eight bytes a person, and a page is joined by them.
"""

from itertools import pairwise
from threading import Lock

from data import finding
from data.cursor import Cursor
from data.finding import Found
from data.schema import qualified
from data.sql import ident, idents

FEW = 100_000
"""People who are sorted within a few milliseconds."""

PLACES = 16
"""Where the order is looked at, the first and the last among them. To look at all of ten million
would take a second, and 60 MB until the program ends."""

_ARRANGED = "memory.main.habeas_arranged"
"""Numbers of rows in order; one table, of the order that was asked for last. It is in the memory
of this process, and in no store."""

_JOINED_BY_NUMBER = 1024
"""Rows of a page up to which DuckDB looks for each; it scans all of the table for more."""


class Everybody:
    """Everybody in order of id, or of an identifying field; who has no value there comes last,
    and equals are as the table has them.

    Many people are taken to lie in order of id until `arrange` has looked, in a few places; who
    was put elsewhere by another program is then shown where they lie.
    """

    def __init__(self, field: str = "") -> None:
        self.field = field
        self._seen: tuple[object, ...] = ()
        self._arranged = False
        self._arranging = Lock()

    def page(self, cursor: Cursor, offset: int, limit: int) -> list[Found]:
        """At most `limit` people from place `offset` on; one who is erased is in none."""
        table = cursor.map.people
        shown = idents([table.key, *(name for name in table.identifying if name != table.key)])
        found = f"SELECT {shown}, {ident(table.key)} IN ({finding.RESTRICTED}) FROM"
        part = "LIMIT $limit OFFSET $offset"
        if self._arranged:
            cursor.run(f"SET dynamic_or_filter_threshold = {_JOINED_BY_NUMBER}")
            numbers = f"SELECT number, row_number() OVER () AS place FROM {_ARRANGED} {part}"
            page = f"({numbers}) JOIN {qualified(table)} p ON p.rowid = number ORDER BY place"
        else:
            page = f"(SELECT {shown} FROM {qualified(table)} {part}) ORDER BY {ident(table.key)}"
        rows = cursor.rows(f"{found} {page}", limit=limit, offset=offset)
        return [Found(row[0], row[1:-1], row[-1]) for row in rows]

    def begin(self, cursor: Cursor) -> None:
        """What there is to do before the first page: nothing that lasts, but for another order
        than of id. Raises BadInput where people are in no such order."""
        finding.check_order(cursor.map.people, self.field)
        if not self._by_id(cursor) or finding.count(cursor) <= FEW:
            self.arrange(cursor)

    def arrange(self, cursor: Cursor) -> bool:
        """Looks after the order, where anything has changed since it last did; whether pages may
        have been in another. To sort ten million takes seconds."""
        with self._arranging:
            seen = (cursor.path, cursor.value(_LAST_CHANGE))
            if seen == self._seen:
                return False
            many = finding.count(cursor) > FEW
            arranged = not (many and self._by_id(cursor) and _lie_in_order(cursor))
            if arranged:
                _sort(cursor, self.field or cursor.map.people.key)
            self._seen, self._arranged = seen, arranged
            return arranged

    def _by_id(self, cursor: Cursor) -> bool:
        return self.field in ("", cursor.map.people.key)


_LAST_CHANGE = "SELECT value FROM habeas.settings WHERE name = 'ledger_head'"
"""Nothing changes but together with an entry of the ledger, and no other process can write."""


def _lie_in_order(cursor: Cursor) -> bool:
    """Whether the ids at so many places follow one another."""
    table = cursor.map.people
    last = finding.count(cursor) - 1
    places = sorted({last * place // (PLACES - 1) for place in range(PLACES)}) if last > 0 else []
    part = f"FROM {qualified(table)} LIMIT 1 OFFSET $place"
    ids = [cursor.value(f"SELECT {ident(table.key)} {part}", place=place) for place in places]
    return all(one <= other for one, other in pairwise(filter(None, ids)))


def _sort(cursor: Cursor, field: str) -> None:
    cursor.run(
        f"CREATE OR REPLACE TABLE {_ARRANGED} AS SELECT rowid AS number "
        f"FROM {qualified(cursor.map.people)} ORDER BY {ident(field)} NULLS LAST, rowid"
    )
