"""How soon Habeas paints, beside an empty Textual application and harlequin. See the README."""

import os
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.terminal import Terminal
from data import demo

HERE = Path(__file__).parent
ROUNDS = 7
KEYS = 12
"""Times each key is pressed in a round."""
DOWN, PAGE_DOWN, ESCAPE = "\x1b[B", "\x1b[6~", "\x1b"
PASTE, RUN = ("\x1b[200~", "\x1b[201~"), "\n"
SEARCHED = "kowalska"

Measured = Iterator[tuple[str, float]]
"""What was measured, and the milliseconds that it took."""


def empty(terminal: Terminal, store: Path) -> Measured:
    yield "first frame", terminal.first_paint()
    for name, key in (("down", DOWN), ("page down", PAGE_DOWN), ("letter of a search", "k")):
        for _ in range(KEYS):
            yield name, terminal.press(key)


def habeas(terminal: Terminal, store: Path) -> Measured:
    yield "first frame", terminal.first_paint()
    yield "store shown", terminal.shown("customer-00000001")
    terminal.settle()
    for _ in range(KEYS):
        yield "down", terminal.press(DOWN)
    for _ in range(KEYS):
        yield "page down", terminal.press(PAGE_DOWN, "customer-")
    terminal.press("/")
    for letter in SEARCHED:
        yield "letter of a search", terminal.press(letter)
    terminal.press(ESCAPE)
    terminal.press(ESCAPE, r"people")
    terminal.press("/")
    for letter in SEARCHED:
        yield "its results", terminal.press(letter, r"[\d,]+ of ")


def harlequin(terminal: Terminal, store: Path) -> Measured:
    yield "first frame", terminal.first_paint()
    yield "store shown", terminal.shown(store.stem)
    terminal.shown("Connected")
    terminal.settle()
    terminal.press(f"{PASTE[0]}select * from profiles order by user_id{PASTE[1]}", "user_id")
    terminal.settle()
    terminal.press(RUN, "customer-00000001")
    terminal.settle()
    for _ in range(KEYS):
        yield "down", terminal.press(DOWN)
    for _ in range(KEYS):
        yield "page down", terminal.press(PAGE_DOWN, "customer-")


PEERS: dict[str, Callable[[Terminal, Path], Measured]] = {
    "empty": empty,
    "habeas": habeas,
    "harlequin": harlequin,
}
Round = dict[str, dict[str, float]]
"""By peer, the median of what was measured in a round."""


def measured(commands: dict[str, list[str]], store: Path) -> Round:
    """One start of each peer, one after another, and its keys."""
    environment = os.environ | {
        "TERM": "xterm-256color", "COLORTERM": "truecolor", "HOME": str(store.parent),
        "HABEAS_CONFIG": str(store.parent / "config.toml"), "HABEAS_ACTOR": "bench",
    }  # fmt: skip
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # else each start compiles everything again
    found: Round = {}
    for peer, command in commands.items():
        times: dict[str, list[float]] = {}
        terminal = Terminal(command, environment)
        try:
            for name, milliseconds in PEERS[peer](terminal, store):
                times.setdefault(name, []).append(milliseconds)
        finally:
            terminal.close()
        found[peer] = {name: median(each) for name, each in times.items()}
    return found


def table(rounds: list[Round]) -> Iterator[str]:
    """The medians of the rounds, and habeas against the others in the same round."""
    head = f"{'':<20}{'empty':>10}{'habeas':>10}{'harlequin':>11}"
    yield f"{head}{'habeas/empty':>23}{'habeas/harlequin':>23}"
    for name in rounds[0]["habeas"]:
        line = f"{name:<20}"
        for peer, width in (("empty", 10), ("habeas", 10), ("harlequin", 11)):
            times = [each[peer][name] for each in rounds if name in each[peer]]
            line += f"{median(times):>{width - 3}.0f} ms" if times else f"{'-':>{width}}"
        for peer in ("empty", "harlequin"):
            ratios = [
                each["habeas"][name] / each[peer][name] for each in rounds if name in each[peer]
            ]
            spread = f"({min(ratios):.2f} - {max(ratios):.2f})" if ratios else ""
            line += f"{f'{median(ratios):.2f} {spread}':>23}" if ratios else f"{'-':>23}"
        yield line


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--harlequin", default="harlequin", help="where it is installed")
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        store = Path(folder) / "made_up.duckdb"
        demo.make(store, given.people)
        commands = {
            "empty": [sys.executable, str(HERE / "empty.py")],
            "habeas": [str(Path(sys.executable).with_name("habeas")), "--store", str(store)],
            "harlequin": [given.harlequin, "--adapter", "duckdb", "--read-only", str(store)],
        }
        measured(commands, store)  # the first compiles, and reads from the disk
        rounds = [measured(commands, store) for _ in range(given.rounds)]
    print(f"{given.people:,} people, {given.rounds} rounds: medians; ratios with their extremes")
    print("\n".join(table(rounds)))


if __name__ == "__main__":
    main()
