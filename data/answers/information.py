"""The information of Article 15(1) and (2): all of it from the data map, with what it lacks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from data.cursor import Cursor
from data.datamap import Controller, DataMap, Decision, Field, Records
from data.schema import qualified

RIGHTS = {"rectification": "16", "erasure": "17", "restriction": "18", "objection": "21"}
"""The rights that 15(1)(e) names, with their articles."""

EEA = frozenset(
    ("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE",
     "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK")
)  # fmt: skip
"""Where data is without a transfer to a third country: the EU, Iceland, Liechtenstein, Norway."""

PERSON = "the person"
"""The source of what was provided, where the map names none: Article 20(1) has it so."""

_LACKS = {
    "name": "who the controller is, is not known",
    "contact": "how the controller is reached is not known",
    "purposes": "what personal data is used for is not known",
    "purpose": "what {of} is used for is not known",
    "basis": "on which legal basis data is used {of} is not known",
    "recipients": "who is given personal data is not known",
    "retention": "how long data is kept {of} is not known",
    "authority": "where one may complain is not known",
    "source": "where {of} comes from is not known",
    "logic": "how {of} is decided is not known",
    "effect": "what follows from {of} is not known",
    "country": "whether data goes outside the EEA with {of} is not known",
    "safeguard": "which safeguard there is for the transfer to {of} is not known",
    "columns": "what the columns {of} hold is not known, so they are not in the copy",
}


@dataclass(frozen=True)
class Gap:
    """What should be told and is not known; `of` names the parts of the map it is about."""

    article: str
    missing: str
    of: tuple[str, ...] = ()

    def __str__(self) -> str:
        of = ", ".join(f'"{each}"' for each in self.of)
        return f"{self.article}: {_LACKS[self.missing].format(of=of)}."


@dataclass(frozen=True)
class Use:
    """A purpose, with the categories of data that serve it: 15(1)(a) and (d)."""

    text: str
    basis: str
    retention: str
    categories: tuple[str, ...]


@dataclass(frozen=True)
class Category:
    """A category of data and what belongs to it, by label: 15(1)(b)."""

    name: str
    data: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """Where data comes from, by label: 15(1)(g)."""

    name: str
    data: tuple[str, ...]


@dataclass(frozen=True)
class Recipient:
    """Who is given data: 15(1)(c). `abroad` is whether outside the EEA, None if not known."""

    name: str
    categories: tuple[str, ...]
    country: str
    abroad: bool | None
    safeguard: str


@dataclass(frozen=True)
class Information:
    """What Article 15 has told of how data is used; who answers; and what is not known."""

    controller: Controller
    uses: tuple[Use, ...]
    categories: tuple[Category, ...]
    sources: tuple[Source, ...]
    recipients: tuple[Recipient, ...]
    decisions: tuple[Decision, ...]
    gaps: tuple[Gap, ...]


def of(cursor: Cursor) -> Information:
    """All the information there is to give to somebody on whom data is held."""
    datamap = cursor.map
    described = list(_described(datamap))
    return Information(
        controller=datamap.controller,
        uses=tuple(
            Use(
                each.text,
                each.basis,
                each.retention,
                _distinct(one.category for _, one in described if name in one.purposes),
            )
            for name, each in datamap.purposes.items()
        ),
        categories=tuple(
            Category(name, data)
            for name, data in _grouped((one.category, label) for label, one in described)
        ),
        sources=tuple(
            Source(name, data)
            for name, data in _grouped((source(one), label) for label, one in described)
            if name
        ),
        recipients=tuple(
            Recipient(each.name, each.receives, each.country, _abroad(each.country), each.safeguard)
            for each in datamap.recipients.values()
        ),
        decisions=tuple(datamap.automated.values()),
        gaps=(*_gaps(datamap, described), *_gap("15(3)", "columns", _undescribed(cursor))),
    )


def of_nothing(cursor: Cursor) -> Information:
    """What is left to tell somebody on whom nothing is held: who answers, where to complain."""
    controller = cursor.map.controller
    return Information(controller, (), (), (), (), (), tuple(_gaps_of(controller)))


def source(described: Field | Records) -> str:
    """Where a field or a table comes from; "" where that is not known."""
    return described.source or (PERSON if described.origin == "provided" else "")


def as_json(information: Information) -> dict[str, Any]:
    """As objects of JSON, by what Article 15 asks for; what there is none of is left out."""
    controller = information.controller
    told = {
        "purposes": [
            {"purpose": each.text, "legal_basis": each.basis, "retention": each.retention,
             "categories": each.categories}
            for each in information.uses
        ],
        "categories": [vars(each) for each in information.categories],
        "recipients": [vars(each) for each in information.recipients],
        "rights": [{"right": name, "article": article} for name, article in RIGHTS.items()]
        if information.categories
        else [],
        "complaint": {"authority": controller.authority, "contact": controller.authority_contact},
        "sources": [{"source": each.name, "data": each.data} for each in information.sources],
        "automated_decisions": [vars(each) for each in information.decisions],
        "gaps": [{**vars(each), "text": str(each)} for each in information.gaps],
    }  # fmt: skip
    return {name: value for name, value in told.items() if value}


def _described(datamap: DataMap) -> Iterator[tuple[str, Field | Records]]:
    """Fields and tables of records, by what they are called."""
    for field in datamap.people.fields.values():
        yield field.label, field
    for records in datamap.records:
        yield records.name, records


def _gaps(datamap: DataMap, described: list[tuple[str, Field | Records]]) -> Iterator[Gap]:
    """What the map does not say, in the order of the article."""
    uses, recipients = datamap.purposes.values(), datamap.recipients.values()
    decisions = datamap.automated.items()
    yield from _gaps_of(datamap.controller)
    if not uses:
        yield Gap("15(1)(a)", "purposes")
    else:
        without = [label for label, each in described if not each.purposes]
        yield from _gap("15(1)(a)", "purpose", without)
    yield from _gap("6(1)", "basis", [each.text for each in uses if not each.basis])
    if not recipients:
        yield Gap("15(1)(c)", "recipients")
    yield from _gap("15(1)(d)", "retention", [each.text for each in uses if not each.retention])
    without = [label for label, each in described if not source(each)]
    yield from _gap("15(1)(g)", "source", without)
    yield from _gap("15(1)(h)", "logic", [name for name, each in decisions if not each.logic])
    yield from _gap("15(1)(h)", "effect", [name for name, each in decisions if not each.effect])
    yield from _gap("15(2)", "country", [each.name for each in recipients if not each.country])
    unsafe = [each.name for each in recipients if _abroad(each.country) and not each.safeguard]
    yield from _gap("15(2)", "safeguard", unsafe)


def _gaps_of(controller: Controller) -> Iterator[Gap]:
    if not controller.name:
        yield Gap("15(1)", "name")
    if not controller.contact:
        yield Gap("15(1)(e)", "contact")
    if not controller.authority:
        yield Gap("15(1)(f)", "authority")


def _gap(article: str, missing: str, of: Iterable[str]) -> Iterator[Gap]:
    if names := tuple(of):
        yield Gap(article, missing, names)


def _undescribed(cursor: Cursor) -> Iterator[str]:
    """The columns of the people's tables that the map does not name, as table.column."""
    # Each table is asked for by itself: to look through the catalogue takes 13 ms (measured).
    for each in sorted(cursor.map.tables, key=qualified):
        for column, *_ in cursor.rows(f"DESCRIBE {qualified(each)}"):
            if column not in (*each.columns, each.key):
                yield f"{each.table.rpartition('.')[2]}.{column}"


def _abroad(country: str) -> bool | None:
    return country not in EEA if country else None


def _grouped(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, tuple[str, ...]]]:
    groups: dict[str, list[str]] = {}
    for name, member in pairs:
        groups.setdefault(name, []).append(member)
    return [(name, tuple(members)) for name, members in groups.items()]


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
