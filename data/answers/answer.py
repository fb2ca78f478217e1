"""The answer of Article 15 in its two forms: for a machine, and as a page for the person."""

import json
import secrets
from dataclasses import dataclass
from typing import Any

from data import wording
from data.answers import history
from data.answers.information import Information
from data.answers.information import as_json as information_as_json
from data.answers.legible import legible
from data.answers.standing import Standing
from data.answers.standing import as_json as standing_as_json
from data.cursor import Cursor
from data.datamap import People
from data.people import Person, lookup

MOST_FURTHER = 10
"""Rows of further ids that are on the page; all of them are in the copy."""


@dataclass(frozen=True)
class Answer:
    """Whether anything is held, the information on it, and what Habeas itself keeps."""

    held: bool
    information: Information
    standing: Standing


@dataclass(frozen=True)
class Profile:
    """One row of the table of people: what is known by category and label, and the labels of
    what is not."""

    id: str
    groups: dict[str, list[tuple[str, Any]]]
    unknown: list[str]


def document(cursor: Cursor, person: Person, answer: Answer) -> str:
    """The answer as a JSON text: confirmation, information, standing."""
    controller = answer.information.controller
    told = {
        "article": "15",
        "person": person.id,
        "time": cursor.now.isoformat(),
        "controller": {"name": controller.name, "contact": controller.contact},
        "confirmation": {"personal_data_held": answer.held},
        "information": information_as_json(answer.information),
        "standing": standing_as_json(answer.standing),
    }
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def page(cursor: Cursor, person: Person, answer: Answer) -> str:
    """The answer as one page of HTML that needs nothing else.

    Only a style with the page's own nonce is heeded, so that no value can bring one.
    """
    further = (lookup(cursor, each) for each in person.merged[:MOST_FURTHER])
    known = [each for each in (person, *further) if each and each.known]
    zone = cursor.map.controller.timezone
    profiles = [_profile(each, cursor.map.people, zone) for each in known]
    return wording.render(
        cursor,
        "report.html" if answer.held else "nothing.html",
        person=person.id,
        today=cursor.today,
        zone=zone,
        local=lambda moment: legible(moment, "timestamp", zone),
        nonce=secrets.token_hex(16),
        information=answer.information,
        standing=answer.standing,
        profiles=profiles,
        details=sum(len(fields) for each in profiles for fields in each.groups.values()),
        histories=[history.of(cursor, person, each) for each in cursor.map.records],
    )


def _profile(person: Person, people: People, zone: str) -> Profile:
    groups: dict[str, list[tuple[str, Any]]] = {}
    unknown = []
    for name, field in people.fields.items():
        value = legible(person.fields[name], field.type, zone)
        if value is None or value == "":
            unknown.append(field.label)
        else:
            groups.setdefault(field.category, []).append((field.label, value))
    return Profile(person.id, groups, unknown)
