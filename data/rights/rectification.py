"""Rectification, Article 16: wrong fields corrected, empty ones completed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from data import directory, locate, values
from data.cursor import Cursor
from data.errors import BadInput, Refused
from data.people import Person
from data.rights import restriction
from data.rights.notification import recipients_of_fields
from data.rights.right import Change, Plan
from data.rights.undo import Undoable
from data.schema import qualified
from data.sql import ident
from data.subject import number_sql, pseudonym_sql


@dataclass(frozen=True)
class Rectification(Undoable):
    """New values as typed, by field; an empty text empties the field."""

    name: ClassVar[str] = "rectification"
    title: ClassVar[str] = "Rectification"
    asks_identity: ClassVar[bool] = True
    corrects: ClassVar[bool] = True
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
        self.carry_out_all(cursor, [plan])

    @classmethod
    def carry_out_all(cls, cursor: Cursor, plans: Sequence[Plan]) -> None:
        people = cursor.map.people
        corrected: dict[str, dict[str, Any]] = {}
        for plan in plans:
            for change in plan.changes:
                corrected.setdefault(change.field, {})[plan.person.id] = change.new
        for field, new in corrected.items():
            _correct(cursor, field, new)
        changed = [plan.person.id for plan in plans if plan.changes]
        if {*corrected} & {*people.identifying}:
            lines, bound = locate.lines(cursor, changed)
            directory.leave(cursor, lines, **bound)
            condition, bound = locate.whose(cursor, people, changed)
            directory.enter(cursor, f"SELECT * FROM {qualified(people)} WHERE {condition}", **bound)
        if people.updated and changed:
            condition, bound = locate.whose(cursor, people, changed)
            cursor.run(
                f"UPDATE {qualified(people)} SET {ident(people.updated)} = $now WHERE {condition}",
                now=cursor.now,
                **bound,
            )

    def value(self, person: Person, field: str) -> Any:
        return person.fields[field]

    def restore(self, cursor: Cursor, plan: Plan, done: Plan) -> None:
        self.carry_out(cursor, plan)


def _correct(cursor: Cursor, field: str, new: Mapping[str, Any]) -> None:
    """Writes the new values of a field, by id, and keeps keyed hashes of the wrong ones, so that
    no import brings them back."""
    people = cursor.map.people
    table, column, key = qualified(people), ident(field), ident(people.key)
    condition, bound = locate.whose(cursor, people, list(new))
    number = ident(people.number) if people.number else number_sql(key)
    cursor.run(
        f"INSERT INTO habeas.corrections SELECT {number}, {key}, $field, {_keyed(column)} "
        f"FROM {table} WHERE {condition} AND {column} IS NOT NULL",
        field=field,
        keyed=cursor.keyed,
        **bound,
    )
    # By place in the list, as DuckDB knows a list of nothing but None to be of no type.
    cursor.run(
        f"UPDATE {table} SET {column} = list_extract($new, list_position($whose, {key})) "
        f"WHERE {condition}",
        whose=list(new),
        new=list(new.values()),
        **bound,
    )
    # What is right now was wrong before, where a correction is taken back.
    cursor.run(
        "DELETE FROM habeas.corrections WHERE field = $field AND (user_id, wrong) IN "
        f"(SELECT {key}, {_keyed(column)} FROM {table} WHERE {condition})",
        field=field,
        keyed=cursor.keyed,
        **bound,
    )


def _keyed(column: str) -> str:
    return pseudonym_sql(f"CAST({column} AS VARCHAR)")
