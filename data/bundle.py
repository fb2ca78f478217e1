"""Writes an answer: one folder a person, with JSON, Parquet and a manifest.

The folder is named by the person's keyed hash, never by an id, which may be an email
address or a path. It is written under another name and renamed when whole. DuckDB writes the
files, so a million events never pass through Python.
"""

import hashlib
import json
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from data.datamap import Records
from data.errors import HabeasError
from data.people import Person
from data.schema import qualified
from data.sql import ident, idents, literal
from data.store import Cursor
from data.subject import whose

TIME_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"


def folder(cursor: Cursor, person: Person, out: Path) -> Path:
    """Where the person's bundle goes."""
    return out / cursor.pseudonym(person.id)[:16]


def write(
    cursor: Cursor,
    person: Person,
    out: Path,
    *,
    right: str,
    article: str,
    columns: Sequence[str],
    records: Sequence[Records],
) -> None:
    """Writes the bundle, in place of an earlier one, and takes it back should the caller's
    transaction fail. `columns` are those of the table of people that go in.

    Files are JSON, one object a line, and Parquet, with times in UTC. Raises HabeasError
    where the folder cannot be written.
    """
    final = folder(cursor, person, out)
    unfinished = final.with_name(f".{final.name}.new")
    try:
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        files = []
        for name, select, values in _parts(cursor, person, columns, records):
            for kind, options in _FORMATS.items():
                path = unfinished / f"{name}.{kind}"
                rows = cursor.run(f"COPY ({select}) TO $path ({options})", path=str(path), **values)
                if kind == "json" and rows == 0:
                    # Readers of JSON lines take a file of no bytes for a broken one.
                    path.write_text("\n", "utf-8")
                files.append(_described(path, rows))
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


_FORMATS = {
    "json": f"FORMAT JSON, TIMESTAMPFORMAT '{TIME_FORMAT}'",
    "parquet": "FORMAT PARQUET, COMPRESSION ZSTD",
}


def _parts(
    cursor: Cursor, person: Person, columns: Sequence[str], records: Sequence[Records]
) -> list[tuple[str, str, dict[str, Any]]]:
    """The files of a bundle: a name, what to select, and the values to bind."""
    people = cursor.map.people
    condition, values = whose(people, [person.id])
    chosen = [_choice(name) for name, each in people.channels.items() if not each.column]
    profile = (
        f"SELECT {', '.join([idents(columns), *chosen])} FROM {qualified(people)} WHERE {condition}"
    )
    parts = [("profile", profile, values)]
    for each in records:
        condition, values = whose(each, person.ids)
        hidden = f"EXCLUDE ({ident(each.number)})" if each.number else ""
        rows = f"SELECT * {hidden} FROM {qualified(each)} WHERE {condition}"
        parts.append((each.name, f"{rows} ORDER BY {ident(each.time)}, {ident(each.id)}", values))
    return parts


def _choice(channel: str) -> str:
    """What the person said of a channel that has no column, as if it had one, in SQL."""
    return (
        f"(SELECT opted_in FROM habeas.choices WHERE channel = {literal(channel)} "
        f"AND user_id IN (SELECT unnest($ids))) AS {ident(f'{channel}_opt_in')}"
    )


def _described(path: Path, rows: int) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"name": path.name, "rows": rows, "bytes": path.stat().st_size, "sha256": digest}


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
