"""What a replay says, on the command line and in the application: what stands again, and what a
person must do. It names people, so it is shown and not kept."""

from collections.abc import Iterator, Sequence
from typing import Any

from data.entry import Entry
from data.replay import Left, Replayed, counted

COLUMNS = ("entry", "day", "act", "person", "request", "fields", "to_do")

NOT_KEPT = (
    "This names people, so it is not kept: the ledger has the numbers of these entries. What was "
    "given as a reason in words since the backup is lost."
)

SUBJECT_SHOWN = 16
"""Digits of a keyed hash, for somebody whom the store does not know."""


def acts(entries: Sequence[Entry]) -> str:
    """How many of each act there are, in words."""
    found = ", ".join(f"{count:,} × {act}" for act, count in counted(entries).items())
    return found or "nothing"


def left(each: Left) -> dict[str, Any]:
    """What is left to a person, by COLUMNS; not yet display-safe."""
    facts = each.entry.facts
    return {
        "entry": each.entry.seq,
        "day": f"{each.entry.moment:%Y-%m-%d}",
        "act": each.entry.action,
        "person": each.person or each.entry.subject[:SUBJECT_SHOWN],
        "request": each.entry.request,
        "fields": facts.get("fields", []),
        "to_do": each.to_do,
    }


def lines(replayed: Replayed) -> Iterator[str]:
    """What is left to a person, one below the other; not yet display-safe."""
    to_do = ""
    for each in sorted(replayed.left, key=lambda each: each.to_do):
        if each.to_do != to_do:
            to_do = each.to_do
            yield ""
            yield to_do
        said = left(each)
        fields = ", ".join(said["fields"])
        parts = (f"{said['day']} {said['act']}", said["person"], said["request"], fields)
        yield f"    {' · '.join(filter(None, parts))}"
