"""What reaches the screen: no value commands the terminal, hides, or reorders the line."""

import subprocess
import sys
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.safe import MARKS_IN_A_ROW, safe

BIDI = {"\u061c", "\u200e", "\u200f", *map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A)))}
INVISIBLE = {"\u200b", "\ufeff", "\u00ad", "\u3164", *map(chr, range(0x2060, 0x2065))}
UNSAFE = {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}

# Mostly characters that do harm, or that do so only beside certain others.
hostile = st.text(
    st.one_of(
        st.sampled_from(
            "a \x1b\x07\x9b\r\n\u0301\u0e49\u200c\u200d\ufe0f\u202e👩🚀\u0dca\u0dbb中‹›…"
        ),
        st.characters(exclude_categories=()),
    )
)


@given(hostile)
def test_nothing_that_acts_or_hides_is_left(text: str) -> None:
    shown = safe(text)
    assert not {char for char in shown if category(char) in UNSAFE} | (BIDI | INVISIBLE) & {*shown}


@given(hostile)
def test_what_is_safe_already_is_left_alone(text: str) -> None:
    assert safe(safe(text)) == safe(text)


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E)))
def test_printable_ascii_is_left_alone_but_for_spaces_at_the_end(text: str) -> None:
    ink = text.rstrip(" ")
    assert safe(text) == ink + "␠" * (len(text) - len(ink))


@given(hostile)
def test_marks_never_pile_up(text: str) -> None:
    depth = 0
    for char in safe(text):
        depth = depth + 1 if category(char)[0] == "M" or char in "\u200c\u200d" else 0
        assert depth <= MARKS_IN_A_ROW


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (0, "0"),
        ("two\nlines\tand a\x7f", "two␊lines␉and a␡"),
        ("\x1b]52;c;aGk=\x07", "␛]52;c;aGk=␇"),
        ("\x9b2J", "‹U+009B›2J"),
        ("[@click=app.quit]x[/]", "[@click=app.quit]x[/]"),
        ("invoice\u202efdp.exe", "invoice‹U+202E›fdp.exe"),
        ("pay\u200bpal", "pay‹U+200B›pal"),
        ("pay\u200cpal\u200d", "pay‹U+200C›pal‹U+200D›"),
        ("\u3164", "‹U+3164›"),
        ("a\u2028b", "a‹U+2028›b"),
        ("\U000e0041\ufff9\ud800\ue000\uffff", "‹U+E0041›‹U+FFF9›‹U+D800›‹U+E000›‹U+FFFF›"),
        ("e" + "\u0301" * 30 + "f", "e" + "\u0301" * 8 + "‹+22 marks›f"),
        (b"\x1b\xff", r"b'\x1b\xff'"),
    ],
)
def test_made_visible(value: object, shown: str) -> None:
    assert safe(value) == shown


@pytest.mark.parametrize(
    "name",
    [
        "Zoë Müller",
        "李小龍",
        "👩‍👩‍👧‍👦",
        "👩🏽‍🚀",
        "🏳️‍🌈",
        "❤️",
        "ශ්‍රී ලංකා",
        "می‌خواهم",
        "นิ้ม",
        "a\u00a0b",
    ],
)
def test_people_write_like_this(name: str) -> None:
    assert safe(name) == name


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("abcde", "abcde"),
        ("abcdef", "abcd…"),
        ("a\x1b\x1b\x1b\x1b\x1b", "a␛␛␛…"),
        (b"abcdef", "b'ab…"),
        ([1, 2, 3, 4, 5, 6], "[1, …"),
    ],
)
def test_the_limit_counts_characters_of_the_value(value: object, shown: str) -> None:
    assert safe(value, limit=5) == shown


class Watched(str):
    """Text that says how much of it was looked at."""

    __slots__ = ("asked",)

    def __str__(self) -> str:
        return self

    def __getitem__(self, at: object) -> str:
        assert isinstance(at, slice)
        self.asked = at.stop
        return super().__getitem__(at)

    def isprintable(self) -> bool:
        raise AssertionError("went through all of it")


def test_a_long_value_is_cut_before_it_is_looked_through() -> None:
    long = Watched("é" * 1_000_000)
    assert safe(long, limit=10) == "é" * 9 + "…"
    assert long.asked == 9


def test_it_does_without_textual() -> None:
    program = "import sys, tui.safe; sys.exit('textual' in sys.modules or 'rich' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
