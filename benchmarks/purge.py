"""What a purge takes beside DuckDB's own copy of the same file. See the README."""

import json
import os
import subprocess
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks import apart, stores
from data.ledger import By
from data.rights.erasure import Erasure
from data.rights.plan import apply, propose
from data.store import MEMORY_LIMIT, Store

EVENTS_A_PERSON = 50
BY = By("bench")
GOAL = 1.5
"""Times what DuckDB takes to copy."""

COPY = f"""
import duckdb, sys
connection = duckdb.connect(config={{"memory_limit": "{MEMORY_LIMIT}"}})
connection.execute(f"ATTACH '{{sys.argv[1]}}' AS old (READ_ONLY)")
connection.execute(f"ATTACH '{{sys.argv[2]}}' AS new (STORAGE_VERSION 'v1.5.0')")
connection.execute("SET enable_progress_bar = false")
connection.execute("COPY FROM DATABASE old TO new")
connection.execute("CHECKPOINT new")
"""
PURGE = """
import sys
from pathlib import Path
from data.ledger import By
from data.purge.purging import purge
purge(Path(sys.argv[1]), By("bench"))
"""


class Run:
    """A program in a process of its own: seconds, and bytes written and most memory of it and the
    processes it began; what this process is counts as theirs, so it does nothing large."""

    def __init__(self, program: str, *given: Path):
        began = time.perf_counter()
        process = subprocess.Popen([sys.executable, "-c", program, *map(str, given)])
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0
        self.seconds = time.perf_counter() - began
        self.memory = used.ru_maxrss * 1024
        self.written = used.ru_oublock * 512


def measured(path: Path, rounds: int) -> dict[str, float]:
    """Medians over rounds, in each of which one person is erased, and both are run in turn."""
    copies, purges = [], []
    for place in range(rounds):
        apart.measured(_erase, path, stores.subject_id(place + 1))
        copy = path.with_name("copy.duckdb")
        copies.append(Run(COPY, path, copy))
        copy.unlink()
        purges.append(Run(PURGE, path))
    return {
        "file_mb": path.stat().st_size / 1e6,
        "copy_s": median(each.seconds for each in copies),
        "purge_s": median(each.seconds for each in purges),
        "ratio": median(p.seconds / c.seconds for p, c in zip(purges, copies, strict=True)),
        "purge_written_mb": median(each.written for each in purges) / 1e6,
        "purge_memory_mb": max(each.memory for each in purges) / 1e6,
        "copy_memory_mb": max(each.memory for each in copies) / 1e6,
    }


def _erase(path: Path, subject_id: str) -> None:
    with Store.open(path) as store:
        apply(store, propose(store, Erasure("child"), subject_id), BY)


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument(
        "--events", type=int, nargs="+", default=[1_000_000, 10_000_000, 50_000_000]
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, help="where to write the figures too")
    given = parser.parse_args()
    found = {}
    print(f"{'events':>12}{'file':>10}{'copy':>9}{'purge':>9}{'ratio':>8}{'written':>11}"
          f"{'memory':>10}{'(copy)':>10}")  # fmt: skip
    for events in given.events:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "store.duckdb"
            apart.measured(stores.make, path, max(events // EVENTS_A_PERSON, 1), events)
            row = found[events] = measured(path, given.rounds)
        print(
            f"{events:>12,}{row['file_mb']:>7,.0f} MB{row['copy_s']:>7.1f} s"
            f"{row['purge_s']:>7.1f} s{row['ratio']:>8.2f}{row['purge_written_mb']:>8,.0f} MB"
            f"{row['purge_memory_mb']:>7,.0f} MB{row['copy_memory_mb']:>7,.0f} MB"
            f"{'' if row['ratio'] <= GOAL else f'   above {GOAL}'}"
        )
    if given.json:
        given.json.write_text(json.dumps(found, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
