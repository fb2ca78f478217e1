"""Erasure, Article 17: the profile, every record, and all that Habeas kept on the person.

What stays: the ledger, which has no personal data; that a request was made and answered;
and keyed hashes of the ids, so that no import brings the person back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from data import events, grounds, requests
from data.people import Person
from data.rights.notification import recipients_of_all
from data.rights.plan import Plan, Right, Rows
from data.schema import PERSONAL, qualified
from data.store import Cursor
from data.subject import whose

STOP_COLLECTION = "First have the person log out or uninstall the apps, so that collection stops."
REPORTS_CHANGE = "Reports that count this person's events will show less."


@dataclass(frozen=True)
class Erasure(Right):
    """For good, on a ground of 17(1)."""

    name: ClassVar[str] = "erasure"
    title: ClassVar[str] = "Erasure"
    final: ClassVar[bool] = True
    grounds: ClassVar[Mapping[str, str]] = grounds.ERASURE
    ground: str

    def plan(self, cursor: Cursor, person: Person) -> Plan:
        article = grounds.article_of(self.grounds, self.ground)
        people = cursor.map.people
        condition, values = whose(people, person.ids)
        profiles = cursor.value(
            f"SELECT count(*) FROM {qualified(people)} WHERE {condition}", **values
        )
        records = [
            Rows(each.records.name, each.count, each.checksum)
            for each in events.extents(cursor, person)
        ]
        return Plan(
            right=self,
            article=article,
            person=person,
            rows=(Rows("profiles", profiles), *records),
            recipients=recipients_of_all(cursor),
            warnings=(STOP_COLLECTION, REPORTS_CHANGE, *self._further(cursor, person)),
        )

    def carry_out(self, cursor: Cursor, plan: Plan) -> None:
        ids = plan.person.ids
        for table in cursor.map.tables:
            condition, values = whose(table, ids)
            cursor.run(f"DELETE FROM {qualified(table)} WHERE {condition}", **values)
        for name in PERSONAL:
            cursor.run(
                f"DELETE FROM habeas.{name} WHERE user_id IN (SELECT unnest($ids))", ids=list(ids)
            )
        for each in ids:
            subject = cursor.pseudonym(each)
            requests.forget(cursor, subject)
            cursor.run("DELETE FROM habeas.reasons WHERE subject = $subject", subject=subject)
            cursor.run(
                "INSERT INTO habeas.erased VALUES ($subject, $now)", subject=subject, now=cursor.now
            )

    def _further(self, cursor: Cursor, person: Person) -> list[str]:
        """What a handler should weigh before erasing this person."""
        warnings = []
        if person.restriction:
            warnings.append(
                f"The person is restricted, for {person.restriction.ground}: "
                "they may need the data kept, Article 18(1)."
            )
        merged = ", ".join(person.merged)
        if merged:
            warnings.append(f"What belongs to these merged ids goes too: {merged}.")
        register = requests.listed(cursor, subject=cursor.pseudonym(person.id))
        others = [each.id for each in register if each.is_open and each.right != self.name]
        if others:
            warnings.append(f"Still open, and not to be answered after: {', '.join(others)}.")
        return warnings
