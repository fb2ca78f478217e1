"""The process that writes the new file of a purge. It never sees anything but what is to stay.

A process that has read a person's rows may write them into any file: DuckDB fills the gaps of its
blocks with whatever its memory held (6 files of 10 with uncompressed strings, measured; 0 of 20
from a process like this one). So it is a program of its own, which shares nothing with the one
that reads the store but a pipe: orders come in on standard input, a line of JSON each, answers
go out the same way. An order to load is followed by its rows, as an Arrow stream.
"""

import json
import os
import sys
from itertools import chain, islice
from typing import Any, BinaryIO

import _duckdb as duckdb

TOGETHER = 16
"""Batches in one insert: DuckDB holds all texts that come from Arrow until its end (measured)."""


class Writer:
    """The database that is written, and the orders it knows, by name."""

    def __init__(self, orders: BinaryIO):
        self._orders = orders
        self._connection = duckdb.connect()

    def open(self, path: str, storage: str, settings: dict[str, str]) -> None:
        """A new file at `path`, in DuckDB's `storage` version."""
        for name, value in settings.items():
            self._connection.execute(f"SET {name} = '{value}'")
        quoted = path.replace("'", "''")
        self._connection.execute(f"ATTACH '{quoted}' AS store (STORAGE_VERSION '{storage}')")
        self._connection.execute("USE store")

    def make(self, statements: list[str]) -> list[int]:
        """Runs statements, those that need others after these; the places of those that fail."""
        waiting = dict(enumerate(statements))
        while waiting:
            failed = {place: each for place, each in waiting.items() if not self._made(each)}
            if len(failed) == len(waiting):
                break
            waiting = failed
        return list(waiting)

    def _made(self, statement: str) -> bool:
        try:
            self._connection.execute(statement)
        except (duckdb.CatalogException, duckdb.BinderException, duckdb.NotImplementedException):
            return False
        return True

    def load(self, insert: str) -> None:
        """Inserts the rows that follow on standard input, which `insert` calls arriving."""
        import pyarrow.ipc

        with pyarrow.ipc.open_stream(self._orders) as stream:
            batches = iter(stream)
            for first in batches:
                arriving = pyarrow.RecordBatchReader.from_batches(
                    stream.schema, chain([first], islice(batches, TOGETHER - 1))
                )
                self._connection.register("arriving", arriving)
                self._connection.execute(insert)
                self._connection.unregister("arriving")

    def run(self, sql: str, values: dict[str, Any]) -> None:
        self._connection.execute(sql, values)

    def ask(self, sql: str) -> list[list[Any]]:
        return [[*row] for row in self._connection.execute(sql).fetchall()]

    def close(self) -> None:
        """Writes all of it to the file, without a log beside it."""
        self._connection.execute("CHECKPOINT")
        self._connection.close()


def main() -> None:
    os.umask(0o077)
    orders, answers = sys.stdin.buffer, sys.stdout
    writer = Writer(orders)
    for line in orders:
        order = json.loads(line)
        try:
            answer = {"is": getattr(writer, order.pop("order"))(**order)}
        except duckdb.Error as error:
            # Its message may quote a value.
            answer = {"failed": type(error).__name__}
        answers.write(json.dumps(answer, default=str) + "\n")
        answers.flush()
        if "failed" in answer:
            return


if __name__ == "__main__":
    main()
