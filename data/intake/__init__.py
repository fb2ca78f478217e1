"""Reads files of people and of their records into the store, all or nothing."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from data import ledger
from data.datamap import People, Records
from data.errors import BadInput, Refused
from data.intake import people as intake_people
from data.intake import records as intake_records
from data.intake import rejects
from data.intake.sources import open_source
from data.intake.staging import Staged, stage
from data.ledger import By
from data.sql import ident
from data.store import Cursor, Store
from data.subject import pseudonym_sql


@dataclass(frozen=True)
class Counts:
    """What became of the rows of one file; the rest of `read` was there already."""

    read: int = 0
    added: int = 0
    changed: int = 0
    repeated: int = 0
    rejected: int = 0
    erased: int = 0
    restricted: int = 0


@dataclass(frozen=True)
class Loaded:
    """What a load did. `by_records_alone` people were added with nothing but their id."""

    people: Counts | None
    records: Counts | None
    by_records_alone: int
    rejects: Path | None


def load(
    store: Store,
    by: By,
    *,
    people: Path | None = None,
    records: Path | None = None,
    columns: Mapping[str, str] | None = None,
    strict: bool = False,
    keep: bool = True,
) -> Loaded:
    """Loads a file of people, a file of records (the map's first table of them), or both.

    `columns` says which column of a file is which of the map. What cannot be read goes to a
    file beside the store; with `strict` the load is refused instead. Rows of erased people,
    and of restricted ones, are withheld and counted. The same file again changes nothing.
    With `keep=False` nothing is kept, but counted all the same. Raises BadInput, Refused.
    """
    if people is None and records is None:
        raise BadInput("There is nothing to load: give a file of people, of events, or both.")
    with store.transaction(keep=keep) as cursor:
        first = cursor.map.records[0]
        intake_people.prepare(cursor)
        both: list[tuple[Staged, Counts]] = [
            _staged(cursor, name, path, table, columns or {})
            for name, path, table in (
                ("habeas_people_in", people, cursor.map.people),
                ("habeas_records_in", records, first),
            )
            if path is not None
        ]
        _check_columns([staged for staged, _ in both], columns or {})
        written = _rejected(cursor, store, [counts for _, counts in both], strict, keep)
        counted: dict[bool, Counts] = {}
        unknown = 0
        for staged, counts in both:
            if isinstance(staged.table, People):
                counts = replace(counts, repeated=_keep_last(cursor, staged))
                changed = intake_people.update(cursor, staged)
                added = intake_people.choose_new(cursor, staged)
                counts = replace(counts, added=added, changed=changed)
            else:
                counts = replace(
                    counts, repeated=intake_records.identify(cursor, staged, staged.table)
                )
                unknown = intake_people.choose_unknown(cursor, staged)
                counts = replace(counts, added=intake_records.add(cursor, staged, staged.table))
            counted[isinstance(staged.table, People)] = counts
        intake_people.add(cursor)
        loaded = Loaded(counted.get(True), counted.get(False), unknown, written)
        if any(each.added or each.changed for each in counted.values()):
            detail = {"people": loaded.people, "records": loaded.records}
            ledger.append(
                cursor,
                by,
                "import",
                detail={name: asdict(each) for name, each in detail.items() if each},
            )
        return loaded


def _staged(
    cursor: Cursor, name: str, path: Path, table: People | Records, columns: Mapping[str, str]
) -> tuple[Staged, Counts]:
    """The file's rows that may be loaded, and the count of those that may not."""
    staged = stage(cursor, name, open_source(cursor, path), table, columns)
    rejected = rejects.collect(cursor, staged)
    readable = cursor.run(f"DELETE FROM {name} WHERE habeas_reason IS NOT NULL")
    kept = cursor.value(f"SELECT count(*) FROM {name}")
    counts = Counts(read=kept + rejected, rejected=rejected)
    assert rejected >= readable  # noqa: S101
    return staged, replace(counts, **_withhold(cursor, staged))


def _withhold(cursor: Cursor, staged: Staged) -> dict[str, int]:
    """Takes out the rows of erased and of restricted people; how many of each."""
    key = ident(staged.table.key)
    taken = {"erased": 0, "restricted": 0}
    taken["restricted"] = cursor.run(
        f"DELETE FROM {staged.name} WHERE {key} IN (SELECT user_id FROM habeas.restrictions)"
    )
    if cursor.value("SELECT count(*) FROM habeas.erased"):
        taken["erased"] = cursor.run(
            f"DELETE FROM {staged.name} WHERE {key} IN (SELECT id FROM "
            f"(SELECT DISTINCT {key} AS id FROM {staged.name}) "
            f"WHERE {pseudonym_sql('id')} IN (SELECT subject FROM habeas.erased))",
            key=cursor.key,
        )
    return taken


def _keep_last(cursor: Cursor, staged: Staged) -> int:
    """Of several rows on one person the last one counts; how many do not."""
    return cursor.run(
        f"DELETE FROM {staged.name} WHERE habeas_row NOT IN "
        f"(SELECT max(habeas_row) FROM {staged.name} GROUP BY {ident(staged.table.key)})"
    )


def _rejected(
    cursor: Cursor, store: Store, counts: list[Counts], strict: bool, keep: bool
) -> Path | None:
    """Writes the rejects; refuses the load where they must not be."""
    total = sum(each.rejected for each in counts)
    if not total or not (keep or strict):
        return None
    if not strict:
        written = rejects.write(cursor, store.path)
        cursor.if_rolled_back(lambda: written.unlink(missing_ok=True))
        return written
    shown = "; ".join(
        f"{each.file} line {each.line}: {each.reason}" for each in rejects.first(cursor)
    )
    raise Refused(
        f"{total} rows cannot be read ({shown}{'; …' if total > rejects.SHOWN else ''}).",
        unchanged="Nothing was loaded.",
        then="Mend the file, or load without --strict.",
    )


def _check_columns(staged: list[Staged], columns: Mapping[str, str]) -> None:
    for column, raw in columns.items():
        if not any(column in each.table.columns for each in staged):
            raise BadInput(f"{column} is no column of the data map.")
        if not any(raw in each.source.columns for each in staged):
            raise BadInput(f"No file has a column {raw}.")
