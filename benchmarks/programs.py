"""Habeas and its peers, each on a terminal of its own: how soon they paint, and how fast they
follow the keys."""

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from benchmarks.stores import subject_id
from benchmarks.terminal import Terminal

HERE = Path(__file__).parent
KEYS = 12
"""Times each key is pressed in a round."""

DOWN, PAGE_DOWN, HOME, END, ESCAPE = "\x1b[B", "\x1b[6~", "\x1b[H", "\x1b[F", "\x1b"
PASTE, RUN = ("\x1b[200~", "\x1b[201~"), "\n"
SEARCHED = "kowalska", "customer-00123", "o’brien", "@example.o"
"""What one has the whole of, what begins so, and what is anywhere in it."""

Measured = Iterator[tuple[str, float]]
"""What was measured, and the milliseconds, or megabytes, of it."""


@dataclass(frozen=True)
class Program:
    """A command, and what is done with it."""

    command: tuple[str, ...]
    drive: Callable[[Terminal], Measured]

    def measured(self, home: Path) -> dict[str, float]:
        """Runs it once; the median of each thing measured. `home` is a folder for its settings."""
        environment = os.environ | {
            "TERM": "xterm-256color", "COLORTERM": "truecolor", "HOME": str(home),
            "HABEAS_CONFIG": str(home / "config.toml"), "HABEAS_ACTOR": "bench",
        }  # fmt: skip
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # else each start compiles it all again
        times: dict[str, list[float]] = {}
        terminal = Terminal(self.command, environment)
        try:
            for name, value in self.drive(terminal):
                times.setdefault(name, []).append(value)
        finally:
            terminal.close()
        return {name: median(each) for name, each in times.items()}


def empty() -> Program:
    """As little as a Textual application can be: nothing made with Textual can be faster."""

    def drive(terminal: Terminal) -> Measured:
        yield "first frame", terminal.first_paint()
        terminal.settle()
        for name, key in (("down", DOWN), ("page down", PAGE_DOWN), ("end", END), ("letter", "k")):
            for _ in range(KEYS):
                yield name, terminal.press(key)
        yield "resident", terminal.resident()

    return Program((sys.executable, str(HERE / "empty.py")), drive)


def habeas(store: Path, people: int) -> Program:
    """The application on a store of so many people."""
    last = subject_id(people)

    def drive(terminal: Terminal) -> Measured:
        yield "readable", terminal.shown("Habeas")
        yield "first rows", terminal.shown(subject_id(1))
        yield "keys shown", terminal.shown("Quit")
        terminal.settle()
        for _ in range(KEYS):
            yield "down", terminal.press(DOWN)
        for _ in range(KEYS):
            yield "page down", terminal.press(PAGE_DOWN, "customer-")
        for _ in range(KEYS):
            yield "end", terminal.press(END, last)
            terminal.press(HOME, subject_id(1))
        yield "resident", terminal.resident()
        yield from _typed(terminal)

    return Program((_beside_python("habeas"), "--store", str(store)), drive)


def _typed(terminal: Terminal) -> Measured:
    """Words into the search: when each letter is there, and when those who are found are."""
    terminal.press("/")
    for letter in SEARCHED[0]:
        yield "letter", terminal.press(letter)
    found = []
    for word in SEARCHED:
        terminal.press(ESCAPE)
        terminal.press(ESCAPE, r"people")
        terminal.press("/")
        found += [terminal.press(letter, r"[\d,]+ (best )?of ") for letter in word]
    for each in found:
        yield "results", each
    yield "results, p95", quantiles(found, n=20)[-1]


def harlequin(command: Path, store: Path) -> Program:
    """The same file in a Textual application for SQL, for reading only."""

    def drive(terminal: Terminal) -> Measured:
        yield "first frame", terminal.first_paint()
        yield "store shown", terminal.shown(store.stem)
        terminal.shown("Connected")
        terminal.settle()
        select = "select * from profiles limit 10000"
        terminal.press(f"{PASTE[0]}{select}{PASTE[1]}", "10000")
        terminal.settle()
        terminal.press(RUN, subject_id(1))
        terminal.settle()
        for _ in range(KEYS):
            yield "down", terminal.press(DOWN)
        for _ in range(KEYS):
            yield "page down", terminal.press(PAGE_DOWN, "customer-")

    return Program((str(command), "--adapter", "duckdb", "--read-only", str(store)), drive)


def datatable(rows: int) -> Program:
    """Textual's own table."""

    def drive(terminal: Terminal) -> Measured:
        yield "first rows", terminal.shown(subject_id(1))
        terminal.settle(1.0)
        for _ in range(KEYS):
            yield "down", terminal.press(DOWN)
        for _ in range(KEYS):
            yield "page down", terminal.press(PAGE_DOWN, "customer-")
        yield "resident", terminal.resident()

    return Program((sys.executable, str(HERE / "datatable.py"), str(rows)), drive)


def visidata(command: Path, table: Path) -> Program:
    """The people of a store as a CSV file, all of which it reads. It does not say where a frame
    ends: a key takes until the last letter before a pause."""

    def drive(terminal: Terminal) -> Measured:
        yield "first rows", terminal.shown(subject_id(1))
        terminal.settle(2.0)
        for _ in range(KEYS):
            yield "page down", terminal.press_quietly(PAGE_DOWN)
        yield "resident", terminal.resident()

    return Program((str(command), str(table)), drive)


def _beside_python(name: str) -> str:
    return str(Path(sys.executable).with_name(name))
