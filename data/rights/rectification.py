"""Rectification, Article 16: wrong fields corrected, empty ones completed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from data import values
from data.cursor import Cursor
from data.errors import BadInput, Refused
from data.people import Person
from data.rights import restriction
from data.rights.notification import recipients_of_fields
from data.rights.plan import Change, Plan
from data.rights.undo import Undoable
from data.schema import qualified
from data.sql import ident
from data.subject import number, pseudonym_sql, whose


@dataclass(frozen=True)
class Rectification(Undoable):
    """New values as typed, by field; an empty text empties the field."""

    name: ClassVar[str] = "rectification"
    title: ClassVar[str] = "Rectification"
    asks_identity: ClassVar[bool] = True
    changes: Mapping[str, str]
    despite: str = ""

    def plan(self, cursor: Cursor, person: Person) -> Plan:
        fields = cursor.map.people.fields
        facts = restriction.used_despite(person, self.despite)
        if not self.changes:
            raise BadInput("Say which field is to have which value: FIELD=VALUE.")
        changes = []
        for name, text in self.changes.items():
            if name not in fields:
                raise BadInput(f"{name} is no field; there are {', '.join(fields)}.")
            if not fields[name].correctable:
                raise Refused(f"{name} may not be corrected: the data map says so.")
            new = values.parse(fields[name].type, text, fields[name].values)
            if name == cursor.map.people.rest and not (new or "{}").startswith("{"):
                raise BadInput(f"{text} is no JSON object.")
            if new != person.fields[name]:
                changes.append(Change(name, fields[name].label, person.fields[name], new))
        unchanged = [name for name in self.changes if name not in {each.field for each in changes}]
        return Plan(
            right=self,
            article="16",
            person=person,
            changes=tuple(changes),
            recipients=recipients_of_fields(cursor, [each.field for each in changes]),
            warnings=tuple(f"{fields[name].label} has that value already." for name in unchanged),
            facts=facts,
        )

    def carry_out(self, cursor: Cursor, plan: Plan) -> None:
        people = cursor.map.people
        condition, bound = whose(people, [plan.person.id])
        for change in plan.changes:
            column = ident(change.field)
            self._remember(cursor, plan.person.id, change.field)
            cursor.run(
                f"UPDATE {qualified(people)} SET {column} = $new WHERE {condition}",
                new=change.new,
                **bound,
            )
            # What is right now was wrong before, where a correction is taken back.
            cursor.run(
                "DELETE FROM habeas.corrections WHERE user_id = $id AND field = $field "
                f"AND wrong IN (SELECT {_keyed(column)} FROM {qualified(people)} "
                f"WHERE {condition})",
                id=plan.person.id,
                field=change.field,
                keyed=cursor.keyed,
                **bound,
            )
        if people.updated and plan.changes:
            cursor.run(
                f"UPDATE {qualified(people)} SET {ident(people.updated)} = $now WHERE {condition}",
                now=cursor.now,
                **bound,
            )

    def value(self, person: Person, field: str) -> Any:
        return person.fields[field]

    def restore(self, cursor: Cursor, plan: Plan, done: Plan) -> None:
        self.carry_out(cursor, plan)

    @staticmethod
    def _remember(cursor: Cursor, subject_id: str, field: str) -> None:
        """Keeps a keyed hash of the wrong value, so that no import brings it back."""
        people = cursor.map.people
        condition, bound = whose(people, [subject_id])
        column = ident(field)
        cursor.run(
            "INSERT INTO habeas.corrections "
            f"SELECT $number, {ident(people.key)}, $field, {_keyed(column)} "
            f"FROM {qualified(people)} WHERE {condition} AND {column} IS NOT NULL",
            number=number(subject_id),
            field=field,
            keyed=cursor.keyed,
            **bound,
        )


def _keyed(column: str) -> str:
    return pseudonym_sql(f"CAST({column} AS VARCHAR)")
