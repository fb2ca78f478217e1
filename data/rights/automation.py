"""Decisions made by a machine alone, Article 22: stopped for a person, or allowed again."""

from dataclasses import dataclass
from typing import ClassVar

from data.people import Person
from data.rights.plan import Change, Plan, Right
from data.store import Cursor
from data.subject import number


@dataclass(frozen=True)
class Automation(Right):
    """With `stop`, decisions about the person are for a person to make."""

    name: ClassVar[str] = "automation"
    title: ClassVar[str] = "Automated decisions"
    stop: bool

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
