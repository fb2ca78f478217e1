"""How things stand with somebody who is looked for: erased when, purged since, and what of them
went out of the store, which no search of the store can find."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from data import people
from data.answers import bundle
from data.cursor import Cursor

COPIES = ("access", "portability")
"""The rights that hand out a copy."""


@dataclass(frozen=True)
class Bundle:
    """A copy that was handed out: when, and the name of its folder."""

    moment: datetime
    folder: str


@dataclass(frozen=True)
class Standing:
    """`held` says that there is a profile. `purged` is when the store was first purged after the
    erasure. Open `notices` keep what a recipient knows the person by."""

    id: str
    held: bool
    erased: datetime | None
    purged: datetime | None
    bundles: tuple[Bundle, ...]
    notices: tuple[str, ...]

    @property
    def known(self) -> bool:
        """Whether the id is, or was, that of somebody; otherwise it may be mistyped."""
        return self.held or self.erased is not None


@dataclass(frozen=True)
class Erased:
    """All whose erasure is remembered: how many ids, of how many the bytes were purged since, how
    many copies went out, and which notices are open."""

    ids: int
    purged: int
    bundles: int
    notices: tuple[str, ...]


def of(cursor: Cursor, subject_id: str) -> Standing:
    subject = cursor.pseudonym(subject_id)
    erased, purged = _erased(cursor, [subject]).get(subject, (None, None))
    return Standing(
        id=subject_id,
        held=people.lookup(cursor, subject_id) is not None,
        erased=erased,
        purged=purged,
        bundles=tuple(
            Bundle(moment, bundle.name(hashed, right))
            for moment, hashed, right in _copies(cursor, [subject])
        ),
        notices=_open_notices(cursor, [subject]),
    )


def of_erased(cursor: Cursor) -> Erased:
    erased = _erased(cursor)
    return Erased(
        ids=len(erased),
        purged=sum(purged is not None for _, purged in erased.values()),
        bundles=len(_copies(cursor, [*erased])),
        notices=_open_notices(cursor, [*erased]),
    )


def hashes(cursor: Cursor) -> list[str]:
    """The keyed hashes of the ids of erased people."""
    return [row[0] for row in cursor.rows("SELECT DISTINCT subject FROM habeas.erased")]


def _erased(
    cursor: Cursor, subjects: Sequence[str] | None = None
) -> dict[str, tuple[datetime, datetime | None]]:
    """For each of these keyed hashes that is of an erased person, or for all: when they were, and
    when the store was first purged after that.

    An id that was merged into another has no entry of its own in the ledger; the moment is one.
    """
    rows = cursor.rows(
        "SELECT subject, since, (SELECT min_by(moment, seq) FROM habeas.ledger "
        "WHERE action = 'purge' AND seq > erasure) FROM ("
        "SELECT e.subject, max(e.since) AS since, "
        "coalesce(max(l.seq) FILTER (l.subject = e.subject), max(l.seq)) AS erasure "
        "FROM habeas.erased e LEFT JOIN habeas.ledger l "
        "ON l.action = 'erasure' AND (l.subject = e.subject OR l.moment = e.since) "
        "WHERE $every OR list_contains($subjects, e.subject) GROUP BY e.subject)",
        every=subjects is None,
        subjects=[*(subjects or ())],
    )
    return {subject: (since, purged) for subject, since, purged in rows}


def _copies(cursor: Cursor, subjects: Sequence[str]) -> list[tuple[datetime, str, str]]:
    """When a copy was handed out, to whom by keyed hash, and by which right."""
    return [
        (moment, subject, right)
        for moment, subject, right in cursor.rows(
            "SELECT moment, subject, action FROM habeas.ledger "
            "WHERE list_contains($rights, action) AND list_contains($subjects, subject) "
            "ORDER BY seq",
            rights=[*COPIES],
            subjects=[*subjects],
        )
    ]


def _open_notices(cursor: Cursor, subjects: Sequence[str]) -> tuple[str, ...]:
    rows = cursor.rows(
        "SELECT id FROM habeas.notices WHERE status = 'open' "
        "AND list_contains($subjects, subject) ORDER BY since, length(id), id",
        subjects=[*subjects],
    )
    return tuple(notice for (notice,) in rows)
