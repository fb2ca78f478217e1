"""Puts the new file in the place of the store, and does away with the old one.

All of it happens in a private folder beside the store. Whenever it is cut short, the store is
the old one or the new one, whole, and `finish` does the rest.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data import beside
from data.errors import HabeasError, StoreUnavailable
from data.syncing import sync
from data.wiping import wipe, wipe_folder

OLD = "old.duckdb"


def folder(store: Path) -> Path:
    """Where a purge of this store has its files."""
    return store.resolve().with_suffix(beside.PURGE)


def begin(store: Path) -> Path:
    """Makes the folder; where the new file goes. Raises HabeasError where it cannot be made."""
    place = folder(store)
    try:
        place.mkdir(0o700)
    except OSError as error:
        raise HabeasError(
            f"{place} cannot be made: {error.strerror}.", unchanged="The store is as it was."
        ) from None
    # What wrote the one before may not yet know that it was killed.
    return place / f"new-{os.getpid()}.duckdb"


def finish(store: Path) -> None:
    """Does what a purge that was cut short left to do. Whoever calls it has the store alone."""
    place = folder(store)
    old = place / OLD
    if old.exists() and old.samefile(store):
        # It was cut short before the new file took its place.
        old.unlink()
    wipe_folder(place)


def replace(store: Path, new: Path, state: os.stat_result) -> bool:
    """The new file in the place of the old one, which was closed in this state; whether the old
    one was overwritten.

    Raises StoreUnavailable where another program has begun to use it since.
    """
    old, target = folder(store) / OLD, store.resolve()
    with _alone(target):
        if _version(target.stat()) != _version(state) or beside.log(target).exists():
            raise StoreUnavailable(
                f"The store {store} was changed by another program.", then="Purge again."
            )
        new.chmod(state.st_mode & 0o777)
        sync(new)
        old.hardlink_to(target)
        sync(old.parent)
        new.replace(target)
        sync(target.parent)
        overwritten = wipe(old)
    wipe_folder(old.parent)
    return overwritten


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """While no program can open the file as a database: DuckDB's own lock is of this kind.

    A process loses it as soon as it closes the file anywhere, so nothing else here may hold it.
    """
    handle = os.open(path, os.O_RDWR)
    try:
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise StoreUnavailable(
            f"The store {path} came into use by another program.", then="Purge again."
        ) from None
    finally:
        os.close(handle)


def _version(state: os.stat_result) -> tuple[int, int, int]:
    return state.st_ino, state.st_size, state.st_mtime_ns
