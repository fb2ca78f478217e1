"""The directory: what identifies each person, and every piece of it in order, to search by.

A line of it is a JSON list of a person's id and identifying values. Their text is these values
with case and accents folded, between marks. Of every second byte of a text the directory keeps a
part: a whole number made of six bytes from there on and the one before, with the place of the
line. The parts are in order, so that whoever has a piece of text anywhere is a range of them,
which `data.search` asks for: to go through the texts of ten million people takes a second.

It is personal data: it changes with the person, in the same transaction, and goes with them.
Lines always do. The parts of many new lines would take longer than the load that brings them, so
they follow in transactions of their own, `take_apart`; the setting PARTED is the place up to
which there are parts, and a search goes through the lines behind it.
"""

import json
from bisect import bisect
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from data.cursor import Cursor
from data.datamap import People
from data.schema import PARTS, qualified
from data.sql import ident, idents, numbers
from data.subject import number_sql
from data.work import reached

if TYPE_CHECKING:
    from data.store import Store

MARK = "\x1f"
"""Before and after each value in a person's text; never in a word that is searched for."""

WIDTH = 6
"""Bytes of text in a part, which has the byte before them in its lowest bits."""

STEP = 2
"""Of so many bytes of a text one begins a part. Each value's mark does."""

FEW = 5_000
"""Lines whose parts are made together with them."""

ONE_BY_ONE = 50
"""Lines whose parts are taken out one line after another: 30 ms each among those of 10M people,
where those of eight took two seconds together (measured)."""

SLICE = 1_000_000
"""Lines taken apart in one transaction: their parts are sorted in memory."""

GUESSES = 3
"""Times it is guessed in which row a place is."""

LEFT = 100_000
"""Places that were left, up to which the first guess meets what says how many they are."""

BLOCK = 8_192
"""Places of which it is remembered once how many were left before them."""

SETTING, PARTED = "directory", "directory_parted"
"""The settings: the columns in a line, and the place up to which lines have parts."""

EVERY_PART = " UNION ALL ".join(f"SELECT part, place FROM habeas.{each}" for each in PARTS)
"""The parts of all tables, in SQL."""

LETTERS = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
"""Letters that fold into two."""

STROKED, PLAIN = "łøđðħŧıς", "loddhtiσ"
"""Letters without an accent that can be taken off, and what they fold into."""


class Entry(NamedTuple):
    """What the directory has on a person, the text made of it, and whether they are restricted."""

    row: int
    place: int
    line: str
    text: str
    restricted: bool


def fold_sql(text: str) -> str:
    """A text without upper case and accents, in SQL: Müller as muller, Łódź as lodz."""
    folded = f"translate(lower(strip_accents({text})), '{STROKED}', '{PLAIN}')"
    for letter, letters in LETTERS.items():
        folded = f"replace({folded}, '{letter}', '{letters}')"
    return folded


TEXT = fold_sql("array_to_string(from_json(line, '[\"VARCHAR\"]'), chr(31))")
TEXT = f"(chr(31) || {TEXT} || chr(31))"
"""The text of a person, in SQL, of their line."""

THESE = "SELECT unnest($ids) AS id"
"""The people whose ids are bound, as `lines` takes them."""

ID = "json_extract_string(line, '$[0]')"
"""Their id, in SQL."""

_EVEN = (
    "array_to_string(list_transform(string_split(text[2:], chr(31)), "
    "lambda each: chr(31) || each || CASE WHEN strlen(each) % 2 = 0 THEN chr(31) ELSE '' END), '')"
)
"""A text in which each mark before a value is at an even byte, in SQL."""


def searched(people: People) -> tuple[str, ...]:
    """The columns of a person's line: the id, and what else identifies."""
    return tuple(dict.fromkeys((people.key, *people.identifying)))


def settings(people: People) -> dict[str, str]:
    """What a store without people says of its directory."""
    return {SETTING: json.dumps(searched(people)), PARTED: "0"}


def make_anew(cursor: Cursor) -> None:
    """Enters everybody, where the data map came to name other fields that identify."""
    people = cursor.map.people
    for table in (*PARTS, "directory"):
        cursor.run(f"DELETE FROM habeas.{table}")
    for name, value in settings(people).items():
        _set(cursor, name, value)
    enter(cursor, f"SELECT * FROM {qualified(people)}")


