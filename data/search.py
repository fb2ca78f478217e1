"""Who has the words of a text in their id or in what else identifies them, best first.

Whose whole value is the word comes first, then whose value begins with it, then who has it
anywhere; among equals who is longer in the directory. `data.directory` has what this asks.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

from data import directory
from data.cursor import Cursor
from data.directory import ID, MARK, STEP, TEXT, WIDTH, fold_sql
from data.sql import numbers

MANY = 500
"""Parts from which on a piece of text is common: who has it is not counted to the end."""

MORE = 4
"""Parts looked at for each person wanted, who may have several of them."""

SOME = 20_000
"""Parts of a common piece among which the best are looked for first."""

COUNTED = 5_000
"""Parts of a common piece of which is counted how many people have them."""

GUESSES = 2
"""Times it is guessed in which row a place is."""

ASKED, RANGES = 4, 12
"""Words, and ranges of a word, by which people are sought, at most: the longest words. Whether
they have all is seen in their lines."""

Line = tuple[str, tuple[str | None, ...], bool]
"""The id, what else identifies the person, as text, and whether they are restricted."""


@dataclass(frozen=True)
class Matches:
    """The best, and how many there are in all: exactly so many where `bound` is empty, else
    "about" or "more than" so many."""

    best: list[Line]
    total: int
    bound: str = ""


class _Entry(NamedTuple):
    """What the directory has on a person, the text made of it, and whether they are restricted."""

    row: int
    place: int
    line: str
    text: str
    restricted: bool


_Ranked = tuple[int, int, Line]
"""How well the words fit, best 0; the place; and whom."""

Way = tuple[str, ...]
"""Ranges of parts, as conditions in SQL, of each of which a text has one."""


def folded(cursor: Cursor, text: str) -> list[str]:
    """The words of a text without upper case and accents, unless there is nothing else."""
    if text.isascii():
        return list(dict.fromkeys(text.lower().split()))
    plain: str = cursor.value(f"SELECT {fold_sql('$text')}", text=text)
    return list(dict.fromkeys(plain.split() or text.split()))


def search(cursor: Cursor, words: Sequence[str], limit: int) -> Matches:
    """The best of those who have all these folded words, at most so many."""
    asked = _telling(words)
    # A single byte is looked for where a part begins, and elsewhere only where it is rare.
    ways = [_ways(each)[: len(each.encode())] for each in asked]
    places = _rare(cursor, ways)
    if places is not None and any(len(each) < STEP for each in ways):
        places = _rare(cursor, [_ways(each) for each in asked])
    rest, behind = _behind(cursor, words, limit)
    if places is None:
        best = _common(cursor, words, ways, limit)
        total, bound = max(len(best), _at_least(cursor, ways)) + behind, "more than"
    else:
        if len(places) > limit:
            better = chain.from_iterable(_starting(cursor, words, MANY, of=SOME, among=places))
            places = [*dict.fromkeys(chain(better, places))]
        best, left = _looked_at(cursor, words, places, limit)
        total, bound = len(best) + left + behind, "about" if left else ""
    best = sorted([*best, *_lines(cursor, words, rest)])
    return Matches([line for _, _, line in best[:limit]], total, bound)


def lines(cursor: Cursor, ids: Sequence[str]) -> list[tuple[int, str]] | None:
    """The places of the lines of a few ids, in order, each with its id; None where their parts do
    not tell."""
    if cursor.value(f"SELECT true {_behind_parts(cursor)} LIMIT 1"):
        return None
    plain = f"SELECT {fold_sql('id')} FROM (SELECT unnest($ids) AS id)"
    held: set[int] = set()
    for (each,) in cursor.rows(plain, ids=list(ids)):
        [way] = _ways(f"{MARK}{each}{MARK}")
        # Its end tells it from most, and each range is looked for in another place of the disk.
        found = _rare(cursor, [[way[:2]]])
        if found is None and (found := _rare(cursor, [[way]])) is None:
            return None
        held.update(found)
    if not held:
        return []
    rows = cursor.rows(
        f"SELECT place, {ID} FROM habeas.directory WHERE place IN ({numbers(sorted(held))}) "
        f"AND list_contains($ids, {ID}) ORDER BY place",
        ids=list(ids),
    )
    return [(place, subject_id) for place, subject_id in rows]


def holding(cursor: Cursor, words: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """A query of the ids of all who have these folded words, and its values."""
    held, values = _holding(cursor, words)
    return f"SELECT {ID} FROM ({held})", values


def _telling(words: Sequence[str]) -> Sequence[str]:
    return sorted(words, key=len, reverse=True)[:ASKED]


def _ways(piece: str) -> list[Way]:
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
            yield f"part BETWEEN {low:d} AND {high + 255:d}"
        elif low == high:
            # Not "part = ": where it is met so, DuckDB does not narrow another range by it.
            yield f"part BETWEEN {low + before:d} AND {low + before:d}"
        else:
            yield f"part BETWEEN {low:d} AND {high + 255:d} AND part & 255 = {before:d}"


def _rare(cursor: Cursor, pieces: Sequence[list[Way]]) -> list[int] | None:
    """The places of all who may have these pieces, in order; None where each is common."""
    ranges = list(dict.fromkeys(each for piece in pieces for way in piece for each in way))
    rows = cursor.rows(
        " UNION ALL ".join(
            f"(SELECT {n}, place FROM habeas.directory_parts WHERE {each} LIMIT {MANY:d})"
            for n, each in enumerate(ranges)
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
        ways = [_all([of[each] for each in way]) for way in piece]
        known = [each for each in ways if each is not None]
        if len(known) == len(ways):
            these = set().union(*known)
            held = these if held is None else held & these
    return None if held is None else sorted(held)


def _all(found: Iterable[set[int] | None]) -> set[int] | None:
    known = [each for each in found if each is not None]
    return set.intersection(*known) if known else None


def _common(
    cursor: Cursor, words: Sequence[str], ways: list[list[Way]], limit: int
) -> list[_Ranked]:
    """The best where each word is common: among those who have the first of its parts; where
    these are too few, among all."""
    better = chain.from_iterable(_starting(cursor, words, limit, of=SOME))
    others = _holders(cursor, ways, limit * MORE, of=SOME)
    best = _lines(cursor, words, _first(chain(better, others), limit))
    if len(best) < limit:
        all_ways = [_ways(each) for each in _telling(words)]
        better = chain.from_iterable(_starting(cursor, words, limit))
        some = [*_holders(cursor, all_ways, MANY)]
        best, _ = _looked_at(cursor, words, [*dict.fromkeys([*better, *some])], limit)
        if len(best) < limit and len(some) == MANY:
            best, _ = _looked_at(cursor, words, [*_all_holding(cursor, words, limit)], limit)
    return best


def _first(places: Iterable[int], limit: int) -> list[int]:
    """The first so many that differ. No more are sought."""
    found: dict[int, None] = {}
    for each in places:
        found[each] = None
        if len(found) == limit:
            break
    return [*found]


def _starting(
    cursor: Cursor,
    words: Sequence[str],
    limit: int,
    *,
    of: int = 0,
    among: Sequence[int] = (),
) -> Iterator[Iterable[int]]:
    """The places of some of whom the words are whole values; then of whose values begin so."""
    for end in (MARK, ""):
        ways = [_ways(f"{MARK}{each}{end}") for each in _telling(words)]
        yield _holders(cursor, ways, limit, of=of, among=among)


def _holders(
    cursor: Cursor,
    ways: Sequence[list[Way]],
    limit: int,
    *,
    of: int = 0,
    among: Sequence[int] = (),
) -> Iterator[int]:
    """The places of so many of those who have a way of each piece."""
    held = _held(ways, of=of, among=numbers(among))
    for (place,) in cursor.rows(f"SELECT place FROM ({held}) LIMIT {limit:d}"):
        yield place


def _all_holding(cursor: Cursor, words: Sequence[str], limit: int) -> Iterator[int]:
    """The places of so many of those who have the words, whom it finds if there are any."""
    held, values = _holding(cursor, words)
    for (place,) in cursor.rows(f"SELECT place FROM ({held}) LIMIT {limit:d}", **values):
        yield place


def _holding(cursor: Cursor, words: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """A query of the lines of all who have the words, in order, and its values."""
    held = _held([_ways(each) for each in _telling(words)])
    condition, values = _contains(words)
    # Folding takes long, so it is done for those alone who may have them.
    return (
        "WITH habeas_held AS MATERIALIZED (SELECT place, line FROM habeas.directory "
        f"WHERE place IN ({held}) OR place > {directory.parted(cursor):d}) "
        f"SELECT place, line FROM habeas_held WHERE {condition} ORDER BY place"
    ), values


def _held(ways: Sequence[list[Way]], *, of: int = 0, among: str = "") -> str:
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
        held = f"SELECT place FROM habeas.directory_parts WHERE {each}{among}{few}"
    return held


def _at_least(cursor: Cursor, ways: Sequence[list[Way]]) -> int:
    """Of one common word of one range, a round number of people below those who have it."""
    common = [
        _COUNTED.format(each) for way in ways[0] if len(ways) == len(way) == 1 for each in way
    ]
    found = max(cursor.rows(" UNION ALL ".join(common)))[0] if common else 0
    step: int = 10 ** (len(str(found)) - 1)
    return found // step * step


_COUNTED = (
    "SELECT count(DISTINCT place) FROM "
    f"(SELECT place FROM habeas.directory_parts WHERE {{}} LIMIT {COUNTED})"
)


def _behind(cursor: Cursor, words: Sequence[str], limit: int) -> tuple[list[int], int]:
    """The places of the best of those who have no parts yet, and how many they are in all."""
    behind = _behind_parts(cursor)
    if not cursor.value(f"SELECT true {behind} LIMIT 1"):
        return [], 0
    condition, values = _contains(words)
    ranks = ", ".join(
        f"CASE WHEN contains({TEXT}, chr(31) || ${name} || chr(31)) THEN 0 "
        f"WHEN contains({TEXT}, chr(31) || ${name}) THEN 1 ELSE 2 END"
        for name in values
    )
    rows = cursor.rows(
        f"SELECT place, count(*) OVER () {behind} AND {condition} "
        f"ORDER BY greatest({ranks}), place LIMIT {limit:d}",
        **values,
    )
    return [place for place, _ in rows], rows[0][1] if rows else 0


def _behind_parts(cursor: Cursor) -> str:
    """The lines that have no parts yet, as what follows SELECT."""
    return f"FROM habeas.directory WHERE place > {directory.parted(cursor):d}"


def _contains(words: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """The condition for a line to have all words, and its values."""
    values = {f"word{n}": word for n, word in enumerate(words)}
    return " AND ".join(f"contains({TEXT}, ${name})" for name in values), values


def _looked_at(
    cursor: Cursor, words: Sequence[str], places: Sequence[int], limit: int
) -> tuple[list[_Ranked], int]:
    """Of those at these places so many who have the words, and how many were not looked at."""
    best: list[_Ranked] = []
    done = 0
    while done < len(places) and len(best) < limit:
        best += _lines(cursor, words, places[done : done + limit])
        done += limit
    return best, max(0, len(places) - done)


def _lines(cursor: Cursor, words: Sequence[str], places: Sequence[int]) -> list[_Ranked]:
    """Those at these places who have the words."""
    ranked: list[_Ranked] = []
    for entry in _at(cursor, places):
        if all(each in entry.text for each in words):
            subject_id, *values = json.loads(entry.line)
            rank = max(_rank(each, entry.text) for each in words)
            ranked.append((rank, entry.place, (subject_id, tuple(values), entry.restricted)))
    return ranked


def _at(cursor: Cursor, places: Iterable[int]) -> Iterator[_Entry]:
    """What stands at these places, where anything does.

    By row id DuckDB reads it alone, where to find 50 places among ten million takes ten times as
    long (measured). Lines are kept in the order of their places, so the id of a row is its place
    less one, and less the places that were left before it: how many, shows what is met instead.
    """
    rows = {place: place - 1 for place in places}
    for _ in range(GUESSES):
        if not rows:
            return
        met = {
            entry.row: entry for entry in _entries(cursor, f"unnest([{numbers(rows.values())}])")
        }
        missed = {}
        for place, row in rows.items():
            entry = met.get(row)
            if entry and entry.place == place:
                yield entry
            else:
                missed[place] = row - (entry.place - place) if entry else row
        rows = missed
    if rows:
        at = f"rowid FROM habeas.directory WHERE place IN ({numbers(rows)})"
        yield from _entries(cursor, at)


def _entries(cursor: Cursor, rows: str) -> list[_Entry]:
    """The entries whose row ids a query selects."""
    found = cursor.rows(
        f"SELECT rowid, place, line, {TEXT}, {ID} IN (SELECT user_id FROM habeas.restrictions) "
        f"FROM habeas.directory WHERE rowid IN (SELECT {rows})"
    )
    return [_Entry(*each) for each in found]


def _rank(word: str, text: str) -> int:
    if f"{MARK}{word}{MARK}" in text:
        return 0
    return 1 if MARK + word in text else 2
