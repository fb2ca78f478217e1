"""A line to type in that shows any text, also one that was stored or pasted, as signs."""

from functools import lru_cache
from typing import Any
from unicodedata import category

from rich.highlighter import Highlighter
from rich.text import Text
from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Input

from tui.safe import MARKS_IN_A_ROW, safe

REPLACEMENT = "\ufffd"


class Line(Input):
    """The value stays as it is; a character that a terminal obeys or hides is drawn as a sign."""

    # It is as wide as there is room, whatever is typed: nothing is laid out anew at each letter.
    virtual_size = Reactive(Size(0, 0))

    def __init__(self, value: str = "", **options: Any) -> None:
        super().__init__(value, compact=True, highlighter=_Signs(), **options)


class _Signs(Highlighter):
    """Sign for character, so that the cursor stands where it seems to."""

    def __call__(self, text: str | Text) -> Text:
        drawn = text.copy() if isinstance(text, Text) else Text(text)
        marks, signs = 0, []
        for char in drawn.plain:
            marks = marks + 1 if category(char).startswith("M") else 0
            signs.append(_sign(char) if marks <= MARKS_IN_A_ROW else REPLACEMENT)
        drawn.plain = "".join(signs)
        return drawn

    def highlight(self, text: Text) -> None:
        """Nothing else is set off."""


@lru_cache(maxsize=4096)
def _sign(char: str) -> str:
    shown = char if char == " " else safe(char)
    return shown if len(shown) == 1 else REPLACEMENT
