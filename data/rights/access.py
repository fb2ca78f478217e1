"""Access, Article 15: confirmation, a copy of all that is held, and the information on it."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from data import events
from data.answers import answer, bundle, dictionary, information, standing
from data.cursor import Cursor
from data.datamap import Records
from data.people import Person
from data.rights.plan import Plan, Right, Rows
from data.schema import qualified
from data.subject import whose


@dataclass(frozen=True)
class Copy(Right):
    """A copy of a person's data, written to a folder below `out` in files of these `kinds`."""

    article: ClassVar[str]
    kinds: ClassVar[tuple[str, ...]]
    asks_identity: ClassVar[bool] = True
    stands: ClassVar[bool] = True
    out: str

    def plan(self, cursor: Cursor, person: Person) -> Plan:
        _, records = self.scope(cursor)
        taken = {each.name for each in records}
        return Plan(
            right=self,
            article=self.article,
            person=person,
            rows=(
                _profiles(cursor, person),
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
            copy=[*bundle.parts(cursor, plan.person, columns, records)] if _held(plan) else [],
            kinds=self.kinds,
            documents=self.documents(cursor, plan),
        )

    @abstractmethod
    def scope(self, cursor: Cursor) -> tuple[Sequence[str], Sequence[Records]]:
        """The columns of people and the tables of records that go in."""

    @abstractmethod
    def documents(self, cursor: Cursor, plan: Plan) -> Mapping[str, str]:
        """The texts of the files beside the copy, by name."""


@dataclass(frozen=True)
class Access(Copy):
    """Everything: provided, observed and inferred; and that nothing is held, where it is so."""

    name: ClassVar[str] = "access"
    title: ClassVar[str] = "Access"
    article: ClassVar[str] = "15"
    kinds: ClassVar[tuple[str, ...]] = ("json", "parquet")
    answers_nobody: ClassVar[bool] = True

    def plan(self, cursor: Cursor, person: Person) -> Plan:
        plan = super().plan(cursor, person)
        if _held(plan):
            gaps = information.of(cursor).gaps
            return replace(plan, warnings=tuple(map(str, gaps)))
        nothing = f"Nothing is held on {person.id}: the answer says so."
        gaps = information.of_nothing(cursor).gaps
        return replace(plan, warnings=(nothing, *map(str, gaps)), facts={"held": "nothing"})

    def scope(self, cursor: Cursor) -> tuple[Sequence[str], Sequence[Records]]:
        people = cursor.map.people
        columns = [name for name in people.columns if name != people.number]
        return columns, cursor.map.records

    def documents(self, cursor: Cursor, plan: Plan) -> Mapping[str, str]:
        held = _held(plan)
        told = answer.Answer(
            held=held,
            information=information.of(cursor) if held else information.of_nothing(cursor),
            standing=standing.of(cursor, plan.person),
        )
        documents = {
            "answer.json": answer.document(cursor, plan.person, told),
            "report.html": answer.page(cursor, plan.person, told),
        }
        if held:
            described = dictionary.describe(cursor.map, *self.scope(cursor))
            documents["dictionary.json"] = dictionary.document(described)
        return documents


def _held(plan: Plan) -> bool:
    return any(each.count for each in plan.rows)


def _profiles(cursor: Cursor, person: Person) -> Rows:
    """The rows of the person among the people; further ids may have rows of their own."""
    people = cursor.map.people
    condition, values = whose(people, person.ids)
    row = cursor.row(
        "SELECT count(*), coalesce(sum(CAST(hash(p) AS HUGEINT)), 0) "
        f"FROM {qualified(people)} AS p WHERE {condition}",
        **values,
    )
    assert row is not None  # noqa: S101  an aggregate has one row
    return Rows(dictionary.PROFILE, int(row[0]), int(row[1]))