def enter(cursor: Cursor, source: str, **values: Any) -> None:
    """Enters the people of a query, which has the columns of their table."""
    people = cursor.map.people
    key = ident(people.key)
    needed = idents(each for each in people.columns if each in (people.number, *searched(people)))
    cursor.run(
        f"CREATE TEMP TABLE habeas_entering AS SELECT {needed} FROM ({source}) "
        f"WHERE {key} IS NOT NULL ORDER BY {key}",
        **values,
    )
    enter_in_order(cursor, "habeas_entering")
    cursor.run("DROP TABLE habeas_entering")


def enter_in_order(cursor: Cursor, table: str) -> None:
    """Enters the people of a temporary table, each in the place after that of the one before."""
    people = cursor.map.people
    number = number_sql(ident(people.key))
    if people.number:
        number = f"coalesce({ident(people.number)}, {number})"
    line = ", ".join(f"CAST({ident(name)} AS VARCHAR)" for name in searched(people))
    done = parted(cursor)
    # By row id, since DuckDB numbers rows on one thread. Its statistics keep the first eight bytes
    # of a column's least and greatest text: spaces.
    cursor.run(
        "INSERT INTO habeas.directory "
        f"SELECT $last + 1 + rowid - (SELECT min(rowid) FROM {table}), {number}, "
        f"repeat(' ', 8) || json_array({line}) FROM {table}",
        last=max(_last(cursor), done),
    )
    last = _last(cursor)
    if last - done <= FEW:
        _take_apart(cursor, done, last)


def lines(whom: str) -> str:
    """The condition for the lines of the people whose ids a query has as `id`."""
    return f"person_no IN (SELECT {number_sql('id')} FROM ({whom})) AND {ID} IN ({whom})"


def leave(cursor: Cursor, lines: str, **values: Any) -> None:
    """Takes out the lines that a condition is for."""
    leaving = cursor.run(
        "CREATE TEMP TABLE habeas_leaving AS SELECT place, line FROM habeas.directory "
        f"WHERE {lines}",
        **values,
    )
    # By part too, as they are in order of it. A part that many have is in order of place: DuckDB
    # finds one place in it at once, and goes through all for several.
    if leaving <= ONE_BY_ONE:
        parts: dict[tuple[str, int], list[int]] = {}
        for part, place in cursor.rows(_parts("habeas_leaving")):
            parts.setdefault((table_of(part >> 8 * WIDTH), place), []).append(part)
        theirs = [
            f"{table} WHERE part IN ({numbers(of)}) AND place = {place:d}"
            for (table, place), of in parts.items()
        ]
    else:
        cursor.run(f"CREATE TEMP TABLE habeas_leaving_parts AS {_parts('habeas_leaving')}")
        theirs = [
            f"habeas.{table} WHERE part IN (SELECT part FROM habeas_leaving_parts) "
            "AND place IN (SELECT place FROM habeas_leaving)"
            for table in PARTS
        ]
    for each in theirs:
        cursor.run(f"DELETE FROM {each}")
    cursor.run("DELETE FROM habeas.directory WHERE place IN (SELECT place FROM habeas_leaving)")
    cursor.run("DROP TABLE habeas_leaving")


def table_of(first: int) -> str:
    """The table of the parts that begin with this byte."""
    return f"habeas.{PARTS[first % len(PARTS)]}"


def parted(cursor: Cursor) -> int:
    """The place up to which lines have parts."""
    name = "name = $name"
    return int(cursor.value(f"SELECT value FROM habeas.settings WHERE {name}", name=PARTED))


def behind(cursor: Cursor) -> str:
    """The lines that have no parts yet, as what follows SELECT."""
    return f"FROM habeas.directory WHERE place > {parted(cursor):d}"


