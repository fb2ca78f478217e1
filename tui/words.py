"""Values as a person reads them, for both faces; what comes out is not yet display-safe."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

LARGE = 1000

NAMELESS = "(without a name)"
"""What an event is called that has no name."""


def shown(value: Any) -> str:
    """A value as a person reads it, not yet display-safe."""
    if value in (None, "") or (isinstance(value, list | tuple | Mapping) and not value):
        return "—"
    match value:
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.astimezone(UTC).isoformat(sep=" ", timespec="seconds")[:19] + "Z"
        case date():
            return value.isoformat()
        case Mapping():
            return "\n".join(f"{name}: {shown(each)}" for name, each in value.items())
        case list() | tuple():
            return "\n".join(shown(each) for each in value)
        case _:
            return str(value)


def days_left(days: int) -> str:
    """Number and word, so that nothing is said by colour alone."""
    if days == 0:
        return "due today"
    unit = "day" if abs(days) == 1 else "days"
    return f"{days} {unit} left" if days > 0 else f"{-days} {unit} overdue"


def counted(count: int, what: str) -> str:
    """So many of them."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def size(count: int) -> str:
    """So many bytes, in units of 1,000."""
    amount, unit = float(count), "bytes"
    for unit in ("bytes", "kB", "MB", "GB", "TB"):
        if amount < LARGE or unit == "TB":
            break
        amount /= LARGE
    return f"{amount:,.0f} {unit}" if unit == "bytes" else f"{amount:,.1f} {unit}"


def parsed(text: str) -> Any:
    """What a JSON text says; the text itself where it goes deeper than Python can follow."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def pretty(text: str) -> str:
    """A JSON text, indented; any other text as it is."""
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return text
