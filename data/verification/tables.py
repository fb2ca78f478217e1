"""Every value of every table of a store, whether the data map knows the table or not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from data.cursor import Cursor
from data.sql import ident
from data.subject import ID_LIMIT, number, pseudonym_sql
from data.verification import needles

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
    found: list[Held] = []
    longer: dict[str, set[str]] = {each: set() for each in (*ids, *values)}
    shared: set[str] = set()
    for column in every:
        equal = within = 0
        for value, others in longer.items():
            if not column.is_text:
                equal += _equal(cursor, column, value, is_id=value in ids)
                continue
            is_it, has_it, holds, begins = _counts(cursor, column, value)
            equal, within = equal + is_it, within + has_it
            if begins:
                shared.add(value)
            if holds and len(others) <= _MOST:
                others.update(_longer(cursor, column, value))
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
    found = [
        Held(each.shown, rows, 0)
        for each in every
        if (each.is_text or each.type in _IDS) and (rows := _of_erased(cursor, each))
    ]
    return Searched(*_extent(cursor, every), found=tuple(found))


def _extent(cursor: Cursor, every: Sequence[Column]) -> tuple[int, int, int]:
    """How many tables, columns and rows."""
    tables = {each.qualified for each in every}
    rows = sum(cursor.value(f"SELECT count(*) FROM {each}") for each in tables)
    return len(tables), len(every), rows


def _equal(cursor: Cursor, column: Column, value: str, *, is_id: bool) -> int:
    """Rows of a column of no text that are the value, or the number of the id."""
    condition, given = f"{column.text} = $value", dict[str, Any](value=value)
    if is_id and column.type in _NUMBERS:
        condition += f" OR {ident(column.name)} = $number"
        given["number"] = number(value)
    count: int = cursor.value(f"SELECT count(*) FROM {column.qualified} WHERE {condition}", **given)
    return count


def _counts(cursor: Cursor, column: Column, value: str) -> tuple[int, int, int, int]:
    """Rows that are the value, that have it inside of more, that have it at all though perhaps as
    a part of something longer, and that begin as it does."""
    holds, forms = _holding(value)
    row = cursor.row(
        "SELECT count(*) FILTER (is_it), "
        "count(*) FILTER (NOT is_it AND holds AND regexp_matches(text, $whole)), "
        "count(*) FILTER (NOT is_it AND holds), "
        "count(*) FILTER (NOT is_it AND starts_with(text, lower($begins))) "
        f"FROM (SELECT text, text IN ({', '.join(f'${name}' for name in forms)}) AS is_it, "
        f"{holds} AS holds FROM (SELECT lower({column.text}) AS text FROM {column.qualified}))",
        whole=_pattern(value, "(?:^|[^{}])", "(?:$|[^{}])"),
        begins=needles.beginning(value).decode("utf-8", "ignore"),
        **forms,
    )
    assert row is not None  # noqa: S101  an aggregate has one row
    return row[0], row[1], row[2], row[3]


def _longer(cursor: Cursor, column: Column, value: str) -> list[str]:
    """What the value is only a part of, such as an id that begins with it."""
    holds, forms = _holding(value)
    rows = cursor.rows(
        "SELECT DISTINCT token FROM (SELECT unnest(regexp_extract_all(whole, $longer)) AS token "
        f"FROM (SELECT whole, lower(whole) AS text FROM (SELECT {column.text} AS whole "
        f"FROM {column.qualified})) WHERE {holds}) "
        f"WHERE lower(token) NOT IN ({', '.join(f'${name}' for name in forms)}) "
        f"LIMIT {_MOST + 1}",
        longer=_pattern(value, "[{}]*", "[{}]*"),
        **forms,
    )
    return [token for (token,) in rows]


def _holding(value: str) -> tuple[str, dict[str, str]]:
    """The condition that a `text` in lower case has the value in it, and its forms to bind."""
    forms = dict.fromkeys(each.lower() for each in needles.spelled(value))
    named = {f"form{n}": each for n, each in enumerate(forms)}
    return " OR ".join(f"contains(text, ${name})" for name in named), named


def _pattern(value: str, before: str, after: str) -> str:
    """The value in any of its forms, with what comes before and after it; `{}` in that is what an
    id or an address goes on with."""
    forms = "|".join(_quoted(each.lower()) for each in needles.spelled(value))
    before = before.format(_ADDRESS if "@" in value else _WORD) if value[0].isalnum() else ""
    after = after.format(_WORD) if value[-1].isalnum() else ""
    return f"(?is){before}(?:{forms}){after}"


def _quoted(text: str) -> str:
    """The text as a pattern of RE2 that is nothing but that text."""
    return "".join(each if each.isalnum() else f"\\x{{{ord(each):x}}}" for each in text)


def _of_erased(cursor: Cursor, column: Column) -> int:
    """Rows that are or have in them the id of an erased person."""
    parts = "list_append(regexp_extract_all(text, $part), text)"
    erased = cursor.rows(
        "SELECT value FROM (SELECT DISTINCT unnest(list_distinct("
        f"{parts})) AS value FROM (SELECT {column.text} AS text FROM {column.qualified})) "
        f"WHERE length(value) <= {ID_LIMIT} "
        f"AND {pseudonym_sql('value')} IN (SELECT subject FROM habeas.erased)",
        part=_PART,
        keyed=cursor.keyed,
    )
    if not erased:
        return 0
    count: int = cursor.value(
        f"SELECT count(*) FROM (SELECT {column.text} AS text FROM {column.qualified}) "
        f"WHERE list_has_any({parts}, $erased)",
        part=_PART,
        erased=[value for (value,) in erased],
    )
    return count
