"""Makes the pictures of the README, of the application on the made-up store: make pictures

They are the same bytes each time: the store, the day and the key of the hashes are.
"""

import asyncio
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from textual.pilot import Pilot

from data import demo
from tui.app import HabeasApp

FOLDER = Path(__file__).with_name("screens")
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SIZE = (110, 30)
PEOPLE = 60

KEYS: dict[str, tuple[str, ...]] = {
    "people": ("down", "down"),
    "person": ("down", "down", "enter"),
    "requests": ("2", "down"),
    "plan": ("2", "G", "up", "enter"),
    "report": ("3",),
    "ledger": ("4",),
    "map": ("5",),
}
"""What is pressed, from the first screen on, for each picture."""


async def draw(store: Path, keys: tuple[str, ...]) -> str:
    """The screen after these keys, as SVG that fetches no font."""
    app = HabeasApp(store, actor="handler", clock=lambda: NOON)
    async with app.run_test(size=SIZE) as pilot:
        await _settled(pilot)
        for key in keys:
            await pilot.press(key)
            await _settled(pilot)
        drawn = app.export_screenshot(title="habeas")
    return re.sub(r"@font-face \{.*?\}\n?", "", drawn, flags=re.DOTALL)


async def _settled(pilot: Pilot[None]) -> None:
    """Until nothing is under way but a dialog that waits for its answer."""
    calm = 0
    while calm < 5:
        await pilot.pause(0.02)
        busy = any(not each.is_finished and each.group != "deed" for each in pilot.app.workers)
        calm = 0 if busy else calm + 1


def pictures() -> dict[str, str]:
    """Every picture by its name."""
    with TemporaryDirectory() as folder, patch("data.subject.new_key", return_value="0" * 64):
        store = Path(folder) / "demo.duckdb"
        demo.make(store, PEOPLE, clock=lambda: NOON)
        return {name: asyncio.run(draw(store, keys)) for name, keys in KEYS.items()}


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, drawn in pictures().items():
        (FOLDER / f"{name}.svg").write_text(drawn, "utf-8")
        sys.stdout.write(f"{name}.svg\n")


if __name__ == "__main__":
    main()
