"""The application on a real terminal: what it is sent, byte by byte, and what that shows."""

import errno
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent

import pyte

from tests.shop import COMMAND

PATIENCE = 60.0  # seconds; only a test that fails waits for it
CALM = 0.3  # seconds without a byte, after which a screen is drawn
COLUMNS, LINES = 120, 34


class Terminal:
    """A screen that draws what a process sends, and keeps it."""

    def __init__(
        self, process: "subprocess.Popen[bytes]", ours: int, columns: int, lines: int
    ) -> None:
        self.process = process
        self.received = b""
        self._ours = ours
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)

    @property
    def text(self) -> str:
        return "\n".join(self._screen.display)

    @property
    def cells(self) -> list[list[pyte.screens.Char]]:
        """Every cell of the screen, line by line, as it is drawn."""
        screen = self._screen
        return [[screen.buffer[y][x] for x in range(screen.columns)] for y in range(screen.lines)]

    def calm(self) -> None:
        """Reads until nothing comes for a while."""
        while self._read(time.monotonic() + CALM):
            pass

    def press(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    def until(self, *parts: str, gone: str = "") -> None:
        """Reads until the screen says all of this, and no longer that."""
        end = time.monotonic() + PATIENCE
        text = self.text
        while not all(part in text for part in parts) or (gone and gone in text):
            assert self._read(end), f"{parts} not on the screen:\n{text}"
            text = self.text

    def exit_code(self) -> int:
        """Reads until the process ends."""
        end = time.monotonic() + PATIENCE
        while self._read(end):
            pass
        return self.process.wait(PATIENCE)

    def _read(self, end: float) -> bool:
        """Whether there was more to read in time."""
        if not select.select([self._ours], [], [], max(end - time.monotonic(), 0))[0]:
            return False
        try:
            part = os.read(self._ours, 65536)
        except OSError as error:
            if error.errno == errno.EIO:  # what Linux says where the other side is closed
                return False
            raise
        self.received += part
        self._stream.feed(part)
        return bool(part)


@contextmanager
def terminal(
    store: Path | None,
    command: Sequence[str | Path] = (COMMAND,),
    columns: int = COLUMNS,
    lines: int = LINES,
) -> Iterator[Terminal]:
    """The application in a process of its own, on this store, or as where nobody says which."""
    which: list[str | Path] = ["--store", store] if store else []
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    process = subprocess.Popen(
        [*command, *which, "--actor", "handler"],
        stdin=theirs, stdout=theirs, stderr=theirs,
        env=os.environ | {
            "TERM": "xterm-256color", "TEXTUAL_ANIMATIONS": "none",
            "COLORTERM": "truecolor", "COLUMNS": str(columns), "LINES": str(lines),
        },
        cwd=store and store.parent,
        preexec_fn=lambda: os.login_tty(theirs),
    )  # fmt: skip
    os.close(theirs)
    try:
        yield Terminal(process, ours, columns, lines)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        os.close(ours)


def changed(folder: Path, program: str) -> tuple[str, ...]:
    """The command that runs the application after this change to it, from a script in there."""
    script = folder / "changed.py"
    script.write_text(f"{dedent(program)}\nfrom tui.cli import main\nmain()\n")
    return sys.executable, str(script)
