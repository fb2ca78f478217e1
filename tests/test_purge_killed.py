"""Killed at any moment: the store is the old one or the new one, whole, and a rerun finishes."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from time import monotonic

import pytest

from data import ledger
from data.cursor import Cursor
from data.purge import replacing
from data.rights.erasure import Erasure
from tests.acts import exercise
from tests.layouts import BUILT_IN
from tests.purged import Marked, found, load, opened, purged, somebody

pytestmark = pytest.mark.slow

KILLED = 50
"""Times in each of four runs."""

RESTORED = 0.1
"""The share of times before which a backup was restored, and is replayed."""

STAGE = """
import json, os, pathlib, signal, sys
from data.purge import purging
from data.replay import replay as done_again
from data.rights.erasure import Erasure
from data.rights.plan import apply, propose
from data.store import Store
from data.ledger import By

def erase(path, who):
    with Store.open(path) as store:
        apply(store, propose(store, Erasure("child"), who), By("handler"))

def purge(path, who):
    purging.purge(pathlib.Path(path), By("handler"))

def replay(path, who):
    with Store.open(path) as store:
        done_again(store, By("handler"))

signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
for line in sys.stdin:
    deed, path, who, seconds = json.loads(line)
    child = os.fork()
    if not child:
        os.umask(0o077)
        globals()[deed](path, who)
        os._exit(0)
    signal.sigtimedwait([signal.SIGCHLD], seconds)
    os.kill(child, signal.SIGKILL)
    print(os.waitpid(child, 0)[1], flush=True)
    # Of one that was killed the signal has yet to come.
    while signal.sigtimedwait([signal.SIGCHLD], 0):
        pass
"""


class Stage:
    """Does a deed in a process of its own, which it kills after so many seconds."""

    def __init__(self, process: subprocess.Popen[str]):
        self._process = process

    def play(self, deed: str, path: Path, who: str = "", seconds: float = 60) -> bool:
        """Whether it came to its end before."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps([deed, str(path), who, seconds]), file=self._process.stdin, flush=True)
        return self._process.stdout.readline().strip() == "0"


@contextmanager
def staged() -> Iterator[Stage]:
    with subprocess.Popen(
        [sys.executable, "-c", STAGE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Stage(process)
        assert process.stdin is not None
        process.stdin.close()


@pytest.fixture
def stage() -> Iterator[Stage]:
    with staged() as stage:
        yield stage


def others(cursor: Cursor, gone: list[Marked]) -> list[object]:
    """A sum over all that is held on everybody else."""
    ids = [each.id for each in gone]
    return [
        cursor.row(
            f"SELECT count(*), sum(CAST(hash(t) AS HUGEINT)) FROM {table} t "
            "WHERE user_id NOT IN (SELECT unnest($ids))",
            ids=ids,
        )
        for table in ("profiles", "events")
    ]


def erased(cursor: Cursor, who: Marked) -> bool:
    """Whether the person is gone: from everywhere, or from nowhere."""
    listed = cursor.value(
        "SELECT count(*) FROM habeas.erased WHERE subject = $subject",
        subject=cursor.pseudonym(who.id),
    )
    counts = [
        cursor.value(f"SELECT count(*) FROM {table} WHERE user_id = $id", id=who.id)
        for table in ("profiles", "events")
    ]
    acts = [each.action for each in ledger.entries(cursor, subject=cursor.pseudonym(who.id))]
    assert (bool(listed), acts == ["erasure"]) == (not counts[0], not counts[0])
    assert bool(counts[0]) == bool(counts[1])
    return not counts[0]


@pytest.mark.parametrize("run", range(4))
def test_nothing_of_anybody_else_is_lost_and_nobody_comes_back(
    run: int, tmp_path: Path, stage: Stage
) -> None:
    random, path = Random(run), tmp_path / "store" / "shop.duckdb"
    BUILT_IN.create(path.parent).close()
    people = [*somebody(run, 20)]
    gone = people[:12]
    with opened(path) as store:
        load(store, tmp_path, people)
        with store.reading() as cursor:
            before = others(cursor, gone)
    began = monotonic()
    assert stage.play("purge", path)
    longest = monotonic() - began
    backup = shutil.copy(path, tmp_path / "backup.duckdb")
    killed, known, after = 0, set[str](), 0
    while killed < KILLED:
        if known and random.random() < RESTORED:
            shutil.copy(backup, path)
            killed += not stage.play("replay", path, seconds=random.uniform(0, longest))
            # One that took its time does nothing here.
            assert stage.play("replay", path)
        still = [each for each in gone if each.id not in known]
        deed = random.choice(["purge", "purge", "purge", "erase"]) if still else "purge"
        who = random.choice(still).id if deed == "erase" else ""
        # The new file takes the place of the old one towards the end.
        seconds = longest * random.choice([random.uniform(0, 1), random.uniform(0.7, 1.1)])
        killed += not stage.play(deed, path, who, seconds)
        with opened(path) as store, store.reading() as cursor:
            assert not replacing.folder(path).exists()
            assert others(cursor, gone) == before
            now = {each.id for each in gone if erased(cursor, each)}
            assert known <= now, "an erased person is back"
            assert ledger.verify(cursor) == []
            assert ledger.count(cursor) >= after
            known, after = now, ledger.count(cursor)
    with opened(path) as store:
        for each in gone:
            if each.id not in known:
                exercise(store, Erasure("child"), of=each.id)
    purged(path)
    with opened(path) as store, store.reading() as cursor:
        assert others(cursor, gone) == before
        assert ledger.verify(cursor) == []
    for each in gone:
        assert found(path.parent, each.markers) == []
    assert sorted(each.suffix for each in path.parent.iterdir()) == [
        ".duckdb", ".key", ".ledger", ".toml"
    ]  # fmt: skip
