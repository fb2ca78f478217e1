"""A small store for the tests of the command line, and how they run a command."""

import io
import json
import sysconfig
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tui.cli import main

COMMAND = Path(sysconfig.get_path("scripts")) / "habeas"

CLEAR, CLIPBOARD, BIDI, C1 = "\x1b[2J\x1b[H", "\x1b]52;c;ZXZpbA==\x07", "\u202egnp.exe", "\x9b31m"

PEOPLE: list[dict[str, Any]] = [
    {"user_id": "ana-1", "first_name": "Ana", "last_name": "Kowalska", "city": "Kraków",
     "email": "ana@example.org", "email_opt_in": "true", "sms_opt_in": "true",
     "attributes": {"tier": "gold"}},
    {"user_id": "bo-2", "first_name": "Bo", "last_name": "Lindqvist", "email": "bo@example.org"},
    {"user_id": "-rf", "first_name": "[bold]Red", "last_name": "[/x]"},
    {"user_id": "../../etc/passwd", "first_name": CLEAR, "last_name": CLIPBOARD},
    {"user_id": "a b,c\"'; --", "first_name": BIDI, "last_name": C1},
    {"user_id": "li-6", "first_name": "two\nlines", "last_name": "one\rline"},
]  # fmt: skip
EVENTS: list[dict[str, Any]] = [
    {"user_id": "ana-1", "event_time": "2026-01-01 10:00:00", "event_name": "home", "page": "1"},
    {"user_id": "ana-1", "event_time": "2026-01-02 10:00:00", "event_name": "basket", "page": "2"},
    {
        "user_id": "bo-2",
        "event_time": "2026-01-01 11:00:00",
        "event_name": CLEAR,
        "page": CLIPBOARD,
    },
]
IDS = [person["user_id"] for person in PEOPLE]
MAP = """
version = 1
extends = "built-in"

[controller]
name = "Example Shop"
contact = "privacy@example.org"
authority = "the Data Protection Authority"

[recipients.mailer]
name = "Mailer Ltd"
receives = ["identity", "contact"]

[recipients.depot]
name = "Depot GmbH"
receives = ["behaviour"]

[automated.invoice]
logic = "orders are scored"
effect = "payment on invoice"
"""


@dataclass(frozen=True)
class Done:
    """What a command left behind: its exit code, and what it printed where."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def habeas(*arguments: object) -> Done:
    """Runs a command in this process, as without a terminal."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        main([str(each) for each in arguments])
    return Done(int(ended.value.code or 0), out.getvalue(), err.getvalue())


def done(*arguments: object) -> Any:
    """What a command that must succeed prints, read back from JSON."""
    options_end = arguments.index("--") if "--" in arguments else len(arguments)
    form = ("--format", "json")
    result = habeas(*arguments[:options_end], *form, *arguments[options_end:])
    assert result.code == 0, result.err
    return result.json


def entered(user_id: str, right: str, *particulars: object) -> str:
    """Enters a request; its id."""
    request_id: str = done("requests", "add", user_id, "--right", right, *particulars)["id"]
    return request_id


def identified(request_id: str) -> str:
    """Records that it is clear who asks; the id again."""
    done("requests", "identify", request_id, "--confirmed", "--how", "passport seen")
    return request_id


def contents(store: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table and view of the store, in the order in which it is stored."""
    with duckdb.connect(str(store), read_only=True) as connection:
        named = connection.execute(
            "SELECT '\"' || table_schema || '\".\"' || table_name || '\"' "
            "FROM information_schema.tables"
        ).fetchall()
        return {name: connection.execute(f"FROM {name}").fetchall() for (name,) in named}


def profiles(store: Path) -> dict[str, tuple[Any, ...]]:
    return {row[1]: row for row in contents(store)['"main"."profiles"']}


def files(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))
