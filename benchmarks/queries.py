"""Single questions to an open store, asked of many people."""

import random
import time
from collections.abc import Callable
from pathlib import Path
from statistics import quantiles

from benchmarks.stores import subject_id
from data import events, people
from data.cursor import Cursor
from data.people import Person
from data.store import Store
from data.subject import number

ASKED = 200
"""People asked about."""

BY_NUMBER = (
    "SELECT event_id, event_time, event_name, properties FROM events WHERE person_no = $number "
    "ORDER BY event_time DESC LIMIT 50"
)


def newest(path: Path, count: int) -> dict[str, float]:
    """Milliseconds, the 95th of a hundred, for a person's newest 50 events: as Habeas has them,
    and the plain query on integer keys."""
    chosen = random.Random(1)
    with Store.open(path, read_only=True) as store, store.reading() as cursor:
        some = [people.read(cursor, subject_id(chosen.randint(1, count))) for _ in range(ASKED)]
        return {
            "newest 50, p95": _slow(some, lambda each: events.timeline(cursor, each)),
            "newest 50 by integer, p95": _slow(some, lambda each: _by_number(cursor, each)),
        }


def _by_number(cursor: Cursor, person: Person) -> object:
    return cursor.rows(BY_NUMBER, number=number(person.id))


def _slow(some: list[Person], ask: Callable[[Person], object]) -> float:
    times = []
    for each in some:
        began = time.perf_counter()
        ask(each)
        times.append((time.perf_counter() - began) * 1000)
    return quantiles(times, n=20)[-1]
