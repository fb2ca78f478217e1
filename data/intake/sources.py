"""A file of people or events as rows of text, whatever its format: CSV, NDJSON, JSON, Parquet.

Nothing is guessed from the content, so a value never changes on the way in: "007" stays as
it is, and what has no column keeps its JSON type. CSV and JSON may be packed with gzip or zstd.
"""

import csv
import gzip
import json
import re
import sys
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from data.cursor import Cursor
from data.errors import BadInput
from data.sql import ident, literal
from data.work import current

if sys.version_info >= (3, 14):
    from compression import zstd as zstd
else:
    from backports import zstd as zstd

FORMATS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".json": "json",
    ".parquet": "parquet",
}
PACKED = {".gz": "gzip", ".zst": "zstd"}
DELIMITERS = ",;\t|"
LONGEST = 16 * 1024 * 1024
"""Bytes of the longest CSV row or JSON object that is read."""

BUFFER = 2 * LONGEST
"""Bytes of a CSV file in memory at a time, of which each thread has some: DuckDB would take sixteen
of the longest row, which is most of the memory there is."""

CHUNK = 1024 * 1024
"""Bytes read at a time to see that a packed file is whole."""

MALFORMED = "habeas_malformed"
"""The temporary table in which DuckDB keeps the lines of a CSV file it cannot read."""


@dataclass(frozen=True)
class Source:
    """A file to select from. `relation` has its rows and goes behind FROM, with its path bound as
    `$path`; `reading` has the values of their columns too.

    `nested` are the columns that may hold lists and objects, not only texts of them, `types` those
    that the file itself says.
    """

    path: Path
    format: str
    relation: str
    columns: tuple[str, ...]
    values: dict[str, str] = field(default_factory=dict)
    nested: tuple[str, ...] = ()
    types: Mapping[str, str] = field(default_factory=dict)

    def reading(self, nested: Collection[str]) -> str:
        """Goes behind FROM, to take the values of these columns as JSON, of all others as texts."""
        if self.format != "json" or not self.columns:
            return self.relation
        # All are taken out at once: one by one, each would read the whole object again.
        taken = {each: "JSON" if each in nested else "VARCHAR" for each in self.columns}
        described = literal(json.dumps(taken, ensure_ascii=False))
        return f"(SELECT json, from_json(json, {described}) AS taken FROM {self.relation})"

    def text(self, column: str) -> str:
        """The column as a text, in SQL; an empty text is NULL."""
        return f"nullif(CAST({self._value(column)} AS VARCHAR), '')"

    def json(self, column: str) -> str:
        """The column as a JSON value, in SQL; null is NULL."""
        return self._value(column) if self.format == "json" else f"to_json({ident(column)})"

    def _value(self, column: str) -> str:
        if self.format != "json":
            return ident(column)
        # By its place: to DuckDB upper and lower case are one in a name.
        return f"struct_extract_at(taken, {self.columns.index(column) + 1})"

    @property
    def broken(self) -> str:
        """Why a row cannot be read at all, in SQL; NULL where it can."""
        if self.format != "json":
            return "CAST(NULL AS VARCHAR)"
        return (
            "CASE WHEN json IS NULL THEN 'no JSON' "
            "WHEN json_type(json) <> 'OBJECT' THEN 'no JSON object' END"
        )

    @property
    def whole(self) -> str:
        """The row as it stands in the file, as JSON, in SQL; `s` names the relation."""
        return "CAST(s.json AS VARCHAR)" if self.format == "json" else "CAST(to_json(s) AS VARCHAR)"


def readable(path: Path) -> bool:
    """Whether the name of the file says that it can be read."""
    return _format(path) is not None


def format_of(path: Path) -> str:
    """How the file is to be read. Raises BadInput where it is missing, or of no format known."""
    try:
        str(path).encode()
        there = path.is_file()
    except UnicodeEncodeError:
        raise BadInput(f"The name of {path} is not UTF-8.", then="Give it another.") from None
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.") from None
    if not there:
        raise BadInput(f"There is no file {path}.")
    known = _format(path)
    if known is None:
        raise BadInput(
            f"{path} is of no known format.",
            then=f"Name it {', '.join(FORMATS)}, packed as {' or '.join(PACKED)} or not.",
        )
    return known


def _format(path: Path) -> str | None:
    suffixes = [each.lower() for each in path.suffixes if each.lower() not in PACKED]
    return FORMATS.get(suffixes[-1] if suffixes else "")


