"""What a database is made of besides rows, as the statements that make it, and as a description
by which two databases are compared."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from data.cursor import Cursor
from data.sql import ident, idents, literal

Ask = Callable[[str], Iterable[Sequence[Any]]]


@dataclass(frozen=True)
class Statements:
    """`before` the rows come schemas, types, sequences, tables, macros and views; `after` them
    indexes, which are built faster over all rows at once, and comments."""

    before: tuple[str, ...]
    after: tuple[str, ...]


def statements(cursor: Cursor, folder: Path) -> Statements:
    """The statements that make an empty database like the store; DuckDB writes them to a file in
    a private folder inside of this one."""
    made = [*_exported(cursor, folder)]
    indexes = [each for each in made if each.startswith(("CREATE INDEX", "CREATE UNIQUE INDEX"))]
    before = tuple(each for each in made if each not in indexes)
    return Statements(before, (*indexes, *_comments(cursor.rows)))


def tables(cursor: Cursor) -> list[tuple[str, str]]:
    """Schema and name of each table, those that others refer to by foreign keys before these."""
    found = [(row[0], row[1]) for row in cursor.rows(_TABLES)]
    needs: dict[tuple[str, str], set[str]] = {each: set() for each in found}
    for schema, name, referred in cursor.rows(_REFERRED):
        needs[schema, name].add(referred)
    ordered: list[tuple[str, str]] = []
    while needs:
        # One that refers to itself or in a circle comes last; its rows may not fit then.
        free = [each for each in needs if not needs[each] & {name for _, name in needs} - {each[1]}]
        for each in free or [*needs]:
            del needs[each]
            ordered.append(each)
    return ordered


def has_indexes(cursor: Cursor) -> bool:
    """Whether a table has an index, or a constraint that is kept by one."""
    return bool(cursor.value(_INDEXED))


def columns(cursor: Cursor, schema: str, name: str) -> list[str]:
    """The columns of a table that hold what was put in; none that is computed from others."""
    table = f"{ident(schema)}.{ident(name)}"
    names = [row[0] for row in cursor.rows(f"DESCRIBE {table}")]
    if _takes(cursor, table, names):
        return names
    return [each for each in names if _takes(cursor, table, [each])]


def described(ask: Ask) -> dict[str, str]:
    """Everything in the database that has a name, each in words of its own."""
    return {row[0]: row[1] for row in ask(_DESCRIBED)}


def _exported(cursor: Cursor, folder: Path) -> Iterator[str]:
    """What DuckDB itself writes of an empty copy, in an order in which most can be made."""
    import _duckdb as duckdb

    cursor.run("ATTACH ':memory:' AS empty")
    try:
        cursor.run("COPY FROM DATABASE store TO empty (SCHEMA)")
        with TemporaryDirectory(dir=folder) as private:
            cursor.run(f"EXPORT DATABASE empty TO {literal(private)}")
            text = (Path(private) / "schema.sql").read_text("utf-8")
    finally:
        cursor.run("DETACH empty")
    for each in duckdb.extract_statements(text):
        yield each.query.strip().rstrip(";")


def _comments(ask: Ask) -> Iterator[str]:
    for kind, schema, name, column, comment in ask(_COMMENTED):
        target = ".".join(ident(each) for each in (schema, name, column) if each)
        yield f"COMMENT ON {kind} {target} IS {literal(comment)}"


def _takes(cursor: Cursor, table: str, names: Sequence[str]) -> bool:
    """Whether something can be put into each of these columns; the catalogue does not say so."""
    import _duckdb as duckdb

    nothing = ", ".join("NULL" for _ in names)
    try:
        cursor.run(f"EXPLAIN INSERT INTO {table} ({idents(names)}) SELECT {nothing}")
    except duckdb.BinderException:
        return False
    return True


_HERE = "database_name = current_database()"
_TABLES = f"SELECT schema_name, table_name FROM duckdb_tables() WHERE {_HERE} ORDER BY ALL"
_REFERRED = (
    "SELECT schema_name, table_name, referenced_table FROM duckdb_constraints() "
    f"WHERE {_HERE} AND constraint_type = 'FOREIGN KEY' ORDER BY ALL"
)
_INDEXED = (
    f"SELECT count(*) FROM (SELECT 1 FROM duckdb_indexes() WHERE {_HERE} UNION ALL "
    f"SELECT 1 FROM duckdb_constraints() WHERE {_HERE} "
    "AND constraint_type IN ('PRIMARY KEY', 'UNIQUE', 'FOREIGN KEY'))"
)
_COMMENTED = f"""
SELECT 'TABLE', schema_name, table_name, NULL, comment
FROM duckdb_tables() WHERE {_HERE} AND comment IS NOT NULL
UNION ALL SELECT 'VIEW', schema_name, view_name, NULL, comment
FROM duckdb_views() WHERE {_HERE} AND NOT internal AND comment IS NOT NULL
UNION ALL SELECT 'COLUMN', schema_name, table_name, column_name, comment
FROM duckdb_columns() WHERE {_HERE} AND NOT internal AND comment IS NOT NULL
UNION ALL SELECT 'INDEX', schema_name, index_name, NULL, comment
FROM duckdb_indexes() WHERE {_HERE} AND comment IS NOT NULL
UNION ALL SELECT 'SEQUENCE', schema_name, sequence_name, NULL, comment
FROM duckdb_sequences() WHERE {_HERE} AND comment IS NOT NULL
UNION ALL SELECT 'TYPE', schema_name, type_name, NULL, comment
FROM duckdb_types() WHERE {_HERE} AND NOT internal AND comment IS NOT NULL
UNION ALL SELECT CASE function_type WHEN 'macro' THEN 'MACRO' ELSE 'MACRO TABLE' END,
    schema_name, function_name, NULL, comment
