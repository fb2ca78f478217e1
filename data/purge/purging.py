"""Writes the store anew without what was erased or corrected, of which a DuckDB file keeps the
bytes until then.

The rows that are left go, in a total order, to a process that has seen nothing else. Once all of
them came over, the new file takes the place of the old one, which is overwritten.
"""

import shutil
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from data import directory, ledger
from data.clock import Clock, utc_now
from data.datamap import DataMap
from data.entry import Entry
from data.errors import Refused
from data.ledger import Act, By
from data.purge import catalogue, replacing, waiting
from data.purge.carrying import Carried, carry
from data.purge.waiting import Waiting
from data.purge.writing import MEMORY, clean_process
from data.register import requests
from data.store import Store
from data.wiping import wipe_folder

SPARE = 1.1
"""Of the size of the store, what must be free on the disk for the new file."""


@dataclass(frozen=True)
class Needs:
    """What a purge needs: bytes of free disk beside the store, of which there are `free`, for a
    store of `size` bytes. What is `waiting` for it, and how many open notices keep what their
    recipients know erased people by, also after it."""

    needed: int
    free: int
    size: int
    waiting: Waiting
    notices: int


@dataclass(frozen=True)
class Certificate:
    """What was done: the ledger's entry on it, bytes before and after, and whether the old file
    was overwritten; it was not where it has a second name."""

    entry: Entry
    before: int
    after: int
    overwritten: bool


def needs(store: Store) -> Needs:
    """What a purge of this store would need, and what waits for it."""
    size = store.path.stat().st_size
    with store.reading() as cursor:
        found = waiting.of(cursor)
        notices = cursor.value(
            "SELECT count(*) FROM habeas.notices WHERE status = 'open' "
            "AND subject IN (SELECT subject FROM habeas.erased)"
        )
    free = shutil.disk_usage(store.path.resolve().parent).free
    return Needs(int(size * SPARE), free, size, found, notices)


def check(needed: Needs) -> None:
    """Raises Refused where there is too little room."""
    if needed.free < needed.needed:
        raise Refused(
            f"A purge needs {needed.needed:,} bytes of free disk beside the store; "
            f"{needed.free:,} are free.",
            then="Make room, then purge again.",
        )


def purge(
    path: Path, by: By, datamap: DataMap | None = None, *, clock: Clock = utc_now
) -> Certificate:
    """Purges the store, which nobody may have open. It says how far it is as `data.work` has it.

    Raises StoreUnavailable where it is in use, Refused where something in it cannot be carried, it
    was restored from a backup, or there is no room, NotFound for a request that is none, and
    HabeasError; the store is then as it was.
    """
    with clean_process() as writing, Store.open(path, datamap, clock=clock) as store:
        store.check_current()
        needed = needs(store)
        check(needed)
        directory.take_apart(store)
        new = replacing.begin(path)
        try:
            with store.reading() as cursor:
                if by.request:
                    requests.get(cursor, by.request)
                # From here on nothing is written to it.
                cursor.run("CHECKPOINT")
                cursor.run(f"SET GLOBAL memory_limit = '{MEMORY}'")
                state = path.stat()
                writing.open(new, indexes=catalogue.has_indexes(cursor))
                carried = carry(cursor, writing, new.parent)
                act = _certificate(by, carried, needed.waiting)
                [entry] = ledger.following(cursor, [act])
                for sql, values in ledger.appending(cursor, [entry], [act]):
                    writing.order("run", sql=sql, values=values)
                writing.order("close")
                after = new.stat().st_size
        except BaseException:
            wipe_folder(new.parent)
            raise
    overwritten = replacing.replace(path, new, state)
    if not store.ledger_file.fault:
        store.ledger_file.add([entry])
    return Certificate(entry, state.st_size, after, overwritten)


def _certificate(by: By, carried: Carried, found: Waiting) -> Act:
    """What the ledger keeps: that all else is as it was, and whose data is gone."""
    return Act(
        by,
        waiting.PURGE,
        article="17(1)",
        detail={
            **asdict(carried),
            "erasures": found.erasures,
            "corrections": found.corrections,
            "engine": version("duckdb"),
        },
    )
