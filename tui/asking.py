"""Asks the handler for what a right needs to be carried out."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from textual.app import App

from data import fulfilment, values
from data.errors import BadInput, Refused
from data.grounds import DESPITE_RESTRICTION, MEANINGS
from data.people import Person
from data.register import reception
from data.register.requests import Request
from data.rights import NAMES, named
from data.rights.automation import Contest
from data.rights.right import Right
from data.store import Store
from tui.config import answers
from tui.dialogs import Ask, Choose
from tui.handling import Handling
from tui.words import shown

Common = dict[tuple[str, str], Any]
"""Answers that hold for several requests at once, by right and particular."""

SHARED = ("ground", "informed", "out")
"""The particulars that may be the same for several people."""

ASKED_FOR = {
    "access": "what is held on them, and what for",
    "automation": "that no machine decides alone",
    "contest": "that a human looks at a decision",
    "erasure": "to be forgotten",
    "lifting": "that their restriction ends",
    "objection": "no more marketing by a channel",
    "opposition": "that some use of their data ends",
    "portability": "their data, to take elsewhere",
    "rectification": "that what is wrong is put right",
    "restriction": "that the data is left alone",
    "subscription": "to be reached by a channel again",
}
"""Each right in the words of who asks."""

LONGEST_LINE = 10_000
"""Characters of a value that is edited on one line."""


async def particulars(
    app: App[Any],
    store: Store,
    right: str,
    person: Person,
    given: Mapping[str, Any],
    common: Common | None = None,
) -> dict[str, Any] | None:
    """All that the right needs: what is given, what is `common` to several, and the answers to
    what is neither.

    None where the handler went back. Raises Refused where it would be asked for nothing.
    """
    kind = named(right)
    kind.check(person)
    common = {} if common is None else common
    details = dict(given)
    for name in kind.needed(person):
        if name in details:
            continue
        answer = common.get((right, name))
        if answer is None:
            answer = await _QUESTIONS[name](app, store, person, kind)
        if answer is None:
            return None
        if name in SHARED:
            common[right, name] = answer
        details[name] = answer
    return details


async def decision(
    app: Handling, request: Request, person: Person, common: Common
) -> dict[str, Any] | None:
    """How an objection to processing is decided. None where the handler went back."""
    comes_to = {
        "upheld": "the person is erased, Article 17(1)(c)",
        "overridden": "the restriction ends, Article 18(3)",
    }
    possible = fulfilment.outcomes(request)
    first = f"; first the check of who asks ({app.key('requests.identify')})"
    options = {
        name: f"{name}: {comes_to[name]}{'' if can_be else first}"
        for name, can_be in possible.items()
    }
    outcome = await app.push_screen_wait(
        Choose(
            f"How is the objection decided? ({person.id})",
            options,
            closed=[name for name, can_be in possible.items() if not can_be],
        )
    )
    if outcome != "overridden":
        return {"outcome": outcome} if outcome else None
    lifting = await particulars(app, app.opened(), "lifting", person, {}, common)
    return None if lifting is None else {"outcome": outcome, **lifting}


async def reason(
    app: App[Any], title: str, needed: str, hint: str = "without naming the person"
) -> str | None:
    """Why, in words; it must not be empty."""

    def is_said(text: str) -> None:
        if not text.strip():
            raise BadInput(needed)

    return await app.push_screen_wait(Ask(title, hint=hint, check=is_said))


async def day(app: App[Any], title: str, today: date) -> date | None:
    """Today, or a day before it."""

    def is_past(text: str) -> None:
        if values.parse("date", text) is None or date.fromisoformat(text.strip()) > today:
            raise BadInput("That is today, or a day before it.")

    answer = await app.push_screen_wait(
        Ask(title, value=str(today), hint="YYYY-MM-DD", check=is_past)
    )
    return None if answer is None else date.fromisoformat(answer.strip())


async def right(app: App[Any]) -> str | None:
    """What a person asks for, of all that there are rights to."""
    options = {name: f"{named(name).title:<26}{ASKED_FOR.get(name, '')}" for name in NAMES}
    return await app.push_screen_wait(Choose("What does the person ask for?", options))


async def came_by(app: App[Any]) -> str | None:
    """By which way a request came to the desk."""
    ways = {each: each for each in reception.CAME_BY if each != "import"}
    return await app.push_screen_wait(Choose("How did it come?", ways))


async def field_value(app: App[Any], store: Store, person: Person, name: str) -> str | None:
    """A new value for a field, checked as the data map types it."""
    field = store.map.people.fields[name]
    old = person.fields[name]
    if len(str(old)) > LONGEST_LINE:
        raise Refused(
            f"{field.label} is too long to be edited on one line.",
            then="Use habeas rectify.",
        )
    return await app.push_screen_wait(
        Ask(
            f"{field.label} of {person.id}",
            value="" if old is None else shown(old) if field.type == "timestamp" else str(old),
            hint=f"empty, to be completed ({field.type})",
            check=lambda text: values.parse(field.type, text, field.values),
        )
    )


def explained(grounds: Mapping[str, str]) -> dict[str, str]:
    """Grounds to choose from: each with its point of an article, and what it says."""
    return {
        name: f"{name.replace('-', ' '):<19}{article:<9} {MEANINGS[name, article]}"
        for name, article in grounds.items()
    }


async def _ground(app: App[Any], store: Store, person: Person, kind: type[Right]) -> str | None:
    title = f"On which ground? ({kind.title})"
    return await app.push_screen_wait(Choose(title, explained(kind.grounds)))


async def _informed(app: App[Any], store: Store, person: Person, kind: type[Right]) -> str | None:
    def is_date(text: str) -> None:
        if values.parse("date", text) is None:
            raise BadInput("A restriction is lifted only after the person was told: 18(3).")

    return await app.push_screen_wait(
        Ask("On which day was the person told of the lifting?", hint="YYYY-MM-DD", check=is_date)
    )


async def _channels(
    app: App[Any], store: Store, person: Person, kind: type[Right]
) -> list[str] | None:
    known = store.map.people.channels
    options = {"": "every channel"} | {name: each.label for name, each in known.items()}
    answer = await app.push_screen_wait(Choose(f"Which channel? ({person.id})", options))
    if answer is None:
        return None
    return [answer] if answer else list(known)


async def _changes(
    app: App[Any], store: Store, person: Person, kind: type[Right]
) -> dict[str, str] | None:
    fields = store.map.people.fields
    options = {name: each.label for name, each in fields.items() if each.correctable}
    name = await app.push_screen_wait(Choose(f"Which field? ({person.id})", options))
    if name is None:
        return None
    value = await field_value(app, store, person, name)
    return None if value is None else {name: value}


async def _stop(app: App[Any], store: Store, person: Person, kind: type[Right]) -> bool | None:
    answer = await app.push_screen_wait(
        Choose(
            f"Decisions by a machine alone ({person.id})",
            {"stop": "stop them", "allow": "allow them"},
        )
    )
    return None if answer is None else answer == "stop"


async def _out(app: App[Any], store: Store, person: Person, kind: type[Right]) -> str | None:
    return await app.push_screen_wait(Ask("Folder for the answer", value=str(answers().absolute())))


async def _despite(app: App[Any], store: Store, person: Person, kind: type[Right]) -> str | None:
    title = f"{person.id} is restricted. Why go on? Article 18(2)"
    return await app.push_screen_wait(Choose(title, explained(DESPITE_RESTRICTION)))


async def _decision(app: App[Any], store: Store, person: Person, kind: type[Right]) -> str | None:
    options = {name: each.effect for name, each in store.map.automated.items()}
    if not options:
        raise Refused("The data map names no automated decisions.")
    return await app.push_screen_wait(
        Choose(f"Which decision is contested? ({person.id})", options)
    )


async def _outcome(app: App[Any], store: Store, person: Person, kind: type[Right]) -> str | None:
    return await app.push_screen_wait(
        Choose(
            f"What did a human make of it? ({person.id})",
            {name: name for name in Contest.outcomes},
        )
    )


_QUESTIONS = {
    "changes": _changes,
    "channels": _channels,
    "decision": _decision,
    "despite": _despite,
    "ground": _ground,
    "informed": _informed,
    "out": _out,
    "outcome": _outcome,
    "stop": _stop,
}
"""What asks for each particular that rights may have."""
