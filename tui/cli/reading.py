"""habeas find, habeas show."""

from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from data import events, people
from data.register import requests
from tui import output
from tui.cli.options import READING, Options
from tui.words import parsed


def find(
    text: str,
    *,
    limit: Annotated[int, Parameter(validator=Number(gte=1))] = 50,
    options: Options = READING,
) -> None:
    """Find people by their id, name, email or phone.

    Parameters
    ----------
    text
        Words that all must be found, in any of these.
    limit
        The most people to print.
    """
    with options.opened(read_only=True) as store, store.reading() as cursor:
        found = people.find(cursor, text, limit=limit)
        total = people.count(cursor, text)
        shown = cursor.map.people
        names = [name for name in shown.identifying if name != shown.key]
    rows = [
        {shown.key: each.id, **dict(zip(names, each.values, strict=True)),
         "restricted": each.restricted}
        for each in found
    ]  # fmt: skip
    output.records(rows, [shown.key, *names, "restricted"], options.format)
    output.note(f"{len(found):,} of {total:,}")


def show(user_id: str, *, options: Options = READING) -> None:
    """Show what is held on a person."""
    with options.opened(read_only=True) as store, store.reading() as cursor:
        person = people.read(cursor, user_id)
        held = events.counts(cursor, person)
        types = cursor.map.people.fields
        register = requests.listed(cursor, subject=cursor.pseudonym(person.id))
    output.record(
        {
            **{
                name: parsed(value) if value and types[name].type == "json" else value
                for name, value in person.fields.items()
            },
            "channels": person.channels,
            "restriction": person.restriction
            and {"ground": person.restriction.ground, "since": person.restriction.since},
            "automated decisions": "stopped" if person.automation_stopped else "allowed",
            "records": held,
            "requests": [f"{each.id} {each.right} {each.status}" for each in register],
        },
        options.format,
    )
