"""The rows of a file as rows of a table of the store, each with what is wrong with it.

A staged table is temporary and belongs to its cursor. It has the columns of the data map,
`habeas_row` (the row's place in the file, from 1) and `habeas_reason` (why it cannot be
read; NULL where it can).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from data.cursor import Cursor
from data.datamap import People, Records
from data.errors import BadInput
from data.intake.sources import Source
from data.sql import ident, literal
from data.subject import ID_LIMIT, number_sql


@dataclass(frozen=True)
class Staged:
    """A temporary table of rows read from a file; `given` are the columns the file has."""

    name: str
    table: People | Records
    source: Source
    given: frozenset[str]


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
    columns = table.columns
    inner = [f"{source.broken} AS habeas_broken"]
    outer = ["habeas_row"]
    for position, (column, kind) in enumerate(columns.items()):
        raw, inner_name = matched.get(column), f"c{position}"
        if column == table.number:
            outer.append(f"{number_sql(_position(columns, table.key))} AS {ident(column)}")
            continue
        if raw is None:
            inner.append(f"CAST(NULL AS VARCHAR) AS {inner_name}")
        elif kind == "JSON":
            inner.append(f"{_json(source, raw)} AS {inner_name}")
        else:
            inner.append(f"{source.text(raw)} AS {inner_name}")
        typed = _rest(inner_name, further) if column == table.rest else _typed(inner_name, kind)
        if isinstance(table, People) and column == table.merged_ids:
            typed = _listed(inner_name)
        outer.append(f"{typed} AS {ident(column)}")
    inner += [f"{_pair(source, column)} AS f{n}" for n, column in enumerate(further)]
    outer.append(f"{_reason(table, columns, matched)} AS habeas_reason")
    cursor.run(
        f"CREATE TEMP TABLE {name} AS SELECT {', '.join(outer)} FROM "
        f"(SELECT row_number() OVER () AS habeas_row, {', '.join(inner)} FROM {source.relation})",
        **source.values,
    )
    return Staged(name, table, source, frozenset(matched) | ({table.rest} if further else set()))


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


def _position(columns: Mapping[str, str], column: str) -> str:
    return f"c{list(columns).index(column)}"


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


def _typed(name: str, kind: str) -> str:
    """A text as a value of the column type, in SQL; NULL where it is none."""
    if kind == "VARCHAR":
        return name
    if kind == "JSON":
        return f"json(TRY_CAST({name} AS JSON))"
    value = f"TRY_CAST({name} AS {kind})"
    if kind == "DOUBLE":
        return f"CASE WHEN isfinite({value}) THEN {value} END"
    if kind == "DATE":
        value = f"coalesce({value}, CAST(TRY_CAST({name} AS TIMESTAMPTZ) AS DATE))"
    elif kind == "TIMESTAMPTZ":
        whole = f"TRY_CAST({name} AS BIGINT)"
        value = (
            f"CASE WHEN {whole} BETWEEN {EPOCH_SECONDS[0]} AND {EPOCH_SECONDS[1]} "
            f"THEN CAST(make_timestamp({whole} * 1000000) AS TIMESTAMPTZ) "
            f"WHEN {whole} BETWEEN {EPOCH_MILLISECONDS[0]} AND {EPOCH_MILLISECONDS[1]} "
            f"THEN CAST(make_timestamp({whole} * 1000) AS TIMESTAMPTZ) ELSE {value} END"
        )
    else:
        return value
    # Python knows no year beyond 9999, and nobody was born in one.
    return f"CASE WHEN year({value}) BETWEEN 1 AND 9999 THEN {value} END"


def _listed(name: str) -> str:
    """Further ids as a JSON list of texts, in SQL; a text that is no list is one id."""
    value = f"TRY_CAST({name} AS JSON)"
    return (
        f"CASE WHEN json_type({value}) = 'ARRAY' THEN "
        f"to_json(list_filter(from_json({value}, '[\"VARCHAR\"]'), lambda each: each <> '')) "
        f"WHEN json_type({value}) = 'VARCHAR' THEN json_array(json_extract_string({value}, '$')) "
        f"WHEN {name} IS NOT NULL THEN json_array({name}) END"
    )


def _rest(name: str, further: list[str]) -> str:
    """The object of what has no column, in SQL: the one given, with the further columns."""
    given = f"json(TRY_CAST({name} AS JSON))"
    if not further:
        return given
    pairs = ", ".join(f"f{n}" for n in range(len(further)))
    added = f"nullif('{{' || concat_ws(',', {pairs}) || '}}', '{{}}')"
    return f"coalesce(json_merge_patch({given}, {added}), {given}, {added})"


def _reason(table: People | Records, columns: Mapping[str, str], matched: Mapping[str, str]) -> str:
    key = _position(columns, table.key)
    cases = [
        "WHEN habeas_broken IS NOT NULL THEN habeas_broken",
        f"WHEN {key} IS NULL OR trim({key}) = '' THEN 'no id'",
        f"WHEN length({key}) > {ID_LIMIT} THEN 'an id of more than {ID_LIMIT} characters'",
    ]
    for column, kind in columns.items():
        name = _position(columns, column)
        if column == table.rest and column in matched:
            cases.append(
                f"WHEN {name} IS NOT NULL AND "
                f"coalesce(json_type(TRY_CAST({name} AS JSON)), '') <> 'OBJECT' "
                f"THEN {literal(f'{column} is no JSON object')}"
            )
        elif column in matched and kind != "VARCHAR" and column != getattr(table, "merged_ids", ""):
            cases.append(
                f"WHEN {name} IS NOT NULL AND {_typed(name, kind)} IS NULL "
                f"THEN {literal(f'{column} is no {_KINDS[kind]}')}"
            )
    if isinstance(table, Records):
        time = _position(columns, table.time)
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
