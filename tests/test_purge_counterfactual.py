"""A store that held people who were erased and purged is as one that never knew them.

Random people and random acts, in two stores: in one of them the people are there, are worked on
and are erased; in the other nothing ever comes of them. What is left is the same to the byte, in
the same order, and no byte of them is anywhere in the files.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import pytest

from data import beside, keyfile
from data.directory import EVERY_PART
from data.rights.automation import Automation
from data.rights.erasure import Erasure
from data.rights.objection import Objection
from data.rights.rectification import Rectification
from data.rights.restriction import Lifting, Restriction
from data.schema import PERSONAL
from data.sql import literal
from data.store import Store
from tests.acts import exercise
from tests.layouts import BUILT_IN, NOON
from tests.purged import Marked, compression, found, load, marked, opened, purged  # noqa: F401

pytestmark = pytest.mark.slow

RUNS = 5
"""For each way of packing: together a hundred people who are erased."""

ERASED, OTHERS, ACTS = 10, 6, 20
TABLES = [
    "profiles",
    "events",
    *(f"habeas.{name}" for name in PERSONAL),
    # Places are numbers that are never given twice: only which comes before which is the same.
    "(SELECT row_number() OVER (ORDER BY place) AS place, person_no, line FROM habeas.directory)",
    f"(SELECT part, dense_rank() OVER (ORDER BY place) AS place FROM ({EVERY_PART}) ORDER BY ALL)",
]

Act = tuple[str, Marked]


def acts(random: Random, gone: Sequence[Marked], others: Sequence[Marked]) -> list[Act]:
    """What is done to whom, in order: everybody comes, much happens, some are erased."""
    everybody = [*gone, *others]
    said: list[Act] = [("load", each) for each in random.sample(everybody, len(everybody))]
    for _ in range(ACTS):
        act = random.choice(["rectify", "restrict", "lift", "object", "stop", "load again",
                             "checkpoint", "purge"])  # fmt: skip
        said.insert(random.randrange(3, len(said) + 1), (act, random.choice(everybody)))
    for each in gone:
        at = max(place for place, act in enumerate(said) if act == ("load", each))
        said.insert(random.randrange(at + 1, len(said) + 1), ("erase", each))
    return said


def play(folder: Path, said: Sequence[Act], without: set[str], compression: str) -> Path:  # noqa: F811
    """A store in which all of it was done, but for what concerns these people; then purged."""
    path = folder / "store" / "shop.duckdb"
    path.parent.mkdir(parents=True)
    # What was wrong is kept as a keyed hash, so that both need the same key.
    path.with_suffix(beside.KEY).write_text("00" * keyfile.SIZE, "ascii")
    BUILT_IN.create(path.parent).close()
    store = opened(path, compression)
    for act, who in said:
        if act == "purge":
            store.close()
            purged(path)
            store = opened(path, compression)
        elif act == "checkpoint":
            with store.reading() as cursor:
                cursor.run("CHECKPOINT")
        elif who.id not in without:
            DEEDS[act](store, folder, who)
    store.close()
    purged(path)
    return path


def is_known(store: Store, who: Marked) -> bool:
    with store.reading() as cursor:
        return bool(cursor.value("SELECT count(*) FROM profiles WHERE user_id = $id", id=who.id))


def is_restricted(store: Store, who: Marked) -> bool:
    with store.reading() as cursor:
        listed = "SELECT count(*) FROM habeas.restrictions WHERE user_id = $id"
        return bool(cursor.value(listed, id=who.id))


def act_on_known(deed: Callable[[Store, Marked], object]) -> Callable[[Store, Path, Marked], None]:
    def act(store: Store, folder: Path, who: Marked) -> None:
        if is_known(store, who):
            deed(store, who)

    return act


def rectify(store: Store, who: Marked) -> None:
    despite = "claims" if is_restricted(store, who) else ""
    exercise(store, Rectification(who.corrected, despite), of=who.id)


def restrict(store: Store, who: Marked) -> None:
    if not is_restricted(store, who):
        exercise(store, Restriction("accuracy"), of=who.id)


def lift(store: Store, who: Marked) -> None:
    if is_restricted(store, who):
        exercise(store, Lifting(str(NOON.date())), of=who.id)


DEEDS: dict[str, Callable[[Store, Path, Marked], None]] = {
    "load": lambda store, folder, who: load(store, folder, [who]),
    "load again": lambda store, folder, who: load(store, folder, [who]),
    "rectify": act_on_known(rectify),
    "restrict": act_on_known(restrict),
    "lift": act_on_known(lift),
    "object": act_on_known(lambda store, who: exercise(store, Objection(["email"]), of=who.id)),
    "stop": act_on_known(lambda store, who: exercise(store, Automation(stop=True), of=who.id)),
    "erase": act_on_known(lambda store, who: exercise(store, Erasure("child"), of=who.id)),
}


def exported(path: Path) -> dict[str, bytes]:
    """Every table of people's data as Parquet, in a total order and as it is stored."""
    files = {}
    with opened(path) as store, store.reading() as cursor:
        for table in TABLES:
            for order in ("ORDER BY ALL", ""):
                out = path.parent.parent / "out.parquet"
                cursor.run(
                    f"COPY (SELECT * FROM {table} {order}) TO {literal(str(out))} (FORMAT PARQUET)"
                )
                files[f"{table} {order}"] = out.read_bytes()
    return files


@pytest.mark.parametrize("run", range(RUNS))
def test_as_if_they_had_never_been_there(run: int, tmp_path: Path, compression: str) -> None:  # noqa: F811
    random = Random(f"{run} {compression}")
    people = [marked(random, place) for place in range(ERASED + OTHERS)]
    gone, others = people[:ERASED], people[ERASED:]
    said = acts(random, gone, others)
    once = play(tmp_path / "once", said, set(), compression)
    never = play(tmp_path / "never", said, {each.id for each in gone}, compression)
    assert exported(once) == exported(never)
    for each in gone:
        assert found(once.parent, each.markers) == []
    for each in others:
        if ("rectify", each) in said[said.index(("load", each)) :]:
            wrong = {name: each.markers[name] for name in ("first", "last", "city")}
            assert found(once.parent, wrong) == []
