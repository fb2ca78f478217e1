"""What a right is, and what its exercise plans and leaves behind."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from datetime import UTC
from typing import Any, ClassVar, Self

from data.cursor import Cursor
from data.entry import Entry
from data.errors import BadInput, HabeasError, Interrupted, Refused
from data.grounds import DESPITE_RESTRICTION, article_of
from data.people import Person


@dataclass(frozen=True)
class Change:
    """One value before and after. `field` is what the ledger may call it."""

    field: str
    label: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Rows:
    """Rows of one table that go or are copied; the checksum tells equal counts apart."""

    name: str
    count: int
    checksum: int = 0


@dataclass(frozen=True)
class Plan:
    """What applying will do, and the person as they were when it was made.

    `facts` is what the ledger keeps beside fields and rows: no personal data.
    """

    right: "Right"
    article: str
    person: Person
    changes: tuple[Change, ...] = ()
    rows: tuple[Rows, ...] = ()
    recipients: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def final(self) -> bool:
        """Whether it cannot be undone, so that the id must be typed."""
        return self.right.final

    @property
    def idle(self) -> bool:
        """Whether it is a correction of nothing, which is done only to answer a request."""
        return self.right.corrects and not self.changes

    def check_effect(self) -> None:
        """Raises Refused where it is idle, and nobody asked for it."""
        if self.idle:
            raise Refused(f"Nothing is to be corrected. {' '.join(self.warnings)}")


@dataclass(frozen=True)
class Receipt:
    """What was done: what the register keeps. It holds no personal data."""

    right: str
    article: str
    subject: str
    moment: str
    ledger_entry: int
    ledger_digest: str
    fields: tuple[str, ...]
    rows: Mapping[str, int]
    recipients: tuple[str, ...]
    facts: Mapping[str, Any]

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """The receipt of what this entry of the ledger records."""
        facts = entry.facts
        return cls(
            right=entry.action,
            article=entry.article,
            subject=entry.subject,
            moment=entry.moment.astimezone(UTC).isoformat(),
            ledger_entry=entry.seq,
            ledger_digest=entry.digest,
            fields=tuple(facts.pop("fields", ())),
            rows=facts.pop("rows", {}),
            recipients=tuple(facts.pop("recipients", ())),
            facts=facts,
        )


class Right(ABC):
    """A right of the person, with the particulars of one exercise of it.

    A subclass in a module of this package is known by its name everywhere: to the register,
    the command line and the application. Its dataclass fields are the particulars; one
    called `ground` is a key of `grounds`, whose values are points of the article, and one called
    `despite` says why the data of a restricted person is used all the same.

    One that `asks_identity` is not carried out on a request before it is clear who asks. One
    that `answers_nobody` is an answer also where nothing is held on the person. One that is not
    `asked` for is known to none of them. One that does not change the store `stands` by its entry
    in the ledger alone.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    final: ClassVar[bool] = False
    corrects: ClassVar[bool] = False
    asked: ClassVar[bool] = True
    asks_identity: ClassVar[bool] = False
    answers_nobody: ClassVar[bool] = False
    stands: ClassVar[bool] = False
    grounds: ClassVar[Mapping[str, str]] = {}
    known: ClassVar[dict[str, type["Right"]]] = {}

    def __init_subclass__(cls) -> None:
        if "name" in vars(cls) and cls.asked:
            Right.known[cls.name] = cls

    @classmethod
    def from_details(cls, details: Mapping[str, Any]) -> Self:
        """The right with particulars as the register keeps them. Raises BadInput."""
        cls.check_details(details)
        if missing := [name for name in cls.needed() if name not in details]:
            raise BadInput(f"{cls.title} needs its {', '.join(missing)}.")
        return cls(**details)

    @classmethod
    def needed(cls, person: Person | None = None) -> list[str]:
        """The particulars without which it is not carried out, for this person."""
        return [
            each.name
            for each in fields(cls)  # type: ignore[arg-type]
            if each.default is MISSING
            or (each.name == "despite" and person is not None and person.restriction)
        ]

    @classmethod
    def check_details(cls, details: Mapping[str, Any]) -> None:
        """Whether these may be particulars of the right, if not all of them. Raises BadInput."""
        known = [each.name for each in fields(cls)]  # type: ignore[arg-type]
        if excess := [name for name in details if name not in known]:
            raise BadInput(f"{cls.title} takes no {', '.join(excess)}.")
        if "ground" in details:
            article_of(cls.grounds, details["ground"])
        if details.get("despite"):
            article_of(DESPITE_RESTRICTION, details["despite"])

    @classmethod
    def recorded(cls, entry: Entry) -> Self | None:
        """The right as an entry of the ledger records it, to be carried out again; None where
        the ledger does not hold all that it needs, such as values."""
        return None

    @classmethod  # noqa: B027  most rights are everybody's
    def check(cls, person: Person) -> None:
        """Raises Refused where it cannot be carried out for this person, whatever its
        particulars are."""

    @abstractmethod
    def plan(self, cursor: Cursor, person: Person) -> Plan:
        """What will change. Raises Refused where a rule forbids it, BadInput."""

    @abstractmethod
    def carry_out(self, cursor: Cursor, plan: Plan) -> None:
        """Does what the plan says, inside the caller's transaction."""

    @classmethod
    def plan_all(
        cls, cursor: Cursor, asked: Sequence[tuple[Self, Person]]
    ) -> list[Plan | HabeasError]:
        """The same for each of several people, or why there can be no plan. A right that looks
        into tables for it does so once for all of them."""
        plans: list[Plan | HabeasError] = []
        for right, person in asked:
            try:
                plans.append(right.plan(cursor, person))
            except Interrupted:
                raise
            except HabeasError as why:
                plans.append(why)
        return plans

    @classmethod
    def carry_out_all(cls, cursor: Cursor, plans: Sequence[Plan]) -> None:
        """The same for each of several people."""
        for plan in plans:
            plan.right.carry_out(cursor, plan)


def planned(made: Plan | HabeasError) -> Plan:
    """The plan, if there can be one."""
    if isinstance(made, HabeasError):
        raise made
    return made
