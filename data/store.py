"""The only door to the database."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from data import mapfile, schema, subject
from data.clock import Clock, local_date, utc_now
from data.datamap import DataMap
from data.engines import file
from data.errors import HabeasError, Interrupted, MapError, StoreUnavailable
from data.work import current

if TYPE_CHECKING:
    # It takes long to load, and whoever opens a store does so: the application paints before.
    import duckdb

MEMORY_LIMIT = "2GB"
"""Unset, a sorted load of ten million people takes 3 GB and a careless join 7 (measured)."""

Row = tuple[Any, ...]


class Cursor:
    """Asks the database, on one thread, either reading or inside the one transaction.

    Values are bound by name, as in `rows("SELECT … WHERE id = $id", id=…)`.
    """

    def __init__(self, store: "Store", raw: "duckdb.DuckDBPyConnection"):
        self.map = store.map
        self.key = store.key
        self.path = store.path
        self.now = store.clock()
        self._store = store
        self._raw = raw
        self._work = current()
        self._undo: list[Callable[[], None]] = []
        self._after: list[Callable[[], None]] = []

    @property
    def today(self) -> date:
        """The calendar date in the controller's zone."""
        return local_date(self.now, self.map.controller.timezone)

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

    def pseudonym(self, subject_id: str) -> str:
        """The keyed hash that stands for the person in the ledger."""
        return subject.pseudonym(self.key, subject_id)

    def if_rolled_back(self, undo: Callable[[], None]) -> None:
        """Something outside the database to be taken back should the transaction fail."""
        self._undo.append(undo)

    def if_kept(self, then: Callable[[], None]) -> None:
        """Something outside the database to be done once the transaction is kept."""
        self._after.append(then)

    def interrupt(self) -> None:
        """Stops the query under way, from another thread; it raises Interrupted."""
        self._raw.interrupt()

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """DuckDB's errors that are not ours to mend, as ours; its messages may quote a value."""
        import duckdb

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


