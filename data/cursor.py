"""What asks the database."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from data import subject
from data.clock import Clock, local_date
from data.datamap import DataMap
from data.errors import HabeasError, Interrupted
from data.ledgerfile import LedgerFile
from data.sql import insertion
from data.work import current

if TYPE_CHECKING:
    # It takes long to load, and the application paints before.
    import _duckdb as duckdb
    import pyarrow

Row = tuple[Any, ...]


class Opened(Protocol):
    """What a cursor needs of the store that it is of."""

    path: Path
    map: DataMap
    key: bytes
    clock: Clock
    closed: bool
    places_left: dict[int, int]
    ledger_file: LedgerFile

    def check_current(self) -> None: ...


class Cursor:
    """Asks the database, on one thread, either reading or inside the one transaction.

    Values are bound by name, as in `rows("SELECT … WHERE id = $id", id=…)`.
    """

    def __init__(self, store: Opened, raw: "duckdb.DuckDBPyConnection"):
        self.map = store.map
        self.key = store.key
        self.keyed = subject.keyed(store.key)
        self.path = store.path
        self.ledger_file = store.ledger_file
        self.check_current = store.check_current
        self.now = store.clock()
        self.places_left = store.places_left
        self.seen: dict[str, int] = {}
        """In which row of the table of people an id was: see data.locate."""
        self._store = store
        self._raw = raw
        self._work = current()
        self._undo: list[Callable[[], None]] = []
        self._after: list[Callable[[], None]] = []

    @property
    def today(self) -> date:
        """The calendar date in the controller's zone."""
        return local_date(self.now, self.map.controller.timezone)

    @contextmanager
    def at(self, moment: datetime) -> Iterator[None]:
        """It is that moment, for what was done then and is done again."""
        now, self.now = self.now, moment
        try:
            yield
        finally:
            self.now = now

    def rows(self, sql: str, **values: Any) -> list[Row]:
        with self._asking():
            return self._raw.execute(sql, values or None).fetchall()

    def row(self, sql: str, **values: Any) -> Row | None:
        with self._asking():
            found: Row | None = self._raw.execute(sql, values or None).fetchone()
            return found

    def value(self, sql: str, **values: Any) -> Any:
        """The first column of the first row."""
        found = self.row(sql, **values)
        return found[0] if found else None

    def run(self, sql: str, **values: Any) -> int:
        """The number of rows changed, where the statement changes rows."""
        found = self.row(sql, **values)
        return int(found[0]) if found and isinstance(found[0], int) else 0

    def insert(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Adds rows to a table in one statement; all of them give the same columns."""
        if rows:
            sql, values = insertion(table, rows)
            self.run(sql, **values)

    def table(self, sql: str) -> "pyarrow.Table":
        """The rows as an Arrow table."""
        with self._asking():
            return self._raw.sql(sql).to_arrow_table()

    def batches(self, sql: str, *, size: int) -> Iterator["pyarrow.RecordBatch"]:
        """The rows as Arrow record batches of at most that many, of which one is held."""
        with self._asking():
            reader = iter(self._raw.sql(sql).to_arrow_reader(size))
        while True:
            with self._asking():
                batch = next(reader, None)
            if batch is None:
                return
            yield batch

    def pseudonym(self, subject_id: str) -> str:
        """The keyed hash that stands for the person in the ledger."""
        return subject.pseudonym(self.key, subject_id)

    def if_rolled_back(self, undo: Callable[[], None]) -> None:
        """Something outside the database to be taken back should the transaction fail."""
        self._undo.append(undo)

    def if_kept(self, then: Callable[[], None]) -> None:
        """Something outside the database to be done once the transaction is kept."""
        self._after.append(then)

    def follow(self) -> None:
        """From now on DuckDB reckons how far a query is, which it does not do for nothing."""
        self._raw.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false")

    def progress(self) -> float:
        """How far the query under way is, from 0 to 1, asked from another thread."""
        import _duckdb as duckdb

        with suppress(duckdb.ConnectionException):  # it is over
            return max(0.0, self._raw.query_progress() / 100)
        return 1.0

    def interrupt(self) -> None:
        """Stops the query under way, from another thread; it raises Interrupted."""
        import _duckdb as duckdb

        with suppress(duckdb.ConnectionException):  # it is over
            self._raw.interrupt()

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """DuckDB's errors that are not ours to mend, as ours; its messages may quote a value."""
        import _duckdb as duckdb

        if self._store.closed:
            raise Interrupted("The store was closed.")
        try:
            with self._work.asking(self):
                yield
        except duckdb.InterruptException:
            raise Interrupted("The query was stopped.") from None
        except duckdb.TransactionException:
            raise HabeasError("Another change came in between.", then="Try again.") from None
        except duckdb.OutOfMemoryException:
            raise HabeasError("There is not enough memory, or no room on the disk.") from None
        except duckdb.IOException:
            raise HabeasError("A file could not be read or written.") from None
        except RuntimeError as error:
            if not isinstance(error.__cause__, KeyboardInterrupt):
                raise
            # Ctrl-C leaves the query running, and closing its cursor would wait for it.
            self._raw.interrupt()
            raise KeyboardInterrupt from None
