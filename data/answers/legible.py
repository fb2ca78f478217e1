"""Values as somebody without training can read them: local times, and JSON a few levels deep."""

import json
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

DEEPEST = 3
"""Levels of JSON that are shown as lists; what is below is shown as it is written."""


def legible(value: Any, kind: str, zone: str) -> Any:
    """A text, a number, a boolean, a date, a naive datetime in the zone, or lists and dicts of
    these; None stays. `kind` is a type of the data map.

    Text that should be JSON and is none, and times no calendar has, come as text.
    """
    if kind == "json" and isinstance(value, str):
        try:
            return _shallow(json.loads(value), DEEPEST)
        except (ValueError, RecursionError):
            return value
    if isinstance(value, datetime) and value.tzinfo:
        try:
            return value.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        except OverflowError:
            return str(value)
    if value is None or isinstance(value, str | bool | int | float | date):
        return value
    return str(value)


def _shallow(value: Any, levels: int) -> Any:
    if not isinstance(value, dict | list):
        return value
    if not levels:
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return [_shallow(each, levels - 1) for each in value]
    return {name: _shallow(each, levels - 1) for name, each in value.items()}
