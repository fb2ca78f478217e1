"""What a purge needs and does, in words."""

from collections.abc import Iterator
from datetime import date

from data.purge.purging import Needs
from data.purge.waiting import Waiting
from tui.words import counted, size

SECOND_NAME = "The old file has a second name on this disk, where all of it still is."


def lines(needs: Needs, today: date) -> Iterator[str]:
    """What waits, and what it takes: said before it starts."""
    yield waiting(needs.waiting, today) or "No erasure and no correction waits to be purged."
    yield (
        f"The store of {size(needs.size)} is written anew: that needs {size(needs.needed)} of free "
        f"disk beside it, of {size(needs.free)} there are."
    )
    if needs.notices:
        yield (
            f"{counted(needs.notices, 'notice')} to recipients, still open, keep what they know "
            "erased people by."
        )


def waiting(found: Waiting, today: date) -> str:
    """How many acts wait, and until when they may; "" where none does."""
    parts = [
        counted(count, what)
        for count, what in ((found.erasures, "erasure"), (found.corrections, "correction"))
        if count
    ]
    late = ", OVERDUE" if found.is_overdue(today) else ""
    return f"{' and '.join(parts)} to purge by {found.due}{late}" if parts else ""
