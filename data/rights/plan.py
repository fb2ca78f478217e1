"""What all rights share: plan, then apply.

A plan reads and changes nothing; it says what will change. Applying it makes the plan anew
inside one transaction, refuses if the two differ, does what the plan says, and writes the
ledger entry and, on a request of the register, the receipt, all or nothing.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, asdict, dataclass, field, fields
from datetime import UTC
from typing import Any, ClassVar, Self

from data import ledger, people
from data.cursor import Cursor
from data.entry import Entry
from data.errors import BadInput, HabeasError, Interrupted, StalePlan
from data.grounds import DESPITE_RESTRICTION, article_of
from data.ledger import By
from data.people import Person
from data.register import completion, identification, notices, reasons, requests
from data.register.notices import Told
from data.store import Store


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


TOGETHER = 1_000
"""People of one transaction, at most, where many have a right carried out."""


def propose(store: Store, right: Right, subject_id: str) -> Plan:
    """The plan, read from the store as it is now. Raises NotFound, Refused, BadInput."""
    with store.reading() as cursor:
        return right.plan(cursor, people.read(cursor, subject_id))


def propose_all(cursor: Cursor, rights: Mapping[str, Right]) -> dict[str, Plan | HabeasError]:
    """For each of several people, by id, the plan of their right, or why there can be none."""
    found = people.lookup_all(cursor, list(rights))
    there = {each: found[each] for each in rights if each in found}
    made = plan_each(cursor, [(rights[each], person) for each, person in there.items()])
    plans = dict(zip(there, made, strict=True))
    return {each: plans.get(each) or people.missing(each) for each in rights}


def planned(made: Plan | HabeasError) -> Plan:
    """The plan, if there can be one."""
    if isinstance(made, HabeasError):
        raise made
    return made


def apply(store: Store, plan: Plan, by: By) -> Receipt:
    """Does exactly what the plan says. Raises StalePlan where the data changed since."""
    with store.transaction() as cursor:
        return apply_all(cursor, [(plan, by)])[0]


def apply_all(cursor: Cursor, plans: Sequence[tuple[Plan, By]]) -> list[Receipt]:
    """Does exactly what these plans of different people say, inside the caller's transaction.

    Raises StalePlan where the data of any of them changed since.
    """
    people_now = _as_now(cursor, [plan.person for plan, _ in plans])
    asked = [(plan.right, person) for (plan, _), person in zip(plans, people_now, strict=True)]
    for (plan, _), now in zip(plans, plan_each(cursor, asked), strict=True):
        if planned(now) != plan:
            raise StalePlan(
                "The data changed after this was planned.",
                then="Look at the new plan, then apply it.",
            )
    return carry_out_each(cursor, plans)


def plan_each(cursor: Cursor, asked: Sequence[tuple[Right, Person]]) -> list[Plan | HabeasError]:
    """For each the plan, or why there can be none; those of one right are made together."""
    made: dict[int, Plan | HabeasError] = {}
    for right, places in _by_right([each for each, _ in asked]).items():
        try:
            together = right.plan_all(cursor, [asked[place] for place in places])
        except Interrupted:
            raise
        except HabeasError as why:
            together = [why for _ in places]
        made |= zip(places, together, strict=True)
    return [made[place] for place in range(len(asked))]


def carry_out_each(cursor: Cursor, plans: Sequence[tuple[Plan, By]]) -> list[Receipt]:
    """Does what plans say that were made in the same transaction, of different people.

    Raises Refused where a reason names the person, or it is not clear who asks.
    """
    if not plans:
        return []
    for plan, by in plans:
        reasons.check(cursor.map.people, plan.person, by.reason)
    _check_identities(cursor, plans)
    for right, places in _by_right([plan.right for plan, _ in plans]).items():
        right.carry_out_all(cursor, [plans[place][0] for place in places])
    return _record(cursor, plans)


def _by_right(rights: Sequence[Right]) -> dict[type[Right], list[int]]:
    places: dict[type[Right], list[int]] = {}
    for place, right in enumerate(rights):
        places.setdefault(type(right), []).append(place)
    return places


def _check_identities(cursor: Cursor, plans: Sequence[tuple[Plan, By]]) -> None:
    asking = [by.request for plan, by in plans if by.request and plan.right.asks_identity]
    for request in requests.get_all(cursor, asking):
        identification.check(request)


def _record(cursor: Cursor, plans: Sequence[tuple[Plan, By]]) -> list[Receipt]:
    """The ledger entries, and what follows from them."""
    acts = [
        ledger.Act(
            by,
            plan.right.name,
            article=plan.article,
            subject=cursor.pseudonym(plan.person.id),
            detail=_detail(plan),
        )
        for plan, by in plans
    ]
    entries = ledger.append_all(cursor, acts)
    people_of = [plan.person for plan, _ in plans]
    return record_as(cursor, list(zip(people_of, entries, strict=True)))


def record_as(cursor: Cursor, done: Sequence[tuple[Person, Entry]]) -> list[Receipt]:
    """What follows from the exercise of rights that these entries record: the notices to
    recipients, and the receipts, on a request of the register where there is one."""
    recorded = [(person, entry, Receipt.of(entry)) for person, entry in done]
    notices.arise(
        cursor,
        [
            Told(person, entry, receipt.fields, receipt.recipients)
            for person, entry, receipt in recorded
        ],
    )
    completion.complete(
        cursor,
        [
            completion.Answered(entry.request, entry.action, entry.subject, asdict(receipt))
            for _, entry, receipt in recorded
            if entry.request
        ],
    )
    return [receipt for _, _, receipt in recorded]


def _detail(plan: Plan) -> dict[str, Any]:
    """What the ledger keeps of it."""
    fields = tuple(change.field for change in plan.changes)
    rows = {each.name: each.count for each in plan.rows}
    detail = {"fields": fields, "rows": rows, "recipients": plan.recipients, **plan.facts}
    return {name: value for name, value in detail.items() if value}


def _as_now(cursor: Cursor, planned_for: Sequence[Person]) -> list[Person]:
    found = people.lookup_all(cursor, [each.id for each in planned_for])
    for each in planned_for:
        if each.known:
            people.known(found.get(each.id), each.id)
        elif each.id in found:
            raise StalePlan(f"{each.id} is in the store now.", then="Make a new plan.")
    return [found.get(each.id, each) for each in planned_for]
