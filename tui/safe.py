"""Makes any stored value safe to show on one line of a terminal.

Exports keep the raw value; everything that a person sees passes through here.
"""

import re
from unicodedata import category

MARKS_IN_A_ROW = 8

_JOINERS = "\u200c\u200d"
# Letters and marks by category, but drawn as nothing: a name of these looks like no name.
_BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"
_UNSAFE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}

# Combining marks start at U+0300, so text without this needs no count of them.
_STACK = re.compile(f"[\u0300-\U0010ffff]{{{MARKS_IN_A_ROW + 1},}}")
_SUSPECT = re.compile(f"[{_BLANK}]|{_STACK.pattern}")

# A joiner has work to do between two emoji, or inside the scripts from Arabic to Mongolian.
# Anywhere else it hides text: two names that look alike, or letters that take up no width.
_EMOJI = "\u2190-\u2bff\U0001f000-\U0001faff"
_SCRIPT = "\u0600-\u18ff"
_STRAY_JOINER = re.compile(
    f"[{_JOINERS}](?!(?<=[{_EMOJI}\ufe0f].)[{_EMOJI}])(?!(?<=[{_SCRIPT}].)[{_SCRIPT}])"
)


class _Visible(dict[int, str | int]):
    """For `str.translate`: what stands for a code point, itself where it is harmless."""

    def __missing__(self, code: int) -> str | int:
        if code < 0x20:
            return 0x2400 + code
        if code == 0x7F:
            return "␡"
        char = chr(code)
        if char in _BLANK or (category(char) in _UNSAFE and char not in _JOINERS):
            return _spelt(char)
        return code


_VISIBLE = _Visible()


def safe(value: object, *, limit: int | None = None) -> str:
    """The value as text that no terminal obeys, hides or reorders; "" for None.

    Of a text longer than `limit` characters the first `limit - 1` are shown, then "…"; a
    character that is spelt out, such as ‹U+202E›, counts as one.
    """
    if value is None:
        return ""
    if isinstance(value, bytes | bytearray | list) and limit is not None:
        value = value[:limit]  # its text is longer still, so it is cut below all the same
    text = value if type(value) is str else str(value)
    end = ""
    if limit is not None and len(text) > limit:
        text, end = text[: max(limit - 1, 0)], "…"
    if not end and text.endswith(" "):
        # Two ids that differ by a space at the end would look the same.
        ink = text.rstrip(" ")
        text = ink + "␠" * (len(text) - len(ink))
    if text.isprintable() and (text.isascii() or not _SUSPECT.search(text)):
        return text + end
    text = _STACK.sub(_capped, text.translate(_VISIBLE))
    return _STRAY_JOINER.sub(lambda joiner: _spelt(joiner[0]), text) + end


def _spelt(char: str) -> str:
    return f"‹U+{ord(char):04X}›"


def _capped(run: re.Match[str]) -> str:
    """Stacks of marks cut at MARKS_IN_A_ROW, each with a note of how many were left out."""
    shown: list[str] = []
    marks = 0
    for char in (*run[0], ""):
        if char and (char in _JOINERS or category(char).startswith("M")):
            marks += 1
            if marks > MARKS_IN_A_ROW:
                continue
        else:
            if marks > MARKS_IN_A_ROW:
                shown.append(f"‹+{marks - MARKS_IN_A_ROW} marks›")
            marks = 0
        shown.append(char)
    return "".join(shown)
