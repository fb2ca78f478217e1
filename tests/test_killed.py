"""Killed at any moment: each request was carried out wholly or not at all, and can be run again."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from data import demo, finding, fulfilment, ledger, people
from data.cursor import Cursor
from data.errors import NotFound
from data.ledger import By
from data.register import requests
from data.register.requests import Request
from data.store import Store
from tests.acts import confirm

pytestmark = pytest.mark.slow

BY = By("handler")
ASKED = 24
DETAILS: dict[str, dict[str, Any]] = {
    "access": {},
    "erasure": {"ground": "child"},
    "objection": {"channels": ["email"]},
}

WORKER = """
import sys
from data import fulfilment
from data.ledger import By
from data.store import Store
with Store.open(sys.argv[1]) as store:
    with store.reading() as cursor:
        waiting = fulfilment.ready(cursor)
    for start in range(0, len(waiting), 3):
        some = waiting[start : start + 3]
        for each in some:
            print(each.id, flush=True)
        for outcome in fulfilment.work_off(store, some, By("handler"), {"out": sys.argv[2]}):
            assert outcome.came_to == "done", outcome.why
"""


@pytest.fixture(scope="session")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a mixed queue of requests, each of another person; it is copied."""
    path = tmp_path_factory.mktemp("asked") / "demo.duckdb"
    demo.make(path, 100)
    with Store.open(path) as store:
        with store.reading() as cursor:
            for request in requests.listed(cursor):
                with store.transaction() as writing:
                    requests.cancel(writing, request.id, BY)
            ids = [each.id for each in finding.find(cursor, offset=50, limit=ASKED)]
        for place, subject_id in enumerate(ids):
            right = list(DETAILS)[place % len(DETAILS)]
            received = fulfilment.receive(store, subject_id, right, BY, details=DETAILS[right])
            confirm(store, received.id)
    return path


@pytest.fixture
def path(asked: Path, tmp_path: Path) -> Path:
    for each in asked.parent.iterdir():
        shutil.copy(each, tmp_path)
    return tmp_path / asked.name


@pytest.mark.parametrize("after", [1, 2, 3, 5, 8, 13, 20])
def test_a_queue_that_is_killed_is_finished_by_running_it_again(after: int, path: Path) -> None:
    out = path.parent / "out"
    with subprocess.Popen(
        [sys.executable, "-c", WORKER, str(path), str(out)], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        for _ in range(after):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    with Store.open(path) as store, store.reading() as cursor:
        assert ledger.verify(cursor) == []
        for request in queue(cursor):
            assert carried_out(cursor, request) == (request.status == "completed")
    subprocess.run([sys.executable, "-c", WORKER, str(path), str(out)], check=True)
    with Store.open(path) as store, store.reading() as cursor:
        assert ledger.verify(cursor) == []
        register = queue(cursor)
        assert {each.status for each in register} == {"completed"}
        assert all(carried_out(cursor, each) for each in register)
        entries = ledger.entries(cursor)
        for once in ({*DETAILS}, {"request begun"}):
            done = [each.request for each in entries if each.request and each.action in once]
            assert sorted(done) == sorted(each.id for each in register)
    assert len([each for each in out.iterdir() if (each / "manifest.json").exists()]) == 8
    assert not [each for each in out.iterdir() if each.name.startswith(".")]


def queue(cursor: Cursor) -> list[Request]:
    return [each for each in requests.listed(cursor) if each.status != "cancelled"]


def carried_out(cursor: Cursor, request: Request) -> bool:
    """Whether what was asked for has been done, seen in the store and the ledger."""
    acts = [each for each in ledger.entries(cursor) if each.request == request.id]
    recorded = [each.action for each in acts if each.action == request.right]
    if request.right == "erasure":
        gone = is_gone(cursor, request)
        assert bool(recorded) == gone
    if request.right == "objection":
        said = cursor.value(
            "SELECT count(*) FROM habeas.choices WHERE user_id = $id AND NOT opted_in",
            id=request.user_id,
        )
        assert bool(recorded) == bool(said)
    assert request.to_tell == len(request.receipt.get("recipients", ()))
    return len(recorded) == 1


def is_gone(cursor: Cursor, request: Request) -> bool:
    """Whether the person is erased: the register forgot them, or they are not found."""
    try:
        people.read(cursor, request.user_id)
    except NotFound:
        return True
    return False
