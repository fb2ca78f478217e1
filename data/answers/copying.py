"""Writes the files of a copy: a table of each of several people, in one kind of file.

DuckDB writes them, so that a million events never pass through Python; the lines of several
people's JSON alone do, since nothing else tells them apart.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from data.answers.dictionary import PROFILE, choice
from data.answers.gathering import POSITION, Gathered
from data.cursor import Cursor
from data.datamap import People
from data.sql import ident, literal
from data.subject import OWNER

TIME_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"

FORMATS = {
    "json": f"FORMAT JSON, TIMESTAMPFORMAT '{TIME_FORMAT}'",
    "csv": f"FORMAT CSV, HEADER, NEW_LINE '\\r\\n', TIMESTAMPFORMAT '{TIME_FORMAT}'",
    "parquet": "FORMAT PARQUET, COMPRESSION SNAPPY, WRITE_BLOOM_FILTER false",
}
"""JSON has one object a line; CSV is that of RFC 4180. Of a person's few rows ZSTD would take
twice the time, and filters that nobody asks as much again."""

_NO_LINES = b"\n"
"""A JSON file without a row: readers of JSON lines take one of no bytes for broken."""


@dataclass(frozen=True)
class Part:
    """One table of a copy: its columns as SQL, and their types, by name."""

    name: str
    columns: Mapping[str, str]
    types: Mapping[str, str]

    def select(self, kind: str) -> list[str]:
        """The columns as they are in that kind of file, in SQL."""
        # JSON has no NaN and no infinity.
        finite = kind == "json"
        return [
            f"CASE WHEN isfinite({sql}) THEN {sql} END AS {ident(name)}"
            if finite and self.types.get(name) == "DOUBLE"
            else f"{sql} AS {ident(name)}"
            for name, sql in self.columns.items()
        ]

    @property
    def lines(self) -> str:
        """A row as the text of a JSON object, in SQL, as COPY writes it."""
        members = (
            f"{ident(name)} := strftime({ident(name)}, {literal(TIME_FORMAT)})"
            if self.types.get(name) == "TIMESTAMPTZ"
            else f"{ident(name)} := {ident(name)}"
            for name in self.columns
        )
        return f"CAST(to_json(struct_pack({', '.join(members)})) AS VARCHAR)"


def folders(root: Path, count: int) -> list[Path]:
    """Where the files of each of so many people are written, below a folder for all of them."""
    return [root / f"{OWNER}={place}" for place in range(count)]


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


def write(cursor: Cursor, rows: Gathered, part: Part, kind: str, folders: Sequence[Path]) -> None:
    """Writes the rows of each person to NAME.KIND in theirs of the `folders`."""
    files = [folder / f"{part.name}.{kind}" for folder in folders]
    if len(files) == 1:
        _copy(cursor, rows, part, kind, files[0])
        return
    if kind == "json":
        for place, content in _texts(cursor, rows, part):
            files[place].write_bytes(content)
    else:
        _copy_apart(cursor, rows, part, kind, files)
    missing = [file for place, file in enumerate(files) if not rows.counts.get(place)]
    if missing:
        nothing = _nothing(cursor, rows, part, kind, missing[0])
        for file in missing[1:]:
            file.write_bytes(nothing)


def _copy(cursor: Cursor, rows: Gathered, part: Part, kind: str, file: Path) -> None:
    cursor.run(
        f"COPY (SELECT {', '.join(part.select(kind))} FROM {rows.source} AS copied{rows.order}) "
        f"TO $path ({FORMATS[kind]})",
        path=str(file),
        **rows.values,
    )
    if kind == "json" and file.stat().st_size == 0:
        file.write_bytes(_NO_LINES)


def _texts(cursor: Cursor, rows: Gathered, part: Part) -> Iterator[tuple[int, bytes]]:
    """The lines of each person who has rows."""
    found = cursor.rows(
        f"SELECT {OWNER}, {part.lines} FROM (SELECT {OWNER}, {POSITION}, "
        f"{', '.join(part.select('json'))} FROM {rows.source} AS copied){rows.order}",
        **rows.values,
    )
    for place, lines in groupby(found, itemgetter(0)):
        yield place, "".join(f"{line}\n" for _, line in lines).encode()


def _copy_apart(
    cursor: Cursor, rows: Gathered, part: Part, kind: str, files: Sequence[Path]
) -> None:
    """A file of each person who has rows, from one pass over those of all."""
    if not rows.counts:
        return
    cursor.run(
        f"COPY (SELECT {OWNER}, {', '.join(part.select(kind))} FROM {rows.source} AS copied"
        f"{rows.order}) TO $path ({FORMATS[kind]}, PARTITION_BY ({OWNER}), "
        "FILENAME_PATTERN 'part_{i}', OVERWRITE_OR_IGNORE)",
        path=str(files[0].parent.parent),
        **rows.values,
    )
    for place in rows.counts:
        files[place].with_name(f"part_0.{kind}").rename(files[place])


def _nothing(cursor: Cursor, rows: Gathered, part: Part, kind: str, file: Path) -> bytes:
    """Writes a file of that table without a row, and gives what is in it."""
    cursor.run(
        f"COPY (SELECT {', '.join(part.select(kind))} FROM {rows.source} AS copied WHERE false) "
        f"TO $path ({FORMATS[kind]})",
        path=str(file),
        **rows.values,
    )
    if kind == "json":
        file.write_bytes(_NO_LINES)
    return file.read_bytes()
