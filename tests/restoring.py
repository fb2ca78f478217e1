"""A store, a backup of it, and how the tests restore it."""

import shutil
from pathlib import Path

from data import ledger
from data.entry import Entry
from data.replay import Replayed, replay
from data.store import Store
from tests.layouts import BY, Snapshot, snapshot

ITS_OWN = {"habeas.ledger", "habeas.settings"}
"""Has one entry more after a replay."""

LOST = {"habeas.reasons", "habeas.corrections"}
"""No ledger may hold this: what was said in words, and values that were found wrong."""


def back_up(store: Store) -> Path:
    """A copy of the store's file, as it would be made at night while nobody is in it."""
    path = reopened_path(store)
    return Path(shutil.copy(path, path.with_suffix(".backup")))


def reopened_path(store: Store) -> Path:
    """Where the store is, all of it in its file."""
    with store.reading() as cursor:
        cursor.run("CHECKPOINT store")
    return store.path


def restore(store: Store, backup: Path) -> Store:
    """Puts the backup in place of the store, whose ledger stays, and opens it."""
    store.close()
    shutil.copy(backup, store.path)
    return Store.open(store.path, store.map, clock=store.clock)


def replayed(store: Store) -> Replayed:
    return replay(store, BY)


def entries(store: Store) -> list[Entry]:
    with store.reading() as cursor:
        return ledger.entries(cursor)


def held(store: Store, *, without: set[str] = frozenset()) -> Snapshot:  # type: ignore[assignment]
    """Every row of the store in an order of their own, without what a replay cannot bring back."""
    left_out = ITS_OWN | LOST | without
    return {
        name: sorted(rows, key=repr)
        for name, rows in snapshot(store).items()
        if name not in left_out
    }
