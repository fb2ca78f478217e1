"""A store that was restored from a backup: what was done since is done again, from the file of its
ledger.

The entries that the store lacks come back into its ledger unchanged, and each is carried out again
as of its own time: erasures, restrictions, choices and their like, the steps on requests, and the
recipients to be told. The ledger holds no values and no files, so what needs them is left to a
person, and named.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from data import ledger
from data.cursor import Cursor
from data.entry import Entry
from data.ledger import By
from data.replay import register, whom
from data.replay.exercised import Exercised
from data.replay.register import Known
from data.rights.right import Right
from data.rights.undo import Undo
from data.store import Store
from data.work import reached

ELSEWHERE: Mapping[str, str] = {
    "import": "Load the files again.",
    "purge": "Purge again: the backup brought back what was purged.",
}
"""What of all else that is done leaves a person something to do: the rest stands by its entry."""


@dataclass(frozen=True)
class Left:
    """What a person must do again, `to_do`, since this entry could not be. `person` is the id,
    "" where it is nobody's or the store does not know them."""

    entry: Entry
    person: str
    to_do: str


@dataclass(frozen=True)
class Replayed:
    """The entries that the store lacked: those `done` again, those `left` to a person, and the
    rest, that stand as they are: what changed nothing, and what came to nothing later."""

    lost: Sequence[Entry]
    done: Sequence[Entry]
    left: Sequence[Left]

    @property
    def stands(self) -> Sequence[Entry]:
        taken = {*self.done, *(each.entry for each in self.left)}
        return [each for each in self.lost if each not in taken]


def replay(store: Store, by: By, *, keep: bool = True) -> Replayed:
    """Does again what the store lacks, all of it in one transaction; nothing where it lacks none.

    With `keep=False` nothing is kept, and it only shows what would be done. Raises
    StoreUnavailable where it is open for reading only, and MapError where the data map does not
    allow an erasure.
    """
    with store.transaction(keep=keep, restored=True) as cursor:
        if not cursor.ledger_file.lost:
            return Replayed((), (), ())
        lost = ledger.recover(cursor)
        replayed = _redone(cursor, lost)
        ledger.append(
            cursor,
            by,
            "replay",
            article="5(2)",
            detail={
                "first": lost[0].seq,
                "last": lost[-1].seq,
                "done": counted(replayed.done),
                "left": [each.entry.seq for each in replayed.left],
            },
        )
        return replayed


def counted(entries: Sequence[Entry]) -> dict[str, int]:
    """How many there are of each act, most first."""
    return dict(Counter(each.action for each in entries).most_common())


def _redone(cursor: Cursor, lost: Sequence[Entry]) -> Replayed:
    """Does all of it again, in order."""
    known = whom.find(cursor, {each for entry in lost for each in _subjects(entry)})
    exercised = Exercised(cursor, known, lost)
    to_do: dict[Entry, str | None] = {}
    for place, entry in enumerate(lost):
        reached(place, len(lost))
        with cursor.at(entry.moment):
            to_do[entry] = _redo(cursor, entry, exercised, known)
    exercised.withdraw()
    erased = {subject for (subject,) in cursor.rows("SELECT subject FROM habeas.erased")}
    left = {
        entry: Left(entry, known.get(entry.subject, ""), said)
        for entry, redone in to_do.items()
        if entry.subject not in erased and (said := redone or register.to_say(cursor, entry))
    }
    done = [entry for entry, redone in to_do.items() if redone == "" and entry not in left]
    return Replayed(lost, done, [*left.values()])


def _redo(cursor: Cursor, entry: Entry, exercised: Exercised, known: Known) -> str | None:
    """Does one again: "" where that is done, else what is left to do, None where nothing is."""
    if entry.action in Right.known or entry.action == Undo.name:
        return exercised.redo(entry)
    if register.redo(cursor, entry, known):
        return ""
    return ELSEWHERE.get(entry.action)


def _subjects(entry: Entry) -> Iterator[str]:
    """The keyed hashes of everybody whom the entry is about."""
    if entry.subject:
        yield entry.subject
    yield from entry.facts.get("merged", ())
