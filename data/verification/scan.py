"""Looks for bytes in files: as they stand there, and in what DuckDB packed.

It runs as a program of its own, told by standard input what to look for: a program that closes
the file of a store which it has open itself loses its lock on it, and another could write then.
On standard output it says how far it is, so that it ends where nobody listens any more, and at
last what it found.
"""

import json
import re
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from data.subject import pseudonym
from data.verification import packed
from data.verification.needles import Needle

PLAIN, FSST, ZSTD = "as it stands", "packed by FSST", "packed by zstd"

MARGIN = 4096
"""Bytes of which whatever is looked for is shorter."""

BLOCK = 8 << 20
_KNOWN = 1 << 20
"""Tokens that are remembered as nobody's, so that each is hashed about once."""

_TOKEN = re.compile(rb"[^\x00-\x20\"'\\,;:=<>(){}\[\]|\x7f\xc0\xc1\xf5-\xff]{3,400}")
"""What may be an id: what stands between bytes that are seldom part of one."""


class Scan:
    """Looks for these needles, and for ids of which only the keyed hashes are known.

    `found` counts the places by file, form and packing, `size` bytes as they stand in the files,
    `unpacked` those that were packed.
    """

    def __init__(self, needles: Sequence[Needle], hashes: frozenset[str] = frozenset(),
                 key: bytes = b""):  # fmt: skip
        self.found: Counter[tuple[str, str, str]] = Counter()
        self.size = 0
        self.unpacked = 0
        self._needles = needles
        self._hashes = hashes
        self._key = key
        self._nobodys: set[bytes] = set()

    def file(self, path: Path, reached: Callable[[int], object] = lambda size: None) -> None:
        """Looks through one file, and says at times how many bytes it has `reached`, of all files
        together. Raises OSError."""
        with path.open("rb") as file:
            for offset, window, first, end in _windows(file):
                reached(self.size)
                self.size += end - first
                self._look(path, PLAIN, window, first, end)
                for place in _places(window, packed.SYMBOLS, first, end):
                    texts = packed.dictionary(file, offset + place, apart=bool(self._hashes))
                    self._look_into(path, FSST, texts)
                for place in _places(window, packed.FRAME, first, end):
                    self._look_into(path, ZSTD, packed.frame(file, offset + place))

    def _look_into(self, path: Path, packing: str, text: bytes) -> None:
        self.unpacked += len(text)
        self._look(path, packing, text, 0, len(text))

    def _look(self, path: Path, packing: str, text: bytes, first: int, end: int) -> None:
        """Counts what begins in that part of the text."""
        for each in self._needles:
            if count := sum(not each.is_of_longer(text, place)
                            for place in _places(text, each.data, first, end)):  # fmt: skip
                self.found[str(path), each.form, packing] += count
        if self._hashes:
            count = sum(self._is_erased(token[0]) for token in _TOKEN.finditer(text)
                        if first <= token.start() < end)  # fmt: skip
            if count:
                self.found[str(path), "id of an erased person", packing] += count

    def _is_erased(self, token: bytes) -> bool:
        if token in self._nobodys:
            return False
        try:
            erased = pseudonym(self._key, token.decode()) in self._hashes
        except UnicodeDecodeError:
            return False
        if not erased:
            if len(self._nobodys) >= _KNOWN:
                self._nobodys.clear()
            self._nobodys.add(token)
        return erased


def _windows(file: BinaryIO) -> Iterator[tuple[int, bytes, int, int]]:
    """The file in pieces that overlap: where each begins in the file, its bytes, and the part of
    it from which on nothing was looked at yet; around that is a margin."""
    window, offset, first = b"", 0, 0
    while True:
        piece = file.read(BLOCK)
        window += piece
        end = max(first, len(window) - MARGIN) if piece else len(window)
        yield offset, window, first, end
        if not piece:
            return
        dropped = max(0, end - MARGIN)
        window, offset, first = window[dropped:], offset + dropped, end - dropped


def _places(text: bytes, sought: bytes, first: int, end: int) -> Iterator[int]:
    """Where it begins in that part of the text."""
    last = end + len(sought) - 1
    place = text.find(sought, first, last)
    while place >= 0:
        yield place
        place = text.find(sought, place + 1, last)


def run(said: dict[str, Any], reached: Callable[[int], object]) -> dict[str, Any]:
    """Does what `data.verification.files` asks, in its words; `unread` says what cannot be."""
    scan = Scan(
        [Needle.from_json(each) for each in said["needles"]],
        frozenset(said["hashes"]),
        bytes.fromhex(said["key"]),
    )
    unread = {}
    for name in said["files"]:
        try:
            scan.file(Path(name), reached)
        except FileNotFoundError:
            continue  # what is spilled comes and goes
        except OSError as error:
            unread[name] = error.strerror
    found = [[*place, count] for place, count in scan.found.items()]
    return {"found": found, "bytes": scan.size, "unpacked": scan.unpacked, "unread": unread}


def _main() -> None:
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    said = json.load(sys.stdin)
    total = sum(map(_size, said["files"]))

    def reached(size: int) -> None:
        sys.stdout.write(f"{size / max(size, total, 1)}\n")
        sys.stdout.flush()

    sys.stdout.write(json.dumps(run(said, reached)))


def _size(name: str) -> int:
    with suppress(OSError):
        return Path(name).stat().st_size
    return 0


if __name__ == "__main__":
    _main()
