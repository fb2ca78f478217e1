"""The files of a copy of several people, made in memory from one pass over the rows of all.

What is in them is what COPY writes, which takes several times as long for each of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from data.answers import copying
from data.answers.copying import NO_LINES, TIME_FORMAT, Part
from data.answers.gathering import POSITION, Gathered
from data.cursor import Cursor
from data.sql import ident, literal
from data.subject import OWNER

if TYPE_CHECKING:
    import pyarrow

_QUOTED = '[",\r\n#]'
"""Characters for which COPY puts a value of CSV in quotes."""

_OTHERWISE = ("opaque", "interval", "bool8")
"""What the name of an Arrow type has in it where Parquet by Arrow is not Parquet by DuckDB."""


def contents(
    cursor: Cursor, rows: Gathered, part: Part, kind: str, folders: Sequence[Path]
) -> Iterator[bytes]:
    """What is to be in the file of that kind of each person, in their folder."""
    if kind == "parquet":
        yield from _parquet(cursor, rows, part, folders)
        return
    line, head, nothing = _json_line(part), "", NO_LINES
    if kind == "csv":
        line = _csv_line(_values(part))
        head = nothing = cursor.value(f"SELECT {_csv_line(map(literal, part.columns))}")
    for lines in _lines(cursor, rows, part, kind, line, len(folders)):
        yield head.encode() + lines if lines else nothing.encode()


def _lines(
    cursor: Cursor, rows: Gathered, part: Part, kind: str, line: str, people: int
) -> Iterator[bytes]:
    """The lines of each person, one after another. To aggregate them takes DuckDB as long as to
    make them (measured)."""
    import pyarrow
    from pyarrow.compute import binary_join

    text = pyarrow.large_string()
    made = cursor.table(
        f"SELECT {line} AS line FROM (SELECT {POSITION}, {part.select(kind)} FROM {rows.source} "
        f"AS copied) ORDER BY {POSITION}"
    )
    lines = made.column("line").cast(text).combine_chunks()
    theirs = pyarrow.ListArray.from_arrays(rows.ends(people), lines)
    for each in binary_join(theirs, pyarrow.scalar("", text)):
        yield each.as_buffer().to_pybytes()


def _values(part: Part) -> list[str]:
    """The columns of a row, with times as they are written."""
    return [
        f"strftime({ident(name)}, {literal(TIME_FORMAT)})"
        if part.types.get(name) == "TIMESTAMPTZ"
        else ident(name)
        for name in part.columns
    ]


def _json_line(part: Part) -> str:
    members = (
        f"{ident(name)} := {value}" for name, value in zip(part.columns, _values(part), strict=True)
    )
    return f"CAST(to_json(struct_pack({', '.join(members)})) AS VARCHAR) || chr(10)"


def _csv_line(values: Iterable[str]) -> str:
    texts = (f"CAST({value} AS VARCHAR)" for value in values)
    cells = (
        f"coalesce(CASE WHEN {text} = '' OR regexp_matches({text}, {literal(_QUOTED)}) "
        f"THEN '\"' || replace({text}, '\"', '\"\"') || '\"' ELSE {text} END, '')"
        for text in texts
    )
    return f"concat_ws(',', {', '.join(cells)}) || chr(13) || chr(10)"


def _parquet(
    cursor: Cursor, rows: Gathered, part: Part, folders: Sequence[Path]
) -> Iterator[bytes]:
    import pyarrow
    from pyarrow.parquet import write_table

    columns = part.select("parquet")
    table = _booleans(cursor.table(f"SELECT {columns} FROM {rows.source} AS copied{rows.order}"))
    if any(each in str(kind) for kind in table.schema.types for each in _OTHERWISE):
        yield from _copied(cursor, rows, part, folders)
        return
    for first, end in pairwise(rows.ends(len(folders))):
        sink = pyarrow.BufferOutputStream()
        write_table(
            table.slice(first, end - first),
            sink,
            use_dictionary=False,
            write_statistics=False,
            store_schema=False,
            store_decimal_as_integer=True,
        )
        yield sink.getvalue().to_pybytes()


def _booleans(table: "pyarrow.Table") -> "pyarrow.Table":
    """The rows in one piece, with what came from DuckDB as eight bits as truth values."""
    import pyarrow

    fields = (
        each.with_type(pyarrow.bool_()) if isinstance(each.type, pyarrow.Bool8Type) else each
        for each in table.schema
    )
    return table.cast(pyarrow.schema(fields)).combine_chunks()


def _copied(cursor: Cursor, rows: Gathered, part: Part, folders: Sequence[Path]) -> Iterator[bytes]:
    """The same by a COPY for each person, where there are types that only DuckDB writes so."""
    for place, folder in enumerate(folders):
        file = folder / f"{part.name}.parquet"
        theirs = f"(SELECT * FROM {rows.source} WHERE {OWNER} = {place})"
        copying.write(cursor, replace(rows, source=theirs), part, "parquet", file)
        yield file.read_bytes()
