"""Every file that belongs to a store, searched for bytes by a process of its own."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data import beside
from data.errors import HabeasError
from data.verification.needles import Needle
from data.work import current

_MODULE = "data.verification.scan"
_TEXTS = (beside.KEY, beside.LEDGER, beside.LETTERS, beside.MAP)


@dataclass(frozen=True)
class Place:
    """Where bytes were found: a file, the form in which and how it is packed, how often."""

    file: Path
    form: str
    packing: str
    count: int


@dataclass(frozen=True)
class Searched:
    """The files that were looked through, with their bytes, those unpacked besides, and what was
    found in them."""

    files: tuple[Path, ...]
    size: int
    unpacked: int
    found: tuple[Place, ...]


def of(store: Path) -> list[Path]:
    """The files of a store: itself and its log, what was spilled or left by a purge, its key, its
    ledgers, its map, its letters, the rejects of loads; those unfinished or set aside too."""
    found: list[Path] = []
    for each in sorted(store.parent.iterdir()):
        if _belongs(each.name, store):
            found += sorted(each.rglob("*")) if each.is_dir() else [each]
    return [each for each in found if each.is_file()]


def search(
    store: Path,
    needles: Sequence[Needle],
    *,
    hashes: Sequence[str] = (),
    key: bytes = b"",
) -> Searched:
    """Looks in every file of the store for the needles, and with the key for ids that have one of
    these hashes. Raises HabeasError where a file cannot be read, Interrupted."""
    try:
        files = of(store)
    except OSError as error:
        raise HabeasError(f"{store.parent} cannot be read: {error.strerror}.") from None
    said = json.dumps(
        {
            "files": [str(each) for each in files],
            "needles": [each.as_json() for each in needles],
            "hashes": list(hashes),
            "key": key.hex(),
        }
    )
    answer = _asked(said)
    if answer["unread"]:
        named = ", ".join(f"{name} ({why})" for name, why in answer["unread"].items())
        raise HabeasError(f"Not all files of the store can be read: {named}.")
    found = tuple(Place(Path(file), *rest) for file, *rest in answer["found"])
    return Searched(tuple(files), answer["bytes"], answer["unpacked"], found)


class _Child:
    """The other process, as something that can be stopped."""

    def __init__(self) -> None:
        # -P: a folder of the user's is no place for code of ours. Ctrl-C is for us to answer.
        self.process = subprocess.Popen(  # noqa: S603  this program
            (sys.executable, "-P", "-m", _MODULE),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            process_group=0,
        )
        self._share = 0.0

    def ask(self, said: str) -> str:
        """What it says last; until then it says how far it is."""
        asked, answers = self.process.stdin, self.process.stdout
        assert asked is not None and answers is not None  # noqa: S101, PT018  both are pipes
        with suppress(BrokenPipeError), asked:
            asked.write(said)
        answer = ""
        for answer in answers:
            if not answer.startswith("{"):
                self._share = float(answer)
        return answer

    def interrupt(self) -> None:
        self.process.kill()

    def progress(self) -> float:
        return self._share


def _asked(said: str) -> dict[str, Any]:
    """What the other process answers. Raises HabeasError, Interrupted."""
    child = _Child()
    with child.process, current().asking(child):
        try:
            answer = child.ask(said)
        except BaseException:
            child.interrupt()
            raise
    current().check()
    if child.process.returncode:
        raise HabeasError("The search of the files came to no end.", then="Try again.")
    found: dict[str, Any] = json.loads(answer)
    return found


def _belongs(name: str, store: Path) -> bool:
    """Whether a file of this name beside the store is of it, unfinished or set aside perhaps."""
    name = name.removeprefix(".")
    if name.startswith(f"{store.stem}-rejects-"):
        return True
    return any(name == each or name.startswith(f"{each}.") for each in _names(store))


def _names(store: Path) -> Iterator[str]:
    yield store.name
    for each in (*_TEXTS, beside.SPILL, beside.PURGE):
        yield store.with_suffix(each).name
