"""habeas find, habeas show."""

from datetime import date
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from data import events, finding, people
from data.errors import BadInput
from data.finding import EVERYBODY, Wanted
from data.register import requests
from tui import output
from tui.cli.options import READING, Flag, Options
from tui.words import parsed


def find(
    text: str | None = None,
    *,
    restricted: Flag = False,
    asking: Flag = False,
    unsubscribed: str = "",
    country: str = "",
    created_from: date | None = None,
    created_until: date | None = None,
    limit: Annotated[int, Parameter(validator=Number(gte=1))] = 50,
    options: Options = READING,
) -> None:
    """Find people by their id, name, email or phone, and by how things stand with them.

    Parameters
    ----------
    text
        Words that all must be found, in any of these.
    restricted
        Those alone whose processing is restricted.
    asking
        Those who have an open request.
    unsubscribed
        Those who said no to this channel, as the data map names it.
    country
        Those of this country, as it is stored.
    created_from
        Those created on this day or later.
    created_until
        Those created on this day or before.
    limit
        The most people to print.
    """
    wanted = Wanted(
        text or "", restricted, asking, unsubscribed, country, created_from, created_until
    )
    if text is None and wanted == EVERYBODY:
        raise BadInput('Say who is to be found; "" is everybody.', unchanged="")
    with options.opened(read_only=True) as store, store.reading() as cursor:
        found, total = finding.first(cursor, wanted, limit)
        shown = cursor.map.people
        names = [name for name in shown.identifying if name != shown.key]
    rows = [
        {shown.key: each.id, **dict(zip(names, each.values, strict=True)),
         "restricted": each.restricted}
        for each in found
    ]  # fmt: skip
    output.records(rows, [shown.key, *names, "restricted"], options.format)
    output.note(f"{len(found):,} of {total}")


def show(user_id: str, *, options: Options = READING) -> None:
    """Show what is held on a person."""
    with options.opened(read_only=True) as store, store.reading() as cursor:
        person = people.read(cursor, user_id)
        held = events.counts(cursor, person)
        types = cursor.map.people.fields
        register = requests.listed(cursor, subjects=[cursor.pseudonym(person.id)])
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
