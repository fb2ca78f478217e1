"""Asks for the filters of the list of people, one at a time."""

from dataclasses import replace
from typing import Any

from data import finding, values
from data.datamap import People
from data.finding import EVERYBODY, Wanted
from data.store import Store
from tui.dialogs import Ask, Choose
from tui.filters import LONGEST_SAID
from tui.handling import Handling
from tui.words import shown

EXAMPLES = 8
"""Countries that the question for one names."""


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
            return finding.countries(cursor, EXAMPLES)

    stored = ", ".join(each[:LONGEST_SAID] for each in await app.wait(common))
    hint = f"empty: any; stored as {stored}" if stored else "empty: any"
    answer = await app.push_screen_wait(Ask("Country", value=wanted.country, hint=hint))
    return None if answer is None else replace(wanted, country=answer.strip())


async def _day(app: Handling, layout: People, wanted: Wanted, name: str) -> Wanted | None:
    """The first or the last day on which people were created."""

    def with_day(text: str) -> Wanted:
        chosen = replace(wanted, **{name: values.parse("date", text)})
        finding.check(layout, chosen)
        return chosen

    title = "Created from which day on?" if name == "created_from" else "Created until which day?"
    day = getattr(wanted, name)
    answer = await app.push_screen_wait(
        Ask(title, value=str(day or ""), hint="YYYY-MM-DD; empty: any", check=with_day)
    )
    return None if answer is None else with_day(answer)
