"""Erasure, Article 17: the profile, every record, and all that Habeas kept on the person.

What stays: the ledger, which has no personal data; that a request was made and answered;
keyed hashes of the ids, so that no import brings the person back; of rows that the data map
keeps by law, 17(3), the columns it names; and until the recipients were told, 19, what they
know the person by.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar, Self

from data import directory, grounds, locate
from data.cursor import Cursor
from data.datamap import Kept, Records
from data.entry import Entry
from data.errors import HabeasError, MapError, Refused
from data.people import Person
from data.register import notices, requests
from data.rights import extent
from data.rights.notification import recipients_of_all
from data.rights.right import Plan, Right, planned
from data.schema import PERSONAL, qualified
from data.sql import ident
from data.subject import OWNER

STOP_COLLECTION = "First have the person log out or uninstall the apps, so that collection stops."


@dataclass(frozen=True)
class Erasure(Right):
    """For good, on a ground of 17(1)."""

    name: ClassVar[str] = "erasure"
    title: ClassVar[str] = "Erasure"
    final: ClassVar[bool] = True
    asks_identity: ClassVar[bool] = True
    grounds: ClassVar[Mapping[str, str]] = grounds.ERASURE
    answers: ClassVar[frozenset[str]] = frozenset({"erasure"})
    """Rights of whose requests nothing is left to be answered."""
    ground: str

    @classmethod
    def recorded(cls, entry: Entry) -> Self | None:
        return cls(grounds.ground_of(cls.grounds, entry.article))

    def plan(self, cursor: Cursor, person: Person) -> Plan:
        return planned(self.plan_all(cursor, [(self, person)])[0])

    @classmethod
    def plan_all(
        cls, cursor: Cursor, asked: Sequence[tuple[Self, Person]]
    ) -> list[Plan | HabeasError]:
        people = [person for _, person in asked]
        kept = _kept(cursor, people)
        waiting = _waiting(cursor, people, cls.answers)
        told = recipients_of_all(cursor)
        plans: list[Plan | HabeasError] = []
        for (right, person), rows, keeps in zip(
            asked, extent.of(cursor, people), kept, strict=True
        ):
            records = [
                replace(each, count=each.count - keeps.get(name, {}).get("rows", 0))
                for name, each in rows.items()
                if name != extent.PROFILES
            ]
            merged = [cursor.pseudonym(each) for each in person.merged]
            gone = sum(each.count for each in records)
            plans.append(
                Plan(
                    right=right,
                    article=grounds.article_of(cls.grounds, right.ground),
                    person=person,
                    rows=(replace(rows[extent.PROFILES], checksum=0), *records),
                    recipients=told,
                    warnings=(
                        STOP_COLLECTION,
                        f"Reports will count {_counted(gone, 'record')} fewer.",
                        *(_said(name, each) for name, each in keeps.items()),
                        *_further(right, person, told, waiting.get(person.id, [])),
                    ),
                    facts={
                        name: fact for name, fact in (("kept", keeps), ("merged", merged)) if fact
                    },
                )
            )
        return plans

    def carry_out(self, cursor: Cursor, plan: Plan) -> None:
        self.carry_out_all(cursor, [plan])

    @classmethod
    def carry_out_all(cls, cursor: Cursor, plans: Sequence[Plan]) -> None:
        ids = list(dict.fromkeys(one for plan in plans for one in plan.person.ids))
        for records in cursor.map.records:
            if records.on_erasure:
                _blank(cursor, records, records.on_erasure, ids)
        for table in cursor.map.tables:
            condition, values = locate.whose(cursor, table, ids)
            cursor.run(f"DELETE FROM {qualified(table)} WHERE {condition}", **values)
        own = [plan.person.id for plan in plans]
        lines, values = locate.lines(cursor, own, [each for each in ids if each not in own])
        directory.leave(cursor, lines, **values)
        for name in PERSONAL:
            cursor.run(f"DELETE FROM habeas.{name} WHERE user_id IN (SELECT unnest($ids))", ids=ids)
        forget(cursor, [cursor.pseudonym(each) for each in ids])


def _further(
    right: Erasure, person: Person, told: Sequence[str], waiting: Sequence[str]
) -> Iterator[str]:
    """What a handler should weigh before erasing this person; requests that are `waiting`."""
    # The restriction of 18(1)(d) was until the objection is decided, and it was.
    decided = right.ground == "objection"
    if person.restriction and not (decided and person.restriction.ground == "objection"):
        yield (
            f"The person is restricted, for {person.restriction.ground}: "
            "they may need the data kept, Article 18(1)."
        )
    if told:
        yield (
            f"Until they are told, the notices to {', '.join(told)} keep what they know the "
            "person by."
        )
    if person.merged:
        yield f"What belongs to these merged ids goes too: {', '.join(person.merged)}."
    if waiting:
        yield f"Still open, and not to be answered after: {', '.join(waiting)}."


def _waiting(
    cursor: Cursor, people: Sequence[Person], answered: Collection[str]
) -> dict[str, list[str]]:
    """The open requests of each of these people but for those for rights that are answered, by due
    date."""
    ids = {cursor.pseudonym(each.id): each.id for each in people}
    found: dict[str, list[str]] = {}
    for each in requests.listed(cursor, subjects=list(ids)):
        if each.is_open and each.right not in answered:
            found.setdefault(ids[each.subject], []).append(each.id)
    return found


def forget(cursor: Cursor, subjects: Sequence[str]) -> None:
    """Takes whoever these keyed hashes stand for out of the register, so that nothing says who they
    were, and remembers the hashes, so that no import brings them back."""
    requests.forget(cursor, subjects)
    notices.overtake(cursor, subjects)
    cursor.run(
        "DELETE FROM habeas.reasons WHERE subject IN (SELECT unnest($subjects))",
        subjects=list(subjects),
    )
    cursor.insert("habeas.erased", [{"subject": each, "since": cursor.now} for each in subjects])


def check_extent(
    cursor: Cursor, count: int, *, max_people: int | None = None, max_share: float | None = None
) -> None:
    """Stops a batch that would erase more people, or a greater share of all in per cent, than
    was meant. Raises Refused."""
    if max_people is not None and count > max_people:
        raise Refused(f"{count:,} people would be erased, more than {max_people:,}.")
    if max_share is not None:
        everyone = cursor.value(f"SELECT count(*) FROM {qualified(cursor.map.people)}")
        if count * 100 > everyone * max_share:
            raise Refused(
                f"{count:,} of {everyone:,} people would be erased, more than {max_share:g} %."
            )


def _kept(cursor: Cursor, people: Sequence[Person]) -> list[dict[str, dict[str, Any]]]:
    """For each person, by the name of a table, how many of their rows in it are kept by law, and
    until when; nothing where none is."""
    found: list[dict[str, dict[str, Any]]] = [{} for _ in people]
    for records in cursor.map.records:
        kept = records.on_erasure
        if not kept:
            continue
        relation, values = locate.theirs(cursor, records, [each.ids for each in people])
        rows = cursor.rows(
            f"SELECT {OWNER}, count(*), CAST(max({_end(records, kept)}) AS DATE) "
            f"FROM {relation} WHERE {_end(records, kept)} > $now GROUP BY 1",
            now=cursor.now,
            **values,
        )
        if rows:
            _blanked(cursor, records, kept)
        for owner, count, until in rows:
            found[owner][records.name] = {
                "rows": count,
                "until": str(until),
                "ground": kept.ground,
                "columns": list(kept.keep),
            }
    return found


def _blank(cursor: Cursor, records: Records, kept: Kept, ids: Sequence[str]) -> None:
    """Empties all but the columns to keep, of the rows to keep, that of whose they are too."""
    condition, values = locate.whose(cursor, records, ids)
    blanks = ", ".join(f"{ident(each)} = NULL" for each in _blanked(cursor, records, kept))
    cursor.run(
        f"UPDATE {qualified(records)} SET {blanks} "
        f"WHERE {condition} AND {_end(records, kept)} > $now",
        now=cursor.now,
        **values,
    )


def _blanked(cursor: Cursor, records: Records, kept: Kept) -> list[str]:
    """The columns that are emptied. Raises MapError where the table does not let one be empty."""
    schema, _, name = records.table.rpartition(".")
    columns = cursor.rows(
        "SELECT column_name, is_nullable FROM information_schema.columns "
        "WHERE table_catalog = 'store' AND table_schema = $schema AND table_name = $table",
        schema=schema or "main",
        table=name,
    )
    fixed = [each for each, empty in columns if each not in kept.keep and empty != "YES"]
    if fixed:
        raise MapError(
            f"{records.table} does not let {', '.join(fixed)} be empty.",
            then="An erasure blanks that in the rows that the law keeps: let the table allow it.",
        )
    return [each for each, _ in columns if each not in kept.keep]


def _end(records: Records, kept: Kept) -> str:
    """When a row is no longer kept, in SQL; without a time of its own, it counts from now."""
    return f"coalesce({ident(records.time)}, $now) + INTERVAL {kept.years} YEAR"


def _said(name: str, kept: Mapping[str, Any]) -> str:
    until = date.fromisoformat(kept["until"])
    return (
        f"Kept by law until {until}, Article {kept['ground']}: {_counted(kept['rows'], 'row')} of "
        f"{name}, with {', '.join(kept['columns'])}; all else in it is blanked."
    )


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
