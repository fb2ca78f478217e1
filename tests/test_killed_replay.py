"""Killed at any moment, a replay has done all or nothing, and the next one finishes it."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from data import ledger
from data.replay import replay
from data.rights.erasure import Erasure
from data.rights.restriction import Restriction
from data.store import Store
from tests.acts import exercise
from tests.conftest import ANA, BO, CY, EVENTS
from tests.layouts import BUILT_IN, BY, Snapshot, changed, snapshot
from tests.restoring import back_up, held

pytestmark = pytest.mark.slow

WORKER = """
import os, signal, sys
from data import ledger
from data.ledger import By
from data.replay import replay
from data.rights.erasure import Erasure
from data.store import Store

def killed(*_):
    os.kill(os.getpid(), signal.SIGKILL)

carry_out, left = Erasure.carry_out, int(sys.argv[2])

def until_killed(self, cursor, plan):
    global left
    carry_out(self, cursor, plan)
    left -= 1
    if not left:
        killed()

Erasure.carry_out = until_killed
with Store.open(sys.argv[1]) as store:
    ledger.file = killed
    replay(store, By("handler"))
"""
"""Kills itself after so many erasures; after them all, when only the file is not yet written."""


@pytest.fixture
def restored(tmp_path: Path) -> tuple[Path, Snapshot]:
    """A store that lacks two erasures and a restriction, and what it should hold."""
    with BUILT_IN.create(tmp_path) as store:
        BUILT_IN.load(store, people=[ANA, BO, CY], events=EVENTS)
        backup = back_up(store)
        exercise(store, Erasure("child"), of=ANA["id"])
        exercise(store, Restriction("claims"), of=CY["id"])
        exercise(store, Erasure("child"), of=BO["id"])
        was = held(store)
    backup.replace(store.path)
    return store.path, was


def killed(path: Path, after: int) -> None:
    ended = subprocess.run([sys.executable, "-c", WORKER, str(path), str(after)], check=False)
    assert ended.returncode == -signal.SIGKILL


@pytest.mark.parametrize("after", [1, 2])
def test_in_the_middle_it_left_all_as_it_was(restored: tuple[Path, Snapshot], after: int) -> None:
    path, was = restored
    with Store.open(path) as store:
        before, lost = snapshot(store), store.ledger_file.lost
    killed(path, after)
    with Store.open(path) as store:
        assert changed(before, snapshot(store)) == set()
        assert store.ledger_file.lost == lost
        assert replay(store, BY).left == []
        assert held(store) == was


def test_once_it_is_kept_nothing_is_lacking_and_the_file_is_brought_up_to_it(
    restored: tuple[Path, Snapshot],
) -> None:
    path, was = restored
    killed(path, 9)
    with Store.open(path) as store, store.reading() as cursor:
        assert store.ledger_file.warning == ""
        assert held(store) == was
        assert ledger.verify(cursor) == []
        assert [each.action for each in store.ledger_file.entries()][-2:] == ["erasure", "replay"]
