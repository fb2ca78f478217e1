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


def made(path: Path, table: str, people: int) -> Path:
    """A store without a row in that table; of events, the people are there."""
    if table == "events":
        made_up.store(path, people, 0)
    else:
        Store.create(path).close()
    return path


def bare(path: Path, file: Path, table: str) -> None:
    """One statement, into a store like the other."""
    with Store.open(path) as store, store.transaction() as cursor:
        cursor.run(
            f"INSERT INTO main.{table} BY NAME SELECT {number_sql('user_id')} AS person_no, * "
            f"FROM {READ[file.suffix]} ORDER BY {ORDER[table]}",
            path=str(file),
        )


def habeas(path: Path, file: Path, table: str) -> None:
    with Store.open(path) as store:
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
                stores = (made(folder / f"{n}.duckdb", table, given.people) for n in range(2))
                beside = measured(bare, next(stores), file, table)
                print(_line(f"{table}{suffix}, bare", beside))
                path = next(stores)
                for time in ("first", "again"):
                    found = measured(habeas, path, file, table)
                    print(_line(f"{table}{suffix}, {time}", found, beside))


def _line(name: str, found: Measured, beside: Measured | None = None) -> str:
    line = f"{name:<28}{found.seconds:>8.2f} s{found.megabytes:>8.0f} MB"
    return line + (f"   {beside.seconds / found.seconds:.2f} of its speed" if beside else "")


if __name__ == "__main__":
    main()
