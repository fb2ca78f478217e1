"""Reads a data map from its TOML file and says by name and line what is wrong with it.

The map that ships describes the built-in layout; a store's own map stands beside the store.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import MISSING, fields
from importlib import resources
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from data.clock import DAY_ONE
from data.datamap import COLUMN_TYPES, ORIGINS, DataMap, Field, Records
from data.errors import MapError
from data.grounds import ERASURE_EXCEPTIONS

BUILT_IN = "built-in"

_SERVING = {"key": "text", "merged_ids": "json", "rest": "json", "updated": "timestamp"}
"""The columns of people that Habeas itself relies on, and their types."""

_TAKEN = ("profile", "profiles")
"""What the people have already: the name of a file in a bundle, and of a view."""

T = TypeVar("T")


def built_in() -> DataMap:
    """The map of the built-in layout."""
    return parse("")


def beside(store: Path) -> DataMap:
    """The map that stands beside a store (shop.duckdb: shop.map.toml), else the built-in one.

    Raises MapError where the file is there and cannot be meant.
    """
    path = store.with_suffix(".map.toml")
    try:
        return parse(path.read_text("utf-8"), path.name) if path.exists() else built_in()
    except (OSError, UnicodeDecodeError):
        raise MapError(f"{path.name} is no readable UTF-8 text.") from None


def parse(text: str, name: str = "the data map") -> DataMap:
    """A map from its TOML text; an empty text, or `extends`, starts from the built-in map.

    Raises MapError, which names what is wrong and its line.
    """
    try:
        written = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MapError(f"{name} is not TOML: {error}.") from None
    base = written.pop("extends", "" if text.strip() else BUILT_IN)
    if base == BUILT_IN:
        shipped = resources.files("data").joinpath("default_map.toml").read_text("utf-8")
        written = _merged(tomllib.loads(shipped), written)
    elif base:
        raise MapError(f'{name} extends "{base}"; only "{BUILT_IN}" can be extended.')
    try:
        datamap = _build(DataMap, written, "")
        _check(datamap)
    except _FaultError as fault:
        raise MapError(f"{name}{_line(text, fault.path)}: {fault.path}: {fault.wrong}.") from None
    return datamap


class _FaultError(Exception):
    """What is wrong at a dotted path of the map."""

    def __init__(self, path: str, wrong: str):
        super().__init__(path, wrong)
        self.path = path
        self.wrong = wrong


def _build(kind: type[T], written: Mapping[str, Any], path: str) -> T:
    """A dataclass from a TOML table: no key unknown, none missing, each of its type."""
    hints = get_type_hints(kind)
    known = {each.name: each for each in fields(kind)}  # type: ignore[arg-type]
    for key in written:
        if key not in known:
            raise _FaultError(_join(path, key), "is not a key of the map")
    for key, each in known.items():
        if key not in written and each.default is MISSING and each.default_factory is MISSING:
            raise _FaultError(_join(path, key), "is missing")
    values = {key: _value(hints[key], value, _join(path, key)) for key, value in written.items()}
    return kind(**values)


def _value(hint: Any, value: Any, path: str) -> Any:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is UnionType:
        return None if value == "delete" else _value(arguments[0], value, path)
    if origin is tuple:
        _expect(list, value, path)
        return tuple(_value(arguments[0], each, f"{path}.{n}") for n, each in enumerate(value))
    if origin is not None:
        _expect(dict, value, path)
        return {key: _value(arguments[1], each, _join(path, key)) for key, each in value.items()}
    if hint in (str, bool, int):
        _expect(hint, value, path)
        return value
    _expect(dict, value, path)
    return _build(hint, value, path)


def _expect(kind: type, value: Any, path: str) -> None:
    names = {str: "a text", bool: "true or false", int: "a number", list: "a list", dict: "a table"}
    if type(value) is not kind:
        raise _FaultError(path, f"must be {names[kind]}")


def _check(datamap: DataMap) -> None:
    """What one part of the map says must fit the others."""
    people = datamap.people
    if datamap.version != 1:
        raise _FaultError("version", "is not 1, the only version there is")
    try:
        ZoneInfo(datamap.controller.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise _FaultError("controller.timezone", "is no time zone") from None
    if datamap.controller.day_one not in DAY_ONE:
        raise _FaultError("controller.day_one", f"is none of {', '.join(DAY_ONE)}")
    if not re.fullmatch(r"([A-Z]{2})?", datamap.controller.country):
        raise _FaultError("controller.country", "is not two capital letters")
    if not datamap.records:
        raise _FaultError(
            "records", "is empty; a map has at least one table with many rows a person"
        )
    names = [each.name for each in datamap.records]
    for position, name in enumerate(names):
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            raise _FaultError(f"records.{position}.name", f"{name} is not a plain lower-case word")
        if name in _TAKEN or name in names[:position]:
            raise _FaultError(f"records.{position}.name", f"{name} is taken")
    described: list[tuple[str, Field | Records]] = [
        *((f"people.fields.{name}", each) for name, each in people.fields.items()),
        *((f"records.{position}", each) for position, each in enumerate(datamap.records)),
    ]
    for path, each in described:
        if isinstance(each, Field):
            _check_type(f"{path}.type", each.type)
            if (each.type == "enumeration") != bool(each.values):
                raise _FaultError(f"{path}.values", "belongs to an enumeration, and only there")
        else:
            _check_records(path, each)
        if each.origin not in ORIGINS:
            raise _FaultError(f"{path}.origin", f"{each.origin} is none of {', '.join(ORIGINS)}")
        for purpose in each.purposes:
            if purpose not in datamap.purposes:
                raise _FaultError(f"{path}.purposes", f"nobody defined the purpose {purpose}")
    for key, kind in _SERVING.items():
        column = getattr(people, key)
        if column and column not in people.fields:
            raise _FaultError(f"people.{key}", f"{column} is not among the fields")
        if column and people.columns[column] != COLUMN_TYPES[kind]:
            raise _FaultError(f"people.{key}", f"{column} is not of the type {kind}")
    for name, recipient in datamap.recipients.items():
        for category in recipient.receives:
            if category not in datamap.categories:
                raise _FaultError(
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
            raise _FaultError(f"{path}.on_erasure", f"{name} is not among the columns")
        if name in (records.key, records.number):
            raise _FaultError(f"{path}.on_erasure", f"{name} would still say whose the row is")
    if kept.ground not in ERASURE_EXCEPTIONS.values():
        known = ", ".join(ERASURE_EXCEPTIONS.values())
        raise _FaultError(f"{path}.on_erasure", f"{kept.ground} is none of {known}")
    if kept.years < 1:
        raise _FaultError(f"{path}.on_erasure", "keeps for less than a year")


def _check_type(path: str, kind: str) -> None:
    if kind not in COLUMN_TYPES:
        raise _FaultError(path, f"{kind} is none of {', '.join(COLUMN_TYPES)}")


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """`over` laid on `base`, table by table."""
    merged = dict(base)
    for key, value in over.items():
        below = merged.get(key)
        both = isinstance(value, dict) and isinstance(below, dict)
        merged[key] = _merged(below, value) if both else value  # type: ignore[arg-type]
    return merged


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _line(text: str, path: str) -> str:
    """ ", line N" of the dotted path in the TOML text, or of the nearest above it; else ""."""
    parts = path.split(".")
    nearest, depth = 0, 0
    header: list[str] = []
    tables: Counter[str] = Counter()
    for number, line in enumerate(text.splitlines(), 1):
        place: list[str] = []
        if found := re.match(r"\s*(\[+)\s*([^\]]+?)\s*\]+", line):
            header = found[2].split(".")
            tables[header[0]] += found[1] == "[["
            if tables[header[0]]:
                header.insert(1, str(tables[header[0]] - 1))
            place = header
        elif found := re.match(r"\s*([A-Za-z0-9_.-]+)\s*=", line):
            place = [*header, *found[1].split(".")]
        if len(place) > depth and place == parts[: len(place)]:
            nearest, depth = number, len(place)
    return f", line {nearest}" if nearest else ""
