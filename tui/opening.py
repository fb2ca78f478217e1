"""Opens a store as the user has it set."""

from pathlib import Path

from data.clock import Clock, utc_now
from data.errors import StoreUnavailable
from data.store import Store
from tui import config


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
