"""Makes the pictures of the README from a session in a real terminal: make pictures

The application runs on the made-up store in a process of its own; keys go into its terminal, and
what the terminal then shows is drawn. They are the same bytes each time: the store, the day and
the key of the hashes are.
"""

import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from pyte.screens import Char
from rich.console import Console
from rich.style import Style
from rich.text import Text

from data import demo
from tests.app.terminal import Terminal, terminal

FOLDER = Path(__file__).with_name("screens")
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
COLUMNS, LINES = 110, 30
PEOPLE = 60

APPLICATION = f"""
import sys
from datetime import datetime
from tui.app import HabeasApp
noon = datetime.fromisoformat({NOON.isoformat()!r})
sys.exit(HabeasApp(sys.argv[2], actor="handler", clock=lambda: noon).run_to_exit_code())
"""
"""What runs in the terminal, on the day of the pictures."""

ENTER, ESCAPE, DOWN = "\r", "\x1b", "\x1b[B"

SESSION: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("people", (DOWN, DOWN), ("60 people", "▌customer-00000003")),
    ("person", (ENTER,), ("Person · customer-00000003", "most ", "Nothing was done")),
    ("requests", (ESCAPE, "2", DOWN), ("6 open", "▌  2026-11-30", "Request: R1")),
    ("plan", ("G", "k", ENTER), ("Objection · Article 21(2)", "Apply")),
    ("several", (ESCAPE, "A", ENTER), ("2 requests", "R6 · Automated", "Apply")),
    ("recipients", (ESCAPE, "6", " "), ("1 marked", "▌  N2")),
    ("report", ("3",), ("Report · Nov 2026", "▓ to tell", "automation")),
    ("ledger", ("4",), ("entries", "request received")),
    ("map", ("5",), ("PROFILES", "Customer id")),
)
"""For each picture what is pressed since the one before, and what is then to be seen."""


def pictures() -> dict[str, str]:
    """Every picture by its name."""
    with TemporaryDirectory() as folder, patch("secrets.token_bytes", bytes):
        store = Path(folder) / "demo.duckdb"
        demo.make(store, PEOPLE, clock=lambda: NOON)
        with terminal(store, (sys.executable, "-c", APPLICATION), COLUMNS, LINES) as screen:
            screen.until("60 people", "✓ ledger whole")
            return dict(_taken(screen))


def _taken(screen: Terminal) -> Iterator[tuple[str, str]]:
    for name, keys, seen in SESSION:
        for key in keys:
            screen.press(key)
            screen.calm()
        screen.until(*seen)
        screen.calm()
        yield name, draw(screen)


def draw(screen: Terminal) -> str:
    """What the terminal shows, as SVG that fetches no font."""
    console = Console(
        record=True, width=COLUMNS, height=LINES, file=io.StringIO(), color_system="truecolor",
        force_terminal=True, legacy_windows=False,
    )  # fmt: skip
    for line in screen.cells:
        text = Text(no_wrap=True, end="\n")
        for cell in line:
            text.append(cell.data, _style(cell))
        console.print(text, soft_wrap=True)
    drawn = console.export_svg(title="habeas", unique_id="habeas")
    return re.sub(r"@font-face \{.*?\}\n?", "", drawn, flags=re.DOTALL)


def _style(cell: Char) -> Style:
    def colour(name: str) -> str:
        return f"#{name}" if re.fullmatch("[0-9a-f]{6}", name) else name

    return Style(
        color=colour(cell.fg),
        bgcolor=colour(cell.bg),
        bold=cell.bold,
        underline=cell.underscore,
        reverse=cell.reverse,
    )


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, drawn in pictures().items():
        (FOLDER / f"{name}.svg").write_text(drawn, "utf-8")
        sys.stdout.write(f"{name}.svg\n")


if __name__ == "__main__":
    main()
