"""Staged records into their table: those not there yet, in order of person and time."""

from data.cursor import Cursor
from data.datamap import Records
from data.intake.staging import Staged, take_out_repeated
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
    if cursor.value(f"SELECT count(*) FROM {staged.name} WHERE {record_id} IS NULL"):
        cursor.run(
            f"UPDATE {staged.name} AS s SET {record_id} = made.id FROM (SELECT place, "
            "md5(content || '-' || row_number() OVER (PARTITION BY content ORDER BY place)) AS id "
            f"FROM (SELECT rowid AS place, md5(CAST(to_json([{content}]) AS VARCHAR)) AS content "
            f"FROM {staged.name} WHERE {record_id} IS NULL)) made WHERE s.rowid = made.place"
        )
    if records.id not in staged.given:
        return 0
    return take_out_repeated(cursor, staged, [records.key, records.id], keep="min")


def add(cursor: Cursor, staged: Staged, records: Records) -> int:
    """Adds what is not in the table yet; how many."""
    same = [records.key, records.id, *([records.number] if records.number else [])]
    columns = idents(records.columns)
    there = ""
    if cursor.row(f"SELECT 1 FROM {qualified(records)} LIMIT 1"):
        equal = " AND ".join(f"s.{ident(name)} = r.{ident(name)}" for name in same)
        there = f"ANTI JOIN {qualified(records)} r ON {equal}"
    return cursor.run(
        f"INSERT INTO {qualified(records)} BY NAME SELECT {columns} FROM {staged.name} s "
        f"{there} ORDER BY {idents(order(records))}"
    )
