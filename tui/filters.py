"""The filters of the list of people: in words, and asked for."""

from dataclasses import replace
from datetime import date
from typing import Any

from data import people, values
from data.datamap import People
from data.people import EVERYBODY, Wanted
from data.store import Store
from tui.dialogs import Ask, Choose
from tui.handling import Handling
from tui.words import shown

SEARCH = "the search"

LONGEST_SAID = 30
"""Characters of a country in words."""

EXAMPLES = 8
"""Countries that the question for one names."""


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


async def ask(app: Handling, store: Store, wanted: Wanted) -> Wanted | None:
    """Asks for one filter and sets or clears it. None where the handler went back."""
    layout = store.map.people
    name = await app.push_screen_wait(Choose("Which filter?", _options(layout, wanted)))
    match name:
        case None:
            return None
        case "restricted":
            return replace(wanted, restricted=not wanted.restricted)
        case "asking":
            return replace(wanted, asking=not wanted.asking)
        case "unsubscribed":
            return await _channel(app, layout, wanted)
        case "country":
            return await _country(app, store, wanted)
        case "created_from" | "created_until":
            return await _day(app, layout, wanted, name)
        case _:
            return EVERYBODY


def _created(since: date | None, until: date | None) -> str:
    if since and until:
        return f"created {since} to {until}"
    return f"created from {since}" if since else f"created until {until}"


def _options(layout: People, wanted: Wanted) -> dict[str, str]:
    """The filters that the data map allows, each with its present value."""
    channel = layout.channels.get(wanted.unsubscribed)
    present: dict[str, tuple[str, Any]] = {
        "restricted": ("Restricted", wanted.restricted),
        "asking": ("Open request", wanted.asking),
    }
    if layout.channels:
        present["unsubscribed"] = ("Unsubscribed from", channel and channel.label)
    if layout.country:
        present["country"] = ("Country", wanted.country[:LONGEST_SAID])
    if layout.created:
        present["created_from"] = ("Created from", wanted.created_from)
        present["created_until"] = ("Created until", wanted.created_until)
    options = {
        name: f"{label:<20}{shown(value or None)}" for name, (label, value) in present.items()
    }
    return options | ({"": "Clear all filters"} if wanted.narrows else {})


async def _channel(app: Handling, layout: People, wanted: Wanted) -> Wanted | None:
    options = {name: each.label for name, each in layout.channels.items()}
    if wanted.unsubscribed:
        options[""] = "Clear this filter"
    name = await app.push_screen_wait(Choose("Unsubscribed from which channel?", options))
    return None if name is None else replace(wanted, unsubscribed=name)


async def _country(app: Handling, store: Store, wanted: Wanted) -> Wanted | None:
    def common() -> list[str]:
        with store.reading() as cursor:
            return people.countries(cursor, EXAMPLES)

    stored = ", ".join(each[:LONGEST_SAID] for each in await app.wait(common))
    hint = f"empty: any; stored as {stored}" if stored else "empty: any"
    answer = await app.push_screen_wait(Ask("Country", value=wanted.country, hint=hint))
    return None if answer is None else replace(wanted, country=answer.strip())


async def _day(app: Handling, layout: People, wanted: Wanted, name: str) -> Wanted | None:
    """The first or the last day on which people were created."""

    def with_day(text: str) -> Wanted:
        chosen = replace(wanted, **{name: values.parse("date", text)})
        people.check(layout, chosen)
        return chosen

    title = "Created from which day on?" if name == "created_from" else "Created until which day?"
    day = getattr(wanted, name)
    answer = await app.push_screen_wait(
        Ask(title, value=str(day or ""), hint="YYYY-MM-DD; empty: any", check=with_day)
    )
    return None if answer is None else with_day(answer)
