"""What a verification says, on the command line and in the application: whether anything is left,
where, how things stand, what was searched and what no search sees."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from data.verification.standing import Erased, Standing
from data.verification.verify import Verification
from tui.words import counted, shown


def verdict(found: Verification) -> str:
    """Whether anything is left; not yet display-safe."""
    if not found.clean:
        return f"Found: something is left of {_all_of(found.people)}."
    known = [each for each in found.people if each.known]
    said = []
    if found.unknown:
        said.append(
            f"Unknown here: {', '.join(found.unknown)}, neither in the store nor erased from it. "
            "Mistyped?"
        )
    if known or not found.unknown:
        where = " in the tables" if found.unsought else ""
        said.append(f"Nothing is left of {_all_of(known)}{where}.")
    return " ".join(said)


def _all_of(people: Sequence[Standing]) -> str:
    return ", ".join(each.id for each in people) or "those who were erased"


def facts(found: Verification, folder: Path) -> dict[str, Any]:
    """All of it for a program; files are named from the folder of the store."""
    return {
        "result": "nothing found" if found.clean else "found",
        "found": [*_in_tables(found), *_in_files(found, folder)],
        "searched": {
            "tables": found.tables.tables,
            "columns": found.tables.columns,
            "rows": found.tables.rows,
            "files": len(found.files.files),
            "bytes": found.files.size,
            "unpacked": found.files.unpacked,
            "values": found.values,
            "forms": found.forms,
        },
        "people": [asdict(each) for each in found.people],
        "erased": found.erased and asdict(found.erased),
        "tables_only": found.unsought,
        "unseen": found.unseen,
    }


def words(found: Verification, folder: Path) -> dict[str, list[str]]:
    """The same for eyes, in the same order and by the same names, but for the verdict and what
    there is nothing of; not yet display-safe."""
    said = {
        "found": [_place(**each) for each in facts(found, folder)["found"]],
        "searched": [*_searched(found)],
        "people": [_person(each) for each in found.people],
        "erased": [_erased(found.erased)] if found.erased else [],
        "tables_only": [*found.unsought],
        "unseen": [*found.unseen],
    }
    return {name: lines for name, lines in said.items() if lines}


def notes(found: Verification, purge: str) -> Iterator[str]:
    """What the searcher should know besides, and that a `purge` by that name may be due; not yet
    display-safe."""
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
    if found.files.found and _is_deleted(found):
        yield f"The files keep what was deleted: {purge} rewrites them without it."


def _is_deleted(found: Verification) -> bool:
    """Whether what the files have may be nothing but rows that were deleted, or also such."""
    unpurged = any(each.erased and not each.purged for each in found.people)
    if found.erased:
        unpurged = found.erased.purged < found.erased.ids
    return unpurged or not found.tables.found


def _in_tables(found: Verification) -> Iterator[dict[str, Any]]:
    for each in found.tables.found:
        for how, count in (("the whole value", each.equal), ("in a longer value", each.within)):
            if count:
                yield {"where": each.column, "how": how, "rows": count}


def _in_files(found: Verification, folder: Path) -> Iterator[dict[str, Any]]:
    for each in found.files.found:
        how = f"{each.form} {each.packing}"
        yield {"where": str(each.file.relative_to(folder)), "how": how, "places": each.count}


def _place(where: str, how: str, *, rows: int = 0, places: int = 0) -> str:
    return f"{where}: {counted(rows, 'row') if rows else counted(places, 'place')}, {how}"


def _searched(found: Verification) -> Iterator[str]:
    tables, files = found.tables, found.files
    rows, size = counted(tables.rows, "row"), counted(files.size, "byte")
    yield f"{rows} of {tables.tables:,} tables, in all their {tables.columns:,} columns"
    yield f"{size} of {len(files.files):,} files, and {files.unpacked:,} that are packed in them"
    if found.values:
        yield f"for {', '.join(found.values)}"
    yield from (f"as {each}" for each in found.forms)


def _person(each: Standing) -> str:
    if not each.erased:
        return f"{each.id}: {'in the store' if each.held else 'not in the store, nor erased'}"
    purged = f"purged {shown(each.purged)}" if each.purged else "not purged since"
    return f"{each.id}: erased {shown(each.erased)}, the store {purged}"


def _erased(each: Erased) -> str:
    return f"{counted(each.ids, 'id')}; for {each.purged:,} the store was purged since"