FROM duckdb_functions() WHERE {_HERE} AND NOT internal AND comment IS NOT NULL
ORDER BY ALL
"""
_DESCRIBED = f"""
SELECT kind || ' ' || name, string_agg(said, chr(10) ORDER BY said) FROM (
SELECT 'schema' AS kind, schema_name AS name, '' AS said
FROM duckdb_schemas() WHERE {_HERE} AND NOT internal
UNION ALL SELECT 'table', schema_name || '.' || table_name, concat_ws(' -- ', sql, comment)
FROM duckdb_tables() WHERE {_HERE}
UNION ALL SELECT 'column', concat_ws('.', schema_name, table_name, column_name),
    concat_ws(' -- ', data_type, column_default, is_nullable, comment)
FROM duckdb_columns() WHERE {_HERE} AND NOT internal
UNION ALL SELECT 'constraint', concat_ws('.', schema_name, table_name), constraint_text
FROM duckdb_constraints() WHERE {_HERE}
UNION ALL SELECT 'view', schema_name || '.' || view_name, concat_ws(' -- ', sql, comment)
FROM duckdb_views() WHERE {_HERE} AND NOT internal
UNION ALL SELECT 'index', schema_name || '.' || index_name, concat_ws(' -- ', sql, comment)
FROM duckdb_indexes() WHERE {_HERE}
UNION ALL SELECT 'sequence', schema_name || '.' || sequence_name, concat_ws(' -- ', sql, comment)
FROM duckdb_sequences() WHERE {_HERE}
UNION ALL SELECT 'type', schema_name || '.' || type_name,
    concat_ws(' -- ', logical_type, CAST(labels AS VARCHAR), comment)
FROM duckdb_types() WHERE {_HERE} AND NOT internal
UNION ALL SELECT 'macro', schema_name || '.' || function_name,
    concat_ws(' -- ', CAST(parameters AS VARCHAR), macro_definition, comment)
FROM duckdb_functions() WHERE {_HERE} AND NOT internal
) GROUP BY 1
"""
