"""Something to read at once, while all that the application is made of is loaded: its first line,
and soon the first people.

They stand in the alternate screen, where the application then paints over them, and are gone again
where the application does not start.
"""

import os
import termios
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

IN, OUT = 0, 1
"""Where the terminal is, if there is one."""

TOP = 4
"""Lines of the application above its table."""

_ENTERED, _LEFT = "\x1b[?1049h\x1b[?25l", "\x1b[?1049l\x1b[?25h"
_INPUT, _LOCAL = 0, 3
"""Where the modes for what is typed stand in what tcgetattr gives."""

_undo: list[list[Any]] = []
"""How the terminal was, until the application has ended."""


class Start(NamedTuple):
    """The application: on which store, and who acts; nothing where that is not said."""

    store: str = ""
    actor: str = ""
    read_only: bool = False


VALUED = {"--store": "HABEAS_STORE", "--actor": "HABEAS_ACTOR"}
"""Options of the application with a value, and what gives it where they do not."""


def plain_start(arguments: Sequence[str]) -> Start | None:
    """What these say, where there is no more in them, and a terminal to run on.

    To load what understands all of the command line takes 50 ms (measured), and is for the rest:
    commands, and whatever is wrong.
    """
    given = {option: os.environ[name] for option, name in VALUED.items() if name in os.environ}
    read_only = False
    left = list(arguments)
    while left:
        option, equals, value = left.pop(0).partition("=")
        if option == "--read-only" and not equals:
            read_only = True
        elif option in VALUED and (equals or left):
            given[option] = value if equals else left.pop(0)
        else:
            return None
    # A page in a browser drives it in place of a terminal.
    paged = "TEXTUAL_DRIVER" in os.environ
    if paged or not all(given.values()) or not (os.isatty(IN) and os.isatty(OUT)):
        return None
    return Start(given.get("--store", ""), given.get("--actor", ""), read_only)


@contextmanager
def first_line() -> Iterator[None]:
    """Shows the line until the application, which calls `put_back` once it has ended."""
    _paint()
    try:
        yield
    finally:
        if _undo:
            put_back()
            _write(_LEFT)


def put_back() -> None:
    """The terminal takes what is typed as it did before.

    That is for when the application has ended: an enter that is typed between this and its
    beginning to listen would come as ctrl+j.
    """
    while _undo:
        termios.tcsetattr(IN, termios.TCSANOW, _undo.pop())


def room() -> os.terminal_size | None:
    """The size of the terminal that the line stands on, if it does."""
    return os.get_terminal_size(OUT) if _undo else None


def paint(table: Sequence[str]) -> None:
    """These lines, of which the first is the heading, where the application has its table."""
    heading, *rows = table
    _write("\r\n".join([f"\x1b[3;1H\x1b[K\x1b[{TOP + 1};1H\x1b[1m{heading}\x1b[m", *rows]))


def _paint() -> None:
    modes = termios.tcgetattr(IN)
    _undo.append(modes)
    # What is typed meanwhile is kept for the application as it was typed, and not shown before.
    silent = list(modes)
    silent[_INPUT] &= ~termios.ICRNL
    silent[_LOCAL] &= ~(termios.ECHO | termios.ICANON)
    termios.tcsetattr(IN, termios.TCSANOW, silent)
    width = os.get_terminal_size(OUT).columns
    line = " Habeas · People"[:width].ljust(width)
    # Reverse video is no colour, so that it stands in every theme and without colours.
    _write(f"{_ENTERED}\x1b[H\x1b[7m{line}\x1b[m\r\n\r\n Opening the store …")


def _write(text: str) -> None:
    os.write(OUT, text.encode())
