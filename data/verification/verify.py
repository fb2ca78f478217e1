"""Looks for people in a store, first in the tables while it is open, then in its files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from data import people
from data.cursor import Cursor
from data.errors import BadInput
from data.people import Person
from data.verification import files, needles, standing, tables
from data.verification.needles import Needle
from data.verification.standing import Erased, Standing
from data.work import reached

UNSEEN = (
    "copies of the file system and of the disk: snapshots, freed blocks, worn cells of an SSD",
    "backups of the store, and copies that were handed out",
    "integers packed into bits, indexes, texts of a packed block that was partly written over",
)
"""What no search of the files of a store can see."""

UNSEEN_OF_ERASED = (
    "ids that stand in the bytes right beside other text: only what stands apart can be hashed",
    "what else erased people were known by, such as their addresses",
)
"""What cannot be seen besides of people whose ids nobody knows any more."""

FORMS = (
    "text in UTF-8 and in JSON escapes, in upper and lower case",
    "the number of an id, in eight bytes",
    "the bounds in the statistics of columns",
)
FORMS_OF_ERASED = ("whatever stands apart and has the keyed hash of an id of theirs",)
"""What is looked for in the files, as it stands there and where it is packed by FSST or zstd."""

LONGEST = 300  # characters
"""Of a value that is looked for, so that its longest form is within the margin of the scan."""


@dataclass(frozen=True)
class Decoded:
    """What the tables say, and what is to be looked for in the files."""

    tables: tables.Searched
    people: tuple[Standing, ...] = ()
    erased: Erased | None = None
    needles: tuple[Needle, ...] = ()
    hashes: tuple[str, ...] = ()
    key: bytes = b""
    unsought: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verification:
    """What was found where. `unsought` are values that could be looked for in the tables only."""

    tables: tables.Searched
    files: files.Searched
    people: tuple[Standing, ...]
    erased: Erased | None
    unsought: tuple[str, ...]

    @property
    def values(self) -> tuple[str, ...]:
        """All by which people were looked for."""
        return tuple(self.tables.longer)

    @property
    def forms(self) -> tuple[str, ...]:
        return FORMS_OF_ERASED if self.erased else FORMS

    @property
    def unseen(self) -> tuple[str, ...]:
        return UNSEEN + (UNSEEN_OF_ERASED if self.erased else ())

    @property
    def clean(self) -> bool:
        """Nothing was found."""
        return not self.tables.found and not self.files.found

    @property
    def unknown(self) -> tuple[str, ...]:
        """The ids of nobody who is in the store or was erased from it: that nothing is found of
        them proves nothing."""
        return tuple(each.id for each in self.people if not each.known)


def in_tables(cursor: Cursor, ids: Sequence[str], also: Sequence[str] = ()) -> Decoded:
    """Looks for people by their ids and what `also` they are known by, such as an email address.

    Of those who are still in the store it is known what that is. Raises BadInput.
    """
    check([*ids, *also])
    cursor.follow()
    known = [person for each in ids if (person := people.lookup(cursor, each))]
    named = tuple(dict.fromkeys([*ids, *(each for person in known for each in person.merged)]))
    values = dict.fromkeys(also)
    for person in known:
        values |= dict.fromkeys(_known_by(cursor, person))
    searched = tables.search(cursor, named, [each for each in values if each not in named])
    return Decoded(
        searched,
        people=tuple(standing.of(cursor, each) for each in ids),
        needles=tuple(_needles(named, searched)),
        unsought=tuple(_unsought(searched)),
    )


def erased_in_tables(cursor: Cursor) -> Decoded:
    """Looks for all erased people, of whom only the keyed hashes of their ids are known."""
    cursor.follow()
    return Decoded(
        tables.search_erased(cursor),
        erased=standing.of_erased(cursor),
        hashes=tuple(standing.hashes(cursor)),
        key=cursor.key,
    )


def in_files(store: Path, decoded: Decoded) -> Verification:
    """Looks for the same in every file of the store. Raises HabeasError, Interrupted."""
    reached(tables.TENTHS, 10, 10 - tables.TENTHS)
    found = files.search(store, decoded.needles, hashes=decoded.hashes, key=decoded.key)
    return Verification(decoded.tables, found, decoded.people, decoded.erased, decoded.unsought)


def check(values: Sequence[str]) -> None:
    """Raises BadInput where one of these cannot be looked for."""
    for each in values:
        if not each.strip():
            raise BadInput("What is to be looked for is empty.", unchanged="")
        if len(each) > LONGEST:
            raise BadInput(f"What is looked for has at most {LONGEST} characters.", unchanged="")


def _known_by(cursor: Cursor, person: Person) -> Iterator[str]:
    """What tells the person from others, and not only with more: a name is of many."""
    for name, each in cursor.map.people.fields.items():
        value = person.fields[name]
        if (each.identity or each.type in ("email", "phone")) and isinstance(value, str) and value:
            yield value


def _needles(ids: Sequence[str], searched: tables.Searched) -> Iterator[Needle]:
    for value, others in searched.longer.items():
        if others is not None:
            yield from needles.of_text(value, others)
            if value not in searched.shared or len(value.encode()) <= needles.STATISTICS_BYTES:
                yield from needles.of_statistics(value)
    for each in ids:
        yield from needles.of_number(each)


def _unsought(searched: tables.Searched) -> Iterator[str]:
    """What is too short, or a part of too much, to be told from other bytes."""
    for value, others in searched.longer.items():
        if others is None or len(value.encode()) < needles.SHORTEST:
            yield value
