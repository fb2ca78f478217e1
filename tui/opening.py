"""Opens a store as the user has it set."""

from pathlib import Path
from typing import NamedTuple

from data.clock import Clock, utc_now
from data.errors import HabeasError, StoreUnavailable
from data.store import Store
from tui import config, listing
from tui.listing import First


class Opened(NamedTuple):
    """A store, and the first page of its people."""

    store: Store
    first: First


def with_first(path: Path, *, read_only: bool) -> Opened:
    """The store with what is shown of it first. Raises the same."""
    store = opened(path, read_only=read_only)
    masking = config.load().masking
    try:
        return Opened(store, listing.first(store, lambda _: masking))
    except HabeasError:
        store.close()
        raise


def opened(path: Path, *, read_only: bool, clock: Clock = utc_now) -> Store:
    """The store, for reading only where that is wanted, or others read it too.

    Raises StoreUnavailable, MapError, BadInput.
    """
    datamap = config.datamap(path)
    if read_only:
        return Store.open(path, datamap, read_only=True, clock=clock)
    try:
        return Store.open(path, datamap, clock=clock)
    except StoreUnavailable as refused:
        try:
            return Store.open(path, datamap, read_only=True, clock=clock)
        except StoreUnavailable:
            raise refused from None
