"""How fast files are loaded, beside bare DuckDB that inserts the same file in the same order. See
the README."""

from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import made_up
from benchmarks.apart import Measured, measured
from data import intake
from data.ledger import By
from data.store import Store
from data.subject import number_sql

READ = {
    ".csv": "read_csv($path)",
    ".ndjson": "read_json($path, format = 'newline_delimited')",
    ".parquet": "read_parquet($path)",
}
ORDER = {"profiles": "user_id", "events": "person_no, user_id, event_time, event_id"}


def bare(path: Path, file: Path, table: str) -> None:
    """One statement, into a store like the other."""
    with Store.create(path) as store, store.transaction() as cursor:
        cursor.run(
            f"INSERT INTO main.{table} BY NAME SELECT {number_sql('user_id')} AS person_no, * "
            f"FROM {READ[file.suffix]} ORDER BY {ORDER[table]}",
            path=str(file),
        )


def habeas(path: Path, file: Path, table: str) -> None:
    with Store.create(path) as store:
        _load(store, file, table)


def habeas_again(path: Path, file: Path, table: str) -> None:
    with Store.open(path) as store:
        _load(store, file, table)


def _load(store: Store, file: Path, table: str) -> None:
    people, records = (file, None) if table == "profiles" else (None, file)
    intake.load(store, By("bench"), people=people, records=records)


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--events", type=int, default=10, help="of each of them")
    given = parser.parse_args()
    rows = {
        "profiles": made_up.people(given.people),
        "events": made_up.events(given.people, given.events),
    }
    print(f"{given.people:,} people of {given.events} events each")
    with TemporaryDirectory() as name:
        for table, select in rows.items():
            for suffix in READ:
                folder = Path(name) / f"{table}{suffix}"
                folder.mkdir()
                file = made_up.file(folder / f"rows{suffix}", select)
                beside = measured(bare, folder / "bare.duckdb", file, table)
                print(_line(f"{table}{suffix}, bare", beside))
                first = measured(habeas, folder / "shop.duckdb", file, table)
                print(_line(f"{table}{suffix}, first", first, beside))
                again = measured(habeas_again, folder / "shop.duckdb", file, table)
                print(_line(f"{table}{suffix}, again", again, beside))


def _line(name: str, found: Measured, beside: Measured | None = None) -> str:
    line = f"{name:<28}{found.seconds:>8.2f} s{found.megabytes:>8.0f} MB"
    return line + (f"   {beside.seconds / found.seconds:.2f} of its speed" if beside else "")


if __name__ == "__main__":
    main()
