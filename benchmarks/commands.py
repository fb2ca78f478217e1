"""Commands as whole processes, from their start to their end, beside others that do the same."""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.stores import subject_id

SEARCHED = ("user_id", "first_name", "last_name", "email", "phone")
RUNS = 3
"""Times a command is run in a round, each time for another person."""


def habeas(store: Path, people: int, place: int, out: Path) -> dict[str, list[str]]:
    """Habeas, asked of one person."""
    command, person = str(Path(sys.executable).with_name("habeas")), _person(people, place)
    there = ["--store", str(store), "--actor", "bench"]
    ground = ["--ground", "consent-withdrawn", "--confirm", person]
    return {
        "find": [command, "find", person, *there],
        "show": [command, "show", person, *there],
        "export": [command, "export", person, "--out", str(out), *there],
        "erase": [command, "erase", person, *ground, *there],
    }


def hsql(command: Path, store: Path, people: int, place: int, out: Path) -> dict[str, list[str]]:
    """Harlequin's command line, asked for the same rows."""
    person = _person(people, place)
    asked = [str(command), "--adapter", "duckdb", "--read-only", "--json", str(store)]
    written = [part for each in _export(person) for part in ("-c", each)]
    return {
        "find": [*asked, "-c", _find(person)],
        "export": [*asked, *written, "--output", str(out)],
    }


def script(store: Path, people: int, place: int, out: Path) -> dict[str, list[str]]:
    """A line of Python that asks DuckDB for the same rows."""
    person = _person(people, place)
    opened = f"import duckdb; c = duckdb.connect({str(store)!r}, read_only=True); "
    copies = [
        f"COPY ({each}) TO '{out}/{place}-{n}.json' (FORMAT JSON)"
        for n, each in enumerate(_export(person))
    ]
    written = "; ".join(f"c.execute({each!r})" for each in copies)
    return {
        "import duckdb": [sys.executable, "-c", "import duckdb"],
        "find": [sys.executable, "-c", f"{opened}print(c.execute({_find(person)!r}).fetchall())"],
        "export": [sys.executable, "-c", opened + written],
    }


def measured(commands: dict[str, list[str]]) -> Iterator[tuple[str, float]]:
    """The milliseconds of each. Raises CalledProcessError where one fails."""
    for name, command in commands.items():
        yield name, _run(command)


def imports(command: Sequence[str]) -> list[tuple[float, str]]:
    """The modules whose import takes longest in a command of Habeas, or in the application where
    there is none: milliseconds, with what each imports, and the name."""
    code = f"from tui.cli import main; main({list(command)!r})" if command else "import tui.app"
    ran = subprocess.run([sys.executable, "-X", "importtime", "-c", code], capture_output=True)
    found = []
    for line in ran.stderr.decode().splitlines():
        parts = line.removeprefix("import time:").split("|")
        if len(parts) == 3 and parts[1].strip().isdigit():
            found.append((int(parts[1]) / 1000, parts[2].strip()))
    return sorted(found, reverse=True)


def _person(people: int, place: int) -> str:
    """Somebody else for each place, all over the table; not the first or the last, who are
    looked for on the screen after others were erased."""
    return subject_id(2 + place * 7_919 * 131 % (people - 2))


def _find(person: str) -> str:
    fits = " or ".join(f"{name} ilike '%{person}%'" for name in SEARCHED)
    return f"select {', '.join(SEARCHED)} from profiles where {fits} order by user_id limit 50"


def _export(person: str) -> tuple[str, str]:
    return (
        f"select * from profiles where user_id = '{person}'",
        f"select * from events where user_id = '{person}'",
    )


def _run(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    for milliseconds, module in imports(sys.argv[1:])[:40]:
        print(f"{milliseconds:8.1f} ms  {module}")
