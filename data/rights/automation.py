"""Decisions made by a machine alone, Article 22: stopped, allowed again, or contested."""

from dataclasses import dataclass
from typing import ClassVar, Self

from data.cursor import Cursor
from data.entry import Entry
from data.errors import BadInput, Refused
from data.people import Person
from data.rights.right import Change, Plan, Right
from data.subject import number


@dataclass(frozen=True)
class Automation(Right):
    """With `stop`, decisions about the person are for a person to make."""

    name: ClassVar[str] = "automation"
    title: ClassVar[str] = "Automated decisions"
    stop: bool

    @classmethod
    def recorded(cls, entry: Entry) -> Self | None:
        return cls(entry.facts["stop"] == "yes")

    def plan(self, cursor: Cursor, person: Person) -> Plan:
        stopped = person.automation_stopped is not None
        return Plan(
            right=self,
            article="22",
            person=person,
            changes=(Change("automation", "Automated decisions", not stopped, not self.stop),),
            facts={"stop": "yes" if self.stop else "no"},
        )

    def carry_out(self, cursor: Cursor, plan: Plan) -> None:
        if not self.stop:
            cursor.run("DELETE FROM habeas.automation_stops WHERE user_id = $id", id=plan.person.id)
        elif plan.person.automation_stopped is None:
            cursor.run(
                "INSERT INTO habeas.automation_stops VALUES ($number, $id, $now)",
                number=number(plan.person.id),
                id=plan.person.id,
                now=cursor.now,
            )


@dataclass(frozen=True)
class Contest(Right):
    """A decision of the data map that the person contests, and what a human made of it, 22(3)."""

    name: ClassVar[str] = "contest"
    title: ClassVar[str] = "Contest of a decision"
    stands: ClassVar[bool] = True
    outcomes: ClassVar[tuple[str, ...]] = ("confirmed", "changed")
    decision: str
    outcome: str

    def plan(self, cursor: Cursor, person: Person) -> Plan:
        known = cursor.map.automated
        if not known:
            raise Refused("The data map names no automated decisions.")
        if self.decision not in known:
            raise BadInput(f"{self.decision} is no decision; there are {', '.join(known)}.")
        if self.outcome not in self.outcomes:
            raise BadInput(f"{self.outcome} is no outcome; there are {', '.join(self.outcomes)}.")
        return Plan(
            right=self,
            article="22(3)",
            person=person,
            changes=(Change("contest", known[self.decision].effect, "by a machine", self.outcome),),
            facts={"decision": self.decision, "outcome": self.outcome},
        )

    def carry_out(self, cursor: Cursor, plan: Plan) -> None:
        """The ledger entry is all there is to it: the decision itself is made elsewhere."""
