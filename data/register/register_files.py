"""The whole register as one file, for another program."""

from pathlib import Path

from data import files
from data.answers.copying import TIME_FORMAT
from data.cursor import Cursor
from data.purge import waiting
from data.register import requests

FORMATS = {
    ".csv": f"FORMAT CSV, NEW_LINE '\\r\\n', TIMESTAMPFORMAT '{TIME_FORMAT}'",
    ".json": f"FORMAT JSON, TIMESTAMPFORMAT '{TIME_FORMAT}'",
    ".parquet": "FORMAT PARQUET, COMPRESSION ZSTD",
}

REGISTER = f"""
    SELECT id, right_asked AS "right", received, came_by, origin, user_id, subject, details,
        handler, identity, paused_since, paused_days, extended, due, working, status,
        CAST((SELECT count(*) FROM habeas.notices n WHERE n.request = requests.id
            AND n.status = 'open') AS INTEGER) AS to_tell,
        CAST(timezone($zone, ({requests.UNPURGED})) AS DATE) + $days AS purge_by,
        ground, closed_at, receipt
    FROM habeas.requests ORDER BY length(id), id"""
"""Every request as it was entered. `subject` is the person's keyed hash; `user_id` and `details`
are null once the person is erased. `details` and `receipt` are JSON texts."""


def write(cursor: Cursor, path: Path) -> int:
    """Writes CSV, JSON, one object a line, or Parquet, as the suffix says; times are in UTC.

    It takes the place of an earlier file. Gives the number of requests. Raises BadInput where
    the suffix is another, HabeasError where the file cannot be written, and
    Refused in a restored store.
    """
    options = files.by_suffix(path, FORMATS)
    count = 0

    def fill(unfinished: Path) -> None:
        nonlocal count
        controller = cursor.map.controller
        count = cursor.run(
            f"COPY ({REGISTER}) TO $path ({options})",
            path=str(unfinished),
            zone=controller.timezone,
            days=controller.purge_within,
            purge=waiting.PURGE,
        )
        if not count and path.suffix.lower() == ".json":
            # Readers of JSON lines take a file of no bytes for a broken one.
            unfinished.write_text("\n", "utf-8")

    files.write(path, fill, cursor)
    return count
