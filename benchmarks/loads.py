"""How fast files are loaded, beside bare DuckDB that inserts the same file, as it comes and in the
order in which a store keeps it. See the README."""

from argparse import ArgumentParser
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory

from benchmarks import made_up
from benchmarks.apart import Measured, measured
from data import beside, intake
from data.ledger import By
from data.schema import order, qualified
from data.sql import idents
from data.store import Store
from data.subject import number_sql

READ = {
    ".csv": "read_csv($path)",
    ".ndjson": "read_json($path, format = 'newline_delimited')",
    ".parquet": "read_parquet($path)",
}
TABLES = "profiles", "events"

BARE, IN_ORDER, FIRST, AGAIN = "duckdb", "duckdb in order", "habeas", "habeas once more"
"""Who loads a file."""


def file(folder: Path, table: str, suffix: str, people: int, events: int) -> Path:
    """The file of so many people, or of so many events of each, unless it is there."""
    path = folder / f"{table}_{people}{suffix}"
    if not path.exists():
        select = made_up.people(people) if table == "profiles" else made_up.events(people, events)
        made_up.file(path, select)
    return path


def each(folder: Path, table: str, people: int, file: Path) -> Iterator[tuple[str, Measured]]:
    """What each takes to load the file, into a store without a row in that table; of events, the
    people are there."""
    with TemporaryDirectory(dir=folder) as name:
        empty = Path(name) / "empty.duckdb"
        made_up.store(empty, people if table == "events" else 0, 0)
        stores = {who: Path(name) / f"{n}.duckdb" for n, who in enumerate((BARE, IN_ORDER, FIRST))}
        for path in stores.values():
            for made in filter(Path.exists, beside.made_with(empty)):
                copy(made, path.with_suffix(made.suffix))
        yield BARE, measured(_bare, stores[BARE], file, table)
        yield IN_ORDER, measured(partial(_bare, in_order=True), stores[IN_ORDER], file, table)
        for who in (FIRST, AGAIN):
            yield who, measured(_habeas, stores[FIRST], file, table)


def _bare(path: Path, file: Path, table: str, *, in_order: bool = False) -> None:
    """One statement, into a store like the other."""
    with Store.open(path) as store, store.transaction() as cursor:
        into = cursor.map.people if table == "profiles" else cursor.map.records[0]
        sorting = f"ORDER BY {idents(order(into))}" if in_order else ""
        cursor.run(
            f"INSERT INTO {qualified(into)} BY NAME SELECT {number_sql('user_id')} AS person_no, * "
            f"FROM {READ[file.suffix]} {sorting}",
            path=str(file),
        )


def _habeas(path: Path, file: Path, table: str) -> None:
    with Store.open(path) as store:
        people, records = (file, None) if table == "profiles" else (None, file)
        intake.load(store, By("bench"), people=people, records=records)


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--events", type=int, default=10, help="of each of them")
    given = parser.parse_args()
    print(f"{given.people:,} people of {given.events} events each")
    for table in TABLES:
        for suffix in READ:
            with TemporaryDirectory() as name:
                folder = Path(name)
                path = file(folder, table, suffix, given.people, given.events)
                found: dict[str, Measured] = {}
                for who, taken in each(folder, table, given.people, path):
                    found[who] = taken
                    print(_line(f"{table}{suffix}, {who}", taken, found), flush=True)


def _line(name: str, taken: Measured, found: dict[str, Measured]) -> str:
    line = f"{name:<36}{taken.seconds:>8.2f} s{taken.megabytes:>8.0f} MB"
    beside = [f"{found[who].seconds / taken.seconds:.2f}" for who in (BARE, IN_ORDER)[: len(found)]]
    return f"{line}   {' and '.join(beside)} of the speed of DuckDB"


if __name__ == "__main__":
    main()
