"""The answer of Article 15 in its two forms: for a machine, and as a page for the person."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from data import wording
from data.answers import information, standing
from data.answers.history import History
from data.answers.legible import legible
from data.cursor import Cursor
from data.datamap import People
from data.people import Person, lookup_all

MOST_FURTHER = 10
"""Rows of further ids that are on the page; all of them are in the copy."""


@dataclass(frozen=True)
class Profile:
    """One row of the table of people: what is known by category and label, and the labels of
    what is not."""

    id: str
    groups: dict[str, list[tuple[str, Any]]]
    unknown: tuple[str, ...]


class Answers:
    """The answers to several people: what is the same for all of them is put in words once."""

    def __init__(self, cursor: Cursor, people: Sequence[Person], *, held: bool):
        self.information = information.of(cursor) if held else information.of_nothing(cursor)
        self._cursor = cursor
        controller = self.information.controller
        told = {
            "article": "15",
            "person": None,
            "time": cursor.now.isoformat(),
            "controller": {"name": controller.name, "contact": controller.contact},
            "confirmation": {"personal_data_held": held},
            "information": information.as_json(self.information),
            "standing": None,
        }
        self._told = {name: _json(value) for name, value in told.items()}
        self._worded = wording.render(
            cursor, "information.html", information=self.information, held=held
        )
        self._page = wording.template(cursor, "report.html" if held else "nothing.html")
        self._standing = standing.of_all(cursor, people)
        further = {each for one in people for each in one.merged[:MOST_FURTHER]}
        self._further = lookup_all(cursor, sorted(further)) if further else {}

    def document(self, person: Person) -> str:
        """The answer as a JSON text: confirmation, information, standing."""
        told = self._told | {
            "person": _json(person.id),
            "standing": _json(standing.as_json(self._standing[person.id])),
        }
        members = ",\n".join(f'  "{name}": {text}' for name, text in told.items())
        return f"{{\n{members}\n}}\n"

    def page(self, person: Person, histories: Sequence[History]) -> str:
        """The answer as one page of HTML that needs nothing else.

        Only a style with the page's own nonce is heeded, so that no value can bring one.
        """
        further = (self._further.get(each) for each in person.merged[:MOST_FURTHER])
        known = [each for each in (person, *further) if each and each.known]
        zone = self._cursor.map.controller.timezone
        profiles = [_profile(each, self._cursor.map.people, zone) for each in known]
        return self._page(
            person=person.id,
            today=self._cursor.today,
            zone=zone,
            local=lambda moment: legible(moment, "timestamp", zone),
            nonce=secrets.token_hex(16),
            information=self.information,
            told=self._worded,
            standing=self._standing[person.id],
            profiles=profiles,
            details=sum(len(fields) for each in profiles for fields in each.groups.values()),
            histories=histories,
        )


def _json(value: Any) -> str:
    """The value as the member of a JSON object that is written on lines of their own."""
    return json.dumps(value, indent=2, ensure_ascii=False).replace("\n", "\n  ")


def _profile(person: Person, people: People, zone: str) -> Profile:
    groups: dict[str, list[tuple[str, Any]]] = {}
    unknown = []
    for name, field in people.fields.items():
        value = legible(person.fields[name], field.type, zone)
        if value is None or value == "":
            unknown.append(field.label)
        else:
            groups.setdefault(field.category, []).append((field.label, value))
    return Profile(person.id, groups, tuple(unknown))
