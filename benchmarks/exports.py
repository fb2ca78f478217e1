"""How fast the data of one person and of many is exported, beside bare DuckDB. See the README."""

from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from benchmarks import made_up
from benchmarks.apart import Measured, measured
from data import fulfilment
from data.answers.copying import FORMATS
from data.ledger import By
from data.rights.access import Access, Copy
from data.rights.plan import TOGETHER, Right
from data.rights.portability import Portability
from data.store import Store
from data.subject import number

COLUMNS = "event_id, user_id, event_name, event_time, properties"
RIGHTS: dict[str, type[Copy]] = {"access": Access, "portability": Portability}


def bare(store: Path, out: Path, ids: list[str], kinds: tuple[str, ...]) -> None:
    """The events of each person by COPY, in the forms of an answer."""
    out.mkdir()
    with _opened(store) as connection:
        for each in ids:
            for kind in kinds:
                connection.execute(
                    f"COPY (SELECT {COLUMNS} FROM store.main.events WHERE user_id = $id "
                    f"AND person_no = $number) TO $path ({FORMATS[kind]})",
                    {
                        "id": each,
                        "number": number(each),
                        "path": str(out / f"{number(each)}.{kind}"),
                    },
                )


def scan(store: Path, ids: list[str]) -> None:
    """The JSON of the events of all of these people in one scan, written nowhere."""
    with _opened(store) as connection:
        connection.execute("CREATE TEMP TABLE wanted AS SELECT unnest(?) AS user_id", [ids])
        connection.execute(
            "SELECT user_id, string_agg(CAST(to_json(e) AS VARCHAR), chr(10)) FROM "
            f"(SELECT {COLUMNS} FROM store.main.events SEMI JOIN wanted USING (user_id)) e "
            "GROUP BY user_id"
        ).fetchall()


def _opened(store: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"memory_limit": "2GB"})
    connection.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
    connection.execute(f"ATTACH '{store}' AS store (READ_ONLY)")
    return connection


def habeas(path: Path, out: Path, ids: list[str], right: str) -> None:
    """What the command does: an answer of each, so many in a transaction."""
    kind: Right = RIGHTS[right](str(out))
    ids = sorted(ids, key=number)
    with Store.open(path) as store:
        for start in range(0, len(ids), TOGETHER):
            fulfilment.exercise(store, dict.fromkeys(ids[start : start + TOGETHER], kind), By("x"))


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--events", type=int, default=20, help="of each of them")
    parser.add_argument("--of-one", type=int, default=1_000_000, help="events of the first")
    given = parser.parse_args()
    with TemporaryDirectory() as name:
        folder, path = Path(name), Path(name) / "made_up.duckdb"
        made_up.store(path, given.people, given.events, of_one=given.of_one)
        one, many = [made_up.user_id(1)], list(map(made_up.user_id, range(2, given.people + 1)))
        measured(bare, path, folder / "warm", many[:10], Access.kinds)
        print(f"one person of {given.of_one:,} events")
        for right, kind in RIGHTS.items():
            beside = measured(bare, path, folder / f"{right}-bare", one, kind.kinds)
            print(_line(f"COPY to {', '.join(kind.kinds)}", beside))
            print(_line(right, measured(habeas, path, folder / right, one, right), beside))
        count = len(many)
        print(f"\n{count:,} people of {given.events} events")
        print(_line("one scan to JSON", measured(scan, path, many), people=count))
        for right, kind in RIGHTS.items():
            beside = measured(bare, path, folder / f"{right}-many-bare", many, kind.kinds)
            print(_line(f"COPY to {', '.join(kind.kinds)}", beside, people=count))
            found = measured(habeas, path, folder / f"{right}-many", many, right)
            print(_line(right, found, beside, people=count))


def _line(name: str, found: Measured, beside: Measured | None = None, *, people: int = 0) -> str:
    line = f"{name:<30}{found.seconds:>8.2f} s{found.megabytes:>8.0f} MB"
    if people:
        line += f"{people / found.seconds:>8.0f} people/s"
    if beside:
        line += f"   {found.seconds / beside.seconds:.2f} of COPY"
    return line


if __name__ == "__main__":
    main()
