"""Asks which events of a person are wanted: of which name, from which day, until which."""

from collections.abc import Mapping
from datetime import date

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Label, OptionList
from textual.widgets.option_list import Option

from data import values
from data.errors import BadInput
from data.events import Wanted
from tui.dialogs import LONGEST_TITLE, Dialog
from tui.safe import safe
from tui.screens.activity import called
from tui.widgets.columns import fit
from tui.widgets.line import Line
from tui.widgets.moving import Options

MOST_NAMES = 500
"""As many are listed, the most frequent."""

NAME = 44  # cells


class Filter(Dialog[Wanted]):
    """One of the names, each with how many events have it, or all; and the days, or none. It
    begins with what is wanted so far. `names` has one more than MOST_NAMES where there are more.
    """

    def __init__(self, names: Mapping[str, int], total: int, wanted: Wanted):
        most = f" The {MOST_NAMES} most frequent names are here." if len(names) > MOST_NAMES else ""
        super().__init__(f"Which events?{most}")
        self.names: list[str | None] = [None, *list(names)[:MOST_NAMES]]
        self.counts = [total, *names.values()]
        self.wanted = wanted

    def compose_body(self) -> ComposeResult:
        yield Options(*(Option(Content(line)) for line in map(_line, self.names, self.counts)))
        with Horizontal(id="days"):
            for label, day in (("From", self.wanted.since), ("until", self.wanted.until)):
                yield Label(label)
                yield Line(str(day or ""), placeholder="YYYY-MM-DD", id=label.lower())
        yield Label("", id="wrong", markup=False)
        yield Label("enter: show these    tab: the days    esc: cancel", id="keys", markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        name = self.wanted.name
        place = self.names.index(name) if name in self.names else 0
        self.query_one(OptionList).highlighted = place

    @on(OptionList.OptionSelected)
    @on(Input.Submitted)
    def answer(self) -> None:
        try:
            since, until = (self._day(each) for each in ("#from", "#until"))
            if since and until and since > until:
                raise BadInput("That ends before it begins.")
        except BadInput as wrong:
            self.query_one("#wrong", Label).update(safe(wrong.happened, limit=LONGEST_TITLE))
        else:
            chosen = self.query_one(OptionList).highlighted or 0
            self.dismiss(Wanted(self.names[chosen], since, until))

    def _day(self, line: str) -> date | None:
        """The day that was typed, if any. Raises BadInput, and the cursor goes there."""
        typed = self.query_one(line, Line)
        try:
            day: date | None = values.parse("date", typed.value)
        except BadInput:
            typed.focus()
            raise
        return day


def _line(name: str | None, count: int) -> str:
    label = "all events" if name is None else called(name)
    return f"{fit(label, NAME)} {count:>12,}"
