"""The rows of a file as rows of a table of the store, each with what is wrong with it.

A staged table is temporary and belongs to its cursor. It has the columns of the data map and
`habeas_reason` (why it cannot be read; NULL where it can). Its `rowid` tells the row's place in the
file: DuckDB keeps the order of a file, on as many threads as it has, where numbering rows would
take one.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from data.cursor import Cursor
from data.datamap import People, Records
from data.errors import BadInput
from data.intake.sources import Source
from data.sql import ident, idents, literal
from data.subject import ID_LIMIT, number_sql


@dataclass(frozen=True)
class Staged:
    """A temporary table of rows read from a file; `given` are the columns the file has, `first` is
    the `rowid` of its first row."""

    name: str
    table: People | Records
    source: Source
    given: frozenset[str]
    first: int


def stage(
    cursor: Cursor,
    name: str,
    source: Source,
    table: People | Records,
    renamed: Mapping[str, str],
) -> Staged:
    """Reads the file into a temporary table.

    `renamed` says which column of the file is which of the map. Raises BadInput where the
    file has no column for the id, or no place for what it brings.
    """
    matched = match(source.columns, table, renamed)
    if table.key not in matched:
        raise BadInput(
            f"{source.path} has no column for {table.key}.",
            then=f"Say which it is: habeas import --column {table.key}=COLUMN.",
        )
    # In order of name: the same row has the same text, and so the same id, in every format.
    further = sorted(each for each in source.columns if each not in matched.values())
    if further and not table.rest:
        raise BadInput(
            f"{table.table} has no place for the columns {', '.join(further)}.",
            then="Leave them out, or say what they are: habeas import --column OURS=THEIRS.",
        )
    read, cast, outer = [f"{source.broken} AS habeas_broken"], ["*"], []
    for position, (column, kind) in enumerate(table.columns.items()):
        raw, text, value = matched.get(column), f"c{position}", f"t{position}"
        if column == table.number:
            key = _position(table.columns, table.key)
            outer.append(f"{number_sql(f'c{key}')} AS {ident(column)}")
            continue
        said = raw is not None and source.types.get(raw) == _AS_SAID.get(kind, "")
        if raw is None:
            read.append(f"CAST(NULL AS VARCHAR) AS {text}")
        elif said:
            read.append(f"{ident(raw)} AS {text}")
        else:
            read.append(f"{_json(source, raw) if kind == 'JSON' else source.text(raw)} AS {text}")
        cast.append(f"{text if said else _cast(text, kind)} AS {value}")
        if column == table.rest:
            outer.append(f"{_rest(value, bool(further))} AS {ident(column)}")
        elif isinstance(table, People) and column == table.merged_ids:
            outer.append(f"{_listed(text)} AS {ident(column)}")
        else:
            outer.append(f"{_sensible(value, kind)} AS {ident(column)}")
    nested = {raw for column, raw in matched.items() if table.columns[column] == "JSON"}
    read += [f"{_pair(source, column)} AS f{n}" for n, column in enumerate(further)]
    if further:
        cast.append(f"{_object([f'f{n}' for n in range(len(further))])} AS further")
    outer.append(f"{_reason(table, matched)} AS habeas_reason")
    # One select in the other, so that no value is read from its text twice.
    cursor.run(
        f"CREATE TEMP TABLE {name} AS SELECT {', '.join(outer)} FROM (SELECT {', '.join(cast)} "
        f"FROM (SELECT {', '.join(read)} FROM {source.reading(nested.union(further))}))",
        **source.values,
    )
    given = frozenset(matched) | ({table.rest} if further else set())
    first = cursor.value(f"SELECT min(rowid) FROM {name}")
    return Staged(name, table, source, given, first or 0)


def take_out_repeated(
    cursor: Cursor, staged: Staged, columns: Sequence[str], *, keep: Literal["min", "max"]
) -> int:
    """Of rows that are equal in these columns leaves the first or the last; how many it took out.

    Rows are told apart by a hash first: ten million texts would take ten times as long.
    """
    alike = f"hash({idents(columns)})"
    cursor.run(
        f"CREATE TEMP TABLE habeas_alike AS SELECT {alike} AS alike FROM {staged.name} "
        "GROUP BY 1 HAVING count(*) > 1"
    )
    taken = 0
    if cursor.row("SELECT 1 FROM habeas_alike LIMIT 1"):
        rows = f"FROM {staged.name} WHERE {alike} IN (SELECT alike FROM habeas_alike)"
        taken = cursor.run(
            f"DELETE {rows} AND rowid NOT IN "
            f"(SELECT {keep}(rowid) {rows} GROUP BY {idents(columns)})"
        )
    cursor.run("DROP TABLE habeas_alike")
    return taken


def match(
    found: tuple[str, ...], table: People | Records, renamed: Mapping[str, str]
) -> dict[str, str]:
    """Which column of the map each column of a file is: {column of the map: of the file}.

    First as the user says, then by the very name, then by the names that the map lists,
    with upper and lower case and the marks between words left aside.
    """
    matched = {
        column: raw for column, raw in renamed.items() if column in table.columns and raw in found
    }
    plain = {_plain(raw): raw for raw in reversed(found)}
    for column in table.columns:
        if column == table.number or column in matched:
            continue
        for name in (column, *table.aliases.get(column, ())):
            raw = name if name in found else plain.get(_plain(name))
            if raw is not None and raw not in matched.values():
                matched[column] = raw
                break
    return matched


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name.lower())


def _position(columns: Mapping[str, str], column: str) -> int:
    return list(columns).index(column)


def _json(source: Source, column: str) -> str:
    """A JSON column as a text, in SQL: as it is where the file nests, else read as JSON."""
    if column in source.nested:
        return f"CAST({source.json(column)} AS VARCHAR)"
    return source.text(column)


def _pair(source: Source, column: str) -> str:
    """A column as a member of a JSON object, in SQL; NULL where the row has no value."""
    name = literal(json.dumps(column, ensure_ascii=False) + ":")
    return f"{name} || CAST({source.json(column)} AS VARCHAR)"


EPOCH_SECONDS = (10**8, 10**10 - 1)
EPOCH_MILLISECONDS = (10**11, 10**13 - 1)


_AS_SAID = {
    "BIGINT": "BIGINT",
    "BOOLEAN": "BOOLEAN",
    "DATE": "DATE",
    "DOUBLE": "DOUBLE",
    "TIMESTAMPTZ": "TIMESTAMP WITH TIME ZONE",
}
"""Column types, as a file says them, of values that need not be read from a text."""


def _cast(text: str, kind: str) -> str:
    """A text as a value of the column type, in SQL; NULL where it is none."""
    if kind == "VARCHAR":
        return text
    if kind == "JSON":
        return f"json(TRY_CAST({text} AS JSON))"
    value = f"TRY_CAST({text} AS {kind})"
    if kind == "DATE":
        return f"coalesce({value}, CAST(TRY_CAST({text} AS TIMESTAMPTZ) AS DATE))"
    if kind == "TIMESTAMPTZ":
        whole = f"TRY_CAST({text} AS BIGINT)"
        return (
            f"coalesce({value}, CASE WHEN {whole} BETWEEN {EPOCH_SECONDS[0]} AND "
            f"{EPOCH_SECONDS[1]} THEN CAST(make_timestamp({whole} * 1000000) AS TIMESTAMPTZ) "
            f"WHEN {whole} BETWEEN {EPOCH_MILLISECONDS[0]} AND {EPOCH_MILLISECONDS[1]} "
            f"THEN CAST(make_timestamp({whole} * 1000) AS TIMESTAMPTZ) END)"
        )
    return value


def _sensible(value: str, kind: str) -> str:
    """The value, in SQL, where it is one that somebody can have; else NULL."""
    if kind == "DOUBLE":
        return f"CASE WHEN isfinite({value}) THEN {value} END"
    if kind not in ("DATE", "TIMESTAMPTZ"):
        return value
    # Python knows no year beyond 9999, and nobody was born in one.
    first, last = (
        (f"DATE '{day}'" if kind == "DATE" else f"TIMESTAMPTZ '{day} {time}+00'")
        for day, time in (("0001-01-01", "00:00:00"), ("9999-12-31", "23:59:59.999999"))
    )
    return f"CASE WHEN {value} BETWEEN {first} AND {last} THEN {value} END"


def _listed(name: str) -> str:
    """Further ids as a JSON list of texts, in SQL; a text that is no list is one id."""
    value = f"TRY_CAST({name} AS JSON)"
    return (
        f"CASE WHEN json_type({value}) = 'ARRAY' THEN "
        f"to_json(list_filter(from_json({value}, '[\"VARCHAR\"]'), lambda each: each <> '')) "
        f"WHEN json_type({value}) = 'VARCHAR' THEN json_array(json_extract_string({value}, '$')) "
        f"WHEN {name} IS NOT NULL THEN json_array({name}) END"
    )


def _object(pairs: Sequence[str]) -> str:
    """The object of what has no column, in SQL; NULL where there is nothing."""
    return f"nullif('{{' || concat_ws(',', {', '.join(pairs)}) || '}}', '{{}}')"


def _rest(given: str, further: bool) -> str:
    """The object that is given, in SQL, with the `further` columns."""
    return f"coalesce(json_merge_patch({given}, further), {given}, further)" if further else given


def _reason(table: People | Records, matched: Mapping[str, str]) -> str:
    columns = table.columns
    key = f"c{_position(columns, table.key)}"
    cases = [
        "WHEN habeas_broken IS NOT NULL THEN habeas_broken",
        f"WHEN {key} IS NULL OR trim({key}) = '' THEN 'no id'",
        f"WHEN length({key}) > {ID_LIMIT} THEN 'an id of more than {ID_LIMIT} characters'",
    ]
    for position, (column, kind) in enumerate(columns.items()):
        text, value = f"c{position}", f"t{position}"
        if column == table.rest and column in matched:
            # A JSON value that was read is written without blanks.
            cases.append(
                f"WHEN {text} IS NOT NULL AND NOT coalesce(starts_with({value}, '{{'), false) "
                f"THEN {literal(f'{column} is no JSON object')}"
            )
        elif column in matched and kind != "VARCHAR" and column != getattr(table, "merged_ids", ""):
            cases.append(
                f"WHEN {text} IS NOT NULL AND {_sensible(value, kind)} IS NULL "
                f"THEN {literal(f'{column} is no {_KINDS[kind]}')}"
            )
    if isinstance(table, Records):
        time = f"c{_position(columns, table.time)}"
        cases.append(f"WHEN {time} IS NULL THEN {literal(f'no {table.time}')}")
    return f"CASE {' '.join(cases)} END"


_KINDS = {
    "BIGINT": "whole number",
    "BOOLEAN": "true or false",
    "DATE": "date",
    "DOUBLE": "number",
    "JSON": "JSON",
    "TIMESTAMPTZ": "time",
}
