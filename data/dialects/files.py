"""A file of requests as JSON objects: one, a list of them, or NDJSON, one on each line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from data.dialects.objects import Object, Unsound, fault, whole
from data.errors import BadInput

LARGEST = 100_000_000
"""Bytes of the largest file that is read."""

BLANKS = " \t\r"
"""What JSON takes for blank within a line."""


def read(path: Path) -> list[Object]:
    """The requests of a file, each with its line or its position in the list.

    Raises BadInput, which names the place.
    """
    text = _text(path)
    lines = [(n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip(BLANKS)]
    if len(lines) > 1 and all(line.lstrip(BLANKS).startswith("{") for _, line in lines):
        return [_on_line(f"{path.name}, line {n}", line) for n, line in lines]
    found = list(_in_document(path.name, text)) if lines else []
    if not found:
        raise fault(path.name, "holds no request")
    return found


def _text(path: Path) -> str:
    try:
        if not path.is_file():
            raise BadInput(f"There is no file {path}.")
        if path.stat().st_size > LARGEST:
            raise fault(path.name, f"is larger than {LARGEST:,} bytes; import it in parts")
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise fault(path.name, "is not UTF-8") from None
    except (OSError, ValueError):
        raise BadInput(f"{path} cannot be read.") from None


def _on_line(place: str, line: str) -> Object:
    try:
        return whole(place, _parsed(place, line))
    except json.JSONDecodeError as error:
        raise _not_json(place, error) from None


def _in_document(name: str, text: str) -> Iterator[Object]:
    try:
        parsed = _parsed(name, text)
    except json.JSONDecodeError as error:
        raise _not_json(f"{name}, line {error.lineno}", error) from None
    if not isinstance(parsed, list):
        yield whole(name, parsed)
        return
    for position, each in enumerate(parsed, 1):
        yield whole(f"{name}, request {position}", each)


def _parsed(place: str, text: str) -> Any:
    """What the JSON says. Raises JSONDecodeError, and BadInput where Python cannot follow."""
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_no_number)
    except json.JSONDecodeError:
        raise
    except ValueError:
        raise fault(place, "holds a number with too many digits") from None
    except RecursionError:
        raise fault(place, "is nested too deeply") from None


def _not_json(place: str, error: json.JSONDecodeError) -> BadInput:
    why = error.msg.removesuffix(" at").lower()
    return fault(place, f"is not JSON at column {error.colno}: {why}")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """JSON leaves open which of two values of a key holds, so neither does."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        found[key] = Unsound("is given twice") if key in found else value
    return found


def _no_number(name: str) -> Unsound:
    return Unsound(f"is {name}, which is no JSON")
