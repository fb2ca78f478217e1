"""Personal data half hidden, as lists show it to whoever looks over a shoulder."""

import re

DOTS = "••"


def masked(value: object) -> str:
    """The value with its first letter alone, of an email address also where it is kept, and of
    a number the last two digits: a••@example.org, A••, ••47. Nothing stays nothing."""
    text = "" if value is None else str(value)
    name, at, domain = text.partition("@")
    if at and name:
        return f"{name[0]}{DOTS}@{domain}"
    if re.search(r"\d\D*\d\D*\d\D*\d", text) and not re.search(r"[^\W\d]", text):
        return f"{DOTS}{re.sub(r'[^0-9]', '', text)[-2:]}"
    return f"{text[0]}{DOTS}" if text else ""


def masked_id(subject_id: str) -> str:
    """An id as lists show it: masked where it is an email address."""
    return masked(subject_id) if "@" in subject_id else subject_id
