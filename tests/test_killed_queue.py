"""A long queue is killed again and again: what was done is whole, and done once, all the same."""

import hashlib
import json
import random
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from data import demo, finding, ledger, people
from data.answers import bundle
from data.cursor import Cursor
from data.ledger import By
from data.register import reception, requests
from data.register.reception import New
from data.register.requests import Request
from data.store import Store

pytestmark = pytest.mark.slow

BY = By("handler")
ASKED, KILLS, COPIES = 300, 50, 2
WRITTEN = ("access", "portability")
DETAILS: Mapping[str, dict[str, Any]] = {
    "access": {},
    "erasure": {"ground": "child"},
    "restriction": {"ground": "accuracy"},
    "objection": {"channels": ["push"]},
    "rectification": {"changes": {"company": "ACME"}},
    "automation": {"stop": True},
    "portability": {},
}
TROUBLE: Mapping[str, tuple[str, dict[str, Any]]] = {
    "rectification": ("refused", {"changes": {"created_at": "2020-01-01"}}),
    "automation": ("failed", {}),
}
"""What a request that cannot be carried out comes to, by right, with its particulars."""

WORKER = """
import os, signal, sys
from data import fulfilment
from tui.cli import main, working

_, begun, calls, *arguments = sys.argv
begun, calls, work_off = int(begun), int(calls), fulfilment.work_off

def told(store, queue, *given, **named):
    global begun
    for request in queue:
        begun -= 1
        if calls and not begun:
            sys.setprofile(called)
        print(request.id, flush=True)
    return work_off(store, queue, *given, **named)

def called(*_):
    global calls
    calls -= 1
    if not calls:
        os.kill(os.getpid(), signal.SIGKILL)

fulfilment.work_off, working.TOGETHER = told, 5
main(arguments)
"""
"""The command, which says each request that it begins. After so many of them it kills itself, if
it is to, at some call of a function."""


@dataclass(frozen=True)
class Asked:
    """A request of the queue, its person, and what is to become of it."""

    user_id: str
    right: str
    comes_to: str


