"""What a person did: how much of it when, and every event, or those that are wanted."""

from dataclasses import dataclass
from datetime import date

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from data import events
from data.clock import MONTHS
from data.cursor import Cursor
from data.events import ALL, Wanted
from data.people import Person
from data.store import Store
from tui import sources
from tui.safe import safe
from tui.widgets.columns import Column
from tui.widgets.histogram import Histogram
from tui.widgets.table import WindowTable
from tui.words import NAMELESS

LONGEST_NAME = 60
"""Characters of the name of an event outside the table."""


@dataclass(frozen=True)
class Seen:
    """What is shown: how many events there are, how many of them are wanted, and when."""

    wanted: Wanted
    total: int
    found: int
    histogram: events.Histogram


def see(cursor: Cursor, person: Person, wanted: Wanted) -> Seen:
    """What there is to show of these events."""
    total = sum(events.counts(cursor, person).values())
    found = total if wanted == ALL else sum(events.counts(cursor, person, wanted).values())
    return Seen(wanted, total, found, events.histogram(cursor, person, wanted))


class Activity(Vertical):
    """The pane of the events."""

    def compose(self) -> ComposeResult:
        yield Static(id="wanted")
        yield Histogram(id="bars")
        yield Static(id="when")
        yield WindowTable(
            Column("time", "When (UTC)", 16),
            Column("name", "Event", 16),
            Column("properties", "Properties"),
            id="timeline",
        )

    def show(self, store: Store, person: Person, seen: Seen) -> None:
        """Shows these, the cursor where it was."""
        filtered = seen.wanted != ALL
        self.border_title = (
            f" Events ({seen.found:,} of {seen.total:,}), filtered · esc: all "
            if filtered
            else f" Events ({seen.total:,}), newest first "
        )
        only = f"Only {described(seen.wanted)}" if filtered else ""
        self.query_one("#wanted", Static).update(Content(only))
        self.query_one("#wanted").display = filtered
        self.query_one(Histogram).show([each.count for each in seen.histogram.bars])
        self.query_one("#when", Static).update(Content(over_time(seen.histogram)))
        for part in ("#bars", "#when"):
            self.query_one(part).display = bool(seen.histogram.bars)
        table = self.query_one(WindowTable)
        table.empty = "No event is like that." if filtered else "No events."
        place = table.cursor
        table.show(sources.timeline(store, person, seen.wanted), seen.found)
        table.move_to(place)


def called(name: str) -> str:
    """The name of an event, display-safe."""
    return safe(name, limit=LONGEST_NAME) or NAMELESS


def described(wanted: Wanted) -> str:
    """What is wanted, in words, display-safe."""
    parts = (
        called(wanted.name) if wanted.name is not None else "",
        f"from {wanted.since}" if wanted.since else "",
        f"until {wanted.until}" if wanted.until else "",
    )
    return " ".join(filter(None, parts))


def over_time(drawn: events.Histogram) -> str:
    """What the bars show, in words, so that nobody needs to see them."""
    bars, unit = drawn.bars, drawn.unit
    if not bars:
        return ""
    most = max(bars, key=lambda each: each.count)
    as_many = sum(each.count == most.count for each in bars) - 1
    others = f" and {as_many} more" if as_many else ""
    undated = f"; {drawn.undated:,} without a time" if drawn.undated else ""
    first, last = span(unit, bars[0].start), span(unit, bars[-1].start)
    if len(bars) == 1:
        return f"{first}: {most.count:,}{undated}"
    peak = f"most {most.count:,}, {span(unit, most.start)}{others}"
    return f"{first} – {last} by {unit}; {peak}{undated}"


def span(unit: str, start: date) -> str:
    """A unit of time that begins on this day, in words."""
    month = f"{MONTHS[start.month - 1]} {start.year}"
    match unit:
        case "day":
            return f"{start.day} {month}"
        case "week":
            return f"week of {start.day} {month}"
        case "month":
            return month
        case "quarter":
            return f"Q{(start.month + 2) // 3} {start.year}"
        case "year":
            return str(start.year)
        case _:
            length = 10 if unit == "decade" else 100
            return f"{start.year // length * length}s"
