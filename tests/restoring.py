"""A store, a backup of it, and how the tests restore it."""

import shutil
from datetime import timedelta
from pathlib import Path

from data import ledger
from data.entry import Entry
from data.replay import Replayed, replay
from data.store import Store
from tests.layouts import BY, FixedClock, Snapshot, snapshot

ITS_OWN = {"habeas.ledger", "habeas.settings"}
"""Has one entry more after a replay."""

LOST = {"habeas.reasons", "habeas.corrections"}
"""No ledger may hold this: what was said in words, and values that were found wrong."""


def back_up(store: Store) -> Path:
    """A copy of the store's file, all of it in there."""
    with store.reading() as cursor:
        cursor.run("CHECKPOINT store")
    return Path(shutil.copy(store.path, store.path.with_suffix(".backup")))


def restore(store: Store, backup: Path) -> Store:
    """Puts the backup in place of the store, whose ledger stays, and opens it three days later."""
    store.close()
    assert isinstance(store.clock, FixedClock)
    store.clock.now += timedelta(days=3)
    shutil.copy(backup, store.path)
    return Store.open(store.path, store.map, clock=store.clock)


def replayed(store: Store) -> Replayed:
    return replay(store, BY)


def entries(store: Store) -> list[Entry]:
    with store.reading() as cursor:
        return ledger.entries(cursor)


def held(store: Store, *, without: str = "") -> Snapshot:
    """Every row of the store in an order of their own, without what a replay cannot bring back."""
    return {
        name: sorted(rows, key=repr)
        for name, rows in snapshot(store).items()
        if name not in ITS_OWN | LOST | {without}
    }
