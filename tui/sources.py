"""Where the tables of the application get their rows: pages asked of the store."""

from collections.abc import Callable, Container, Sequence
from typing import TYPE_CHECKING, TypeVar

from data import events, finding
from data import ledger as entries
from data.browse import Everybody
from data.cursor import Cursor
from data.events import Wanted
from data.people import Person
from data.store import Store
from data.work import Work
from tui.masking import masked, masked_id
from tui.widgets.rows import PAGE, Row
from tui.words import NAMELESS, shown

if TYPE_CHECKING:
    # The first page is read before there is a table.
    from tui.widgets.table import WindowTable

T = TypeVar("T")


class Listed:
    """Rows that are all there already."""

    def __init__(self, rows: Sequence[Row]):
        self.rows = rows

    def fetch(self, offset: int, limit: int) -> Sequence[Row]:
        return self.rows[offset : offset + limit]


def renew(table: "WindowTable", rows: Sequence[Row], settled: Container[str] = ()) -> None:
    """Shows these rows; the cursor stays on the row it was on, unless that is no more or
    `settled`, so that it gives way to the next."""
    place, row = table.cursor, table.cursor_row
    table.show(Listed(rows), len(rows), rows[:PAGE])
    keys = [each.key for each in rows]
    key = row.key if row else ""
    table.move_to(keys.index(key) if key in keys and key and key not in settled else place)


class Asked:
    """Rows of a query, which `cancel` interrupts once its answer is no longer wanted."""

    def __init__(self, store: Store, query: Callable[[Cursor, int, int], Sequence[Row]]):
        self._store = store
        self._query = query
        self._work = Work()

    def fetch(self, offset: int, limit: int) -> Sequence[Row]:
        return self.ask(lambda cursor: self._query(cursor, offset, limit))

    def ask(self, query: Callable[[Cursor], T]) -> T:
        """The answer of another query on the same matter. Raises Interrupted once cancelled."""
        with self._work.under(), self._store.reading() as cursor:
            return query(cursor)

    def cancel(self) -> None:
        self._work.end()


class Best:
    """Those whom a text fits best. What identifies them is masked where they are `hidden`."""

    def __init__(self, found: Sequence[finding.Found], hidden: Callable[[str], bool]):
        self._found = found
        self._hidden = hidden

    def fetch(self, offset: int, limit: int) -> Sequence[Row]:
        return [_person(each, self._hidden) for each in self._found[offset : offset + limit]]


def search(
    store: Store, wanted: finding.Wanted, everybody: Everybody, hidden: Callable[[str], bool]
) -> Asked:
    """Those who are wanted, in the order in which everybody is. What identifies them is masked
    where they are `hidden`."""

    def found(cursor: Cursor, offset: int, limit: int) -> list[finding.Found]:
        if not wanted.narrows:
            return everybody.page(cursor, offset, limit)
        return finding.find(cursor, wanted, order=everybody.field, offset=offset, limit=limit)

    def query(cursor: Cursor, offset: int, limit: int) -> Sequence[Row]:
        return [_person(each, hidden) for each in found(cursor, offset, limit)]

    return Asked(store, query)


def _person(found: finding.Found, hidden: Callable[[str], bool]) -> Row:
    return Row(
        found.id,
        (*_identifying(found, hidden(found.id)), "restricted" if found.restricted else ""),
        "warning" if found.restricted else "",
    )


def _identifying(found: finding.Found, hidden: bool) -> tuple[object, ...]:
    """The id, of which an email address is masked too, and what else identifies."""
    if not hidden:
        return (found.id, *found.values)
    return (masked_id(found.id), *map(masked, found.values))


def ledger(store: Store, text: str) -> Asked:
    """The entries of the ledger of which a text is said, newest first; the key of a row is the
    number of its entry."""

    def query(cursor: Cursor, offset: int, limit: int) -> Sequence[Row]:
        return [
            Row(
                str(each.seq),
                (each.seq, shown(each.moment)[:16], each.actor, each.action, each.article,
                 each.request, each.subject[:8]),
            )
            for each in entries.newest(cursor, text, offset=offset, limit=limit)
        ]  # fmt: skip

    return Asked(store, query)


def timeline(store: Store, person: Person, wanted: Wanted) -> Asked:
    """The events of a person that are wanted, newest first; the key of a row is its place."""

    def query(cursor: Cursor, offset: int, limit: int) -> Sequence[Row]:
        found = events.timeline(cursor, person, wanted, offset=offset, limit=limit)
        return [
            Row(
                str(offset + place),
                (shown(each.time)[:16], each.label or NAMELESS, each.further + each.properties),
            )
            for place, each in enumerate(found)
        ]

    return Asked(store, query)
