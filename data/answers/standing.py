"""What Habeas itself keeps on a person, beside their data: choices, restriction, a stop."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from data.cursor import Cursor
from data.people import Person
from data.sql import as_text, texts


@dataclass(frozen=True)
class Said:
    """Whether the person may be reached by a channel (None: they never said), and since when
    that is known from themselves."""

    channel: str
    label: str
    reachable: bool | None
    since: datetime | None


@dataclass(frozen=True)
class Standing:
    """`erased` is when somebody was erased, of whom a keyed hash is kept since."""

    said: tuple[Said, ...]
    restricted_for: str
    restricted_since: datetime | None
    automation_stopped: datetime | None
    erased: datetime | None


def of_all(cursor: Cursor, people: Sequence[Person]) -> dict[str, Standing]:
    """What is kept on each of these people, by id."""
    asked = f"IN (SELECT unnest({texts('ids')}))"
    since: dict[tuple[str, str], datetime] = {
        (key, channel): moment
        for key, channel, moment in cursor.rows(
            f"SELECT user_id, channel, since FROM habeas.choices WHERE user_id {asked}",
            ids=as_text(each.id for each in people),
        )
    }
    subjects = {each.id: cursor.pseudonym(each.id) for each in people}
    erased: dict[str, datetime] = dict(
        cursor.rows(
            f"SELECT subject, max(since) FROM habeas.erased WHERE subject {asked} GROUP BY subject",
            ids=as_text(subjects.values()),
        )
    )
    channels = cursor.map.people.channels
    return {
        person.id: Standing(
            said=tuple(
                Said(name, channels[name].label, reachable, since.get((person.id, name)))
                for name, reachable in person.channels.items()
            ),
            restricted_for=person.restriction.ground if person.restriction else "",
            restricted_since=person.restriction.since if person.restriction else None,
            automation_stopped=person.automation_stopped,
            erased=erased.get(subjects[person.id]),
        )
        for person in people
    }


def as_json(standing: Standing) -> dict[str, Any]:
    """As objects of JSON; what there is none of is left out."""
    told = {
        "channels": [
            {**vars(each), "since": each.since and each.since.isoformat()} for each in standing.said
        ],
        "restriction": standing.restricted_since
        and {
            "ground": standing.restricted_for,
            "since": standing.restricted_since.isoformat(),
        },
        "automated_decisions_stopped": standing.automation_stopped
        and standing.automation_stopped.isoformat(),
        "erased": standing.erased and standing.erased.isoformat(),
    }
    return {name: value for name, value in told.items() if value}
