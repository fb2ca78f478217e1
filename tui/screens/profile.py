"""Who a person is and what may be done about it: the fields by category, then what is on or off."""

from collections.abc import Iterator
from itertools import groupby
from typing import ClassVar

from textual.binding import Binding, BindingType

from data.people import Person
from data.store import Store
from tui import sources
from tui.widgets.columns import Column
from tui.widgets.rows import Row
from tui.widgets.table import WindowTable
from tui.words import shown

CORRECTABLE = "✎"

ON, OFF = "[x]", "[ ]"


class Profile(WindowTable):
    """The pane of the fields. The key of a row is what kind of thing it is, and its name."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "choose", "Change")]

    def __init__(self) -> None:
        super().__init__(
            Column("field", "What we hold", 18),
            Column("value", ""),
            Column("origin", "Source", 10),
            id="profile",
        )
        self.border_title = f" Profile · {CORRECTABLE} may be corrected "

    def fill(self, store: Store, person: Person) -> None:
        """Shows what is held on the person, the cursor where it was."""
        sources.renew(self, list(rows(store, person)))
        # Not on the first heading.
        self.move_to(max(self.cursor, 1))

    def chosen(self, kind: str) -> str | None:
        """The name of the row under the cursor, where it is of this kind."""
        row = self.cursor_row
        found, _, name = row.key.partition(":") if row else ("", "", "")
        return name if found == kind else None


def rows(store: Store, person: Person) -> Iterator[Row]:
    """The fields by category, then the channels, restriction and automated decisions."""
    fields = store.map.people.fields
    ordered = sorted(fields.items(), key=lambda item: _first_place(store, item[1].category))
    for category, group in groupby(ordered, key=lambda item: item[1].category):
        yield _heading(category.upper())
        for name, each in group:
            origin = f"{each.origin:<8} {CORRECTABLE}" if each.correctable else each.origin
            yield Row(f"field:{name}", (f"  {each.label}", shown(person.fields[name]), origin))
    words = {True: f"{ON} yes", False: f"{OFF} no (unsubscribed)", None: f"{OFF} never said"}
    yield _heading("CHANNELS", f"{ON} may be used")
    for name, opted_in in person.channels.items():
        label = store.map.people.channels[name].label
        yield Row(f"channel:{name}", (f"  {label}", words[opted_in], "provided"))
    restriction = person.restriction
    since = f"{ON} {restriction.ground}, since {shown(restriction.since)}" if restriction else ""
    stopped = person.automation_stopped
    decides = f"{OFF} by a person, since {shown(stopped)}" if stopped else f"{ON} yes"
    yield _heading("PROCESSING")
    yield Row(
        "restriction:", ("  Restricted", since or f"{OFF} no", ""), "warning" if since else ""
    )
    yield Row("automation:", ("  By machine alone", decides, ""))


def _heading(label: str, legend: str = "") -> Row:
    return Row("", (label, legend, ""), "dim")


def _first_place(store: Store, category: str) -> int:
    """Categories stand in the order in which the map first names them."""
    return [each.category for each in store.map.people.fields.values()].index(category)
