"""Something to read at once, while all that the application is made of is loaded: its first line.

It stands in the alternate screen, where the application then paints over it, and is gone again
where the application does not start.
"""

import os
import termios
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

IN, OUT = 0, 1
"""Where the terminal is, if there is one."""

VALUED = ("--store", "--actor", "--format")
"""Options of the application with a value."""

_ENTERED, _LEFT = "\x1b[?1049h\x1b[?25l", "\x1b[?1049l\x1b[?25h"
_LOCAL = 3
"""Where the modes for what is typed stand in what tcgetattr gives."""

_undo: list[list[Any]] = []
"""How the terminal was, while the line stands on it."""


def starts_application(arguments: Sequence[str]) -> bool:
    """Whether there is no command among these, and a terminal to run on."""
    options = iter(arguments)
    for each in options:
        if each in VALUED:
            next(options, None)
        elif each != "--read-only" and not each.startswith(tuple(f"{name}=" for name in VALUED)):
            return False
    # A page in a browser drives it in place of a terminal.
    paged = "TEXTUAL_DRIVER" in os.environ
    return not paged and os.isatty(IN) and os.isatty(OUT)


@contextmanager
def first_line(arguments: Sequence[str]) -> Iterator[None]:
    """Shows the line where these start the application, which calls `give_way` before it paints."""
    if starts_application(arguments):
        _paint()
    try:
        yield
    finally:
        if _undo:
            give_way()
            _write(_LEFT)


def give_way() -> None:
    """The terminal answers keys as before; the line stays until something is painted over it."""
    while _undo:
        termios.tcsetattr(IN, termios.TCSANOW, _undo.pop())


def _paint() -> None:
    modes = termios.tcgetattr(IN)
    _undo.append(modes)
    silent = modes[_LOCAL] & ~(termios.ECHO | termios.ICANON)
    # What is typed meanwhile is kept for the application, and not shown before.
    termios.tcsetattr(IN, termios.TCSANOW, [*modes[:_LOCAL], silent, *modes[_LOCAL + 1 :]])
    width = os.get_terminal_size(OUT).columns
    line = " Habeas · People"[:width].ljust(width)
    # Reverse video is no colour, so that it stands in every theme and without colours.
    _write(f"{_ENTERED}\x1b[H\x1b[7m{line}\x1b[m\r\n\r\n Opening the store …")


def _write(text: str) -> None:
    os.write(OUT, text.encode())
