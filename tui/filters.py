"""The filters of the list of people, in words."""

from dataclasses import replace
from datetime import date
from typing import Any

from data.datamap import People
from data.finding import Wanted

SEARCH = "the search"

LONGEST_SAID = 30
"""Characters of a country in words."""


def narrowing(layout: People, wanted: Wanted) -> dict[str, Wanted]:
    """All that narrows the list, in words, not yet display-safe; each with who is wanted
    without it."""
    channel = layout.channels.get(wanted.unsubscribed)
    since, until = wanted.created_from, wanted.created_until
    parts: list[tuple[Any, str, dict[str, Any]]] = [
        (wanted.text.strip(), SEARCH, {"text": ""}),
        (wanted.restricted, "restricted", {"restricted": False}),
        (wanted.asking, "open request", {"asking": False}),
        (channel, f"unsubscribed from {channel and channel.label}", {"unsubscribed": ""}),
        (wanted.country, f"country {wanted.country[:LONGEST_SAID]}", {"country": ""}),
        (since or until, _created(since, until), {"created_from": None, "created_until": None}),
    ]
    return {said: replace(wanted, **without) for given, said, without in parts if given}


def _created(since: date | None, until: date | None) -> str:
    if since and until:
        return f"created {since} to {until}"
    return f"created from {since}" if since else f"created until {until}"
