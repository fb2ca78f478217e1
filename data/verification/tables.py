"""Every value of every table of a store, whether the data map knows the table or not."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TypeVar

from data.cursor import Cursor
from data.sql import ident
from data.subject import ID_LIMIT, number, pseudonym_sql
from data.verification import needles
from data.work import reached

T = TypeVar("T")

TENTHS = 4
"""Of a verification, that the tables take; the others are the files (measured)."""

_TEXTS = ("VARCHAR", "JSON", "BLOB", "ENUM")
_NESTED = ("STRUCT", "MAP", "UNION", "VARIANT")
_NUMBERS = ("BIGINT", "UBIGINT", "HUGEINT", "UHUGEINT")
"""Columns in which the number made of an id has room."""

_IDS = ("INTEGER", "UUID", *_NUMBERS)
"""Columns of no text that may have ids."""

_WORD, _ADDRESS = r"\p{L}\p{N}", r"\p{L}\p{N}._%+-"
"""What a longer id goes on with, and what a longer address begins with."""

_MOST = 50_000
"""Longer values of others that are told apart from one that is looked for."""

_PART = r"""[^\s"'\\,;:=<>(){}\[\]|]+"""


@dataclass(frozen=True)
class Column:
    schema: str
    table: str
    name: str
    type: str

    @property
    def shown(self) -> str:
        return f"{self.schema}.{self.table}.{self.name}"

    @property
    def qualified(self) -> str:
        return f"{ident(self.schema)}.{ident(self.table)}"

    @property
    def is_nested(self) -> bool:
        return self.type.endswith("]") or self.type.startswith(_NESTED)

    @property
    def is_text(self) -> bool:
        return self.is_nested or self.type.startswith(_TEXTS)

    @property
    def text(self) -> str:
        """The value as text, in SQL."""
        value = f"to_json({ident(self.name)})" if self.is_nested else ident(self.name)
        return f"CAST({value} AS VARCHAR)"


@dataclass(frozen=True)
class Held:
    """Rows of a column that are the value, and rows that have it inside of more."""

    column: str
    equal: int
    within: int


@dataclass(frozen=True)
class Searched:
    """What was looked through, and what was found.

    `longer` has for each value those of others that it is part of, such as a longer id; None
    where they are too many. `shared` are values that begin like those of others.
    """

    tables: int = 0
    columns: int = 0
    rows: int = 0
    found: tuple[Held, ...] = ()
    longer: Mapping[str, frozenset[str] | None] = field(default_factory=dict)
    shared: frozenset[str] = frozenset()


def columns(cursor: Cursor) -> list[Column]:
    """Every column of every table of the store."""
    rows = cursor.rows(
        "SELECT table_schema, table_name, column_name, data_type "
        "FROM information_schema.columns JOIN information_schema.tables "
        "USING (table_catalog, table_schema, table_name) "
        "WHERE table_catalog = 'store' AND table_type = 'BASE TABLE' "
        "ORDER BY table_schema, table_name, ordinal_position"
    )
    return [Column(*row) for row in rows]


def search(cursor: Cursor, ids: Sequence[str], values: Sequence[str]) -> Searched:
    """Looks for ids, by their numbers too, and for other values, in upper and lower case alike."""
    every = columns(cursor)
    sought = [
        _Value(n, each, each in ids, _lower(cursor, needles.spelled(each)))
        for n, each in enumerate(dict.fromkeys((*ids, *values)))
    ]
    found: list[Held] = []
    longer: dict[str, set[str]] = {each.value: set() for each in sought}
    shared: set[str] = set()
    for column, counts in _counted(cursor, every, sought):
        equal = within = 0
        for each, (is_it, has_it, begins) in zip(sought, counts, strict=True):
            equal += is_it
            if begins:
                shared.add(each.value)
            if has_it:
                within += _within(cursor, column, each)
                longer[each.value].update(_longer(cursor, column, each))
        if equal or within:
            found.append(Held(column.shown, equal, within))
    return Searched(
        *_extent(cursor, every),
        found=tuple(found),
        longer={each: frozenset(o) if len(o) <= _MOST else None for each, o in longer.items()},
        shared=frozenset(shared),
    )


def search_erased(cursor: Cursor) -> Searched:
    """Looks for the ids of all erased people, of which only the keyed hashes are known: whole
    values, and what stands in them between blanks and punctuation."""
    every = columns(cursor)
    texts = [each for each in every if each.is_text or each.type in _IDS]
    held = [_of_erased(cursor, each) for each in _in_turn(texts)]
    found = tuple(each for each in held if each.equal or each.within)
    return Searched(*_extent(cursor, every), found=found)


def _in_turn(sought_in: Sequence[T]) -> Iterator[T]:
    """One after the other, saying how far the whole verification is."""
    for place, each in enumerate(sought_in):
        reached(TENTHS * place, 10 * len(sought_in), TENTHS)
        yield each


def _extent(cursor: Cursor, every: Sequence[Column]) -> tuple[int, int, int]:
    """How many tables, columns and rows."""
    tables = {each.qualified for each in every}
    rows = sum(cursor.value(f"SELECT count(*) FROM {each}") for each in tables)
    return len(tables), len(every), rows


@dataclass(frozen=True)
class _Value:
    """A value that is looked for, the `n`th of them, and its forms in lower case: conditions in SQL
    on a text in lower case, and what they need bound."""

    n: int
    value: str
    is_id: bool
    forms: tuple[str, ...]

    @property
    def bound(self) -> dict[str, str]:
        begins = needles.beginning(self.value).decode("utf-8", "ignore")
        bound = {f"begins{self.n}": begins, f"number{self.n}": str(number(self.value))}
        return dict(zip(self._names, self.forms, strict=True)) | bound

    def is_it(self, column: Column, text: str) -> str:
        forms = [f"${name}" for name in self._names]
        if self.is_id and column.type in _NUMBERS:
            forms.append(f"$number{self.n}")
        return f"{text} IN ({', '.join(forms)})"

    def has_it(self, text: str) -> str:
        return f"({' OR '.join(f'contains({text}, ${name})' for name in self._names)})"

    def begins(self, text: str) -> str:
        return f"starts_with({text}, lower($begins{self.n}))"

    def pattern(self, before: str, after: str) -> str:
        """It in any form, with what comes before and after it; `{}` in that is what an id or an
        address goes on with."""
        forms = "|".join(map(_quoted, self.forms))
        on = _ADDRESS if "@" in self.value else _WORD
        before = before.format(on) if self.value[0].isalnum() else ""
        after = after.format(_WORD) if self.value[-1].isalnum() else ""
        return f"(?is){before}(?:{forms}){after}"

    @property
    def _names(self) -> list[str]:
        return [f"form{self.n}_{i}" for i in range(len(self.forms))]


def _lower(cursor: Cursor, texts: Sequence[str]) -> tuple[str, ...]:
    """The texts as DuckDB has them in lower case, which is not how Python does."""
    return tuple(cursor.value("SELECT lower($text)", text=each) for each in texts)


def _counted(
    cursor: Cursor, every: Sequence[Column], sought: Sequence[_Value]
) -> Iterator[tuple[Column, list[tuple[int, int, int]]]]:
    """Each column with, for each value, the rows that are it, that have it in them, if only as a
    part of something longer, and that begin as it does. One scan of each table."""
    groups = groupby(every, key=lambda each: each.qualified)
    for inside in _in_turn([[*group] for _, group in groups]):
        counts = [
            f"count(*) FILTER ({condition})"
            for i, column in enumerate(inside)
            for each in sought
            for condition in _conditions(column, each, f"text{i}")
        ]
        texts = ", ".join(f"lower({each.text}) AS text{i}" for i, each in enumerate(inside))
        sql = f"SELECT {', '.join(counts)} FROM (SELECT {texts} FROM {inside[0].qualified})"
        row = cursor.row(sql, **_bound(sql, sought))
        counted = iter(row or ())
        for column in inside:
            yield column, [(next(counted), next(counted), next(counted)) for _ in sought]


def _conditions(column: Column, each: _Value, text: str) -> tuple[str, str, str]:
    is_it = each.is_it(column, text)
    if not column.is_text:
        return is_it, "false", "false"
    return is_it, f"NOT {is_it} AND {each.has_it(text)}", f"NOT {is_it} AND {each.begins(text)}"


def _bound(sql: str, sought: Sequence[_Value]) -> dict[str, str]:
    """What the query needs: DuckDB takes nothing besides."""
    named = {*re.findall(r"\$(\w+)", sql)}
    return {name: text for each in sought for name, text in each.bound.items() if name in named}


def _within(cursor: Cursor, column: Column, each: _Value) -> int:
    """Rows that have it in them, and not as a part of something longer."""
    sql = (
        f"SELECT count(*) FROM (SELECT lower({column.text}) AS text FROM {column.qualified}) "
        f"WHERE NOT {each.is_it(column, 'text')} AND {each.has_it('text')} "
        "AND regexp_matches(text, $whole)"
    )
    whole = each.pattern("(?:^|[^{}])", "(?:$|[^{}])")
    count: int = cursor.value(sql, whole=whole, **_bound(sql, [each]))
    return count


def _longer(cursor: Cursor, column: Column, each: _Value) -> list[str]:
    """What it is only a part of, such as an id that begins with it."""
    sql = (
        "SELECT DISTINCT token FROM (SELECT unnest(regexp_extract_all(text, $longer)) AS token "
        f"FROM (SELECT {column.text} AS text FROM {column.qualified}) "
        f"WHERE {each.has_it('lower(text)')}) "
        f"WHERE NOT {each.is_it(column, 'lower(token)')} LIMIT {_MOST + 1}"
    )
    rows = cursor.rows(sql, longer=each.pattern("[{}]*", "[{}]*"), **_bound(sql, [each]))
    return [token for (token,) in rows]


def _quoted(text: str) -> str:
    """The text as a pattern of RE2 that is nothing but that text."""
    return "".join(each if each.isalnum() else f"\\x{{{ord(each):x}}}" for each in text)


def _of_erased(cursor: Cursor, column: Column) -> Held:
    """Rows that are the id of an erased person, and rows that have it inside of more."""
    parts = "list_append(regexp_extract_all(text, $part), text)"
    texts = f"SELECT {column.text} AS text FROM {column.qualified}"
    erased = cursor.rows(
        "SELECT value FROM (SELECT DISTINCT unnest(list_distinct("
        f"{parts})) AS value FROM (SELECT DISTINCT text FROM ({texts}))) "
        f"WHERE length(value) <= {ID_LIMIT} "
        f"AND {pseudonym_sql('value')} IN (SELECT subject FROM habeas.erased)",
        part=_PART,
        keyed=cursor.keyed,
    )
    if not erased:
        return Held(column.shown, 0, 0)
    row = cursor.row(
        "SELECT count(*) FILTER (is_it), count(*) FILTER (NOT is_it AND has_it) FROM ("
        f"SELECT list_contains($erased, text) AS is_it, list_has_any({parts}, $erased) AS has_it "
        f"FROM ({texts}))",
        part=_PART,
        erased=[value for (value,) in erased],
    )
    return Held(column.shown, *(row or (0, 0)))
