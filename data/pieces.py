"""Who has a piece of text anywhere: ranges of the parts of the directory, and who is in them."""

from collections.abc import Iterable, Iterator, Sequence

from data.cursor import Cursor
from data.directory import EVERY_PART, MARK, STEP, WIDTH, table_of
from data.sql import numbers

MANY = 500
"""Parts from which on a piece of text is common: who has it is not counted to the end."""

RANGES = 12
"""Ranges of a piece by which people are sought, at most."""

Way = tuple[str, ...]
"""Ranges of parts, as what goes behind FROM, of each of which a text has one."""


def ways(piece: str) -> list[Way]:
    """How a piece of text may be found, of which only every second byte begins a part: from its
    first byte or from its second."""
    text = piece.encode()
    if text.startswith(MARK.encode()):
        return [tuple(_ranges(text, 0))]
    return [tuple(_ranges(text, first)) for first in range(STEP)]


def _ranges(text: bytes, first: int) -> Iterator[str]:
    """The last comes first, as among common ones it tells most: customer-02."""
    end = first + max(0, -(-(len(text) - first - WIDTH) // STEP) * STEP)
    for place in sorted({*range(first, end, WIDTH)[: RANGES - 1], end}, reverse=True):
        known = text[place : place + WIDTH]
        low, high = (int.from_bytes(known.ljust(WIDTH, each)) << 8 for each in (b"\0", b"\xff"))
        before = text[place - 1] if place else None
        # These numbers are our own: bound, each would take 0.1 ms (measured).
        if before is None:
            within = f"part BETWEEN {low:d} AND {high + 255:d}"
        elif low == high:
            # Not "part = ": where it is met so, DuckDB does not narrow another range by it.
            within = f"part BETWEEN {low + before:d} AND {low + before:d}"
        else:
            within = f"part BETWEEN {low:d} AND {high + 255:d} AND part & 255 = {before:d}"
        table = table_of(known[0]) if known else f"({EVERY_PART}) AS every"
        yield f"{table} WHERE {within}"


def rare(cursor: Cursor, pieces: Sequence[list[Way]]) -> list[int] | None:
    """The places of all who may have these pieces, in order; None where each is common."""
    ranges = list(dict.fromkeys(each for piece in pieces for way in piece for each in way))
    rows = cursor.rows(
        " UNION ALL ".join(
            f"(SELECT {n}, place FROM {each} LIMIT {MANY:d})" for n, each in enumerate(ranges)
        )
    )
    found: list[list[int]] = [[] for _ in ranges]
    for n, place in rows:
        found[n].append(place)
    of = {
        each: {*places} if len(places) < MANY else None
        for each, places in zip(ranges, found, strict=True)
    }
    held: set[int] | None = None
    for piece in pieces:
        found_by = [_all([of[each] for each in way]) for way in piece]
        known = [each for each in found_by if each is not None]
        if len(known) == len(found_by):
            these = set().union(*known)
            held = these if held is None else held & these
    return None if held is None else sorted(held)


def _all(found: Iterable[set[int] | None]) -> set[int] | None:
    known = [each for each in found if each is not None]
    return set.intersection(*known) if known else None


def holders(
    cursor: Cursor,
    wanted: Sequence[Sequence[list[Way]]],
    limit: int,
    *,
    of: int = 0,
    among: Sequence[int] = (),
) -> list[int]:
    """The places of so many of those who have a way of each piece, of the first pieces wanted, then
    of the next."""
    queries = (held_by(ways, of=of, among=numbers(among)) for ways in wanted)
    rows = cursor.rows(
        " UNION ALL ".join(f"(SELECT place FROM ({held}) LIMIT {limit:d})" for held in queries)
    )
    return [place for (place,) in rows]


def held_by(ways: Sequence[list[Way]], *, of: int = 0, among: str = "") -> str:
    """A query of the places of all who have a way of each piece, or of those among these places;
    or of some, of the first so many parts of the first piece."""
    held = among
    for each in ways:
        held = " UNION ALL ".join(f"({_along(way, held, of)})" for way in each)
    return held


def _along(way: Way, held: str, of: int) -> str:
    """A query of the places, among those held, that have a part in each range of the way."""
    # A limit on each says that they are few: of many DuckDB would not look where they may be.
    few = f" LIMIT {of:d}" if of else ""
    for each in way:
        among = f" AND place IN ({held})" if held else ""
        held = f"SELECT place FROM {each}{among}{few}"
    return held
