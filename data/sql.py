"""The two things SQL cannot bind: identifiers, and the path of a file to attach."""

from collections.abc import Iterable


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
