"""The forms in which DuckDB and Habeas leave a value as bytes, found by trying DuckDB 1.5.

Text stands as UTF-8, in JSON perhaps with escapes. Of every segment of a column the statistics
keep the smallest and the greatest value, in blocks of metadata: of a text the first eight bytes,
of an integer all of it. The number beside which a person's rows are sorted is eight bytes.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

from data.subject import number

SHORTEST = 4  # bytes
"""What is shorter stands in any large file by chance."""

STATISTICS_BYTES = 8
"""So much of a text is in the statistics of a column; a shorter one is filled up with zeros."""

_TEXT_BOUNDS = (b"\xc8\x00\x08", b"\xc9\x00\x08")
_INTEGER_BOUND = b"\x65\x00"


@dataclass(frozen=True)
class Needle:
    """Bytes to be found, and what they are a form of.

    `longer` are texts that belong to others, and have these bytes in them: they are not meant.
    """

    form: str
    data: bytes
    longer: frozenset[bytes] = field(default=frozenset())

    def is_of_longer(self, text: bytes, place: int) -> bool:
        """Whether what was found at that place of the text is part of one of the longer ones."""
        return any(
            text[place - before : place - before + length] in self.longer
            for before, length in self._shapes
            if before <= place
        )

    @cached_property
    def _shapes(self) -> frozenset[tuple[int, int]]:
        """How far into the longer ones this is, and how long those are."""
        return frozenset((each.find(self.data), len(each)) for each in self.longer)

    def as_json(self) -> dict[str, Any]:
        longer = [each.hex() for each in self.longer]
        return {"form": self.form, "data": self.data.hex(), "longer": longer}

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> Self:
        longer = frozenset(bytes.fromhex(each) for each in said["longer"])
        return cls(said["form"], bytes.fromhex(said["data"]), longer)


def spelled(value: str) -> tuple[str, ...]:
    """The value as it is, and as JSON has it where that is different."""
    escaped = (json.dumps(value, ensure_ascii=each)[1:-1] for each in (False, True))
    return tuple(dict.fromkeys((value, *escaped)))


def of_text(value: str, longer: frozenset[str] = frozenset()) -> Iterator[Needle]:
    """The value in UTF-8, as it is and in either case; `longer` are texts of others that have it
    in them. None where it is too short."""
    others = frozenset(each.encode() for each in longer)
    cases = (value, value.lower(), value.upper())
    for text in dict.fromkeys(form for case in cases for form in spelled(case)):
        if len(data := text.encode()) >= SHORTEST:
            yield Needle("text", data, others)


def of_statistics(value: str) -> Iterator[Needle]:
    """The beginning of the value as the smallest or the greatest of a column."""
    begins = beginning(value).ljust(STATISTICS_BYTES, b"\0")
    for bound in _TEXT_BOUNDS:
        yield Needle("column statistics", bound + begins)


def beginning(value: str) -> bytes:
    return value.encode()[:STATISTICS_BYTES]


def of_number(subject_id: str) -> Iterator[Needle]:
    """The number made of an id, as it stands in a column and in the statistics of one."""
    sorted_by = number(subject_id)
    yield Needle("person number", sorted_by.to_bytes(8, "little"))
    yield Needle("column statistics", _INTEGER_BOUND + _signed_leb128(sorted_by))


def _signed_leb128(value: int) -> bytes:
    """Seven bits a byte, the lowest first, of a number that is not negative."""
    encoded = bytearray()
    while True:
        low, value = value & 0x7F, value >> 7
        if not value and not low & 0x40:
            return bytes([*encoded, low])
        encoded.append(low | 0x80)
