"""What every field of a copy means: all of it from the data map."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from data.answers.information import PERSON, source
from data.datamap import DataMap, Records

PROFILE = "profile"
"""The name of the files that hold the rows of the table of people."""

CHOICES = "choices"
"""The category of what a person said about being reached."""

FORMATS = {
    "text": "text",
    "email": "text",
    "phone": "text",
    "enumeration": "text, one of a few",
    "date": "text, YYYY-MM-DD",
    "timestamp": "text, YYYY-MM-DDThh:mm:ss.ffffffZ, in UTC",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "json": "JSON: any value, as it came",
}
"""How a value of each type is written in the JSON and CSV files; what is not known is null, in
CSV an empty cell."""


@dataclass(frozen=True)
class Described:
    """One field of one file; `purposes` are words, and all texts may be empty."""

    file: str
    name: str
    label: str
    type: str
    category: str
    origin: str
    source: str
    purposes: tuple[str, ...]


def describe(
    datamap: DataMap, columns: Sequence[str], records: Sequence[Records]
) -> tuple[Described, ...]:
    """The fields of a copy that holds these columns of people, and these tables of records."""
    return (*_profile(datamap, columns), *(one for each in records for one in _rows(datamap, each)))


def document(described: Sequence[Described]) -> str:
    """The dictionary as a JSON text."""
    used = {each.type for each in described}
    formats = {name: text for name, text in FORMATS.items() if name in used}
    fields = [vars(each) for each in described]
    return json.dumps({"formats": formats, "fields": fields}, indent=2, ensure_ascii=False) + "\n"


def choice(channel: str) -> str:
    """What the answer to a channel without a column is called."""
    return f"{channel}_opt_in"


def _profile(datamap: DataMap, columns: Sequence[str]) -> Iterator[Described]:
    people = datamap.people
    choices = {each.column or choice(name): each for name, each in people.channels.items()}
    apart = [choice(name) for name, each in people.channels.items() if not each.column]
    for name in (*columns, *apart):
        if name in choices:
            label = f"May be reached: {choices[name].label}"
            yield Described(PROFILE, name, label, "boolean", CHOICES, "provided", PERSON, ())
        else:
            field = people.fields[name]
            yield Described(
                PROFILE,
                name,
                field.label,
                field.type,
                field.category,
                field.origin,
                source(field),
                _words(datamap, field.purposes),
            )


def _rows(datamap: DataMap, records: Records) -> Iterator[Described]:
    """The columns of a table of records, without the number that is made from the id."""
    own = {
        records.id: ("Identifier of the record", "text"),
        records.key: ("Identifier of the person", "text"),
        records.label: ("What it is", "text"),
        records.time: ("When it was", "timestamp"),
        records.rest: ("Further details", "json"),
    }
    own |= {name: (each.label, each.type) for name, each in records.fields.items()}
    for name in records.columns:
        if name != records.number:
            yield Described(
                records.name,
                name,
                *own[name],
                records.category,
                records.origin,
                source(records),
                _words(datamap, records.purposes),
            )


def _words(datamap: DataMap, purposes: Sequence[str]) -> tuple[str, ...]:
    return tuple(datamap.purposes[each].text for each in purposes)
