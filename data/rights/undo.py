"""Taking back a slip of the handler, before anybody was told of it or answered with it."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from data import ledger
from data.cursor import Cursor
from data.errors import Refused
from data.people import Person
from data.register import notices
from data.rights.right import Change, Plan, Right


class Undoable(Right):
    """A right whose exercise can be taken back as if it had not been."""

    @abstractmethod
    def value(self, person: Person, field: str) -> Any:
        """What the person has now of a field that this changes."""

    def taken_back(self, changes: Sequence[Change]) -> Mapping[str, Any]:
        """What the ledger keeps of these changes, which take it back: no personal data."""
        return {}

    @abstractmethod
    def restore(self, cursor: Cursor, plan: Plan, done: Plan) -> None:
        """Brings back what `plan`, the reverse of what was `done`, calls new."""


@dataclass(frozen=True)
class Undo(Right):
    """Takes back what was done by the plan `of`, which is entry number `entry` of the ledger.

    No right of the person, so nobody asks for it; it has their shape of plan and receipt.
    """

    name: ClassVar[str] = "undo"
    title: ClassVar[str] = "Undo"
    asked: ClassVar[bool] = False
    of: Plan
    entry: int

    def plan(self, cursor: Cursor, person: Person) -> Plan:
        done, right = self.of, self.of.right
        if not isinstance(right, Undoable):
            raise Refused(f"{right.title} cannot be undone.")
        if request := ledger.get(cursor, self.entry)[0].request:
            raise Refused(
                f"Request {request} was answered with it.",
                then="What is wrong in it is put right by a rectification, or a new request.",
            )
        told = [
            each.recipient for each in notices.of_entry(cursor, self.entry) if each.status == "done"
        ]
        if told:
            raise Refused(f"{', '.join(told)} was told of it already, Article 19.")
        for change in done.changes:
            if right.value(person, change.field) != change.new:
                raise Refused(f"{change.label} was changed again since.")
        changes = tuple(
            replace(each, old=each.new, new=each.old) for each in reversed(done.changes)
        )
        return Plan(
            right=self,
            article=done.article,
            person=person,
            changes=changes,
            facts={"undone": self.entry, **right.taken_back(changes)},
        )

    def carry_out(self, cursor: Cursor, plan: Plan) -> None:
        right = self.of.right
        assert isinstance(right, Undoable)  # noqa: S101  else there were no plan
        right.restore(cursor, plan, self.of)
        notices.withdraw(cursor, self.entry)
