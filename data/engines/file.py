"""A store in one DuckDB file."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from data import beside
from data.errors import StoreUnavailable
from data.sql import literal

if TYPE_CHECKING:
    import _duckdb as duckdb

STORAGE_VERSION = "v1.5.0"
"""Written by every later DuckDB too, so that one file serves 1.5 and 2.0."""


def attach(connection: "duckdb.DuckDBPyConnection", path: Path, *, read_only: bool) -> None:
    """Attaches the file as the database `store`; it is made where there is none.

    What spills to disk goes to a folder beside the file, never to the working directory.
    Raises StoreUnavailable where the file is locked or is no DuckDB file.
    """
    import _duckdb as duckdb

    connection.execute(f"SET temp_directory = {literal(str(path.with_suffix(beside.SPILL)))}")
    options = "READ_ONLY" if read_only else f"STORAGE_VERSION '{STORAGE_VERSION}'"
    try:
        connection.execute(f"ATTACH {literal(str(path))} AS store ({options})")
    except duckdb.Error as error:
        raise _explained(path, str(error)) from None


def settle(connection: "duckdb.DuckDBPyConnection", path: Path) -> None:
    """Writes the log into the file, where there is one, as closing the store would, and mostly
    sooner.

    DuckDB looks in each table for rows to be taken out, and reads for it all that was deleted
    since the last purge: 85 ms of each command after 19 erasures among ten million people
    (measured). Not so where somebody still reads what was before the last change; but what is
    added then takes a block of its own in each table, so every eighth time it may look.
    Raises duckdb.Error where that cannot be done now; closing does it then.
    """
    if not beside.log(path).exists():
        return
    reader, writer = connection.cursor(), connection.cursor()
    reader.execute("BEGIN")
    try:
        ((times,),) = reader.execute(
            "SELECT coalesce(max(CAST(value AS BIGINT)), 0) + 1 FROM store.habeas.settings"
            " WHERE name = 'settled'"
        ).fetchall()
        # Not an update: the log could not be written while somebody reads what was before one.
        writer.execute("DELETE FROM store.habeas.settings WHERE name = 'settled'")
        writer.execute("INSERT INTO store.habeas.settings VALUES ('settled', ?)", [times])
        if times % 8:
            writer.execute("CHECKPOINT store")
    finally:
        # Left open it would end the process, where the file could not be written.
        reader.execute("ROLLBACK")


def _explained(path: Path, message: str) -> StoreUnavailable:
    holder = re.search(
        r"Conflicting lock is held in (?P<program>.+?) \(PID (?P<pid>\d+)\)", message
    )
    if holder:
        return StoreUnavailable(
            f"The store {path} is in use by process {holder['pid']} ({holder['program']}).",
            then="Close that program, then try again.",
        )
    if "already attached" in message:
        return StoreUnavailable(f"The store {path} is open in this program already.")
    if "not a valid DuckDB database file" in message:
        return StoreUnavailable(f"{path} is not a DuckDB file.", then="Give another --store.")
    if "newer version" in message or "storage version" in message:
        return StoreUnavailable(
            f"{path} was written by a newer DuckDB than this one.", then="Upgrade duckdb."
        )
    return StoreUnavailable(
        f"The store {path} cannot be opened.", then="Check that you may read it."
    )
