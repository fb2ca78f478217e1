"""Reads a data map from its TOML file and says by name and line what is wrong with it.

The map that ships describes the built-in layout; a store's own map stands beside the store.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from data import typedtoml
from data.beside import MAP
from data.clock import DAY_ONE
from data.datamap import COLUMN_TYPES, ORIGINS, DataMap, Field, Records
from data.errors import MapError
from data.grounds import ERASURE_EXCEPTIONS
from data.typedtoml import FaultError

BUILT_IN = "built-in"

_SERVING = {
    "key": ("text",),
    "merged_ids": ("json",),
    "rest": ("json",),
    "updated": ("timestamp",),
    "created": ("timestamp", "date"),
    "country": ("text",),
}
"""The columns of people that Habeas itself relies on, and the types they may have."""

LONGEST_PURGE = 365
"""Days for which nobody can mean to keep what was erased."""

_TAKEN = ("profile", "profiles")
"""What the people have already: the name of a file in a bundle, and of a view."""


def built_in() -> DataMap:
    """The map of the built-in layout."""
    return parse("")


def beside(store: Path) -> DataMap:
    """The map that stands beside a store (shop.duckdb: shop.map.toml), else the built-in one.

    Raises MapError where the file is there and cannot be meant.
    """
    path = store.with_suffix(MAP)
    try:
        return parse(path.read_text("utf-8"), path.name) if path.exists() else built_in()
    except (OSError, UnicodeDecodeError):
        raise MapError(f"{path.name} is no readable UTF-8 text.") from None


def parse(text: str, name: str = "the data map") -> DataMap:
    """A map from its TOML text; an empty text, or `extends`, starts from the built-in map.

    Raises MapError, which names what is wrong and its line.
    """
    try:
        written = typedtoml.loads(text)
    except FaultError as fault:
        raise MapError(fault.said(name, text)) from None
    base = written.pop("extends", "" if text.strip() else BUILT_IN)
    if base == BUILT_IN:
        shipped = Path(__file__).with_name("default_map.toml").read_text("utf-8")
        written = _merged(typedtoml.loads(shipped), written)
    elif base:
        raise MapError(f'{name} extends "{base}"; only "{BUILT_IN}" can be extended.')
    for records in written.get("records", ()):
        if isinstance(records, dict) and records.get("on_erasure") == "delete":
            del records["on_erasure"]
    try:
        datamap = typedtoml.build(DataMap, written)
        _check(datamap)
    except FaultError as fault:
        raise MapError(fault.said(name, text)) from None
    return datamap


def check_counting(country: str, day_one: str, path: str = "") -> None:
    """How periods are counted: a country of two letters or none, a day one or none.

    Raises FaultError, at the keys below `path`.
    """
    if day_one not in ("", *DAY_ONE):
        raise FaultError(f"{path}day_one", f"is none of {', '.join(DAY_ONE)}")
    if not re.fullmatch(r"([A-Z]{2})?", country):
        raise FaultError(f"{path}country", "is not two capital letters")


def _check(datamap: DataMap) -> None:
    """What one part of the map says must fit the others."""
    people = datamap.people
    if datamap.version != 1:
        raise FaultError("version", "is not 1, the only version there is")
    try:
        ZoneInfo(datamap.controller.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise FaultError("controller.timezone", "is no time zone") from None
    check_counting(datamap.controller.country, datamap.controller.day_one, "controller.")
    if not 0 <= datamap.controller.purge_within <= LONGEST_PURGE:
        raise FaultError("controller.purge_within", f"is not 0 to {LONGEST_PURGE} days")
    if not datamap.records:
        raise FaultError(
            "records", "is empty; a map has at least one table with many rows a person"
        )
    names = [each.name for each in datamap.records]
    for position, name in enumerate(names):
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            raise FaultError(f"records.{position}.name", f"{name} is not a plain lower-case word")
        if name in _TAKEN or name in names[:position]:
            raise FaultError(f"records.{position}.name", f"{name} is taken")
    described: list[tuple[str, Field | Records]] = [
        *((f"people.fields.{name}", each) for name, each in people.fields.items()),
        *((f"records.{position}", each) for position, each in enumerate(datamap.records)),
    ]
    for path, each in described:
        if isinstance(each, Field):
            _check_type(f"{path}.type", each.type)
            if (each.type == "enumeration") != bool(each.values):
                raise FaultError(f"{path}.values", "belongs to an enumeration, and only there")
        else:
            _check_records(path, each)
        if each.origin not in ORIGINS:
            raise FaultError(f"{path}.origin", f"{each.origin} is none of {', '.join(ORIGINS)}")
        for purpose in each.purposes:
            if purpose not in datamap.purposes:
                raise FaultError(f"{path}.purposes", f"nobody defined the purpose {purpose}")
    for key, kinds in _SERVING.items():
        column = getattr(people, key)
        if column and column not in people.fields:
            raise FaultError(f"people.{key}", f"{column} is not among the fields")
        if column and people.columns[column] not in (COLUMN_TYPES[each] for each in kinds):
            raise FaultError(f"people.{key}", f"{column} is not of the type {' or '.join(kinds)}")
    for name, recipient in datamap.recipients.items():
        for category in recipient.receives:
            if category not in datamap.categories:
                raise FaultError(
                    f"recipients.{name}.receives", f"no data has the category {category}"
                )


def _check_records(path: str, records: Records) -> None:
    for name, column in records.fields.items():
        _check_type(f"{path}.fields.{name}.type", column.type)
    kept = records.on_erasure
    if kept is None:
        return
    for name in kept.keep:
        if name not in records.columns:
            raise FaultError(f"{path}.on_erasure", f"{name} is not among the columns")
        if name in (records.key, records.number):
            raise FaultError(f"{path}.on_erasure", f"{name} would still say whose the row is")
    if kept.ground not in ERASURE_EXCEPTIONS.values():
        known = ", ".join(ERASURE_EXCEPTIONS.values())
        raise FaultError(f"{path}.on_erasure", f"{kept.ground} is none of {known}")
    if kept.years < 1:
        raise FaultError(f"{path}.on_erasure", "keeps for less than a year")


def _check_type(path: str, kind: str) -> None:
    if kind not in COLUMN_TYPES:
        raise FaultError(path, f"{kind} is none of {', '.join(COLUMN_TYPES)}")


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """`over` laid on `base`, table by table."""
    merged = dict(base)
    for key, value in over.items():
        below = merged.get(key)
        both = isinstance(value, dict) and isinstance(below, dict)
        merged[key] = _merged(below, value) if both else value  # type: ignore[arg-type]
    return merged
