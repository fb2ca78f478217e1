"""The clean process that writes the new file, seen from the one that reads the store."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.engines.file import STORAGE_VERSION
from data.errors import HabeasError, Refused

if TYPE_CHECKING:
    import pyarrow

_PROGRAM = Path(__file__).with_name("writer.py")

MEMORY = "512MB"
"""For the database that is read, and the same for the one that is written. With more, neither is
faster (measured)."""

MEMORY_FOR_INDEXES = "2GB"
"""For the one that is written where it has indexes, which are built in memory."""

SETTINGS = {
    "TimeZone": "UTC",
    "arrow_lossless_conversion": "true",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "temp_directory": "",
}
"""Of the database that writes. Rows pass through it in the order of the file, and it may not
spill."""

PIPE = 1 << 20
"""Bytes in a pipe to it, where the system allows it: the most that Linux does."""

UNCHANGED = "The store is as it was."


class Writing:
    """Orders to the process, which it carries out one after another."""

    def __init__(self, process: subprocess.Popen[bytes]):
        self._process = process
        self._unanswered = 0

    def open(self, path: Path, *, indexes: bool) -> None:
        """Has it begin a new file."""
        memory = MEMORY_FOR_INDEXES if indexes else MEMORY
        settings = {**SETTINGS, "memory_limit": memory}
        self.begin("open", path=str(path), storage=STORAGE_VERSION, settings=settings)

    def order(self, name: str, **given: Any) -> Any:
        """What it answers. Raises HabeasError where it cannot."""
        self.begin(name, **given)
        return self.answer()

    def begin(self, name: str, **given: Any) -> None:
        """Gives an order whose answer is asked for later."""
        self._unanswered += 1
        try:
            self._orders.write(json.dumps({"order": name, **given}, default=str).encode() + b"\n")
            self._orders.flush()
        except BrokenPipeError:
            self.answer()

    def answer(self) -> Any:
        """What it answers to the last order, and nobody asked what to those before."""
        assert self._process.stdout is not None  # noqa: S101  it was asked for
        answer = None
        while self._unanswered:
            line = self._process.stdout.readline()
            answer = json.loads(line) if line.endswith(b"\n") else {"failed": ""}
            if "failed" in answer:
                raise _failed(answer["failed"])
            self._unanswered -= 1
        return answer and answer["is"]

    def load(self, insert: str, rows: Iterator["pyarrow.RecordBatch"]) -> None:
        """Has it insert these rows, of which there are some; it need not have done so yet."""
        import pyarrow.ipc

        first = next(rows)
        self.begin("load", insert=insert)
        try:
            with pyarrow.ipc.new_stream(self._orders, first.schema) as stream:
                for each in chain([first], rows):
                    stream.write_batch(each)
            self._orders.flush()
        except (BrokenPipeError, pyarrow.ArrowInvalid):
            # It has gone, and said why.
            self.answer()

    @property
    def _orders(self) -> Any:
        return self._process.stdin


@contextmanager
def clean_process() -> Iterator[Writing]:
    """The process, which ends with the block, in whatever way. It loads while others go on."""
    process = subprocess.Popen(  # noqa: S603  this program's own
        [sys.executable, "-P", str(_PROGRAM)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        pipesize=PIPE,
        stderr=subprocess.DEVNULL,
        # Ctrl-C is for the one who asked for it, who ends this one too.
        start_new_session=True,
    )
    try:
        yield Writing(process)
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                with _closing_anyway():
                    pipe.close()


@contextmanager
def _closing_anyway() -> Iterator[None]:
    """What was not yet sent to a process that has gone cannot be."""
    try:
        yield
    except BrokenPipeError:
        return


def _failed(kind: str) -> HabeasError:
    """Why the new file could not be written, by the name of DuckDB's error."""
    if kind == "IOException":
        return HabeasError(
            "The new file cannot be written, perhaps for want of room on the disk.",
            unchanged=UNCHANGED,
            then="Make room beside the store, then purge again.",
        )
    if kind == "OutOfMemoryException":
        return HabeasError("There is not enough memory to purge.", unchanged=UNCHANGED)
    if kind == "ConstraintException":
        return Refused("Rows do not fit the constraints of their table.", unchanged=UNCHANGED)
    what = f"met an error, {kind}" if kind else "ended"
    return HabeasError(f"The process that writes the new file {what}.", unchanged=UNCHANGED)
