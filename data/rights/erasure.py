"""Erasure, Article 17: the profile, every record, and all that Habeas kept on the person.

What stays: the ledger, which has no personal data; that a request was made and answered;
keyed hashes of the ids, so that no import brings the person back; of rows that the data map
keeps by law, 17(3), the columns it names; and until the recipients were told, 19, what they
know the person by.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Self

from data import events, grounds
from data.cursor import Cursor
from data.datamap import Kept, Records
from data.entry import Entry
from data.errors import MapError, Refused
from data.people import Person
from data.register import notices, requests
from data.rights.notification import recipients_of_all
from data.rights.plan import Plan, Right, Rows
from data.schema import PERSONAL, qualified
from data.sql import ident
from data.subject import whose

STOP_COLLECTION = "First have the person log out or uninstall the apps, so that collection stops."


@dataclass(frozen=True)
class Erasure(Right):
    """For good, on a ground of 17(1)."""

    name: ClassVar[str] = "erasure"
    title: ClassVar[str] = "Erasure"
    final: ClassVar[bool] = True
    asks_identity: ClassVar[bool] = True
    grounds: ClassVar[Mapping[str, str]] = grounds.ERASURE
    ground: str

    @classmethod
    def recorded(cls, entry: Entry) -> Self | None:
        return cls(grounds.ground_of(cls.grounds, entry.article))

    def plan(self, cursor: Cursor, person: Person) -> Plan:
        article = grounds.article_of(self.grounds, self.ground)
        people = cursor.map.people
        condition, values = whose(people, person.ids)
        profiles = cursor.value(
            f"SELECT count(*) FROM {qualified(people)} WHERE {condition}", **values
        )
        kept = {
            each.name: found
            for each in cursor.map.records
            if each.on_erasure and (found := _kept(cursor, each, each.on_erasure, person))
        }
        records = [
            Rows(each.records.name, each.count - _rows(kept, each.records), each.checksum)
            for each in events.extents(cursor, person)
        ]
        merged = [cursor.pseudonym(each) for each in person.merged]
        gone = sum(each.count for each in records)
        return Plan(
            right=self,
            article=article,
            person=person,
            rows=(Rows("profiles", profiles), *records),
            recipients=recipients_of_all(cursor),
            warnings=(
                STOP_COLLECTION,
                f"Reports will count {_counted(gone, 'record')} fewer.",
                *(_said(name, each) for name, each in kept.items()),
                *self._further(cursor, person),
            ),
            facts={**({"kept": kept} if kept else {}), **({"merged": merged} if merged else {})},
        )

    def carry_out(self, cursor: Cursor, plan: Plan) -> None:
        ids = plan.person.ids
        for records in cursor.map.records:
            if records.on_erasure:
                _blank(cursor, records, records.on_erasure, plan.person)
        for table in cursor.map.tables:
            condition, values = whose(table, ids)
            cursor.run(f"DELETE FROM {qualified(table)} WHERE {condition}", **values)
        for name in PERSONAL:
            cursor.run(
                f"DELETE FROM habeas.{name} WHERE user_id IN (SELECT unnest($ids))", ids=list(ids)
            )
        for each in ids:
            forget(cursor, cursor.pseudonym(each))

    def _further(self, cursor: Cursor, person: Person) -> list[str]:
        """What a handler should weigh before erasing this person."""
        warnings = []
        if person.restriction:
            warnings.append(
                f"The person is restricted, for {person.restriction.ground}: "
                "they may need the data kept, Article 18(1)."
            )
        if told := recipients_of_all(cursor):
            warnings.append(
                f"Until they are told, the notices to {', '.join(told)} keep what they know the "
                "person by."
            )
        merged = ", ".join(person.merged)
        if merged:
            warnings.append(f"What belongs to these merged ids goes too: {merged}.")
        register = requests.listed(cursor, subject=cursor.pseudonym(person.id))
        others = [each.id for each in register if each.is_open and each.right != self.name]
        if others:
            warnings.append(f"Still open, and not to be answered after: {', '.join(others)}.")
        return warnings


def forget(cursor: Cursor, subject: str) -> None:
    """Takes whoever this keyed hash stands for out of the register, so that nothing says who they
    were, and remembers the hash, so that no import brings them back."""
    requests.forget(cursor, subject)
    notices.overtake(cursor, subject)
    cursor.run("DELETE FROM habeas.reasons WHERE subject = $subject", subject=subject)
    cursor.run("INSERT INTO habeas.erased VALUES ($subject, $now)", subject=subject, now=cursor.now)


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


def _kept(cursor: Cursor, records: Records, kept: Kept, person: Person) -> dict[str, Any]:
    """How many of the person's rows are kept by law, and until when; empty where none is."""
    condition, values = _to_keep(cursor, records, kept, person)
    row = cursor.row(
        f"SELECT count(*), CAST(max({_end(records, kept)}) AS DATE) "
        f"FROM {qualified(records)} WHERE {condition}",
        **values,
    )
    count, until = row or (0, None)
    if not count:
        return {}
    _blanked(cursor, records, kept)
    return {
        "rows": count,
        "until": str(until),
        "ground": kept.ground,
        "columns": list(kept.keep),
    }


def _blank(cursor: Cursor, records: Records, kept: Kept, person: Person) -> None:
    """Empties all but the columns to keep, of the rows to keep, that of whose they are too."""
    condition, values = _to_keep(cursor, records, kept, person)
    blanks = ", ".join(f"{ident(each)} = NULL" for each in _blanked(cursor, records, kept))
    cursor.run(f"UPDATE {qualified(records)} SET {blanks} WHERE {condition}", **values)


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


def _to_keep(
    cursor: Cursor, records: Records, kept: Kept, person: Person
) -> tuple[str, dict[str, Any]]:
    """The condition for the person's rows whose time to be kept is not over, and its values."""
    condition, values = whose(records, person.ids)
    return f"{condition} AND {_end(records, kept)} > $now", {**values, "now": cursor.now}


def _end(records: Records, kept: Kept) -> str:
    """When a row is no longer kept, in SQL; without a time of its own, it counts from now."""
    return f"coalesce({ident(records.time)}, $now) + INTERVAL {kept.years} YEAR"


def _rows(kept: Mapping[str, Mapping[str, Any]], records: Records) -> int:
    return int(kept.get(records.name, {}).get("rows", 0))


def _said(name: str, kept: Mapping[str, Any]) -> str:
    until = date.fromisoformat(kept["until"])
    return (
        f"Kept by law until {until}, Article {kept['ground']}: {_counted(kept['rows'], 'row')} of "
        f"{name}, with {', '.join(kept['columns'])}; all else in it is blanked."
    )


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
