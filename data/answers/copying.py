"""Writes the files of a copy of one person: a table of theirs, in one kind of file.

DuckDB writes them, so that a million events never pass through Python. Those of several people
are in data/answers/several.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from data.answers.dictionary import PROFILE, choice
from data.answers.gathering import Gathered
from data.cursor import Cursor
from data.datamap import People
from data.sql import ident, literal

TIME_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"

FORMATS = {
    "json": f"FORMAT JSON, TIMESTAMPFORMAT '{TIME_FORMAT}'",
    "csv": f"FORMAT CSV, HEADER, NEW_LINE '\\r\\n', TIMESTAMPFORMAT '{TIME_FORMAT}'",
    "parquet": "FORMAT PARQUET, COMPRESSION SNAPPY, WRITE_BLOOM_FILTER false, ROW_GROUP_SIZE 40960",
}
"""JSON has one object a line; CSV is that of RFC 4180. Of a person's few rows ZSTD would take
twice the time, and filters that nobody asks as much again. Groups of a third of DuckDB's rows write
a million events within 160 MB of memory, not 200, and no slower (measured)."""

NO_LINES = "\n"
"""A JSON file without a row: readers of JSON lines take one of no bytes for broken."""


@dataclass(frozen=True)
class Part:
    """One table of a copy: its columns as SQL, and their types, by name."""

    name: str
    columns: Mapping[str, str]
    types: Mapping[str, str]

    def select(self, kind: str) -> str:
        """The columns as they are in that kind of file, in SQL."""
        # JSON has no NaN and no infinity.
        finite = kind == "json"
        return ", ".join(
            f"CASE WHEN isfinite({sql}) THEN {sql} END AS {ident(name)}"
            if finite and self.types.get(name) == "DOUBLE"
            else f"{sql} AS {ident(name)}"
            for name, sql in self.columns.items()
        )


def part(rows: Gathered, columns: Sequence[str]) -> Part:
    """The copy of that table, in these columns."""
    table = rows.table
    types = {name: table.columns[name] for name in columns}
    if not isinstance(table, People):
        return Part(table.name, {name: ident(name) for name in columns}, types)
    chosen = {
        choice(name): f"(SELECT opted_in FROM habeas.choices WHERE channel = {literal(name)} "
        f"AND user_id = copied.{ident(table.key)})"
        for name, each in table.channels.items()
        if not each.column
    }
    return Part(PROFILE, {**{name: ident(name) for name in columns}, **chosen}, types)


def write(cursor: Cursor, rows: Gathered, part: Part, kind: str, file: Path) -> None:
    """Writes the rows of one person."""
    cursor.run(
        f"COPY (SELECT {part.select(kind)} FROM {rows.source} AS copied{rows.order}) "
        f"TO $path ({FORMATS[kind]})",
        path=str(file),
        **rows.values,
    )
    if kind == "json" and file.stat().st_size == 0:
        file.write_text(NO_LINES)
