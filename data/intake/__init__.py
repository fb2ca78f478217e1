"""Reads files of people and of their records into the store, all or nothing."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import IntEnum
from pathlib import Path

from data import ledger
from data.cursor import Cursor
from data.datamap import People, Records
from data.errors import BadInput, Refused
from data.grounds import DESPITE_RESTRICTION, article_of
from data.intake import people as intake_people
from data.intake import records as intake_records
from data.intake import rejects
from data.intake.sources import open_source
from data.intake.staging import Staged, stage, take_out_repeated
from data.ledger import By
from data.register import requests
from data.sql import ident
from data.store import Store
from data.subject import pseudonym_sql
from data.work import reached


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
    """What a load did. `by_records_alone` people were added with nothing but their id; `unread`
    says where the first rows are that could not be read, and why."""

    people: Counts | None
    records: Counts | None
    by_records_alone: int
    rejects: Path | None
    unread: str = ""


def load(
    store: Store,
    by: By,
    *,
    people: Path | None = None,
    records: Path | None = None,
    columns: Mapping[str, str] | None = None,
    despite: str = "",
    strict: bool = False,
    keep: bool = True,
) -> Loaded:
    """Loads a file of people, a file of records (the map's first table of them), or both.

    `columns` says which column of a file is which of the map. What cannot be read goes to a
    file beside the store; with `strict` the load is refused instead. Rows of erased people,
    and of restricted ones but for a reason of 18(2), `despite`, are withheld and counted. The
    same file again changes nothing.
    With `keep=False` nothing is kept, but counted all the same. Raises BadInput, Refused, and
    NotFound for a request that is none.
    """
    if people is None and records is None:
        raise BadInput("There is nothing to load: give a file of people, of events, or both.")
    if despite:
        article_of(DESPITE_RESTRICTION, despite)
    with store.writing() as cursor:
        cursor.follow()
        if by.request:
            requests.get(cursor, by.request)
        people_in, records_in = _read_both(cursor, people, records, columns or {}, despite)
        staged = [each.staged if each else None for each in (people_in, records_in)]
        _reached(_Step.SORT_PEOPLE)
        new, by_records = intake_people.choose_new(cursor, *staged)
        with store.transaction(keep=keep, on=cursor):
            files = [each for each in (people_in, records_in) if each]
            total = sum(each.counts.rejected for each in files)
            unread = rejects.first(cursor, total) if total else ""
            if unread and strict:
                raise Refused(
                    f"{total} rows cannot be read ({unread}).",
                    unchanged="Nothing was loaded.",
                    then="Mend the file, or load without --strict.",
                )
            written = rejects.write(cursor, store.path) if unread and keep else None
            people_counts = records_counts = None
            if people_in:
                changed = intake_people.update(cursor, people_in.staged)
                people_counts = replace(people_in.counts, added=new, changed=changed)
            if records_in:
                _reached(_Step.ADD_RECORDS)
                added = intake_records.add(cursor, records_in.staged, cursor.map.records[0])
                records_counts = replace(records_in.counts, added=added)
            _reached(_Step.ADD_PEOPLE)
            intake_people.add(cursor)
            loaded = Loaded(people_counts, records_counts, by_records, written, unread)
            _record(cursor, by, loaded, despite)
            return loaded


class _Step(IntEnum):
    """What of a load takes long: how much of it is done before, in per cent, as measured with a
    million people and ten million events."""

    READ_PEOPLE = 0
    READ_RECORDS = 5
    SORT_PEOPLE = 35
    ADD_RECORDS = 40
    ADD_PEOPLE = 90


def _reached(step: _Step) -> None:
    after = min([each for each in _Step if each > step], default=100)
    reached(step, 100, after - step)


@dataclass(frozen=True)
class _File:
    """A file's rows that may be loaded, and the counts of those that may not."""

    staged: Staged
    counts: Counts


def _read_both(
    cursor: Cursor,
    people: Path | None,
    records: Path | None,
    columns: Mapping[str, str],
    despite: str,
) -> tuple[_File | None, _File | None]:
    """What may be loaded of either file: each person once, each record with an id and once."""
    people_in = records_in = None
    if people:
        _reached(_Step.READ_PEOPLE)
        table = cursor.map.people
        people_in = _read(cursor, "habeas_people_in", people, table, columns, despite)
        # Of several rows on one person the last one counts.
        repeated = take_out_repeated(cursor, people_in.staged, [table.key], keep="max")
        people_in = replace(people_in, counts=replace(people_in.counts, repeated=repeated))
    if records:
        _reached(_Step.READ_RECORDS)
        first = cursor.map.records[0]
        records_in = _read(cursor, "habeas_records_in", records, first, columns, despite)
        repeated = intake_records.identify(cursor, records_in.staged, first)
        records_in = replace(records_in, counts=replace(records_in.counts, repeated=repeated))
    _check_columns([each.staged for each in (people_in, records_in) if each], columns)
    return people_in, records_in


def _read(
    cursor: Cursor,
    name: str,
    path: Path,
    table: People | Records,
    columns: Mapping[str, str],
    despite: str,
) -> _File:
    staged = stage(cursor, name, open_source(cursor, path), table, columns)
    rows = cursor.value(f"SELECT count(*) FROM {name}")
    # Before the rejects, so that nothing of an erased person is written to their file.
    withheld = _withhold(cursor, staged, despite)
    rejected = rejects.collect(cursor, staged)
    unreadable = cursor.run(f"DELETE FROM {name} WHERE habeas_reason IS NOT NULL")
    return _File(staged, Counts(read=rows + rejected - unreadable, rejected=rejected, **withheld))


def _record(cursor: Cursor, by: By, loaded: Loaded, despite: str) -> None:
    """The ledger entry of a load that changed something."""
    counts = {
        name: asdict(each)
        for name, each in (("people", loaded.people), ("records", loaded.records))
        if each
    }
    if any(each["added"] or each["changed"] for each in counts.values()):
        used = {"despite": despite} if despite else {}
        ledger.append(cursor, by, "import", detail={**counts, **used})


def _withhold(cursor: Cursor, staged: Staged, despite: str) -> dict[str, int]:
    """Takes out the rows of erased and of restricted people; how many of each."""
    key = ident(staged.table.key)
    taken = {"erased": 0, "restricted": 0}
    if not despite:
        taken["restricted"] = cursor.run(
            f"DELETE FROM {staged.name} WHERE {key} IN (SELECT user_id FROM habeas.restrictions)"
        )
    if cursor.value("SELECT count(*) FROM habeas.erased"):
        taken["erased"] = cursor.run(
            f"DELETE FROM {staged.name} WHERE {key} IN (SELECT id FROM "
            f"(SELECT DISTINCT {key} AS id FROM {staged.name}) "
            f"WHERE {pseudonym_sql('id')} IN (SELECT subject FROM habeas.erased))",
            keyed=cursor.keyed,
        )
    return taken


def _check_columns(staged: list[Staged], columns: Mapping[str, str]) -> None:
    for column, raw in columns.items():
        if not any(column in each.table.columns for each in staged):
            raise BadInput(f"{column} is no column of the data map.")
        if not any(raw in each.source.columns for each in staged):
            raise BadInput(f"No file has a column {raw}.")
