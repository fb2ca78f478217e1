"""What belongs to a store and stands beside it: of shop.duckdb, the files shop.key, shop.ledger,
shop.map.toml and the folders shop.letters and, while a query spills, shop.tmp, and during a purge
shop.purge."""

from pathlib import Path

KEY = ".key"
LEDGER = ".ledger"
LETTERS = ".letters"
MAP = ".map.toml"
PURGE = ".purge"
SPILL = ".tmp"


def log(store: Path) -> Path:
    """What DuckDB has not written into the store itself yet; there only while there is such."""
    return store.with_name(f"{store.name}.wal")


def made_with(store: Path) -> tuple[Path, ...]:
    """The store and the files that are made with it, none of which is of use to another."""
    return (store, store.with_suffix(KEY), store.with_suffix(LEDGER))
