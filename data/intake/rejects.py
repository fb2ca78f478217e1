"""What could not be read, in a private CSV file beside the store: line, reason, row."""

from datetime import UTC
from pathlib import Path

from data import files
from data.cursor import Cursor
from data.intake.sources import MALFORMED
from data.intake.staging import Staged

SHOWN = 3

MALFORMED_REASONS = {
    "MISSING COLUMNS": "too few columns",
    "TOO MANY COLUMNS": "too many columns",
    "UNQUOTED VALUE": "a quote that does not end",
    "LINE SIZE OVER MAXIMUM": "too long",
    "INVALID ENCODING": "not UTF-8",
}


def collect(cursor: Cursor, staged: Staged) -> int:
    """Adds what the file holds that cannot be read to the temporary table of rejects.

    `line` counts rows of the file from 1, the header of a CSV file included and empty lines
    not; a value with line breaks in it does not add to the count. Returns the number added.
    """
    cursor.run(
        "CREATE TEMP TABLE IF NOT EXISTS habeas_rejects "
        "(file VARCHAR, line BIGINT, reason VARCHAR, row VARCHAR)"
    )
    source = staged.source
    header, malformed = 0, "SELECT 0 AS line, 0 AS before WHERE false"
    added = 0
    if source.format == "csv":
        header = 1
        reasons = " ".join(f"WHEN '{key}' THEN '{text}'" for key, text in MALFORMED_REASONS.items())
        added = cursor.run(
            f"INSERT INTO habeas_rejects SELECT $file, line, "
            f"CASE first(CAST(error_type AS VARCHAR)) {reasons} ELSE 'not a row' END, "
            f"first(csv_line) FROM {MALFORMED} GROUP BY line",
            file=source.path.name,
        )
        malformed = (
            "SELECT line, row_number() OVER (ORDER BY line) - 1 AS before "
            f"FROM (SELECT DISTINCT line FROM {MALFORMED})"
        )
    unread = (
        f"SELECT rowid - {staged.first} + 1 AS habeas_row, habeas_reason FROM {staged.name} "
        "WHERE habeas_reason IS NOT NULL"
    )
    if cursor.value(f"SELECT count(*) FROM ({unread})") == 0:
        return added
    # The rows that could not be split do not count as rows of the table, but stand in the file.
    return added + cursor.run(
        f"INSERT INTO habeas_rejects SELECT $file, habeas_row + {header} + "
        f"(SELECT count(*) FROM ({malformed}) m WHERE m.line - m.before <= habeas_row + {header}), "
        "habeas_reason, whole "
        f"FROM ({unread}) JOIN (SELECT row_number() OVER () AS habeas_row, {source.whole} AS whole "
        f"FROM {source.relation} s) USING (habeas_row)",
        file=source.path.name,
        **source.values,
    )


def first(cursor: Cursor, total: int) -> str:
    """Where the first of them are and why, without the rows themselves, so that it may be shown."""
    rows = cursor.rows(
        f"SELECT file, line, reason FROM habeas_rejects ORDER BY file, line LIMIT {SHOWN}"
    )
    shown = "; ".join(f"{file} line {line}: {reason}" for file, line, reason in rows)
    return shown + ("; …" if total > SHOWN else "")


def write(cursor: Cursor, store: Path) -> Path:
    """Writes all rejects beside the store; the name has the time, not the data. Should the
    transaction fail, the file goes too."""
    moment = cursor.now.astimezone(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    path = store.with_name(f"{store.stem}-rejects-{moment}.csv")
    select = "SELECT * FROM habeas_rejects ORDER BY file, line"
    return files.write(
        path,
        lambda new: cursor.run(f"COPY ({select}) TO $path (FORMAT CSV, HEADER)", path=str(new)),
        cursor,
    )
