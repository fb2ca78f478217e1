"""Habeas on a large store, beside its peers. See the README."""

import csv
import json
import os
import platform
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from benchmarks import commands, exports, goals, loads, programs, queries, stores
from benchmarks.programs import Program

TABLE_ROWS = 10_000
FEW, THOUSAND = 100_000, 1_000
VISIDATA_ROWS = 1_000_000
EXPORTED = 10_001
BLOCK = 1 << 24  # bytes

TENTH = "habeas on a tenth"

Named = Iterable[tuple[str, float]]


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", type=Path, default=Path(".venv-bench/bin"))
    parser.add_argument("--folder", type=Path, help="where the stores are kept for another run")
    parser.add_argument("--json", type=Path, help="the file for all that was measured")
    parser.add_argument("--report", type=Path, help="the file for the tables")
    given = parser.parse_args()
    with TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        bench = Bench(given, folder)
        bench.prepare()
        rounds = [dict(_told(bench.round(place))) for place in range(given.rounds + 1)][1:]
    text = "\n".join(_report(given, rounds))
    print(text)
    if given.report:
        given.report.write_text(f"{text}\n", "utf-8")
    if given.json:
        given.json.write_text(json.dumps(rounds, indent=1), "utf-8")


class Bench:
    """The stores, and one round of all measurements on them."""

    def __init__(self, given: Namespace, folder: Path):
        self.people, self.events, self.peers = given.people, given.events, given.peers.absolute()
        self.folder = folder.absolute()
        self.erased = 0
        """People erased in the stores by the runs before."""
        tenth = (self.people // 10, self.events // 10)
        self.sizes = {
            "habeas": (self.people, self.events),
            TENTH: tenth,
            "habeas on few": (min(FEW, tenth[0]), min(10 * FEW, tenth[1])),
            "habeas on a thousand": (THOUSAND, 10 * THOUSAND),
        }

    def prepare(self) -> None:
        """Makes the stores and files that are not there yet, and purges those that are."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for people, events in set(self.sizes.values()):
            path = self._store(people)
            if not path.exists():
                stores.make(path, people, events)
            stores.purge_what_waits(path)
        select = f"SELECT {', '.join(commands.SEARCHED)} FROM profiles LIMIT {VISIDATA_ROWS}"
        with duckdb.connect(str(self._store(self.people)), read_only=True) as connection:
            erased = connection.execute("SELECT count(*) FROM habeas.erased")
            [(self.erased,)] = erased.fetchall()
            rows = [] if self._csv.exists() else connection.execute(select).fetchall()
        if rows:
            with self._csv.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([commands.SEARCHED, *rows])
        self._files()
        self._exported()

    def round(self, place: int) -> Iterator[tuple[str, float]]:
        """Everything once, one after another; the first round compiles and reads the disk."""
        # What the round before has written is not to be written during this one, and what it drove
        # out of the memory of the system is in it again.
        os.sync()
        for people, _ in self.sizes.values():
            with self._store(people).open("rb") as file:
                while file.read(BLOCK):
                    pass
        for name, program in self._programs().items():
            yield from _named(name, program.measured(self.folder).items())
        with TemporaryDirectory(dir=self.folder) as out:
            for name, asked in self._commands(self.erased + place, Path(out)).items():
                yield from _named(name, commands.measured(asked))
        for name in ("habeas", TENTH):
            people = self.sizes[name][0]
            yield from _named(name, queries.newest(self._store(people), people).items())
        for table, path in self._files().items():
            for name, taken in loads.each(self.folder, table, self.sizes[TENTH][0], path):
                yield f"{name}: load of {table}", 1000 * taken.seconds
        for name, taken in exports.each(self.folder, self._exported(), EXPORTED):
            yield name, 1000 * taken.seconds
            if name.startswith("habeas"):
                yield f"{name}, resident", taken.megabytes

    def _files(self) -> dict[str, Path]:
        """The files that are loaded: as many people and events as are in the smaller store."""
        people, events = self.sizes[TENTH]
        return {
            table: loads.file(self.folder, table, ".parquet", people, events // people)
            for table in loads.TABLES
        }

    def _exported(self) -> Path:
        return exports.made(self.folder, EXPORTED)

    def _programs(self) -> dict[str, Program]:
        large = self._store(self.people)
        return {
            "empty": programs.empty(),
            **{
                name: programs.habeas(self._store(people), people)
                for name, (people, _) in self.sizes.items()
            },
            "datatable": programs.datatable(TABLE_ROWS),
            "harlequin": programs.harlequin(self.peers / "harlequin", large),
            "visidata": programs.visidata(self.peers / "vd", self._csv),
        }

    def _commands(self, place: int, out: Path) -> dict[str, dict[str, list[str]]]:
        large, tenth = self.people, self.people // 10
        return {
            "script": commands.script(self._store(large), large, place, out),
            "habeas": commands.habeas(self._store(large), large, place, out),
            "hsql": commands.hsql(self.peers / "hsql", self._store(large), large, place, out),
            TENTH: commands.habeas(self._store(tenth), tenth, place, out),
        }

    @property
    def _csv(self) -> Path:
        return self.folder / "people.csv"

    def _store(self, people: int) -> Path:
        return self.folder / f"people_{people}.duckdb"


def _told(measured: Named) -> Named:
    """The same, each said as it comes: a long run is not silent."""
    for name, value in measured:
        print(f"{name}: {value:.1f}", file=sys.stderr, flush=True)
        yield name, value


def _named(who: str, measured: Named) -> Named:
    return ((f"{who}: {what}", value) for what, value in measured)


def _report(given: Namespace, rounds: Sequence[goals.Round]) -> Iterator[str]:
    yield "# How fast it is"
    yield ""
    yield (
        f"{given.people:,} people with {given.events:,} events, and a tenth of each; rounds: "
        f"{given.rounds}. A ratio is of two figures of the same round; the median of the rounds "
        "counts."
    )
    yield ""
    yield f"{date.today()}, {_machine()}."
    yield ""
    yield from goals.table(rounds)
    yield ""
    yield from goals.figures(rounds)
    for name, command in (("`habeas find`", ["find", "--help"]), ("the application", [])):
        heaviest = commands.imports(command)[:12]
        yield ""
        yield f"What is imported longest by {name}, milliseconds with what each imports:"
        yield ", ".join(f"{module} {milliseconds:.0f}" for milliseconds, module in heaviest)


def _machine() -> str:
    load = os.getloadavg()[2]
    return (
        f"{os.cpu_count()} cores, load {load:.1f}, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, DuckDB {duckdb.__version__}"
    )


if __name__ == "__main__":
    main()
