"""Reading a typed value as a field of the data map has it."""

import json
import math
import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from data.errors import BadInput


def parse(kind: str, text: str, allowed: Sequence[str] = ()) -> Any:
    """The value that the text means for a field of that type; None for an empty text.

    An enumeration takes one of the `allowed` values. Raises BadInput with the reason.
    """
    text = text.strip()
    if not text:
        return None
    if kind == "enumeration" and text not in allowed:
        raise BadInput(f"{text} is none of {', '.join(allowed)}.")
    try:
        return _PARSERS[kind](_text(text))
    except ValueError as error:
        raise BadInput(f"{text} is not {error}.") from None


def _text(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("Unicode") from None
    return text


def _email(text: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text):
        raise ValueError("an email address")
    return text


def _phone(text: str) -> str:
    if not re.fullmatch(r"\+?[0-9][0-9 ()./-]{4,}", text):
        raise ValueError("a phone number")
    return text


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("a date; write it as 1990-12-31") from None


def _timestamp(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("a time; write it as 1990-12-31T23:59:00Z") from None


def _boolean(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError("true or false")
    return text.lower() == "true"


def _integer(text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", text):
        raise ValueError("a whole number")
    return int(text)


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError("a number")
    return number


def _json(text: str) -> str:
    try:
        value = json.dumps(
            json.loads(text), ensure_ascii=False, allow_nan=False, separators=(",", ":")
        )
    except ValueError:
        raise ValueError("JSON") from None
    return _text(value)


_PARSERS: dict[str, Callable[[str], Any]] = {
    "text": str,
    "email": _email,
    "phone": _phone,
    "date": _date,
    "timestamp": _timestamp,
    "boolean": _boolean,
    "integer": _integer,
    "number": _number,
    "json": _json,
    "enumeration": str,
}
