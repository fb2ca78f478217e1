"""Writes an answer: one folder a person, with the files of a copy, documents and a manifest.

The folder is named by the person's keyed hash and the right, never by an id, which may be an email
address or a path. It is written under another name and renamed when whole. DuckDB writes the
copy, so a million events never pass through Python.
"""

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.answers.dictionary import PROFILE, choice
from data.cursor import Cursor
from data.datamap import People, Records
from data.errors import HabeasError
from data.people import Person
from data.schema import qualified
from data.sql import ident, literal
from data.subject import whose

TIME_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"

_FORMATS = {
    "json": f"FORMAT JSON, TIMESTAMPFORMAT '{TIME_FORMAT}'",
    "csv": f"FORMAT CSV, HEADER, NEW_LINE '\\r\\n', TIMESTAMPFORMAT '{TIME_FORMAT}'",
    "parquet": "FORMAT PARQUET, COMPRESSION ZSTD",
}
"""JSON has one object a line; CSV is that of RFC 4180."""


@dataclass(frozen=True)
class Part:
    """One table of a copy: its columns as SQL by name, those of them that are DOUBLE, what
    follows FROM, and the values to bind."""

    name: str
    columns: Mapping[str, str]
    numbers: frozenset[str]
    source: str
    values: Mapping[str, Any]

    def select(self, kind: str) -> str:
        # JSON has no NaN and no infinity.
        finite = self.numbers if kind == "json" else frozenset()
        columns = (
            f"CASE WHEN isfinite({sql}) THEN {sql} END AS {ident(name)}"
            if name in finite
            else f"{sql} AS {ident(name)}"
            for name, sql in self.columns.items()
        )
        return f"SELECT {', '.join(columns)} FROM {self.source}"


def folder(cursor: Cursor, person: Person, out: Path, right: str) -> Path:
    """Where the person's bundle goes; each right has one of its own."""
    return out / name(cursor.pseudonym(person.id), right)


def name(subject: str, right: str) -> str:
    """What the folder of a person of this keyed hash is called."""
    return f"{subject[:16]}-{right}"


def parts(
    cursor: Cursor, person: Person, columns: Sequence[str], records: Sequence[Records]
) -> Iterator[Part]:
    """The copy: the person's rows in these columns of people, and in these tables of records.

    Further ids of the person may have rows of their own among the people; they come last.
    """
    people = cursor.map.people
    key = f"p.{ident(people.key)}"
    condition, values = whose(people, person.ids)
    yield Part(
        name=PROFILE,
        columns={
            **{name: ident(name) for name in columns},
            **{
                choice(name): _chosen(name, key)
                for name, each in people.channels.items()
                if not each.column
            },
        },
        numbers=_numbers(people, columns),
        source=f"{qualified(people)} AS p WHERE {condition} ORDER BY {key} <> $own, {key}",
        values={**values, "own": person.id},
    )
    for each in records:
        condition, values = whose(each, person.ids)
        named = [name for name in each.columns if name != each.number]
        yield Part(
            name=each.name,
            columns={name: ident(name) for name in named},
            numbers=_numbers(each, named),
            source=f"{qualified(each)} WHERE {condition} "
            f"ORDER BY {ident(each.time)}, {ident(each.id)}",
            values=values,
        )


def write(
    cursor: Cursor,
    person: Person,
    out: Path,
    *,
    right: str,
    article: str,
    copy: Sequence[Part],
    kinds: Sequence[str],
    documents: Mapping[str, str],
) -> None:
    """Writes the bundle, in place of an earlier one, and takes it back should the caller's
    transaction fail. `kinds` are those of files that each part is written in, `documents`
    the texts of further files by name.

    Times are in UTC. Raises HabeasError where the folder cannot be written.
    """
    final = folder(cursor, person, out, right)
    unfinished = final.with_name(f".{final.name}.new")
    try:
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        files = [
            _copied(cursor, unfinished / f"{part.name}.{kind}", part, kind)
            for part in copy
            for kind in kinds
        ]
        for name, text in documents.items():
            (unfinished / name).write_text(text, "utf-8", newline="")
            files.append(_described(unfinished / name))
        manifest = {
            "right": right,
            "article": article,
            "person": person.id,
            "time": cursor.now.isoformat(),
            "files": files,
        }
        text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
        (unfinished / "manifest.json").write_text(text, "utf-8")
        _put_in_place(cursor, unfinished, final)
    except OSError as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise HabeasError(
            f"{out} cannot be written: {error.strerror}.", unchanged="Nothing was exported."
        ) from None
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise


def _copied(cursor: Cursor, path: Path, part: Part, kind: str) -> dict[str, Any]:
    """Writes a part in one kind of file, and describes the file."""
    rows = cursor.run(
        f"COPY ({part.select(kind)}) TO $path ({_FORMATS[kind]})", path=str(path), **part.values
    )
    if kind == "json" and rows == 0:
        # Readers of JSON lines take a file of no bytes for a broken one.
        path.write_text("\n", "utf-8")
    return _described(path, rows=rows)


def _described(path: Path, **counted: int) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"name": path.name, **counted, "bytes": path.stat().st_size, "sha256": digest}


def _numbers(table: People | Records, columns: Sequence[str]) -> frozenset[str]:
    return frozenset(name for name in columns if table.columns[name] == "DOUBLE")


def _chosen(channel: str, key: str) -> str:
    """What the person said of a channel that has no column, as if it had one, in SQL."""
    return (
        f"(SELECT opted_in FROM habeas.choices WHERE channel = {literal(channel)} "
        f"AND user_id = {key})"
    )


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