def at(cursor: Cursor, places: Iterable[int]) -> Iterator[Entry]:
    """What stands at these places, where anything does.

    By row id DuckDB reads it alone, where to find 50 places among ten million takes ten times as
    long (measured). Lines are kept in the order of their places, so the id of a row is its place
    less one, and less the places that were left before it: how many, shows what is met instead,
    and is remembered.
    """
    rows = _guessed(cursor, places)
    # By their places DuckDB skips what is far from all; for row ids it looks at all of the table,
    # which takes twice as long among ten million (measured).
    near = f" AND place BETWEEN {min(rows) - LEFT:d} AND {max(rows) + LEFT:d}" if rows else ""
    for _ in range(GUESSES):
        if not rows:
            return
        guessed = f"SELECT unnest([{numbers(rows.values())}])"
        met = {each.row: each for each in _entries(cursor, f"rowid IN ({guessed}){near}")}
        missed = {}
        for place, row in rows.items():
            entry = met.get(row)
            if entry and entry.place == place:
                cursor.places_left[place // BLOCK] = place - 1 - row
                yield entry
            else:
                missed[place] = row - (entry.place - place) if entry else row
        rows, near = missed, ""
    if rows:
        found = f"SELECT rowid FROM habeas.directory WHERE place IN ({numbers(rows)})"
        yield from _entries(cursor, f"rowid IN ({found})")


def _guessed(cursor: Cursor, places: Iterable[int]) -> dict[int, int]:
    """In which row each of these places is, if as many were left before it as before the nearest
    of which that is known."""
    # Another thread may add to it meanwhile.
    known = sorted(cursor.places_left.copy().items())
    blocks = [block for block, _ in known]
    rows = {}
    for place in places:
        nearest = max(0, bisect(blocks, place // BLOCK) - 1)
        left = known[nearest][1] if known else 0
        rows[place] = max(0, place - 1 - left)
    return rows


def _entries(cursor: Cursor, condition: str) -> list[Entry]:
    found = cursor.rows(
        f"SELECT rowid, place, line, {TEXT}, {ID} IN (SELECT user_id FROM habeas.restrictions) "
        f"FROM habeas.directory WHERE {condition}"
    )
    return [Entry(*each) for each in found]


def take_apart(store: "Store") -> None:
    """Makes the parts that are lacking, a slice in each transaction, and says how far it is; what
    was made stays where it is stopped."""
    with store.reading() as cursor:
        first, last = parted(cursor), _last(cursor)
    for place in range(first, last, SLICE):
        with store.writing(restored=True) as cursor:
            cursor.follow()
            done, until = parted(cursor), min(place + SLICE, last)
            _reached(0, place - first, last - first)
            _cut(cursor, done, until)
            with store.transaction(restored=True, on=cursor):
                for step, table in enumerate(PARTS, 1):
                    _reached(step, place - first, last - first)
                    _enter_parts(cursor, table)
                _set(cursor, PARTED, f"{max(until, done)}")


def _reached(step: int, done: int, total: int) -> None:
    """Of a slice is done so much: half of it is to cut, and to enter in each of the tables the
    same (measured)."""
    steps = 2 * len(PARTS)
    taken = step and len(PARTS) + step - 1
    reached(steps * done + taken * SLICE, steps * total, SLICE if step else len(PARTS) * SLICE)


def _take_apart(cursor: Cursor, done: int, until: int) -> None:
    """Makes the parts of the lines behind those that are `done`, up to this place."""
    _cut(cursor, done, until)
    for table in PARTS:
        _enter_parts(cursor, table)
    cursor.run("DROP TABLE habeas_cut")
    _set(cursor, PARTED, f"{max(until, done)}")


def _cut(cursor: Cursor, done: int, until: int) -> None:
    lines = f"habeas.directory WHERE place > {done:d} AND place <= {until:d}"
    cursor.run(f"CREATE TEMP TABLE habeas_cut AS {_parts(lines)}")


def _enter_parts(cursor: Cursor, table: str) -> None:
    """Enters those of the parts that were cut that belong in the table."""
    first = f"(part >> {8 * WIDTH}) % {len(PARTS)} = {PARTS.index(table)}"
    cursor.run(
        f"INSERT INTO habeas.{table} SELECT part, place FROM habeas_cut WHERE {first} "
        "ORDER BY part, place"
    )


def _last(cursor: Cursor) -> int:
    last: int = cursor.value("SELECT coalesce(max(place), 0) FROM habeas.directory")
    return last


def _set(cursor: Cursor, name: str, value: str) -> None:
    setting = "UPDATE habeas.settings SET value = $value WHERE name = $name"
    cursor.run(setting, name=name, value=value)


def _parts(lines: str) -> str:
    """A query of `part` and `place`, of lines: of seven bytes the first, the one before, comes
    last."""
    digits = 2 * (WIDTH + 1)
    texts = f"SELECT place, {TEXT} AS text FROM {lines}"
    bytes_ = f"SELECT place, '00' || hex({_EVEN}) || '{'00' * WIDTH}' AS hex FROM ({texts})"
    cut = f"unnest(range(1, length(hex) - {digits - 1}, {2 * STEP}))"
    seven = f"CAST('0x' || substr(hex, {cut}, {digits}) AS BIGINT)"
    return (
        f"SELECT ((seven & {2 ** (8 * WIDTH) - 1}) << 8) | (seven >> {8 * WIDTH}) AS part, place "
        f"FROM (SELECT place, {seven} AS seven FROM ({bytes_}))"
    )
