"""The secret of a store: a private file beside it, so that whoever gets hold of the store alone
cannot tell whom a keyed hash stands for by trying ids.

Without it nobody could be told from anybody in the ledger or on the list of those erased, so it
is worth a safe copy, away from those of the store.
"""

import os
import secrets
from pathlib import Path

from data import beside
from data.errors import StoreUnavailable

SIZE = 32  # bytes


def read(store: Path) -> bytes:
    """The key of the store. Raises StoreUnavailable where its file is missing or is none."""
    path = store.with_suffix(beside.KEY)
    try:
        secret = bytes.fromhex(path.read_text("ascii"))
    except FileNotFoundError:
        raise StoreUnavailable(
            f"The key of the store is missing: there is no {path}.",
            then="Put it back from where you keep it.",
        ) from None
    except (OSError, ValueError):
        secret = b""
    if len(secret) != SIZE:
        raise StoreUnavailable(
            f"{path} cannot be read, or is no key.", then="Put it back from where you keep it."
        )
    return secret


def make(store: Path) -> bytes:
    """The key for a store that is about to be made: the one that is there, else a fresh one."""
    path = store.with_suffix(beside.KEY)
    if path.exists():
        return read(store)
    secret = secrets.token_bytes(SIZE)
    unfinished = path.with_name(f".{path.name}.new")
    try:
        unfinished.touch(0o600)
        with unfinished.open("w") as file:
            file.write(secret.hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
    except OSError as error:
        raise StoreUnavailable(f"No key can be made at {path}: {error.strerror}.") from None
    return secret
