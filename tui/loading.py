"""Loading files of people and events, on the command line and in the application: the store that
is made for it, and what is said of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from data.clock import Clock, utc_now
from data.intake import Loaded
from data.store import Store

_COUNTED = {"erased": "withheld_erased", "restricted": "withheld_restricted"}


@contextmanager
def opened_or_made(path: Path, *, keep: bool, clock: Clock = utc_now) -> Iterator[Store]:
    """The store; one made for this goes again where nothing was kept in it."""
    made = not path.exists()
    store = Store.create(path, clock=clock) if made else Store.open(path, clock=clock)
    kept = False
    try:
        yield store
        kept = keep
    finally:
        store.close()
        if made and not kept:
            Store.remove(path)


def counts(loaded: Loaded) -> dict[str, dict[str, int]]:
    """For each file that was loaded, people or events, what became of its rows."""
    return {
        file: {_COUNTED.get(name, name): count for name, count in asdict(each).items()}
        for file, each in (("people", loaded.people), ("events", loaded.records))
        if each
    }


def notes(loaded: Loaded) -> Iterator[str]:
    """What else there is to know; a path in it is not yet display-safe."""
    if alone := loaded.by_records_alone:
        who = "1 person is" if alone == 1 else f"{alone:,} people are"
        yield f"{who} known by events alone."
    if loaded.unread:
        yield f"Not read: {loaded.unread}"
    if loaded.rejects:
        yield f"What could not be read is in {loaded.rejects}: personal data, so delete it."
