"""Runs one thing in a process of its own: how long it took, and the most memory it had."""

from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple


class Measured(NamedTuple):
    seconds: float
    megabytes: float


def measured(what: Callable[..., object], *given: Any) -> Measured:
    """The imports of what is measured are made before it begins."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_run, args=(theirs, what, given))
    process.start()
    theirs.close()
    found: Measured = ours.recv()
    process.join()
    return found


def _run(answer: Connection, what: Callable[..., object], given: tuple[Any, ...]) -> None:
    began = perf_counter()
    what(*given)
    seconds = perf_counter() - began
    # Not by getrusage, which counts what this process was before it was Python anew.
    lines = Path("/proc/self/status").read_text().splitlines()
    status = dict(line.split(":", 1) for line in lines)
    answer.send(Measured(seconds, int(status["VmHWM"].split()[0]) / 1024))
