"""Files that name many people: a list of ids, and a list of corrections."""

import csv
from collections.abc import Iterator
from pathlib import Path

from data.errors import BadInput

CORRECTION = ("user_id", "field", "value")


def ids(given: tuple[str, ...], path: Path | None) -> list[str]:
    """The ids that are given, and those of the file, one a line; each once. Raises BadInput."""
    found = list(dict.fromkeys([*given, *(_lines(path) if path else ())]))
    if not found:
        raise BadInput("Nobody is named: give ids, or a file of them with --from.")
    return found


def corrections(path: Path) -> dict[str, dict[str, str]]:
    """New values by field, by id, from a CSV file. Raises BadInput."""
    found: dict[str, dict[str, str]] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, strict=True)
            if set(rows.fieldnames or ()) != set(CORRECTION):
                raise BadInput(f"{path} has other columns than {', '.join(CORRECTION)}.")
            for row in rows:
                user_id, field, value = (row[name] for name in CORRECTION)
                if None in row.values() or None in row:
                    raise BadInput(f"{path} line {rows.line_num} is not of three columns.")
                if found.setdefault(user_id, {}).setdefault(field, value) != value:
                    raise BadInput(f"{path} line {rows.line_num} says otherwise than one before.")
    except (OSError, UnicodeDecodeError, csv.Error):
        raise BadInput(f"{path} cannot be read as CSV in UTF-8.") from None
    if not found:
        raise BadInput(f"{path} has no correction.")
    return found


def _lines(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8-sig", newline="\n") as file:
            yield from (line.rstrip("\r\n") for line in file if line.strip())
    except (OSError, UnicodeDecodeError):
        raise BadInput(f"{path} cannot be read as a list of ids in UTF-8.") from None
