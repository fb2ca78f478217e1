"""Writes answers: one folder a person, with the files of a copy, documents and a manifest.

The folder is named by the person's keyed hash and the right, never by an id, which may be an email
address or a path. It is written in another one, hidden, and put in its place when whole.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

from data.answers import copying, several
from data.answers.copying import Part
from data.answers.gathering import Gathered
from data.cursor import Cursor
from data.errors import HabeasError
from data.people import Person


@dataclass(frozen=True)
class Copied:
    """One table of a copy: its rows, those of several people, and what of them is copied."""

    rows: Gathered
    part: Part


@dataclass(frozen=True)
class _Folder:
    """A bundle that is being written, and its files as the manifest describes them."""

    path: Path
    files: list[dict[str, Any]] = field(default_factory=list)

    def add(self, name: str, content: bytes, **further: int) -> None:
        """Writes one more file."""
        # By way of a Path and of Python's own files it takes half as long again (measured).
        file = os.open(f"{self.path}/{name}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            left = memoryview(content)
            while left:
                left = left[os.write(file, left) :]
        finally:
            os.close(file)
        digest = hashlib.sha256(content).hexdigest()
        self.files.append({"name": name, **further, "bytes": len(content), "sha256": digest})

    def found(self, name: str, **further: int) -> None:
        """Takes in a file that is there."""
        with (self.path / name).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            self.files.append({"name": name, **further, "bytes": file.tell(), "sha256": digest})


def folder(cursor: Cursor, person: Person, out: Path, right: str) -> Path:
    """Where the person's bundle goes; each right has one of its own."""
    return out / name(cursor.pseudonym(person.id), right)


def name(subject: str, right: str) -> str:
    """What the folder of a person of this keyed hash is called."""
    return f"{subject[:16]}-{right}"


def write(
    cursor: Cursor,
    people: Sequence[Person],
    out: Path,
    *,
    right: str,
    article: str,
    copy: Sequence[Copied],
    kinds: Sequence[str],
    documents: Iterable[Mapping[str, str]],
) -> None:
    """Writes the bundles of these people, each in place of an earlier one, and takes them back
    should the caller's transaction fail. `kinds` are those of files that each table is written
    in, `documents` for each person the texts of further files by name.

    Times are in UTC. Raises HabeasError where a folder cannot be written.
    """
    finals = [folder(cursor, each, out, right) for each in people]
    unfinished = out / f".{cursor.pseudonym('')[:16]}.new"
    folders = [_Folder(unfinished / each.name) for each in finals]
    try:
        # What was killed left its own there.
        shutil.rmtree(unfinished, ignore_errors=True)
        for each in folders:
            each.path.mkdir(parents=True)
        for copied, kind in product(copy, kinds):
            _copy(cursor, copied, kind, folders)
        for person, each, texts in zip(people, folders, documents, strict=True):
            for name, text in texts.items():
                each.add(name, text.encode())
            said = {"right": right, "article": article, "person": person.id}
            said["time"] = cursor.now.isoformat()
            each.add("manifest.json", _manifest(said, each.files))
        for each, final in zip(folders, finals, strict=True):
            _put_in_place(cursor, each.path, final)
    except OSError as error:
        raise HabeasError(
            f"{out} cannot be written: {error.strerror}.", unchanged="Nothing was exported."
        ) from None
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _copy(cursor: Cursor, copied: Copied, kind: str, folders: Sequence[_Folder]) -> None:
    """Writes one table of each person in one kind of file."""
    rows, part = copied.rows, copied.part
    name = f"{part.name}.{kind}"
    if len(folders) == 1:
        copying.write(cursor, rows, part, kind, folders[0].path / name)
        folders[0].found(name, rows=rows.counts[0])
        return
    contents = several.contents(cursor, rows, part, kind, [each.path for each in folders])
    for place, (each, content) in enumerate(zip(folders, contents, strict=True)):
        each.add(name, content, rows=rows.counts.get(place, 0))


def _manifest(said: Mapping[str, str], files: Iterable[Mapping[str, Any]]) -> bytes:
    """The manifest as a JSON text, with a file a line."""
    members = [f"  {_json(name)}: {_json(value)}" for name, value in said.items()]
    lines = ",\n".join(f"    {_json(each)}" for each in files)
    whole = ",\n".join([*members, f'  "files": [\n{lines}\n  ]'])
    return f"{{\n{whole}\n}}\n".encode()


_json = json.JSONEncoder(ensure_ascii=False).encode


def _put_in_place(cursor: Cursor, unfinished: Path, final: Path) -> None:
    earlier = final.with_name(f".{final.name}.old")
    shutil.rmtree(earlier, ignore_errors=True)
    with suppress(FileNotFoundError):
        final.rename(earlier)

    def take_back() -> None:
        shutil.rmtree(final, ignore_errors=True)
        with suppress(FileNotFoundError):
            earlier.rename(final)

    cursor.if_rolled_back(take_back)
    cursor.if_kept(lambda: shutil.rmtree(earlier, ignore_errors=True))
    unfinished.rename(final)
