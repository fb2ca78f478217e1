"""What the directory holds, and what it must hold by what stands in the table of people."""

import json
from collections import Counter

from data.cursor import Cursor
from data.directory import EVERY_PART, MARK, STEP, WIDTH, fold_sql, searched
from data.schema import qualified
from data.sql import ident
from data.store import Store

Held = tuple[list[str | None], Counter[int]]
"""A person's line and parts."""


def fold(cursor: Cursor, text: str) -> str:
    folded: str = cursor.value(f"SELECT {fold_sql('$text')}", text=text)
    return folded


def parts(values: list[str]) -> Counter[int]:
    """A part for every second byte of these values."""
    text = b""
    for each in values:
        value = f"{MARK}{each}".encode()
        text += value + MARK.encode() * (len(value) % STEP)
    padded = b"\0" + text + bytes(WIDTH)
    return Counter(
        int.from_bytes(padded[n + 1 : n + 1 + WIDTH] + padded[n : n + 1])
        for n in range(0, len(text), STEP)
    )


def entered(store: Store) -> list[Held]:
    with store.reading() as cursor:
        places = cursor.rows("SELECT place, line FROM habeas.directory ORDER BY line")
        held: dict[int, Counter[int]] = {place: Counter() for place, _ in places}
        assert len(held) == len(places)
        for part, place in cursor.rows(EVERY_PART):
            held[place][part] += 1
    return [(json.loads(line), held[place]) for place, line in places]


def afresh(store: Store) -> list[Held]:
    people = store.map.people
    columns = ", ".join(f"CAST({ident(name)} AS VARCHAR)" for name in searched(people))
    with store.reading() as cursor:
        lines = sorted(
            (
                list(row)
                for row in cursor.rows(f"SELECT {columns} FROM {qualified(people)}")
                if row[0] is not None
            ),
            key=lambda line: json.dumps(line, ensure_ascii=False, separators=(",", ":")),
        )
        texts = [
            fold(cursor, MARK.join(each for each in line if each is not None)) for line in lines
        ]
    return [(line, parts([*text.split(MARK), ""])) for line, text in zip(lines, texts, strict=True)]
