"""What was erased or corrected, and of which the store keeps the bytes until the next purge."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from data.clock import local_date
from data.cursor import Cursor

PURGE = "purge"
"""The ledger's entry on a purge, which covers every entry before it."""

ERASING = ("erasure", "replay")
CORRECTING = ("rectification", "undo")
CORRECTED_UNDER = "16"
"""What is undone is no correction but where it was done under this article."""

SETTLING = ("notice done", "notice impossible")
"""A notice keeps what its recipient knows the person by until it is settled, also of one who was
erased, so that their bytes stay until the purge after that."""


@dataclass(frozen=True)
class Waiting:
    """How many people's `erasures` and how many `corrections` were not purged yet, and by which day
    the first of them is to be; None where there are none."""

    erasures: int = 0
    corrections: int = 0
    due: date | None = None

    @property
    def count(self) -> int:
        return self.erasures + self.corrections

    def is_overdue(self, today: date) -> bool:
        return self.due is not None and self.due < today


def of(cursor: Cursor) -> Waiting:
    """What waits for a purge of this store."""
    row = cursor.row(
        "SELECT count(DISTINCT coalesce(nullif(subject, ''), CAST(seq AS VARCHAR))) "
        "FILTER (WHERE action NOT IN (SELECT unnest($correcting))), "
        "count(*) FILTER (WHERE action IN (SELECT unnest($correcting))), min(moment) "
        f"FROM habeas.ledger WHERE seq > ({LAST}) AND (action IN (SELECT unnest($erasing)) "
        "OR action IN (SELECT unnest($correcting)) AND article = $under "
        "OR action IN (SELECT unnest($settling)) "
        "AND subject IN (SELECT subject FROM habeas.erased))",
        erasing=[*ERASING],
        correcting=[*CORRECTING],
        under=CORRECTED_UNDER,
        settling=[*SETTLING],
        purge=PURGE,
    )
    erasures, corrections, first = row or (0, 0, None)
    return Waiting(erasures, corrections, due(cursor, first) if first else None)


def due(cursor: Cursor, erased: datetime) -> date:
    """By which day of the controller's calendar what was erased then is to be purged."""
    controller = cursor.map.controller
    return local_date(erased, controller.timezone) + timedelta(days=controller.purge_within)


LAST = "SELECT coalesce(max(seq), 0) FROM habeas.ledger WHERE action = $purge"
"""The number of the last purge's entry, 0 where there was none."""
