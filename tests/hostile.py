"""Values that attack a terminal or a program that shows them, and a store full of them."""

import json
from collections.abc import Sequence
from pathlib import Path

from data.cursor import Cursor
from data.ledger import By
from data.register import reception
from data.register.reception import New
from data.store import Store
from data.subject import number
from tests.layouts import BUILT_IN

MARKUP = (
    "[bold]loud[/bold]", "[/]", "[/x]", "[", "]", "[]", "[[", "[red", "\\[b]", "[$primary]x",
    "[@click=app.quit]x[/]", "[@click='app.quit']quit", "[@click=screen.dismiss]x",
    "[link=file:///]x", "[bold", "[not closed", "[#ff0000]", "[on red]x", "[/bold]", ":smile:",
    "{name}", "%s%n", "$(id)", "<b>x</b>", "&amp;", "`id`",
)  # fmt: skip
SEQUENCES = (
    "\x1b]52;c;ZXZpbA==\x07", "\x1b]52;c;ZXZpbA==\x1b\\", "\x1b[2J\x1b[H", "\x1b[31337mred",
    "\x1b]0;title\x07", "\x1b[?1049l", "\x1bc", "\x1bPq#0\x1b\\", "\x1b_Gf=32\x1b\\",
    "\x1b]8;;http://x\x1b\\y", "\x1b[6n", "\x1b", "\x9b2J", "\x9d52;c;ZXZpbA==\x9c", "\x90q\x9c",
    "\x85", "\x07", "\x08\x08\x08", "\x0e", "\x00", "\x7f", "\x1b[20~",
)  # fmt: skip
LINES = (
    "one\ntwo", "one\rtwo", "one\r\ntwo", "\n\n\n", "\t", "\v\f", "\u2028line", "\u2029par",
    "\x1c\x1d",
)  # fmt: skip
INVISIBLE = (
    "\u202egnp.exe", "\u2066x\u2069", "\u200fx", "\u200b", "a\u200bb", "\ufeff", "\u00ad", "\u2060",
    "\u200d", "x\u0301\u0301" * 20, "Z" + "\u0338" * 60, "\U000e0041\U000e0042", "\u3164", "\ue000",
    "\ufffe", "\u115f",
)  # fmt: skip
PLAIN = (
    "NULL", "None", "nan", "true", "''; DROP TABLE profiles; --", "../../etc/passwd", " ", "-rf",
    "👩\u200d👩\u200d👧\u200d👦", "سلام", "漢字かな", "Ｗｉｄｅ",
)  # fmt: skip
CLICKS = tuple(
    f"[@click={action}]x[/]"
    for action in (
        "app.go('map')", "app.quit()", "app.keys", "app.bell", "app.copy_row", "app.x",
        "screen.erase", "screen.restrict", "screen.back", "screen.edit", "screen.export", "dismiss",
        "app.dismiss(None)", "focused.choose", "app.suspend_process", "app.pop_screen",
    )
)  # fmt: skip
ORDERS = (
    *(f"\x1b]{number};x\x07" for number in
      (1, 2, 4, 7, 9, 10, 11, 50, 52, 104, 133, 555, 633, 777, 1337, 9999)),
    *(f"\x1b[{order}" for order in
      ("5n", "c", ">c", "?25l", "?1000h", "?2004l", "?2026h", "18t", "21t", "3J", "r", "@")),
)  # fmt: skip
CONTROLS = tuple(f"a{chr(code)}b" for code in (*range(0x20), *range(0x7F, 0xA0)))
BIDI = tuple(
    f"a{chr(code)}b"
    for code in (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
)
LONG = ("x" * 1_000_000, "[b]" * 300_000, "\x1b[31m" * 200_000, "漢" * 300_000)

HOSTILE: Sequence[str] = (
    *MARKUP, *CLICKS, *SEQUENCES, *ORDERS, *CONTROLS, *BIDI, *LINES, *INVISIBLE, *PLAIN
)  # fmt: skip
ALL: Sequence[str] = (*HOSTILE, *LONG)


PLACES = ("first_name", "last_name", "email", "phone", "gender", "company", "city", "country")
"""Fields that take any text, where nothing checks it."""


def subject_id(value: str) -> str:
    """The id of the person that `a_hostile_shop` makes of a value; it begins with it."""
    return f"{value[:60]}#{ALL.index(value):03}"


def a_hostile_shop(folder: Path, values: Sequence[str]) -> Path:
    """A store with a person for each value, who has it in every place that takes text.

    Each asked for a rectification to that value; it went past the intake, as a store that is
    older than the intake's rules would have it.
    """
    with BUILT_IN.create(folder) as store:
        with store.transaction() as cursor:
            for value in values:
                person, by = subject_id(value), By(value[:60])
                _insert(cursor, person, [value] * len(PLACES))
                details = {"changes": {"city": value}}
                new = New(person, "rectification", ready=False, details=details)
                reception.add(cursor, new, by)
        return store.path


def add_person(store: Store, person: str, values: Sequence[str]) -> None:
    """A person with these values in the fields, and an event of each."""
    with store.transaction() as cursor:
        _insert(cursor, person, values)


def _insert(cursor: Cursor, person: str, values: Sequence[str]) -> None:
    cursor.run(
        f"INSERT INTO profiles (user_id, person_no, attributes, {', '.join(PLACES)}) "
        f"VALUES ($id, $no, $rest, {', '.join(f'${name}' for name in PLACES)})",
        id=person,
        no=number(person),
        rest=json.dumps({"note": values[0]}),
        **dict(zip(PLACES, values, strict=True)),
    )
    for place, value in enumerate(dict.fromkeys(values)):
        cursor.run(
            "INSERT INTO events (user_id, person_no, event_id, event_time, event_name, properties) "
            "VALUES ($id, $no, $event, $now, $value, $rest)",
            id=person,
            no=number(person),
            event=f"{place:03}{value[:60]}",
            value=value,
            now=cursor.now,
            rest=json.dumps({"note": value}),
        )
