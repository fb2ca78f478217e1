"""TOML into dataclasses: no key unknown, none missing, each of its type, faults by line."""

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import MISSING, fields
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")


class FaultError(Exception):
    """What is wrong at a dotted path of the file."""

    def __init__(self, path: str, wrong: str):
        super().__init__(path, wrong)
        self.path = path
        self.wrong = wrong

    def said(self, name: str, text: str) -> str:
        """The fault with the name of the file and its line in the TOML text."""
        if not self.path:
            return f"{name} {self.wrong}."
        return f"{name}{_line(text, self.path)}: {self.path}: {self.wrong}."


def loads(text: str) -> dict[str, Any]:
    """The tables of a TOML text. Raises FaultError, which names the line itself."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FaultError("", f"is not TOML: {error}") from None


def build(kind: type[T], written: Mapping[str, Any], path: str = "") -> T:
    """A dataclass from a TOML table. Raises FaultError."""
    hints = get_type_hints(kind)
    known = {each.name: each for each in fields(kind)}  # type: ignore[arg-type]
    for key in written:
        if key not in known:
            raise FaultError(_join(path, key), "is not a key of this file")
    for key, each in known.items():
        if key not in written and each.default is MISSING and each.default_factory is MISSING:
            raise FaultError(_join(path, key), "is missing")
    values = {key: _value(hints[key], value, _join(path, key)) for key, value in written.items()}
    return kind(**values)


def _value(hint: Any, value: Any, path: str) -> Any:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is UnionType:
        return _value(arguments[0], value, path)
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
    return build(hint, value, path)


def _expect(kind: type, value: Any, path: str) -> None:
    names = {str: "a text", bool: "true or false", int: "a number", list: "a list", dict: "a table"}
    if type(value) is not kind:
        raise FaultError(path, f"must be {names[kind]}")


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
