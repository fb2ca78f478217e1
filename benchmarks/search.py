"""How long a search takes among made-up people, beside ILIKE. See the README."""

import argparse
import random
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.stores import make
from data import directory, finding
from data.cursor import Cursor
from data.sql import idents
from data.store import Store


def terms(store: Store, rounds: int) -> dict[str, list[str]]:
    """What is searched for, by kind: of people chosen by chance, always the same."""
    with store.reading() as cursor:
        sample = cursor.rows(
            "SELECT user_id, last_name, email, phone FROM profiles "
            "USING SAMPLE reservoir(200 ROWS) REPEATABLE (1)"
        )
    chance = random.Random(1)
    values = [chance.choice(chance.choice(sample)) for _ in range(rounds)]
    cuts = [chance.randint(1, max(1, len(each) - 6)) for each in values]
    letters = [chance.choice("abcdefghijklmnoprstuvwz0123456789") for _ in range(rounds)]
    return {
        "exact": values,
        "prefix": [each[: chance.randint(2, len(each))] for each in values],
        "substring": [
            each[cut : cut + chance.randint(3, 7)] for each, cut in zip(values, cuts, strict=True)
        ],
        "one letter": letters,
        "two words": [f"{each[1][:5]} {each[2][1:5]}" for each in chance.choices(sample, k=rounds)],
        "nobody": ["".join(chance.choices("qxzjv79", k=7)) for _ in range(rounds)],
    }


def _ilike(cursor: Cursor, text: str) -> None:
    """What one would write without the directory."""
    layout = cursor.map.people
    columns = directory.searched(layout)
    conditions = " AND ".join(
        "(" + " OR ".join(f"{name} ILIKE $w{n}" for name in columns) + ")"
        for n in range(len(text.split()))
    )
    values = {f"w{n}": f"%{word}%" for n, word in enumerate(text.split())}
    cursor.rows(
        f"SELECT {idents(columns)} FROM profiles WHERE {conditions} ORDER BY user_id LIMIT 50",
        **values,
    )


def _timed(store: Store, ask: Callable[[Cursor, str], object], asked: list[str]) -> Iterator[float]:
    """Milliseconds for each text, with a cursor of its own as the application has."""
    for each in asked:
        began = time.perf_counter()
        with store.reading() as cursor:
            ask(cursor, each)
        yield (time.perf_counter() - began) * 1000


def _best(cursor: Cursor, text: str) -> None:
    finding.best(cursor, text, finding.BEST)


def measure(path: Path, rounds: int) -> None:
    """Prints for each kind of text the first answer after opening, and the others."""
    print(
        f"{'ms':<12}{'cold':>8}{'p50':>8}{'p95':>8}{'ILIKE':>9}{'ILIKE/p50':>11}{'ILIKE/p95':>11}"
    )
    with Store.open(path, read_only=True) as store:
        asked = terms(store, rounds)
    for kind, texts in asked.items():
        with Store.open(path, read_only=True) as store:
            first, *warm = _timed(store, _best, texts)
            beside = statistics.median(_timed(store, _ilike, texts[:3]))
        median = statistics.median(warm)
        last = statistics.quantiles(warm, n=20)[-1]
        print(
            f"{kind:<12}{first:8.1f}{median:8.1f}{last:8.1f}{beside:9.0f}"
            f"{beside / median:11.1f}{beside / last:11.1f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--folder", type=Path, required=True, help="kept for the next time")
    given = parser.parse_args()
    path = given.folder / f"people-{given.people}.duckdb"
    if not path.exists():
        make(path, given.people, 0)
    print(f"{path.stat().st_size / 1e6:,.0f} MB")
    measure(path, given.rounds)


if __name__ == "__main__":
    main()
