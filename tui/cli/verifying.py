"""habeas verify: whether anything is left of a person."""

import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from data.errors import BadInput, HabeasError
from data.verification import verify as verification
from data.verification.standing import Erased, Standing
from data.verification.verify import Verification
from tui import output
from tui.cli.options import READING, Flag, Options
from tui.words import shown


def verify(
    *user_id: str,
    also: Annotated[list[str] | None, Parameter(negative="")] = None,
    all_erased: Flag = False,
    options: Options = READING,
) -> None:
    """Look for a person in every value of the store, and in every byte of its files.

    It exits with 1 where anything is found. What is deleted stays in the file of a store until
    that is purged.

    Parameters
    ----------
    also
        What else the person is known by, such as an email address; may be given several times.
        It is not in the store any more once they are erased.
    all_erased
        Look for all who were erased. Their ids are known as keyed hashes only, so in the files
        they are found where they stand apart.
    """
    if bool(user_id) == all_erased or (also and all_erased):
        raise BadInput("Say who: ids, with --also VALUE, or --all-erased.", unchanged="")
    with output.waiting("searching"):
        with options.opened(read_only=True) as store, store.reading() as cursor:
            decoded = (
                verification.erased_in_tables(cursor)
                if all_erased
                else verification.in_tables(cursor, user_id, also or ())
            )
        # The store is closed: its files are read by a process of their own.
        found = verification.in_files(options.path, decoded)
    output.record(_said(found, options), options.format)
    for note in _notes(found):
        output.note(note)
    if not found.clean:
        sys.exit(HabeasError.exit_code)


def _said(found: Verification, options: Options) -> dict[str, Any]:
    said: dict[str, Any] = {
        "result": "nothing found" if found.clean else "found",
        "found": [*_in_tables(found), *_in_files(found, options.path.parent)],
        "searched": {
            "tables": found.tables.tables,
            "columns": found.tables.columns,
            "rows": found.tables.rows,
            "files": len(found.files.files),
            "bytes": found.files.size,
            "unpacked": found.files.unpacked,
            "forms": found.forms,
        },
        "people": [asdict(each) for each in found.people],
        "erased": found.erased and asdict(found.erased),
        "tables_only": found.unsought,
        "unseen": found.unseen,
    }
    if options.format != "table":
        return said
    said |= {
        "found": [_found(**each) for each in said["found"]],
        "searched": [*_searched(found)],
        "people": [_person(each) for each in found.people],
        "erased": found.erased and _erased(found.erased),
    }
    return {name: value for name, value in said.items() if value}


def _in_tables(found: Verification) -> Iterator[dict[str, Any]]:
    for each in found.tables.found:
        for how, count in (("the whole value", each.equal), ("in a longer value", each.within)):
            if count:
                yield {"where": each.column, "how": how, "rows": count}


def _in_files(found: Verification, folder: Path) -> Iterator[dict[str, Any]]:
    for each in found.files.found:
        how = f"{each.form} {each.packing}"
        yield {"where": str(each.file.relative_to(folder)), "how": how, "places": each.count}


def _found(where: str, how: str, *, rows: int = 0, places: int = 0) -> str:
    return f"{where}: {_counted(rows, 'row') if rows else _counted(places, 'place')}, {how}"


def _searched(found: Verification) -> Iterator[str]:
    tables, files = found.tables, found.files
    rows, size = _counted(tables.rows, "row"), _counted(files.size, "byte")
    yield f"{rows} of {tables.tables:,} tables, in all their {tables.columns:,} columns"
    yield f"{size} of {len(files.files):,} files, and {files.unpacked:,} that are packed in them"
    yield from (f"for {each}" for each in found.forms)


def _person(each: Standing) -> str:
    if not each.erased:
        return f"{each.id}: {'in the store' if each.held else 'not in the store, nor erased'}"
    purged = f"purged {shown(each.purged)}" if each.purged else "not purged since"
    return f"{each.id}: erased {shown(each.erased)}, the store {purged}"


def _erased(each: Erased) -> str:
    return f"{_counted(each.ids, 'id')}; for {each.purged:,} the store was purged since"


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _notes(found: Verification) -> Iterator[str]:
    """What the searcher should know besides."""
    for each in found.people:
        for copy in each.bundles:
            yield f"A copy was handed out {shown(copy.moment)}: folder {copy.folder}."
    if found.erased and found.erased.bundles:
        yield f"{found.erased.bundles:,} copies of their data were handed out: see the ledger."
    notices = {each for person in found.people for each in person.notices}
    notices |= set(found.erased.notices if found.erased else ())
    if notices:
        named = ", ".join(sorted(notices, key=lambda each: (len(each), each)))
        yield f"Until the recipients are told, notices keep whom they are about: {named}."
    if found.files.found and not found.tables.found:
        yield "The files keep what was deleted: habeas purge rewrites them without it."
