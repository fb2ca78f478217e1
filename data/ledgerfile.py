"""The ledger once more, as a file beside the store: a line an entry, only ever added to, each
synced to the disk.

A backup brings back a store as it was; this file is not part of it, and tells what was done since.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from data import beside
from data.entry import Entry
from data.errors import HabeasError
from data.syncing import sync

_BLOCK = 64 * 1024  # bytes


class Damaged(HabeasError):
    """A line of the file is no entry of a ledger."""


class LedgerFile:
    """The file of one store, and how the two stand to each other.

    `filed` is the number of the last entry that both have. `lost` are entries that the file has
    and the store lacks: the store was restored from a backup. `fault` says in words what is wrong
    with a file that was cut or altered.
    """

    def __init__(self, store: Path):
        self.path = store.with_suffix(beside.LEDGER)
        self.filed = 0
        self.lost: tuple[Entry, ...] = ()
        self.fault = ""

    @property
    def warning(self) -> str:
        """What whoever opens the store must know; "" where it is as it should be."""
        if self.fault:
            return (
                f"{self.fault} Somebody may have hidden what was done. With the next act it is "
                "begun anew, which the ledger records; the one found is kept beside it."
            )
        if not self.lost:
            return ""
        entries = "1 entry" if len(self.lost) == 1 else f"{len(self.lost):,} entries"
        acts = Counter(each.action for each in self.lost).most_common()
        return (
            f"The store was restored from a backup: it lacks {entries} of its ledger "
            f"({', '.join(f'{count:,} × {action}' for action, count in acts)}), and erased people "
            "may be back."
        )

    def compare(self, last: int, filed: int, digest: Callable[[int], str]) -> None:
        """Finds out how the file stands to a store whose ledger ends with number `last`, which
        saw entries up to `filed` in the file before, and whose entries have these digests."""
        self.filed, self.lost, self.fault = 0, (), ""
        try:
            end = self._last()
            held = end.seq if end else 0
            if end and held > last:
                lost = tuple(each for each in self.entries() if each.seq > last)
                if _joins(lost, last, digest(last)) and lost[-1] == end:
                    self.filed, self.lost = last, lost
                else:
                    self.fault = f"{self.path} is not the ledger of this store, or was altered."
            elif end and end.digest != digest(held):
                self.fault = f"{self.path} was altered: its entry {held} is another."
            elif held < filed:
                self.fault = f"{self.path} was cut: it had {filed:,} entries, and has {held:,}."
            else:
                self.filed = held
        except Damaged as error:
            self.fault = f"{self.path} was altered: {error.happened}"

    def entries(self) -> Iterator[Entry]:
        """All entries, in order. Raises Damaged."""
        try:
            with self.path.open("rb") as file:
                for number, line in enumerate(file, 1):
                    if line.endswith(b"\n"):
                        yield _entry(line, f"line {number}")
        except FileNotFoundError:
            return
        except OSError as error:
            raise Damaged(f"it cannot be read: {error.strerror}.") from None

    def add(self, entries: Iterable[Entry]) -> None:
        """Adds entries and syncs them. What a crash left of a line is taken away first.

        Raises HabeasError where they cannot be written.
        """
        try:
            new = not self.path.exists()
            self.path.touch(0o600)
            with self.path.open("r+b") as file:
                file.truncate(_whole(file.fileno()))
                file.seek(0, os.SEEK_END)
                for each in entries:
                    file.write(each.line().encode() + b"\n")
                    self.filed = each.seq
                file.flush()
                os.fsync(file.fileno())
            if new:
                sync(self.path.parent)
        except OSError as error:
            raise HabeasError(
                f"{self.path} cannot be written: {error.strerror}.",
                unchanged="What was asked for is done, and in the ledger of the store.",
                then="It is added to the file as soon as it can be written.",
            ) from None

    def set_aside(self) -> None:
        """Renames a file that was cut or altered; another is begun in its place."""
        number = 1
        while (aside := self.path.with_name(f"{self.path.name}.{number}")).exists():
            number += 1
        if self.path.exists():
            self.path.rename(aside)
        self.filed, self.fault = 0, ""

    def _last(self) -> Entry | None:
        """The last whole line. Raises Damaged."""
        try:
            with self.path.open("rb") as file:
                end = _whole(file.fileno())
                if not end:
                    return None
                start = _line_break(file.fileno(), end - 1) + 1
                return _entry(os.pread(file.fileno(), end - start, start), "the last line")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise Damaged(f"it cannot be read: {error.strerror}.") from None


def _entry(line: bytes, name: str) -> Entry:
    try:
        return Entry.from_line(line.decode("ascii"))
    except (ValueError, TypeError):
        raise Damaged(f"{name} is no entry.") from None


def _joins(entries: tuple[Entry, ...], last: int, digest: str) -> bool:
    """Whether the entries are an unbroken chain that follows number `last`, of this digest."""
    for each in entries:
        if (each.seq, each.previous) != (last + 1, digest) or each.computed() != each.digest:
            return False
        last, digest = each.seq, each.digest
    return True


def _whole(file: int) -> int:
    """Bytes up to the end of the last whole line."""
    return _line_break(file, os.fstat(file).st_size) + 1


def _line_break(file: int, before: int) -> int:
    """Where the last line break before that place is; -1 where there is none."""
    while before > 0:
        start = max(0, before - _BLOCK)
        found = os.pread(file, before - start, start).rfind(b"\n")
        if found >= 0:
            return start + found
        before = start
    return -1
