"""A JSON object of a file, asked for its keys by type; whatever is wrong is said with its place."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from data.errors import BadInput

LONGEST = 10_000
"""Bytes that a text may have."""

DEEPEST = 20
SHOWN = 60
"""Characters of a value that a message shows."""

_TYPES = {str: "a text", bool: "true or false", int: "a number", float: "a number",
          list: "a list", dict: "an object", type(None): "null"}  # fmt: skip


@dataclass(frozen=True)
class Unsound:
    """Stands for a value that a file must not hold."""

    why: str


@dataclass(frozen=True)
class Object:
    """`place` is where it stands, e.g. "requests.ndjson, line 3"; `path` its keys' prefix."""

    place: str
    keys: Mapping[str, Any]
    path: str = ""

    def __contains__(self, key: str) -> bool:
        return key in self.keys

    def text(self, key: str) -> str:
        """A text that is not blank. Raises BadInput."""
        found: str = self._typed(key, str)
        if not found.strip():
            raise self.fault(key, "is empty")
        return found

    def choice(self, key: str, known: tuple[str, ...]) -> str:
        """One of the texts that are known. Raises BadInput."""
        found = self.text(key)
        if found not in known:
            raise self.fault(key, f"is {shown(found)}, which is none of {', '.join(known)}")
        return found

    def list(self, key: str) -> list[Any]:
        found: list[Any] = self._typed(key, list)
        return found

    def object(self, key: str) -> "Object":
        return self.inner(key, self._typed(key, dict))

    def inner(self, path: str, value: Any) -> "Object":
        """An object inside this one. Raises BadInput where it is none."""
        if type(value) is not dict:
            raise self.fault(path, f"must be an object, not {_TYPES[type(value)]}")
        return Object(self.place, value, f"{self.path}{path}.")

    def fault(self, key: str, wrong: str) -> BadInput:
        return fault(self.place, f"{cut(self.path + key)} {wrong}")

    def _typed(self, key: str, kind: type) -> Any:
        if key not in self.keys:
            raise self.fault(key, "is missing")
        value = self.keys[key]
        if type(value) is not kind:
            raise self.fault(key, f"must be {_TYPES[kind]}, not {_TYPES[type(value)]}")
        return value


def whole(place: str, value: Any) -> Object:
    """A request as it stands in a file. Raises BadInput where it is none, or holds what no
    request may: a key twice, a text too long or that is no Unicode, lists without end."""
    if type(value) is not dict:
        raise fault(place, f"must be an object, not {_TYPES[type(value)]}")
    for path, wrong in _unsound(value, "", 1):
        raise fault(place, f"{cut(path)} {wrong}")
    return Object(place, value)


def fault(place: str, wrong: str) -> BadInput:
    return BadInput(f"{place}: {wrong}.", unchanged="Nothing was registered.")


def shown(text: str) -> str:
    """A text in quotes on one line, cut."""
    return json.dumps(cut(text), ensure_ascii=False)


def cut(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def _unsound(value: Any, path: str, depth: int) -> Iterator[tuple[str, str]]:
    """The path of everything that may not be there, and what is wrong with it."""
    if depth > DEEPEST:
        yield path, "is nested too deeply"
    elif isinstance(value, Unsound):
        yield path, value.why
    elif isinstance(value, str):
        if wrong := _wrong(value):
            yield path, wrong
    elif isinstance(value, dict):
        for key, each in value.items():
            if wrong := _wrong(key):
                yield path or "it", f"has a key that {wrong}"
            else:
                yield from _unsound(each, f"{path}.{key}" if path else key, depth + 1)
    elif isinstance(value, list):
        for position, each in enumerate(value):
            yield from _unsound(each, f"{path}.{position}", depth + 1)


def _wrong(text: str) -> str:
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        return "is no Unicode"
    return f"has {size:,} bytes; a text has at most {LONGEST:,}" if size > LONGEST else ""
