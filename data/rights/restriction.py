"""Restriction of processing and its lifting, Article 18."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Self

from data import grounds
from data.cursor import Cursor
from data.entry import Entry
from data.errors import BadInput, Refused
from data.grounds import DESPITE_RESTRICTION, article_of
from data.people import Person
from data.rights.notification import recipients_of_all
from data.rights.right import Change, Plan, Right
from data.rights.undo import Undoable
from data.subject import number


@dataclass(frozen=True)
class Restriction(Undoable):
    """The whole profile is stored and otherwise left alone, on a ground of 18(1)."""

    name: ClassVar[str] = "restriction"
    title: ClassVar[str] = "Restriction"
    grounds: ClassVar[Mapping[str, str]] = grounds.RESTRICTION
    ground: str

    @classmethod
    def recorded(cls, entry: Entry) -> Self | None:
        return cls(grounds.ground_of(cls.grounds, entry.article))

    @classmethod
    def check(cls, person: Person) -> None:
        if person.restriction:
            raise Refused(f"{person.id} is restricted already, for {person.restriction.ground}.")

    def plan(self, cursor: Cursor, person: Person) -> Plan:
        article = grounds.article_of(self.grounds, self.ground)
        self.check(person)
        return Plan(
            right=self,
            article=article,
            person=person,
            changes=(Change("restriction", "Restriction", None, self.ground),),
            recipients=recipients_of_all(cursor),
        )

    def carry_out(self, cursor: Cursor, plan: Plan) -> None:
        restrict(cursor, [plan])

    @classmethod
    def carry_out_all(cls, cursor: Cursor, plans: Sequence[Plan]) -> None:
        restrict(cursor, plans)

    def value(self, person: Person, field: str) -> Any:
        return person.restriction and person.restriction.ground

    def restore(self, cursor: Cursor, plan: Plan, done: Plan) -> None:
        _end(cursor, plan.person)


@dataclass(frozen=True)
class Lifting(Right):
    """The end of a restriction, of which the person was informed before it: 18(3)."""

    name: ClassVar[str] = "lifting"
    title: ClassVar[str] = "Lifting of a restriction"
    informed: str
    """The day on which the person was told, as YYYY-MM-DD."""

    @classmethod
    def recorded(cls, entry: Entry) -> Self | None:
        return cls(entry.facts["informed"])

    @classmethod
    def check(cls, person: Person) -> None:
        if not person.restriction:
            raise Refused(f"{person.id} is not restricted.")

    def plan(self, cursor: Cursor, person: Person) -> Plan:
        try:
            informed = date.fromisoformat(self.informed)
        except ValueError:
            raise BadInput(f"{self.informed} is no date; write it as 2026-11-23.") from None
        self.check(person)
        if informed > cursor.today:
            raise Refused(
                f"{person.id} would be informed on {informed}, after the lifting.",
                then="Inform the person first: Article 18(3).",
            )
        return Plan(
            right=self,
            article="18(3)",
            person=person,
            changes=(
                Change(
                    "restriction",
                    "Restriction",
                    person.restriction and person.restriction.ground,
                    None,
                ),
            ),
            recipients=recipients_of_all(cursor),
            facts={"informed": informed.isoformat()},
        )

    def carry_out(self, cursor: Cursor, plan: Plan) -> None:
        _end(cursor, plan.person)


def restrict(cursor: Cursor, plans: Sequence[Plan]) -> None:
    """Restricts the people of these plans, under each of their ids, on the ground that a plan
    changes to."""
    cursor.insert(
        "habeas.restrictions",
        [
            {
                "person_no": number(one),
                "user_id": one,
                "person": plan.person.id,
                "ground": change.new,
                "since": cursor.now,
            }
            for plan in plans
            for change in plan.changes
            for one in plan.person.ids
        ],
    )


def _end(cursor: Cursor, person: Person) -> None:
    cursor.run("DELETE FROM habeas.restrictions WHERE person = $id", id=person.id)


def used_despite(person: Person, despite: str) -> dict[str, str]:
    """What the ledger keeps of a use of the data of somebody who may be restricted, 18(2).

    Raises Refused where the person is restricted and no reason of 18(2) is given.
    """
    if person.restriction is None:
        return {}
    if not despite:
        raise Refused(
            f"{person.id} is restricted, for {person.restriction.ground}.",
            then="Article 18(2) allows it for a reason, which is recorded: --despite "
            f"{'|'.join(DESPITE_RESTRICTION)}.",
        )
    return {"despite": despite, "despite_article": article_of(DESPITE_RESTRICTION, despite)}
