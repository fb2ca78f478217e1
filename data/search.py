"""Who has the words of a text in their id or in what else identifies them, best first.

Whose whole value is the word comes first, then whose value begins with it, then who has it
anywhere; among equals who is longer in the directory. `data.directory` has what this asks.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from data import directory, pieces
from data.cursor import Cursor
from data.directory import ID, MARK, STEP, TEXT, fold_sql
from data.pieces import Way

MORE = 4
"""Parts looked at for each person wanted, who may have several of them."""

SOME = 20_000
"""Parts of a common piece among which the best are looked for first."""

COUNTED = 5_000
"""Parts of a common piece of which is counted how many people have them."""

ASKED = 4
"""Words by which people are sought, at most: the longest. Whether they have all is seen in their
lines."""

Line = tuple[str, tuple[str | None, ...], bool]
"""The id, what else identifies the person, as text, and whether they are restricted."""


@dataclass(frozen=True)
class Matches:
    """The best, and how many there are in all: exactly so many where `bound` is empty, else
    "about" or "more than" so many."""

    best: list[Line]
    total: int
    bound: str = ""


_Ranked = tuple[int, int, Line]
"""How well the words fit, best 0; the place; and whom."""


def folded(cursor: Cursor, text: str) -> list[str]:
    """The words of a text without upper case and accents, unless there is nothing else."""
    if text.isascii():
        return list(dict.fromkeys(text.lower().split()))
    plain: str = cursor.value(f"SELECT {fold_sql('$text')}", text=text)
    return list(dict.fromkeys(plain.split() or text.split()))


def search(cursor: Cursor, words: Sequence[str], limit: int) -> Matches:
    """The best of those who have all these folded words, at most so many."""
    asked = _telling(words)
    # One byte or two are looked for where a part begins, and elsewhere only where they are rare:
    # all parts that begin with the second byte would be gone through (9 ms among 10M people).
    ways = [pieces.ways(each)[: max(1, len(each.encode()) - 1)] for each in asked]
    places = pieces.rare(cursor, ways)
    if places is not None and any(len(each) < STEP for each in ways):
        places = pieces.rare(cursor, [pieces.ways(each) for each in asked])
    rest, behind = _behind(cursor, words, limit)
    if places is None:
        best = _common(cursor, words, ways, limit)
        total, bound = max(len(best), _at_least(cursor, ways)) + behind, "more than"
    else:
        if len(places) > limit:
            better = _starting(cursor, words, pieces.MANY, of=SOME, among=places)
            places = [*dict.fromkeys([*better, *places])]
        best, left = _looked_at(cursor, words, places, limit)
        total, bound = len(best) + left + behind, "about" if left else ""
    best = sorted([*best, *_lines(cursor, words, rest)])
    return Matches([line for _, _, line in best[:limit]], total, bound)


def holding(cursor: Cursor, words: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """A query of the ids of all who have these folded words, and its values."""
    held, values = _holding(cursor, words)
    return f"SELECT {ID} FROM ({held})", values


def _telling(words: Sequence[str]) -> Sequence[str]:
    return sorted(words, key=len, reverse=True)[:ASKED]


def _common(
    cursor: Cursor, words: Sequence[str], ways: list[list[Way]], limit: int
) -> list[_Ranked]:
    """The best where each word is common: among those who have the first of its parts; where
    these are too few, among all."""
    held = [*dict.fromkeys(_starting(cursor, words, limit, of=SOME))][:limit]
    if len(held) < limit:
        others = pieces.holders(cursor, [ways], limit * MORE, of=SOME)
        held = [*dict.fromkeys([*held, *others])][:limit]
    best = _lines(cursor, words, held)
    if len(best) < limit:
        all_ways = [pieces.ways(each) for each in _telling(words)]
        better = _starting(cursor, words, limit)
        some = pieces.holders(cursor, [all_ways], pieces.MANY)
        best, _ = _looked_at(cursor, words, [*dict.fromkeys([*better, *some])], limit)
        if len(best) < limit and len(some) == pieces.MANY:
            best, _ = _looked_at(cursor, words, [*_all_holding(cursor, words, limit)], limit)
    return best


def _starting(
    cursor: Cursor,
    words: Sequence[str],
    limit: int,
    *,
    of: int = 0,
    among: Sequence[int] = (),
) -> list[int]:
    """The places of some of whom the words are whole values; then of whose values begin so."""
    wanted = [[pieces.ways(f"{MARK}{each}{end}") for each in _telling(words)] for end in (MARK, "")]
    return pieces.holders(cursor, wanted, limit, of=of, among=among)


def _all_holding(cursor: Cursor, words: Sequence[str], limit: int) -> Iterator[int]:
    """The places of so many of those who have the words, whom it finds if there are any."""
    held, values = _holding(cursor, words)
    for (place,) in cursor.rows(f"SELECT place FROM ({held}) LIMIT {limit:d}", **values):
        yield place


def _holding(cursor: Cursor, words: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """A query of the lines of all who have the words, in order, and its values."""
    held = pieces.held_by([pieces.ways(each) for each in _telling(words)])
    condition, values = _contains(words)
    # Folding takes long, so it is done for those alone who may have them.
    return (
        "WITH habeas_held AS MATERIALIZED (SELECT place, line FROM habeas.directory "
        f"WHERE place IN ({held}) OR place > {directory.parted(cursor):d}) "
        f"SELECT place, line FROM habeas_held WHERE {condition} ORDER BY place"
    ), values


def _at_least(cursor: Cursor, ways: Sequence[list[Way]]) -> int:
    """Of one common word of one range, a round number of people below those who have it."""
    common = [
        _COUNTED.format(each) for way in ways[0] if len(ways) == len(way) == 1 for each in way
    ]
    found = max(cursor.rows(" UNION ALL ".join(common)))[0] if common else 0
    step: int = 10 ** (len(str(found)) - 1)
    return found // step * step


_COUNTED = f"SELECT count(DISTINCT place) FROM (SELECT place FROM {{}} LIMIT {COUNTED})"


def _behind(cursor: Cursor, words: Sequence[str], limit: int) -> tuple[list[int], int]:
    """The places of the best of those who have no parts yet, and how many they are in all."""
    behind = directory.behind(cursor)
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
    for entry in directory.at(cursor, places):
        if all(each in entry.text for each in words):
            subject_id, *values = json.loads(entry.line)
            rank = max(_rank(each, entry.text) for each in words)
            ranked.append((rank, entry.place, (subject_id, tuple(values), entry.restricted)))
    return ranked


def _rank(word: str, text: str) -> int:
    if f"{MARK}{word}{MARK}" in text:
        return 0
    return 1 if MARK + word in text else 2
