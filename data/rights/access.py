"""Access, Article 15: a copy of all that is held."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from data import bundle, events
from data.datamap import Records
from data.people import Person
from data.rights.plan import Plan, Right, Rows
from data.store import Cursor


@dataclass(frozen=True)
class Copy(Right):
    """A copy of a person's data, written to a folder below `out`."""

    article: ClassVar[str]
    out: str

    def plan(self, cursor: Cursor, person: Person) -> Plan:
        _, records = self.scope(cursor)
        taken = {each.name for each in records}
        return Plan(
            right=self,
            article=self.article,
            person=person,
            rows=(
                Rows("profile", 1),
                *(
                    Rows(each.records.name, each.count, each.checksum)
                    for each in events.extents(cursor, person)
                    if each.records.name in taken
                ),
            ),
        )

    def carry_out(self, cursor: Cursor, plan: Plan) -> None:
        columns, records = self.scope(cursor)
        bundle.write(
            cursor,
            plan.person,
            Path(self.out),
            right=self.name,
            article=self.article,
            columns=columns,
            records=records,
        )

    @abstractmethod
    def scope(self, cursor: Cursor) -> tuple[Sequence[str], Sequence[Records]]:
        """The columns of people and the tables of records that go in."""


@dataclass(frozen=True)
class Access(Copy):
    """Everything: provided, observed and inferred."""

    name: ClassVar[str] = "access"
    title: ClassVar[str] = "Access"
    article: ClassVar[str] = "15"

    def scope(self, cursor: Cursor) -> tuple[Sequence[str], Sequence[Records]]:
        people = cursor.map.people
        columns = [name for name in people.columns if name != people.number]
        return columns, cursor.map.records