class Store:
    """An open store. Use as a context manager, or close it."""

    def __init__(
        self, path: Path, connection: "duckdb.DuckDBPyConnection", datamap: DataMap, clock: Clock
    ):
        self.path = path
        self.map = datamap
        self.clock = clock
        self.key = ""
        self.read_only = False
        self.closed = False
        self._connection = connection
        self._opening = threading.Lock()
        self._writing = threading.Lock()
        self._live: set[Cursor] = set()

    @classmethod
    def open(
        cls,
        path: Path | str,
        datamap: DataMap | None = None,
        *,
        read_only: bool = False,
        clock: Clock = utc_now,
    ) -> "Store":
        """Opens a store with its data map: the one given, else the one beside the file.

        Raises StoreUnavailable where it is missing, locked or no store, MapError where the
        map and the tables do not fit.
        """
        path = Path(path)
        if not path.exists():
            raise StoreUnavailable(
                f"There is no store at {path}.", then="Import a file to make one."
            )
        datamap = datamap or mapfile.beside(path)
        connection = _connect(path, read_only=read_only)
        store = cls(path, connection, datamap, clock)
        store.read_only = read_only
        try:
            with store.reading() as cursor:
                store.key = _settings(cursor, path)["key"]
                _check_tables(cursor)
        except HabeasError:
            store.close()
            raise
        return store

    @classmethod
    def create(
        cls, path: Path | str, datamap: DataMap | None = None, *, clock: Clock = utc_now
    ) -> "Store":
        """Makes an empty store, under another name first, so that none is found half-made.

        Raises StoreUnavailable where there is a file already.
        """
        path = Path(path)
        cls.check_absent(path)
        datamap = datamap or mapfile.beside(path)
        unfinished = path.with_name(f".{path.name}.new")
        os.umask(0o077)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished.unlink(missing_ok=True)
        except OSError as error:
            raise StoreUnavailable(f"No store can be made at {path}: {error.strerror}.") from None
        connection = _connect(unfinished, read_only=False)
        for statement in schema.statements(datamap):
            connection.execute(statement)
        for name, value in (("schema", schema.VERSION), ("key", subject.new_key())):
            connection.execute("INSERT INTO habeas.settings VALUES (?, ?)", [name, value])
        connection.close()
        unfinished.rename(path)
        try:
            return cls.open(path, datamap, clock=clock)
        except BaseException:
            path.unlink()
            raise

    @staticmethod
    def check_absent(path: Path) -> None:
        if path.exists():
            raise StoreUnavailable(f"There is a file at {path} already.")

    @contextmanager
    def reading(self) -> Iterator[Cursor]:
        """A cursor of one's own, for one thread."""
        with self._opening:
            raw = self._connection.cursor()
            raw.execute("USE store")
            cursor = Cursor(self, raw)
            self._live.add(cursor)
        try:
            yield cursor
        finally:
            with self._opening:
                self._live.discard(cursor)
            raw.close()

    @contextmanager
    def transaction(self, *, keep: bool = True) -> Iterator[Cursor]:
        """One transaction at a time: kept whole at the end, or nothing of it.

        With `keep=False` it is always rolled back: what a trial run needs.
        """
        import duckdb

        self.check_writable()
        with self._writing, self.reading() as cursor:
            cursor.run("BEGIN")
            kept = False
            try:
                yield cursor
                cursor.run("COMMIT" if keep else "ROLLBACK")
                kept = keep
            except BaseException:
                with suppress(duckdb.Error):
                    cursor._raw.execute("ROLLBACK")
                raise
            finally:
                for each in cursor._after if kept else reversed(cursor._undo):
                    each()

    def check_writable(self) -> None:
        """Raises StoreUnavailable where it was opened for reading only."""
        if self.read_only:
            raise StoreUnavailable("The store was opened for reading only.")

    def interrupt(self) -> None:
        """Stops every query under way."""
        with self._opening:
            for cursor in self._live:
                cursor.interrupt()

    def close(self) -> None:
        """Stops what is under way, and lets nothing more begin, which it would wait for."""
        self.closed = True
        self.interrupt()
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _connect(path: Path, *, read_only: bool) -> "duckdb.DuckDBPyConnection":
    """An in-memory database with the store attached; offline, in UTC, within bounds."""
    import duckdb

    # DuckDB makes its log and spill files later, whenever it needs them: all of them private.
    os.umask(0o077)
    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "memory_limit": MEMORY_LIMIT,
        }
    )
    connection.execute("SET TimeZone = 'UTC'")
    try:
        file.attach(connection, path, read_only=read_only)
    except HabeasError:
        connection.close()
        raise
    connection.execute("USE store")
    return connection


def _settings(cursor: Cursor, path: Path) -> dict[str, str]:
    found = cursor.value(
        "SELECT count(*) FROM information_schema.tables "
        "WHERE table_catalog = 'store' AND table_schema = 'habeas' AND table_name = 'settings'"
    )
    if not found:
        raise StoreUnavailable(f"{path} is a DuckDB file, but not a store of Habeas.")
    settings: dict[str, str] = dict(cursor.rows("SELECT name, value FROM habeas.settings"))
    if settings.get("schema") != schema.VERSION:
        raise StoreUnavailable(f"{path} was made by another version of Habeas.")
    return settings


def _check_tables(cursor: Cursor) -> None:
    """Every table and column that the map names must be there."""
    found: dict[str, set[str]] = {}
    for name, column in cursor.rows(
        "SELECT table_schema || '.' || table_name, column_name FROM information_schema.columns "
        "WHERE table_catalog = 'store'"
    ):
        found.setdefault(name, set()).add(column)
    for each in cursor.map.tables:
        columns = found.get(each.table if "." in each.table else f"main.{each.table}")
        if columns is None:
            raise MapError(f"The data map names the table {each.table}; the store has none such.")
        if missing := [name for name in each.columns if name not in columns]:
            raise MapError(
                f"The data map names columns that {each.table} does not have: {', '.join(missing)}."
            )