@dataclass(frozen=True)
class Queue:
    path: Path
    asked: Mapping[str, Asked]

    @property
    def out(self) -> Path:
        return self.path.parent / "answers"

    @property
    def doable(self) -> set[str]:
        return {name for name, each in self.asked.items() if each.comes_to == "done"}

    def people(self, right: str, ids: set[str]) -> set[str]:
        return {self.asked[each].user_id for each in ids if self.asked[each].right == right}

    def worker(self, begun: int = 0, calls: int = 0) -> "subprocess.Popen[str]":
        command = ("requests", "run", "--all-ready", "--store", self.path, "--out", self.out)
        return subprocess.Popen(
            [sys.executable, "-c", WORKER, str(begun), str(calls), *command, "--actor", "handler"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Queue:
    """A store with a request of each of so many people; it is copied."""
    path = tmp_path_factory.mktemp("queue") / "shop.duckdb"
    demo.make(path, ASKED + 50)
    with Store.open(path) as store, store.transaction() as cursor:
        for waiting in requests.listed(cursor):
            requests.cancel(cursor, waiting.id, BY)
        found = finding.find(cursor, offset=50, limit=ASKED)
        asked = dict(_enter(cursor, *each) for each in enumerate(person.id for person in found))
    assert not path.with_name(f"{path.name}.wal").exists()
    return Queue(path, asked)


def _enter(cursor: Cursor, place: int, user_id: str) -> tuple[str, Asked]:
    right = list(DETAILS)[place % len(DETAILS)]
    comes_to, details = "done", DETAILS[right]
    if place % 10 == 9 and right in TROUBLE:
        comes_to, details = TROUBLE[right]
    entered = reception.add(cursor, New(user_id, right, ready=True, details=details), BY)
    requests.change(cursor, entered.id, identity="confirmed")
    return entered.id, Asked(user_id, right, comes_to)


@pytest.mark.parametrize("seed", range(COPIES))
def test_a_queue_that_is_killed_again_and_again_is_carried_out_once(
    seed: int, made: Queue, tmp_path: Path
) -> None:
    for path in made.path.parent.iterdir():
        shutil.copy(path, tmp_path)
    queue = Queue(tmp_path / made.path.name, made.asked)
    chance = random.Random(seed)
    replayed, left = 0, len(queue.doable)
    for still in range(KILLS // COPIES, 0, -1):
        kill(queue, chance, most=max(1, 2 * left // (still + 2)))
        replayed += queue.path.with_name(f"{queue.path.name}.wal").exists()
        left = len(queue.doable - check(queue))
    assert replayed, "nothing was ever left to be replayed"
    assert 0 < left < len(queue.doable)
    finish(queue)
    assert check(queue) == queue.doable
    before = _files(queue.out)
    finish(queue)
    assert check(queue) == queue.doable
    assert _files(queue.out) == before


def kill(queue: Queue, chance: random.Random, most: int) -> None:
    """Kills the command in one of the next requests: at a call of a function, or at any time."""
    begun = chance.randint(1, most)
    calls = int(10 ** chance.uniform(0, 3.7)) if chance.random() < 0.5 else 0
    with queue.worker(begun, calls) as process:
        assert process.stdout is not None
        if calls == 0:
            for _ in range(begun):
                assert process.stdout.readline()
            with suppress(subprocess.TimeoutExpired):
                process.wait(chance.uniform(0, 0.08))
            process.kill()
        process.communicate()
    assert process.returncode == -signal.SIGKILL


def finish(queue: Queue) -> None:
    """Runs what is left; all that is not carried out is what cannot be."""
    with queue.worker() as process:
        _, said = process.communicate()
    assert process.returncode == 1
    troubled = Counter(each.comes_to for each in queue.asked.values() if each.comes_to != "done")
    assert f"{troubled['refused']} refused, {troubled['failed']} failed" in said


def check(queue: Queue) -> set[str]:
    """The requests that were carried out: each once, with all that belongs to it, and no other."""
    with Store.open(queue.path) as store, store.reading() as cursor:
        assert ledger.verify(cursor) == []
        entries = ledger.entries(cursor)
        acts = Counter(each.request for each in entries if each.request and each.action in DETAILS)
        register = [each for each in requests.listed(cursor) if each.id in queue.asked]
        done = {each.id for each in register if each.status == "completed"}
        assert acts == Counter(done)
        assert done <= queue.doable
        begun = Counter(each.request for each in entries if each.action == "request begun")
        assert set(begun.values()) <= {1}
        assert begun.keys() >= done
        for request in register:
            _is_as_recorded(request, queue.asked[request.id], request.id in done)
        _is_done_to(cursor, queue, done)
        answered = {
            bundle.folder(cursor, people.nobody(user_id), queue.out, right)
            for right in WRITTEN
            for user_id in queue.people(right, done)
        }
    written = {each for each in queue.out.glob("*") if not each.name.startswith(".")}
    assert answered <= written
    for folder in written:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        assert {each.name for each in folder.iterdir()} == {
            "manifest.json", *(each["name"] for each in manifest["files"])
        }  # fmt: skip
        for each in manifest["files"]:
            content = (folder / each["name"]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == each["sha256"]
    return done


def _is_as_recorded(request: Request, asked: Asked, done: bool) -> None:
    assert bool(request.receipt) == done
    assert request.to_tell == len(request.receipt.get("recipients", ()))
    forgotten = done and asked.right == "erasure"
    assert request.user_id == ("" if forgotten else asked.user_id)
    if not done:
        assert request.status in ("ready", "in_progress")


def _is_done_to(cursor: Cursor, queue: Queue, done: set[str]) -> None:
    """What the store says of every person is what was carried out for them."""
    asking = {each.user_id for each in queue.asked.values()}
    for right, select in {
        "restriction": "SELECT user_id FROM habeas.restrictions",
        "objection": "SELECT user_id FROM habeas.choices WHERE NOT opted_in",
        "automation": "SELECT user_id FROM habeas.automation_stops",
        "rectification": "SELECT user_id FROM profiles WHERE company = 'ACME'",
        "erasure": "SELECT * FROM (SELECT unnest($ids) AS user_id) "
        "WHERE user_id NOT IN (SELECT user_id FROM profiles)",
    }.items():
        values = {"ids": sorted(asking)} if "$ids" in select else {}
        assert {user_id for (user_id,) in cursor.rows(select, **values)} & asking == queue.people(
            right, done
        )


def _files(folder: Path) -> dict[Path, bytes]:
    return {each: each.read_bytes() for each in sorted(folder.rglob("*")) if each.is_file()}
