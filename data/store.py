"""The only door to the database."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

from data import absent, beside, directory, keyfile, ledger, mapfile, schema
from data.clock import Clock, utc_now
from data.cursor import Cursor
from data.datamap import DataMap
from data.engines import file
from data.errors import HabeasError, MapError, Restored, StoreUnavailable
from data.ledgerfile import LedgerFile
from data.purge import replacing
from data.subject import pseudonym
from data.wiping import wipe_folder

if TYPE_CHECKING:
    # It takes long to load, and whoever opens a store does so: the application paints before.
    import _duckdb as duckdb

MEMORY_LIMIT = "2GB"
"""Unset, a sorted load of ten million people takes 3 GB and a careless join 7 (measured)."""


class Store:
    """An open store. Use as a context manager, or close it.

    `changes` is how many transactions were kept since it was opened.
    """

    def __init__(
        self,
        path: Path,
        connection: "duckdb.DuckDBPyConnection",
        datamap: DataMap,
        clock: Clock,
    ):
        self.path = path
        self.map = datamap
        self.clock = clock
        self.key = b""
        self.ledger_file = LedgerFile(path)
        self.read_only = False
        self.closed = False
        self.changes = 0
        self.places_left: dict[int, int] = {}
        """How many places of the directory were left before some: see data.directory."""
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

        Raises StoreUnavailable where it or its key is missing, locked or no store, MapError
        where the map and the tables do not fit.
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
            if not read_only:
                # What a process that was killed has left.
                replacing.finish(path)
                wipe_folder(path.with_suffix(beside.SPILL))
            with store.reading() as cursor:
                settings = _settings(cursor)
                _check_tables(cursor)
            store.key = _key(path, settings["key"])
            with store.reading() as cursor:
                ledger.compare(cursor)
                if not read_only:
                    ledger.file(cursor)
            if settings[directory.SETTING] != directory.settings(datamap.people)[directory.SETTING]:
                store.make_directory_anew()
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
        settings = {
            "schema": schema.VERSION,
            "key": pseudonym(keyfile.make(path), ""),
            **directory.settings(datamap.people),
            "ledger_head": "",
            "ledger_filed": "0",
        }
        connection = _connect(unfinished, read_only=False)
        for statement in schema.statements(datamap):
            connection.execute(statement)
        for setting in settings.items():
            connection.execute("INSERT INTO habeas.settings VALUES (?, ?)", setting)
        connection.close()
        unfinished.rename(path)
        try:
            return cls.open(path, datamap, clock=clock)
        except BaseException:
            cls.remove(path)
            raise

    @staticmethod
    def check_absent(path: Path) -> None:
        """Raises StoreUnavailable where a store is already, or one was whose ledger is left."""
        if path.exists():
            raise StoreUnavailable(f"There is a file at {path} already.")
        left = path.with_suffix(beside.LEDGER)
        if left.exists():
            raise StoreUnavailable(
                f"There was a store at {path}: its ledger {left.name} is still there.",
                then="Put the store back from a backup, or move the ledger away.",
            )

    @staticmethod
    def remove(path: Path) -> None:
        """Takes away a store that is closed, with its key and its ledger."""
        for each in beside.made_with(path):
            each.unlink(missing_ok=True)

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
    def writing(self, *, restored: bool = False) -> Iterator[Cursor]:
        """A cursor on which a transaction will begin, while nobody else changes anything.

        For large temporary tables that it needs: DuckDB reads those that were made within a
        transaction on one thread only (measured). Raises what `check_writable` does.
        """
        self.check_writable(restored=restored)
        with self._writing, self.reading() as cursor:
            yield cursor

    @contextmanager
    def transaction(
        self, *, keep: bool = True, restored: bool = False, on: Cursor | None = None
    ) -> Iterator[Cursor]:
        """One transaction at a time: kept whole at the end, or nothing of it.

        With `keep=False` it is always rolled back: what a trial run needs. With `restored` it
        is possible also in a store that was restored from a backup. `on` is a cursor that is
        `writing` already. Raises Refused, and HabeasError where all is kept but the file of the
        ledger cannot be written.
        """
        import _duckdb as duckdb

        with nullcontext(on) if on else self.writing(restored=restored) as cursor:
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
            if kept:
                self.changes += 1
                ledger.file(cursor)

    def make_directory_anew(self) -> None:
        """After a change of the data map. Raises StoreUnavailable where it is open for reading."""
        if self.read_only:
            raise StoreUnavailable(
                "The data map names other fields that identify people than it did.",
                then="Open the store for writing once, so that they can be searched by these.",
            )
        with self.transaction(restored=True) as cursor:
            directory.make_anew(cursor)

    def check_writable(self, *, restored: bool = False) -> None:
        """Raises StoreUnavailable where it was opened for reading only, and Refused where it was
        restored from a backup, unless that is what is to be mended."""
        if self.read_only:
            raise StoreUnavailable("The store was opened for reading only.")
        if not restored:
            self.check_current()

    def check_current(self) -> None:
        """Before anything is handed out. Raises Restored where the store was restored from a
        backup, and lacks what was done since."""
        if self.ledger_file.lost:
            raise Restored(
                self.ledger_file.warning,
                unchanged="Until that is done again, nothing is changed or handed out.",
                then="See what it is, and do it again: habeas replay.",
            )

    def interrupt(self) -> None:
        """Stops every query under way."""
        with self._opening:
            for cursor in self._live:
                cursor.interrupt()

    def leave_core(self) -> None:
        """One core is left to the screen, whose frames and DuckDB would wait for each other: while
        somebody types, of twenty results the last comes 5 ms sooner (measured on two cores)."""
        with self._opening:
            # DuckDB would wait for what is under way.
            if not self.closed and not self._live:
                self._connection.execute("RESET threads")
                self._connection.execute(
                    "SET threads = greatest(1, CAST(current_setting('threads') AS INTEGER) - 1)"
                )

    def take_every_core(self) -> None:
        with self._opening:
            if not self.closed:
                self._connection.execute("RESET threads")

    def close(self) -> None:
        """Stops what is under way, and lets nothing more begin, which it would wait for."""
        import _duckdb as duckdb

        self.closed = True
        self.interrupt()
        if self.changes:
            with suppress(duckdb.Error):
                file.settle(self._connection, self.path)
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _connect(path: Path, *, read_only: bool) -> "duckdb.DuckDBPyConnection":
    """An in-memory database with the store attached; offline, in UTC, within bounds."""
    # Here and elsewhere the database alone: what its package adds, types by name and the number of
    # its version, takes 60 ms to load beside 35 (measured).
    import _duckdb as duckdb

    absent.spare_the_search()
    # DuckDB makes its log and spill files later, whenever it needs them: all of them private.
    os.umask(0o077)
    connection = duckdb.connect(
        config={
            # So that each type comes out of Arrow as it went in.
            "arrow_lossless_conversion": True,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "memory_limit": MEMORY_LIMIT,
        }
    )
    connection.execute("SET GLOBAL TimeZone = 'UTC'")
    try:
        file.attach(connection, path, read_only=read_only)
    except HabeasError:
        connection.close()
        raise
    connection.execute("USE store")
    return connection


def _settings(cursor: Cursor) -> dict[str, str]:
    """What the store says of itself. Raises StoreUnavailable where it is none of this version."""
    import _duckdb as duckdb

    path = cursor.path
    try:
        settings: dict[str, str] = dict(cursor.rows("SELECT name, value FROM habeas.settings"))
    except duckdb.CatalogException:
        raise StoreUnavailable(f"{path} is a DuckDB file, but not a store of Habeas.") from None
    if settings.get("schema") != schema.VERSION:
        raise StoreUnavailable(f"{path} was made by another version of Habeas.")
    return settings


def _key(path: Path, hashed: str) -> bytes:
    """The key beside the store, of which the store has the keyed hash of nothing."""
    key = keyfile.read(path)
    if pseudonym(key, "") != hashed:
        raise StoreUnavailable(
            f"{path.with_suffix(beside.KEY)} is the key of another store.",
            then="Put the right one back from where you keep it.",
        )
    return key


def _check_tables(cursor: Cursor) -> None:
    """Every table and column that the map names must be there.

    Each table is asked for by itself: the first look into the catalogue takes 10 ms (measured).
    """
    import _duckdb as duckdb

    for each in cursor.map.tables:
        try:
            columns = {name for name, *_ in cursor.rows(f"DESCRIBE {schema.qualified(each)}")}
        except duckdb.CatalogException:
            raise MapError(
                f"The data map names the table {each.table}; the store has none such."
            ) from None
        if missing := [name for name in each.columns if name not in columns]:
            raise MapError(
                f"The data map names columns that {each.table} does not have: {', '.join(missing)}."
            )
