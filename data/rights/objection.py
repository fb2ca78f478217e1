"""Objection, Article 21: to direct marketing by channel, and its withdrawal; to processing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from data import locate
from data.cursor import Cursor
from data.entry import Entry
from data.errors import BadInput, HabeasError
from data.people import Person
from data.rights import restriction
from data.rights.erasure import Erasure
from data.rights.restriction import Lifting, Restriction
from data.rights.right import Change, Plan, Right
from data.rights.undo import Undoable
from data.schema import qualified
from data.sql import ident
from data.subject import number


@dataclass(frozen=True)
class Choice(Undoable):
    """What a person says about channels; recorded, so that no import overrules it.

    The plan's facts name the channels of which they had `said_before`.
    """

    article: ClassVar[str]
    opted_in: ClassVar[bool]
    channels: Sequence[str]

    @classmethod
    def recorded(cls, entry: Entry) -> Self | None:
        return cls(entry.facts["fields"])

    def plan(self, cursor: Cursor, person: Person) -> Plan:
        known = cursor.map.people.channels
        if not self.channels:
            raise BadInput(f"Say which channel: {', '.join(known)}.")
        for name in self.channels:
            if name not in known:
                raise BadInput(f"{name} is no channel; there are {', '.join(known)}.")
        return Plan(
            right=self,
            article=self.article,
            person=person,
            changes=tuple(
                Change(name, known[name].label, person.channels[name], self.opted_in)
                for name in dict.fromkeys(self.channels)
            ),
            facts=self._said_before(person),
        )

    def _said_before(self, person: Person) -> dict[str, list[str]]:
        said = [channel for channel in person.said if channel in self.channels]
        return {"said_before": said} if said else {}

    def carry_out(self, cursor: Cursor, plan: Plan) -> None:
        self.carry_out_all(cursor, [plan])

    @classmethod
    def carry_out_all(cls, cursor: Cursor, plans: Sequence[Plan]) -> None:
        _choose(cursor, [(plan, each, True) for plan in plans for each in plan.changes])

    def value(self, person: Person, field: str) -> Any:
        return person.channels[field]

    def taken_back(self, changes: Sequence[Change]) -> Mapping[str, Any]:
        return {"back": {each.field: each.new for each in changes}}

    def restore(self, cursor: Cursor, plan: Plan, done: Plan) -> None:
        said = done.facts.get("said_before", ())
        _choose(cursor, [(plan, each, each.field in said) for each in plan.changes])


def _choose(cursor: Cursor, chosen: Sequence[tuple[Plan, Change, bool]]) -> None:
    """Writes the new values; an import may overrule those that were not said, the third."""
    people = cursor.map.people
    cursor.run(
        "DELETE FROM habeas.choices WHERE (user_id, channel) IN "
        "(SELECT unnest($ids), unnest($channels))",
        ids=[plan.person.id for plan, _, _ in chosen],
        channels=[change.field for _, change, _ in chosen],
    )
    cursor.insert(
        "habeas.choices",
        [
            {
                "person_no": number(plan.person.id),
                "user_id": plan.person.id,
                "channel": change.field,
                "opted_in": change.new,
                "since": cursor.now,
            }
            for plan, change, said in chosen
            if said
        ],
    )
    written: dict[tuple[str, bool], list[str]] = {}
    for plan, change, _ in chosen:
        column = people.channels[change.field].column
        if column and change.old != change.new:
            written.setdefault((column, change.new), []).append(plan.person.id)
    for (column, opted_in), ids in written.items():
        condition, values = locate.whose(cursor, people, ids)
        cursor.run(
            f"UPDATE {qualified(people)} SET {ident(column)} = $opted_in WHERE {condition}",
            opted_in=opted_in,
            **values,
        )


@dataclass(frozen=True)
class Objection(Choice):
    """No more direct marketing on these channels; absolute, 21(2) and (3)."""

    name: ClassVar[str] = "objection"
    title: ClassVar[str] = "Objection"
    article: ClassVar[str] = "21(2)"
    opted_in: ClassVar[bool] = False


@dataclass(frozen=True)
class Subscription(Choice):
    """Consent to be reached on these channels, given anew."""

    name: ClassVar[str] = "subscription"
    title: ClassVar[str] = "Subscription"
    article: ClassVar[str] = "7"
    opted_in: ClassVar[bool] = True
    despite: str = ""

    @classmethod
    def recorded(cls, entry: Entry) -> Self | None:
        return cls(entry.facts["fields"], entry.facts.get("despite", ""))

    def plan(self, cursor: Cursor, person: Person) -> Plan:
        used = restriction.used_despite(person, self.despite)
        made = super().plan(cursor, person)
        return replace(made, facts={**made.facts, **used})


@dataclass(frozen=True)
class Opposition(Right):
    """An objection to other processing, 21(1): restricts, 18(1)(d), until it is decided."""

    name: ClassVar[str] = "opposition"
    title: ClassVar[str] = "Objection to processing"

    @classmethod
    def recorded(cls, entry: Entry) -> Self | None:
        return cls()

    def plan(self, cursor: Cursor, person: Person) -> Plan:
        if person.restriction:
            warning = f"The person is restricted already, for {person.restriction.ground}."
            return Plan(right=self, article="21(1)", person=person, warnings=(warning,))
        return replace(
            Restriction("objection").plan(cursor, person),
            right=self,
            article="21(1)",
            facts={"restricted_under": "18(1)(d)"},
        )

    def carry_out(self, cursor: Cursor, plan: Plan) -> None:
        restriction.restrict(cursor, [plan])

    @classmethod
    def carry_out_all(cls, cursor: Cursor, plans: Sequence[Plan]) -> None:
        restriction.restrict(cursor, plans)


class Upheld(Erasure):
    """The erasure, 17(1)(c), that an objection to processing comes to, whatever use it is to."""

    answers: ClassVar[frozenset[str]] = Erasure.answers | {"opposition"}

    @classmethod
    def plan_all(
        cls, cursor: Cursor, asked: Sequence[tuple[Self, Person]]
    ) -> list[Plan | HabeasError]:
        plans = super().plan_all(cursor, asked)
        return [
            each
            if isinstance(each, HabeasError)
            else replace(each, warnings=(WHOLE, *each.warnings))
            for each in plans
        ]


WHOLE = (
    "Upheld, this erases the whole person, even where they objected to one use of their data only. "
    "Then end that use instead, and apply nothing: until it is decided, the data stays restricted, "
    "18(1)(d). An objection to marketing by a channel erases nothing, 21(2)."
)

OUTCOMES: Mapping[str, type[Right]] = {"upheld": Upheld, "overridden": Lifting}
"""What the decision on an objection may be, and the right that it comes to."""


def decided(details: Mapping[str, Any]) -> Right:
    """What the decision on an objection comes to: upheld, it erases; overridden, it lifts the
    restriction, of which the person is `informed` first. Raises BadInput."""
    match details.get("outcome"):
        case "upheld":
            return Upheld("objection")
        case "overridden":
            return Lifting.from_details(
                {name: details[name] for name in ("informed",) if name in details}
            )
        case None:
            raise BadInput("The objection waits for its decision: upheld or overridden.")
        case other:
            raise BadInput(f"{other} is no outcome; there are upheld, overridden.")
