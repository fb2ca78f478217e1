"""What most want to know of a person, beside the list of people."""

from collections.abc import Iterator
from datetime import date

from rich.cells import chop_cells
from textual.content import Content

from data import events, people
from data.cursor import Cursor
from data.people import Person
from data.register import requests
from data.register.requests import Request
from tui.masking import masked, masked_id
from tui.safe import safe
from tui.widgets.columns import GAP, fit
from tui.words import days_left, shown

LABEL, VALUE = 18, 28  # cells

SOON = 7
"""Days left from which a request is set off."""

LONGEST_SHOWN = 200
"""Characters of one value."""

CHOSEN = {True: "yes", False: "no (unsubscribed)", None: "never said"}

Row = tuple[str, object, str]
"""A label, a value, and the style that sets it off."""


def preview(cursor: Cursor, subject_id: str, *, hidden: bool) -> Content:
    """The person in groups of rows; what identifies them is masked where it is `hidden`.

    Raises NotFound.
    """
    person = people.read(cursor, subject_id)
    register = requests.listed(cursor, subjects=[cursor.pseudonym(subject_id)])
    groups: dict[str, list[Row]] = {
        "OPEN REQUESTS, DUE": list(_open(register, cursor.today)) or [("None", "", "")],
        "PROCESSING": list(_processing(person)),
        "CHANNELS": [
            (cursor.map.people.channels[name].label, CHOSEN[opted_in], "")
            for name, opted_in in person.channels.items()
        ],
        "RECORDS": [
            (name, f"{count:,}", "") for name, count in events.counts(cursor, person).items()
        ],
        "PROFILE": list(_fields(cursor, person, hidden)),
    }
    return Content("\n\n").join(
        Content("\n").join([Content.styled(title, "bold"), *map(_row, rows)])
        for title, rows in groups.items()
        if rows
    )


def _open(register: list[Request], today: date) -> Iterator[Row]:
    for each in register:
        if each.is_open:
            left = each.days_left(today)
            style = "$text-error" if left < 0 else "$text-warning" if left <= SOON else ""
            time = "paused" if each.paused_since and left >= 0 else days_left(left)
            yield f"{each.id} {each.right}", f"{each.due}, {time}", style


def _processing(person: Person) -> Iterator[Row]:
    if person.restriction is None:
        yield "Restricted", "no", ""
    else:
        yield "RESTRICTED", person.restriction.ground, "$text-warning"
        yield "", f"since {shown(person.restriction.since)[:16]}", "$text-warning"


def _fields(cursor: Cursor, person: Person, hidden: bool) -> Iterator[Row]:
    layout = cursor.map.people
    for name, field in layout.fields.items():
        value = person.fields[name]
        if value is not None:
            hide = masked_id if name == layout.key else masked if field.identifies else shown
            yield field.label, hide(value) if hidden else shown(value), ""


def _row(row: Row) -> Content:
    """The label, and the value in as many lines as it takes, one below the other."""
    label, value, style = row
    lines = chop_cells(safe(value, limit=LONGEST_SHOWN), VALUE)
    return Content.assemble(
        (fit(label, LABEL), "$foreground-muted"),
        (" " * GAP, ""),
        (f"\n{' ' * (LABEL + GAP)}".join(lines), style),
    )