def open_source(cursor: Cursor, path: Path) -> Source:
    """The file, ready to be selected from on this cursor.

    Raises BadInput where it is missing, has no header, or is of no format known.
    """
    import _duckdb as duckdb

    known = format_of(path)
    try:
        _check_whole(path)
        if known == "csv":
            return _csv(cursor, path)
        if known == "parquet":
            return _parquet(cursor, path)
        return _json(cursor, path, "newline_delimited" if known == "ndjson" else "auto")
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        raise BadInput(f"{path} cannot be read as {known.upper()}.") from None


def _check_whole(path: Path) -> None:
    """A packed file that breaks off must not pass for a shorter one; DuckDB reads what is there.

    Raises BadInput.
    """
    packing = PACKED.get(path.suffix.lower())
    if packing is None:
        return
    work = current()
    try:
        with gzip.open(path) if packing == "gzip" else zstd.open(path) as packed:
            while packed.read(CHUNK):
                work.check()
    except (EOFError, gzip.BadGzipFile, zlib.error, zstd.ZstdError):
        raise BadInput(
            f"{path} breaks off, or is not packed with {packing}.", then="Fetch it again."
        ) from None


def _csv(cursor: Cursor, path: Path) -> Source:
    cursor.run(f"DROP TABLE IF EXISTS {MALFORMED}")
    line = cursor.value(
        "SELECT line FROM read_csv($path, columns = {'line': 'VARCHAR'}, delim = '\x01', "
        "quote = '', escape = '', header = false, auto_detect = false, strict_mode = false, "
        "ignore_errors = true, "
        f"max_line_size = {LONGEST}, buffer_size = {BUFFER}, {_packing(path)}) LIMIT 1",
        path=_literally(path),
    )
    header = (line or "").removeprefix("\ufeff")
    delimiter = max(DELIMITERS, key=header.count)
    columns = next(csv.reader([header], delimiter=delimiter), [])
    if not columns or not all(columns):
        raise BadInput(f"{path} has no header that names every column.")
    # To DuckDB upper and lower case are one in a name.
    plain = [each.casefold() for each in columns]
    if twice := {each for each in columns if plain.count(each.casefold()) > 1}:
        raise BadInput(f"{path} names a column twice: {', '.join(sorted(twice))}.")
    typed = ", ".join(f"{literal(each)}: 'VARCHAR'" for each in columns)
    return Source(
        path,
        "csv",
        f"read_csv($path, columns = {{{typed}}}, delim = {literal(delimiter)}, "
        "quote = '\"', escape = '\"', header = true, auto_detect = false, ignore_errors = true, "
        f"store_rejects = true, rejects_table = '{MALFORMED}', "
        f"rejects_scan = '{MALFORMED}_scan', max_line_size = {LONGEST}, buffer_size = {BUFFER}, "
        f"{_packing(path)})",
        tuple(columns),
        {"path": _literally(path)},
    )


def _parquet(cursor: Cursor, path: Path) -> Source:
    described = cursor.rows("DESCRIBE SELECT * FROM read_parquet($path)", path=_literally(path))
    return Source(
        path,
        "parquet",
        "read_parquet($path)",
        tuple(row[0] for row in described),
        {"path": _literally(path)},
        tuple(row[0] for row in described if row[1] != "VARCHAR"),
        {row[0]: row[1] for row in described},
    )


def _json(cursor: Cursor, path: Path, layout: str) -> Source:
    ignore = ", ignore_errors = true" if layout == "newline_delimited" else ""
    relation = (
        f"read_json_objects($path, format = '{layout}', maximum_object_size = {LONGEST}, "
        f"{_packing(path)}{ignore})"
    )
    keys = cursor.rows(
        "SELECT DISTINCT unnest(keys) AS key FROM (SELECT DISTINCT json_keys(json) AS keys "
        f"FROM {relation} WHERE json_type(json) = 'OBJECT') ORDER BY key",
        path=_literally(path),
    )
    columns = tuple(row[0] for row in keys)
    return Source(path, "json", relation, columns, {"path": _literally(path)}, nested=columns)


def _literally(path: Path) -> str:
    """The path as DuckDB takes it for one file, whatever a pattern would make of it."""
    return re.sub(r"[*?\[]", r"[\g<0>]", str(path))


def _packing(path: Path) -> str:
    """The option for how the file is packed; told, since DuckDB ends a name at a "?"."""
    return f"compression = '{PACKED.get(path.suffix.lower(), 'uncompressed')}'"
