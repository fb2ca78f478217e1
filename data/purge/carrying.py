"""Takes what is to stay from the store to the clean process, and makes sure that all of it came."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from data import schema
from data.cursor import Cursor
from data.datamap import Records
from data.errors import HabeasError, Refused
from data.purge import catalogue
from data.purge.writing import UNCHANGED, Writing
from data.sql import ident, idents, table
from data.work import reached

if TYPE_CHECKING:
    import pyarrow

BATCH = 122_880
"""Rows sent at once: a row group of DuckDB."""

SLICE = 2_000_000
"""Rows sorted at once, where a table can be read in slices: they fit the memory, and a sort of
all would not."""

SAMPLED = 100
"""Values looked at for each slice, where they are not spread evenly."""

NUMBERS = 1 << 60
"""Numbers of people are spread evenly below this."""


@dataclass(frozen=True)
class Table:
    """One table of the store. `order` is what its rows are sorted by, all columns where empty,
    unless they are in order of those of `kept` already. They are sorted in slices of the
    `number`, where there is one, and of one that is `ours` in slices of the first column."""

    schema: str
    name: str
    columns: tuple[str, ...]
    order: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    number: str = ""
    ours: bool = False

    @property
    def quoted(self) -> str:
        return f"{ident(self.schema)}.{ident(self.name)}"

    @property
    def summary(self) -> str:
        """Asks for the number of rows, and for a sum that is the same in any order of them."""
        return (
            "SELECT count(*), CAST(coalesce(sum(CAST(hash(t) AS HUGEINT)), 0) AS VARCHAR) "
            f"FROM (SELECT {idents(self.columns)} FROM {self.quoted}) AS t"
        )

    @property
    def disorder(self) -> str:
        """Asks whether there are rows that come before the one before; NULL does.

        Of people's rows their number and time are looked at, which takes a fortieth of the time
        of a sort, and with the texts a tenth (measured); those who share both are one person's.
        """
        follows = "true"
        for each in map(ident, reversed(self.kept)):
            before = f"lag({each}) OVER ()"
            follows = f"({before} < {each} OR ({before} = {each} AND {follows}))"
        # Before the first row there is none.
        return (
            f"SELECT count(*) > 1 FROM (SELECT {follows} AS follows FROM {self.quoted}) "
            "WHERE NOT coalesce(follows, false)"
        )


@dataclass(frozen=True)
class Carried:
    """What came over. `content` is the SHA-256 of names, row counts and sums of all tables."""

    tables: int
    rows: int
    content: str


def carry(cursor: Cursor, writing: Writing, folder: Path) -> Carried:
    """Makes the new database like the store. Raises Refused, naming what cannot be carried, and
    HabeasError; `folder` is a private one."""
    made = catalogue.statements(cursor, folder)
    _make(writing, made.before)
    tables = [_table(cursor, *each) for each in catalogue.tables(cursor)]
    counts = {each: int(cursor.value(f"SELECT count(*) FROM {each.quoted}")) for each in tables}
    total, sent = sum(counts.values()), 0
    summaries = []
    for each in tables:
        if counts[each]:
            names = idents(each.columns)
            rows = _told(_batches(cursor, each, counts[each]), sent, total)
            writing.load(f"INSERT INTO {each.quoted} ({names}) SELECT {names} FROM arriving", rows)
            sent += counts[each]
        summaries.append(_compared(cursor, writing, each))
    _make(writing, made.after)
    _compare_schemas(cursor, writing)
    content = hashlib.sha256("\n".join(sorted(summaries)).encode()).hexdigest()
    return Carried(len(tables), total, content)


def _table(cursor: Cursor, schema_name: str, name: str) -> Table:
    columns = tuple(catalogue.columns(cursor, schema_name, name))
    for each in cursor.map.tables:
        if schema.qualified(each) == table(f"{schema_name}.{name}"):
            order = tuple(schema.order(each))
            if isinstance(each, Records) and each.number:
                kept = (each.number, each.time)
                return Table(schema_name, name, columns, order, kept, each.number)
            return Table(schema_name, name, columns, order, order)
    if schema_name == "habeas" and name in schema.ORDERS:
        order = tuple(schema.ORDERS[name])
        return Table(schema_name, name, columns, order, order, ours=True)
    return Table(schema_name, name, columns)


def _make(writing: Writing, statements: tuple[str, ...]) -> None:
    """Raises Refused where one of the statements does not work in a new database."""
    failed = writing.order("make", statements=statements)
    if failed:
        raise _uncarried(statements[place].partition("(")[0].strip() for place in failed)


def _batches(cursor: Cursor, each: Table, rows: int) -> Iterator["pyarrow.RecordBatch"]:
    """The rows of a table, in order."""
    select = f"SELECT {idents(each.columns)} FROM {each.quoted}"
    if each.kept and not cursor.value(each.disorder):
        yield from cursor.batches(select, size=BATCH)
        return
    order = idents(each.order) or "ALL"
    parts = _slices_by_sample(cursor, each, rows) if each.ours else _slices(each, rows)
    for condition in parts:
        yield from cursor.batches(f"{select} WHERE {condition} ORDER BY {order}", size=BATCH)


def _told(
    batches: Iterator["pyarrow.RecordBatch"], sent: int, total: int
) -> Iterator["pyarrow.RecordBatch"]:
    """The same, while saying how far it is."""
    for each in batches:
        reached(sent, total)
        yield each
        sent += each.num_rows


def _slices(each: Table, rows: int) -> Iterator[str]:
    """Conditions each of which is true for a part of the table, and one of them for each row."""
    parts = -(-rows // SLICE)
    if not each.number or parts < 2:
        yield "true"
        return
    number, width = ident(each.number), NUMBERS // parts
    yield f"{number} < {width}"
    for place in range(1, parts - 1):
        yield f"{number} >= {place * width} AND {number} < {(place + 1) * width}"
    yield f"{number} >= {(parts - 1) * width}"
    yield f"{number} IS NULL"


def _slices_by_sample(cursor: Cursor, each: Table, rows: int) -> Iterator[str]:
    """The same by the first column of the order, a whole number that is never missing, and spread
    in no even way: by a sample of it."""
    column, count = ident(each.order[0]), -(-rows // SLICE)
    sample = f"FROM {each.quoted} USING SAMPLE reservoir({SAMPLED * count} ROWS) REPEATABLE (1)"
    found = sorted(value for (value,) in cursor.rows(f"SELECT {column} {sample}"))
    bounds = sorted({*found[SAMPLED::SAMPLED]}) if count > 1 else []
    for low, high in pairwise([None, *bounds, None]):
        sides = [f"{column} >= {low}" if low is not None else "true"]
        sides += [f"{column} < {high}"] if high is not None else []
        yield " AND ".join(sides)


def _compared(cursor: Cursor, writing: Writing, each: Table) -> str:
    """Name, row count and sum of a table, which are the same in both. Raises HabeasError."""
    writing.begin("ask", sql=each.summary)
    mine = cursor.row(each.summary)
    ((*theirs,),) = writing.answer()
    if mine is None or [*mine] != theirs:
        raise HabeasError(
            f"{each.schema}.{each.name} did not come over as it is.", unchanged=UNCHANGED
        )
    return f"{each.quoted} {theirs[0]} {theirs[1]}"


def _compare_schemas(cursor: Cursor, writing: Writing) -> None:
    """Raises Refused where the new database is made of anything else."""
    mine = catalogue.described(cursor.rows)
    theirs = catalogue.described(lambda sql: writing.order("ask", sql=sql))
    if mine != theirs:
        raise _uncarried(name for name in mine if mine[name] != theirs.get(name))


def _uncarried(names: Iterable[str]) -> Refused:
    return Refused(
        f"A purge cannot carry these into a new file: {', '.join(sorted(names))}.",
        unchanged=UNCHANGED,
        then="Mend or drop them, then purge again.",
    )
