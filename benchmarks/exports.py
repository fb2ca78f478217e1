"""How fast the data of one person and of many is exported, beside bare DuckDB. See the README."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from benchmarks import made_up
from benchmarks.apart import Measured, measured
from data import fulfilment
from data.answers.copying import FORMATS
from data.ledger import By
from data.rights.access import Access, Copy
from data.rights.plan import TOGETHER
from data.rights.portability import Portability
from data.rights.right import Right
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


ONE, MANY = 1_000_000, 20
"""Events of the first person, and of each other."""


def made(folder: Path, people: int) -> Path:
    """The store of so many people, unless it is there."""
    path = folder / f"exports_{people}.duckdb"
    if not path.exists():
        made_up.store(path, people, MANY, of_one=ONE)
    return path


def each(folder: Path, store: Path, people: int) -> Iterator[tuple[str, Measured]]:
    """What each takes to export the events of the first person, or all there is on them, and the
    same of all others."""
    first, *others = map(made_up.user_id, range(1, people + 1))
    with TemporaryDirectory(dir=folder) as name:
        out = Path(name)
        measured(bare, store, out / "warm", others[:10], Access.kinds)
        for what, ids in ((EVENTS, [first]), (PEOPLE, others)):
            if ids is others:
                yield f"duckdb, one scan: {what}", measured(scan, store, ids)
            for right, kind in RIGHTS.items():
                to = out / f"{right}-{len(ids)}"
                copied = measured(bare, store, to.with_suffix(".bare"), ids, kind.kinds)
                yield f"duckdb: {right} of {what}", copied
                yield f"habeas: {right} of {what}", measured(habeas, store, to, ids, right)


EVENTS, PEOPLE = "a million events", "many people"


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    given = parser.parse_args()
    print(f"one person of {ONE:,} events, {given.people - 1:,} of {MANY}")
    with TemporaryDirectory() as name:
        folder = Path(name)
        beside: Measured | None = None
        for what, taken in each(folder, made(folder, given.people), given.people):
            count = given.people - 1 if what.endswith(PEOPLE) else 0
            print(_line(what, taken, beside if what.startswith("habeas") else None, people=count))
            beside = taken


def _line(name: str, found: Measured, beside: Measured | None = None, *, people: int = 0) -> str:
    line = f"{name:<40}{found.seconds:>8.2f} s{found.megabytes:>8.0f} MB"
    if people:
        line += f"{people / found.seconds:>8.0f} people/s"
    if beside:
        line += f"   {found.seconds / beside.seconds:.2f} of COPY"
    return line


if __name__ == "__main__":
    main()
