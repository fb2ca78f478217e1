"""What SQL does not bind, identifiers first of all, and what rows to add bind."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any


def ident(name: str) -> str:
    """A quoted identifier."""
    return '"' + name.replace('"', '""') + '"'


def table(name: str) -> str:
    """A quoted table name; a dot parts schema and table."""
    return ".".join(ident(part) for part in name.split("."))


def idents(names: Iterable[str]) -> str:
    return ", ".join(ident(name) for name in names)


def literal(text: str) -> str:
    """A quoted string, for the few places where DuckDB takes no parameter."""
    return "'" + text.replace("'", "''") + "'"


def numbers(values: Iterable[int]) -> str:
    """Whole numbers of our own, written out for IN: DuckDB skips what lies between these, and not
    between those that are bound."""
    return ", ".join(f"{each:d}" for each in values)


def insertion(table: str, rows: Sequence[Mapping[str, Any]]) -> tuple[str, dict[str, Any]]:
    """One statement that adds rows to a table, and what it binds; all of the rows, of which there
    are some, give the same columns."""
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    unnested = ", ".join(f"unnest(${name})" for name in columns)
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {unnested}", columns
