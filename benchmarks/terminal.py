"""A program on a terminal of its own, and when it painted."""

import fcntl
import os
import pty
import random
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

COLUMNS, LINES = 120, 40
PATIENCE = 120.0
QUIET = 0.08
"""Seconds without a letter after which one that does not say where a frame ends has painted."""
ASKS_FOR_FRAMES, HAS_FRAMES = b"\x1b[?2026$p", b"\x1b[?2026;2$y"
BEGINS_AT_THE_TOP, FRAME_ENDS = re.compile(rb"\x1b\[1;1H"), re.compile(rb"\x1b\[\?2026l")
LETTER = re.compile(rb"(?<![\x1b\[(;0-9])[A-Za-z]")
"""One that is no part of an escape sequence."""


class Terminal:
    """Runs a program until it is closed. Times are in milliseconds."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]):
        self._ours, theirs = pty.openpty()
        size = struct.pack("HHHH", LINES, COLUMNS, 0, 0)
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, size)
        self._received = b""
        self._stamp = self._began = time.perf_counter()
        self._process = subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment,
            preexec_fn=lambda: os.login_tty(theirs),
        )  # fmt: skip
        os.close(theirs)

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._ours)

    def first_paint(self) -> float:
        """From the start of the process to the first paint of the whole screen."""
        return self._until(BEGINS_AT_THE_TOP)

    def shown(self, text: str) -> float:
        """From the start of the process until it paints this."""
        return self._until(re.compile(re.escape(text.encode())))

    def settle(self, quiet: float = 0.4) -> None:
        """Waits until for so many seconds nothing was painted, but for a cursor that blinks."""
        while self._read(quiet):
            pass

    def press(self, keys: str, then: str = "") -> float:
        """From the key to the end of the next frame, or of the next that has this in it, which is
        a regular expression."""
        self.press_only(keys)
        return self._until(re.compile(then.encode()), FRAME_ENDS)

    def press_quietly(self, keys: str) -> float:
        """From the key to the last letter before no more come."""
        self.press_only(keys)
        last = self._until(LETTER)
        self._received = b""
        while self._read(QUIET):
            if LETTER.search(self._received):
                last, self._received = (self._stamp - self._began) * 1000, b""
        return last

    def press_only(self, keys: str) -> None:
        """Presses the key after a while, not always the same, in which nothing was painted."""
        while self._read(random.uniform(0.010, 0.050)):
            pass
        self._received = b""
        self._began = time.perf_counter()
        os.write(self._ours, keys.encode())

    def resident(self) -> float:
        """Megabytes of memory that the process holds now."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        kilobytes = re.search(r"VmRSS:\s+(\d+)", status)
        assert kilobytes is not None
        return int(kilobytes[1]) / 1024

    def _until(self, *wanted: re.Pattern[bytes]) -> float:
        """Reads until each of these has come after the one before."""
        end, place = time.perf_counter() + PATIENCE, 0
        for each in wanted:
            while not (found := each.search(self._received, place)):
                left = end - time.perf_counter()
                if left < 0 or not self._read(left):
                    raise TimeoutError(f"{each} never came; last: {self._received[-500:]!r}")
            place = found.end()
        return (self._stamp - self._began) * 1000

    def _read(self, patience: float) -> bool:
        """Whether anything came in that time, in seconds."""
        if not select.select([self._ours], [], [], patience)[0]:
            return False
        part = os.read(self._ours, 65536)
        self._stamp = time.perf_counter()
        self._received += part
        if ASKS_FOR_FRAMES in part:
            os.write(self._ours, HAS_FRAMES)
        return True
