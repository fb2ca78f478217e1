"""The rights that the ledger says were exercised, carried out again where it has all they need."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from data import ledger, people
from data.cursor import Cursor
from data.entry import Entry
from data.errors import BadInput, Refused
from data.people import Person
from data.register import notices
from data.replay.register import Known
from data.rights.erasure import Erasure, forget
from data.rights.plan import record_as
from data.rights.right import Change, Plan, Right
from data.rights.undo import Undo, Undoable

NOT_THERE = "The person is not in the restored store: load them, then do it again."
VALUES = "The ledger has no values: correct it again. Until then an import may undo it."
SLIP = "The ledger has no values: correct it to what it was before."


class Exercised:
    """Takes the `lost` entries of rights in their order."""

    def __init__(self, cursor: Cursor, known: Known, lost: Sequence[Entry]):
        self._cursor = cursor
        self._known = known
        self._undone = {each.facts["undone"] for each in lost if each.action == Undo.name}
        self._plans: dict[int, Plan] = {}
        self._not_done: list[int] = []

    def redo(self, entry: Entry) -> str | None:
        """Carries the right out, with the notices and the receipt that followed: "" where that is
        done, what a person must do where it cannot be, None where nobody must."""
        person = self._person(entry.subject)
        left = self._carry_out(entry, person)
        record_as(self._cursor, [(person, entry)])
        if left:
            self._not_done.append(entry.seq)
        return left if not left or entry.seq not in self._undone else None

    def withdraw(self) -> None:
        """Nobody is told of what was not done again; once a person does it, they will be."""
        for seq in self._not_done:
            notices.withdraw(self._cursor, seq)

    def _carry_out(self, entry: Entry, person: Person) -> str | None:
        if entry.action == Undo.name:
            return self._take_back(entry, person)
        kind = Right.known[entry.action]
        if kind.stands:
            return None
        right = kind.recorded(entry)
        if right is None:
            return VALUES
        if isinstance(right, Erasure):
            self._erase(entry, right)
            return ""
        return self._apply(entry, right, person)

    def _apply(self, entry: Entry, right: Right, person: Person) -> str:
        if not person.known:
            return NOT_THERE
        try:
            plan = right.plan(self._cursor, person)
        except (BadInput, Refused) as why:
            return why.happened
        right.carry_out(self._cursor, plan)
        self._plans[entry.seq] = plan
        return ""

    def _erase(self, entry: Entry, right: Erasure) -> None:
        """Also somebody who is known only by their records, or not at all, and their merged ids."""
        subjects: Sequence[str] = [entry.subject, *entry.facts.get("merged", ())]
        ids = [self._known[each] for each in subjects if each in self._known]
        if ids:
            person = people.lookup(self._cursor, ids[0]) or people.nobody(ids[0])
            plan = right.plan(self._cursor, replace(person, merged=tuple(ids[1:])))
            right.carry_out(self._cursor, plan)
        forget(self._cursor, [each for each in subjects if each not in self._known])

    def _take_back(self, entry: Entry, person: Person) -> str | None:
        seq: int = entry.facts["undone"]
        if seq in self._not_done:
            return None
        done = self._plans.get(seq) or self._done_before(entry, person)
        return self._apply(entry, Undo(done, seq), person) if done else SLIP

    def _done_before(self, entry: Entry, person: Person) -> Plan | None:
        """The plan of what this entry took back, which was done before the backup."""
        original, _ = ledger.get(self._cursor, entry.facts["undone"])
        right = Right.known[original.action].recorded(original)
        if not isinstance(right, Undoable):
            return None
        if not person.known:
            return Plan(right, original.article, person)
        back: dict[str, Any] = entry.facts.get("back", {})
        return Plan(
            right=right,
            article=original.article,
            person=person,
            changes=tuple(
                Change(name, name, back.get(name), right.value(person, name))
                for name in entry.facts["fields"]
            ),
            facts=original.facts,
        )

    def _person(self, subject: str) -> Person:
        """Who it was, as far as the store knows them."""
        subject_id = self._known.get(subject, "")
        return people.lookup(self._cursor, subject_id) or people.nobody(subject_id)
