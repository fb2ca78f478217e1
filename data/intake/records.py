"""Staged records into their table: those not there yet, in order of person and time."""

from data.cursor import Cursor
from data.datamap import Records
from data.intake.staging import Staged
from data.schema import order, qualified
from data.sql import ident, idents


def identify(cursor: Cursor, staged: Staged, records: Records) -> int:
    """Gives each record without an id one made from its content and its ordinal among its
    equals, so that the same file gives the same ids. Takes out rows whose own id came before
    in the file; how many."""
    record_id = ident(records.id)
    content = ", ".join(
        f"CAST({ident(name)} AS VARCHAR)"
        for name in records.columns
        if name not in (records.id, records.number)
    )
    cursor.run(
        f"UPDATE {staged.name} AS s SET {record_id} = made.id FROM (SELECT habeas_row, "
        "md5(content || '-' || row_number() OVER (PARTITION BY content ORDER BY habeas_row)) AS id "
        f"FROM (SELECT habeas_row, md5(CAST(to_json([{content}]) AS VARCHAR)) AS content "
        f"FROM {staged.name} WHERE {record_id} IS NULL)) made "
        "WHERE s.habeas_row = made.habeas_row"
    )
    if records.id not in staged.given:
        return 0
    return cursor.run(
        f"DELETE FROM {staged.name} WHERE habeas_row NOT IN (SELECT min(habeas_row) "
        f"FROM {staged.name} GROUP BY {ident(records.key)}, {record_id})"
    )


def add(cursor: Cursor, staged: Staged, records: Records) -> int:
    """Adds what is not in the table yet; how many."""
    same = [records.key, records.id, *([records.number] if records.number else [])]
    columns, kept = idents(records.columns), idents(order(records))
    return cursor.run(
        f"INSERT INTO {qualified(records)} BY NAME SELECT {columns} FROM {staged.name} s "
        f"ANTI JOIN {qualified(records)} r "
        f"ON {' AND '.join(f's.{ident(n)} = r.{ident(n)}' for n in same)} ORDER BY {kept}"
    )
