"""The data map: where personal data is, and why. Every query is built from it.

`data.mapfile` reads one from its file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

COLUMN_TYPES = {
    "text": "VARCHAR",
    "email": "VARCHAR",
    "phone": "VARCHAR",
    "date": "DATE",
    "timestamp": "TIMESTAMPTZ",
    "boolean": "BOOLEAN",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "json": "JSON",
    "enumeration": "VARCHAR",
}
"""What a field may be, and the column type it is kept in."""

ORIGINS = ("provided", "observed", "inferred")
"""Article 20 covers what the person provided and what was observed, not what was inferred."""


@dataclass(frozen=True)
class Controller:
    """Who answers. An empty text is a gap in the information of Article 15.

    `country` (two letters) says whose public holidays count, `day_one` whether a period
    starts on the day of receipt, as it does unless said, or on the next; `language` in which
    letters are written. `purge_within` are the days in which what was erased goes from the file.
    """

    name: str = ""
    contact: str = ""
    authority: str = ""
    authority_contact: str = ""
    country: str = ""
    timezone: str = "UTC"
    day_one: str = ""
    language: str = "en"
    purge_within: int = 30


@dataclass(frozen=True)
class Purpose:
    """Article 15(1)(a) and (d); `basis` is a point of Article 6, e.g. "6(1)(a)"."""

    text: str
    basis: str = ""
    retention: str = ""


@dataclass(frozen=True)
class Recipient:
    """Who is given data of which categories: Articles 15(1)(c), 15(2) and 19."""

    name: str
    receives: tuple[str, ...]
    country: str = ""
    safeguard: str = ""


@dataclass(frozen=True)
class Field:
    """One column of the table of people.

    `values` are those an enumeration may have. `identity` is the type of identity that the
    column holds where requests come from other systems, e.g. "ios_advertising_id".
    """

    label: str
    category: str
    origin: str
    source: str = ""
    type: str = "text"
    values: tuple[str, ...] = ()
    identity: str = ""
    purposes: tuple[str, ...] = ()
    identifies: bool = False
    correctable: bool = False


@dataclass(frozen=True)
class Channel:
    """A way to reach the person. Without a column the choice is kept in habeas.choices."""

    label: str
    column: str = ""


@dataclass(frozen=True)
class People:
    """The table with one row a person.

    `number` is the column of `subject.number`, `merged_ids` a JSON list of further ids of
    the same person, `rest` a JSON object for what has no column, `updated` the time of the
    last change, `created` the time or the day since when the person is known, `country` where
    they live; each may be missing in a layout, then it is "".
    """

    table: str
    key: str
    fields: Mapping[str, Field]
    number: str = ""
    merged_ids: str = ""
    rest: str = ""
    updated: str = ""
    created: str = ""
    country: str = ""
    channels: Mapping[str, Channel] = field(default_factory=dict)
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def columns(self) -> dict[str, str]:
        """Every column the map names, with its type, in order: number, fields, channels."""
        columns = {self.number: "BIGINT"} if self.number else {}
        columns |= {name: COLUMN_TYPES[each.type] for name, each in self.fields.items()}
        columns |= {each.column: "BOOLEAN" for each in self.channels.values() if each.column}
        return columns

    @property
    def identifying(self) -> tuple[str, ...]:
        return tuple(name for name, each in self.fields.items() if each.identifies)


@dataclass(frozen=True)
class Column:
    """A further column of a table of records."""

    label: str
    type: str = "text"


@dataclass(frozen=True)
class Kept:
    """What an erasure leaves of a row because the law requires it: the columns to `keep`, for
    so many years from the row's time, on a ground of Article 17(3)."""

    keep: tuple[str, ...]
    ground: str
    years: int


@dataclass(frozen=True)
class Records:
    """A table with many rows a person, such as events.

    Without `on_erasure` an erasure deletes its rows.
    """

    name: str
    table: str
    key: str
    id: str
    time: str
    label: str
    category: str
    origin: str
    number: str = ""
    rest: str = ""
    source: str = ""
    purposes: tuple[str, ...] = ()
    fields: Mapping[str, Column] = field(default_factory=dict)
    on_erasure: Kept | None = None
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def columns(self) -> dict[str, str]:
        """Every column the map names, with its type, in order."""
        columns = {self.number: "BIGINT"} if self.number else {}
        columns |= {self.id: "VARCHAR", self.key: "VARCHAR", self.label: "VARCHAR"}
        columns[self.time] = "TIMESTAMPTZ"
        columns |= {name: COLUMN_TYPES[each.type] for name, each in self.fields.items()}
        if self.rest:
            columns[self.rest] = "JSON"
        return columns


@dataclass(frozen=True)
class Decision:
    """A decision made by a machine alone: Articles 15(1)(h) and 22."""

    logic: str
    effect: str


@dataclass(frozen=True)
class DataMap:
    version: int
    controller: Controller
    people: People
    records: tuple[Records, ...]
    purposes: Mapping[str, Purpose] = field(default_factory=dict)
    recipients: Mapping[str, Recipient] = field(default_factory=dict)
    automated: Mapping[str, Decision] = field(default_factory=dict)

    @property
    def tables(self) -> tuple[People | Records, ...]:
        """The table of people, then those with many rows a person."""
        return (self.people, *self.records)

    def recipients_of(self, categories: set[str]) -> tuple[str, ...]:
        """The names of those who are given data of any of these categories."""
        return tuple(
            each.name for each in self.recipients.values() if categories & set(each.receives)
        )

    @property
    def categories(self) -> set[str]:
        fields = {each.category for each in self.people.fields.values()}
        return fields | {each.category for each in self.records}

    def with_origin(self, *origins: str) -> tuple[tuple[str, ...], tuple[Records, ...]]:
        """The columns of people and the tables of records that have one of these origins."""
        people = self.people
        columns = [name for name, each in people.fields.items() if each.origin in origins]
        if "provided" in origins:
            columns += [each.column for each in people.channels.values() if each.column]
        return tuple(columns), tuple(each for each in self.records if each.origin in origins)
