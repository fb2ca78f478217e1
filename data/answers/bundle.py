"""Writes answers: one folder a person, with the files of a copy, documents and a manifest.

The folder is named by the person's keyed hash and the right, never by an id, which may be an email
address or a path. It is written in another one, hidden, and put in its place when whole.
"""

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.answers import copying
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
    folders = copying.folders(unfinished, len(people))
    try:
        # What was killed left its own there.
        shutil.rmtree(unfinished, ignore_errors=True)
        for each in folders:
            each.mkdir(parents=True)
        described = _copied(cursor, copy, kinds, folders)
        for place, texts in enumerate(documents):
            files = described[place]
            for name, text in texts.items():
                content = text.encode()
                (folders[place] / name).write_bytes(content)
                files.append(_described(name, content))
            manifest = {
                "right": right,
                "article": article,
                "person": people[place].id,
                "time": cursor.now.isoformat(),
                "files": files,
            }
            text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
            (folders[place] / "manifest.json").write_text(text, "utf-8")
        for whole, final in zip(folders, finals, strict=True):
            _put_in_place(cursor, whole, final)
    except OSError as error:
        raise HabeasError(
            f"{out} cannot be written: {error.strerror}.", unchanged="Nothing was exported."
        ) from None
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _copied(
    cursor: Cursor, copy: Sequence[Copied], kinds: Sequence[str], folders: Sequence[Path]
) -> list[list[dict[str, Any]]]:
    """Writes the copies, and describes the files of each person. What is written is read back
    on another thread, while DuckDB writes the next."""
    described: list[list[Future[dict[str, Any]]]] = [[] for _ in folders]
    with ThreadPoolExecutor(1) as reading:
        for each in copy:
            for kind in kinds:
                copying.write(cursor, each.rows, each.part, kind, folders)
                for place, files in enumerate(described):
                    path = folders[place] / f"{each.part.name}.{kind}"
                    count = each.rows.counts.get(place, 0)
                    files.append(reading.submit(_read, path, count))
    return [[each.result() for each in files] for files in described]


def _read(path: Path, rows: int) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return {"name": path.name, "rows": rows, "bytes": file.tell(), "sha256": digest}


def _described(name: str, content: bytes) -> dict[str, Any]:
    return {
        "name": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()
    }  # fmt: skip


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
