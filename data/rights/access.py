"""Access, Article 15: confirmation, a copy of all that is held, and the information on it."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Self

from data.answers import bundle, copying, dictionary, history, information
from data.answers.answer import Answers
from data.answers.bundle import Copied
from data.answers.gathering import gathered, groups
from data.answers.history import History
from data.cursor import Cursor
from data.datamap import People, Records
from data.errors import HabeasError
from data.people import Person
from data.rights import extent
from data.rights.right import Plan, Right, planned


@dataclass(frozen=True)
class Copy(Right):
    """A copy of a person's data, written to a folder below `out` in files of these `kinds`."""

    article: ClassVar[str]
    kinds: ClassVar[tuple[str, ...]]
    asks_identity: ClassVar[bool] = True
    stands: ClassVar[bool] = True
    out: str

    def plan(self, cursor: Cursor, person: Person) -> Plan:
        return planned(self.plan_all(cursor, [(self, person)])[0])

    @classmethod
    def plan_all(
        cls, cursor: Cursor, asked: Sequence[tuple[Self, Person]]
    ) -> "list[Plan | HabeasError]":
        _, records = cls.scope(cursor)
        extents = extent.of(cursor, [person for _, person in asked])
        return [
            Plan(
                right=right,
                article=cls.article,
                person=person,
                rows=(
                    replace(rows[extent.PROFILES], name=dictionary.PROFILE),
                    *(rows[each.name] for each in records),
                ),
            )
            for (right, person), rows in zip(asked, extents, strict=True)
        ]

    def carry_out(self, cursor: Cursor, plan: Plan) -> None:
        self.carry_out_all(cursor, [plan])

    @classmethod
    def carry_out_all(cls, cursor: Cursor, plans: Sequence[Plan]) -> None:
        alike: dict[tuple[object, bool], list[Plan]] = {}
        for plan in plans:
            alike.setdefault((plan.right, _held(plan)), []).append(plan)
        for (_, held), some in alike.items():
            for places in groups([sum(each.count for each in plan.rows) for plan in some]):
                cls._write(cursor, [some[each] for each in places], held=held)

    @classmethod
    def _write(cls, cursor: Cursor, plans: Sequence[Plan], *, held: bool) -> None:
        """Writes the answers to people of whom something is held, or nothing."""
        people = [each.person for each in plans]
        right = plans[0].right
        assert isinstance(right, Copy)  # noqa: S101
        columns, records = cls.scope(cursor)
        tables: list[People | Records] = [cursor.map.people, *records] if held else []
        with gathered(cursor, people, tables) as found:
            taken = [columns, *(_but_number(each) for each in records)]
            copy = [
                Copied(rows, copying.part(rows, names))
                for rows, names in zip(found, taken, strict=False)
            ]
            bundle.write(
                cursor,
                people,
                Path(right.out),
                right=cls.name,
                article=cls.article,
                copy=copy,
                kinds=cls.kinds,
                documents=cls.documents(cursor, people, copy),
            )

    @classmethod
    @abstractmethod
    def scope(cls, cursor: Cursor) -> tuple[Sequence[str], Sequence[Records]]:
        """The columns of people and the tables of records that go in."""

    @classmethod
    @abstractmethod
    def documents(
        cls, cursor: Cursor, people: Sequence[Person], copy: Sequence[Copied]
    ) -> Iterator[Mapping[str, str]]:
        """For each person the texts of the files beside the copy, by name."""


@dataclass(frozen=True)
class Access(Copy):
    """Everything: provided, observed and inferred; and that nothing is held, where it is so."""

    name: ClassVar[str] = "access"
    title: ClassVar[str] = "Access"
    article: ClassVar[str] = "15"
    kinds: ClassVar[tuple[str, ...]] = ("json", "parquet")
    answers_nobody: ClassVar[bool] = True

    @classmethod
    def plan_all(
        cls, cursor: Cursor, asked: Sequence[tuple[Self, Person]]
    ) -> "list[Plan | HabeasError]":
        gaps = tuple(map(str, information.of(cursor).gaps))
        gaps_of_nothing = tuple(map(str, information.of_nothing(cursor).gaps))
        plans: list[Plan | HabeasError] = []
        for plan in super().plan_all(cursor, asked):
            assert isinstance(plan, Plan)  # noqa: S101  nothing forbids a copy
            if _held(plan):
                plans.append(replace(plan, warnings=gaps))
            else:
                nothing = f"Nothing is held on {plan.person.id}: the answer says so."
                plans.append(
                    replace(plan, warnings=(nothing, *gaps_of_nothing), facts={"held": "nothing"})
                )
        return plans

    @classmethod
    def scope(cls, cursor: Cursor) -> tuple[Sequence[str], Sequence[Records]]:
        return _but_number(cursor.map.people), cursor.map.records

    @classmethod
    def documents(
        cls, cursor: Cursor, people: Sequence[Person], copy: Sequence[Copied]
    ) -> Iterator[Mapping[str, str]]:
        answers = Answers(cursor, people, held=bool(copy))
        described = dictionary.document(dictionary.describe(cursor.map, *cls.scope(cursor)))
        happened = {each.part.name: history.of_all(cursor, each.rows) for each in copy[1:]}
        for place, person in enumerate(people):
            histories = [
                happened.get(each.name, {}).get(place, History(each)) for each in cursor.map.records
            ]
            documents = {
                "answer.json": answers.document(person),
                "report.html": answers.page(person, histories),
            }
            yield documents | ({"dictionary.json": described} if copy else {})


def _but_number(table: People | Records) -> list[str]:
    """The columns of a table, without the number that is made from the id."""
    return [name for name in table.columns if name != table.number]


def _held(plan: Plan) -> bool:
    return any(each.count for each in plan.rows)
