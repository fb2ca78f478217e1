"""What DuckDB packs so that no search of the bytes sees it: dictionaries of text in FSST, and
frames of zstd. Both begin with a mark of their own, wherever they are, in free blocks too.

The layouts are those of DuckDB's storage from version 1.5.0 on, and of FSST's published format.
"""

import os
import sys
from collections.abc import Iterator
from typing import BinaryIO

if sys.version_info >= (3, 14):
    from compression import zstd as zstd
else:
    from backports import zstd as zstd

SYMBOLS = b"\x0a\x14\x34\x01"
"""In the header of a table of FSST symbols, four bytes from its start: its version."""

FRAME = b"\x28\xb5\x2f\xfd"
"""Where a frame of zstd begins."""

_DATABASE = b"DUCK"
_HEADERS = 3 * 4096
_BLOCK = 256 * 1024
_CHECKSUM = 8
_ALIGNED = 8
_NEXT_BLOCK = 8
_SEGMENT_HEADER = 16
_TABLE_HEADER = 17
_TOGETHER = 32
_ESCAPE = b"\xff"
_CODES = 255
_LONGEST = 64 << 20
"""Bytes of one frame that are looked at; DuckDB packs 2,048 texts into one."""


def dictionary(file: BinaryIO, version_at: int, *, apart: bool = False) -> bytes:
    """The texts of the segment whose table of symbols has its version there, one after another or,
    more slowly, with a zero between them; none where there is no such segment."""
    table_at = version_at - 4
    block_at = _block_at(table_at)
    block = _read(file, block_at, _BLOCK)
    table_at -= block_at
    parsed = _symbols(block, table_at)
    if parsed is None:
        return b""
    symbols, size = parsed
    start = _segment(block, table_at, size)
    if start is None:
        return b""
    codes = block[start + _SEGMENT_HEADER : table_at]
    if not apart:
        return _decoded(codes[: _integer(block, start)], symbols)
    texts = []
    first = 0
    for length in _lengths(block, start, _aligned(table_at + size)):
        texts.append(_decoded(codes[first : first + length], symbols))
        first += length
    return b"\0".join(texts)


def frame(file: BinaryIO, start: int) -> bytes:
    """What the frame that begins there holds, as far as it can be followed."""
    decompressor = zstd.ZstdDecompressor()
    found = b""
    for piece in _pieces(file, start):
        try:
            found += decompressor.decompress(piece, _LONGEST - len(found))
        except zstd.ZstdError:
            break
        if decompressor.eof or len(found) >= _LONGEST:
            break
    return found


def _pieces(file: BinaryIO, start: int) -> Iterator[bytes]:
    """The bytes from there on. In a database what does not fit in a block goes on in another, the
    number of which stands at its end; what was spilled goes straight on."""
    seen = set()
    database = _read(file, 8, len(_DATABASE)) == _DATABASE
    while start not in seen:
        seen.add(start)
        end = _block_at(start) + _BLOCK
        piece = _read(file, start, end - start)
        if not piece:
            return
        if database:
            following = int.from_bytes(piece[-_NEXT_BLOCK:], "little")
            piece = piece[:-_NEXT_BLOCK]
            end = _HEADERS + following * _BLOCK + _CHECKSUM
        yield piece
        start = end


def _segment(block: bytes, table_at: int, size: int) -> int | None:
    """Where the segment begins that ends its dictionary at this table of symbols, of that size:
    there stand how long the dictionary is, how many texts it has and, 12 bytes on, the size."""
    sized = size.to_bytes(4, "little")
    found = block.find(sized, 12, table_at)
    while found >= 0:
        start = found - 12
        end = start + _SEGMENT_HEADER + _integer(block, start)
        if _aligned(end) == table_at:
            return start
        found = block.find(sized, found + 1, table_at)
    return None


def _lengths(block: bytes, start: int, at: int) -> Iterator[int]:
    """How many codes each text of the segment has: packed into bits, 32 of them together."""
    count, bits = _integer(block, start + 4), block[start + 9]
    for first in range(0, count, _TOGETHER):
        group = int.from_bytes(block[at : at + bits * _TOGETHER // 8], "little")
        at += bits * _TOGETHER // 8
        for n in range(min(_TOGETHER, count - first)):
            yield group >> n * bits & (1 << bits) - 1


def _symbols(block: bytes, at: int) -> tuple[list[bytes], int] | None:
    """What each code stands for, and the bytes that the table takes; None where it is none."""
    header = block[at : at + _TABLE_HEADER]
    if len(header) < _TABLE_HEADER or header[0] != 1 or header[8] > 1:
        return None
    code, lengths = header[8], list(header[9:])
    lengths[0] -= code  # the first, where strings end with a zero, is that
    if lengths[0] < 0 or code + sum(lengths) != header[1] or header[1] > _CODES:
        return None
    symbols = [b"\0"] * (_CODES + 1)
    place = at + _TABLE_HEADER
    for length in (2, 3, 4, 5, 6, 7, 8, 1):
        for _ in range(lengths[length - 1]):
            symbols[code] = block[place : place + length]
            place += length
            code += 1
    return symbols, place - at


def _decoded(codes: bytes, symbols: list[bytes]) -> bytes:
    """The text of the codes; what follows an escape stands for itself."""
    symbol = symbols.__getitem__
    first, *parts = codes.split(_ESCAPE)
    texts = [*map(symbol, first)]
    escaped = False
    for part in parts:
        if escaped or part:
            texts.append(part[:1] if not escaped else _ESCAPE)
            texts += map(symbol, part if escaped else part[1:])
            escaped = False
        else:
            escaped = True
    return b"".join(texts)


def _block_at(offset: int) -> int:
    """Where the block begins that has this place of the file in it."""
    return max(0, _HEADERS + (offset - _HEADERS) // _BLOCK * _BLOCK)


def _aligned(place: int) -> int:
    return (place + _ALIGNED - 1) // _ALIGNED * _ALIGNED


def _integer(block: bytes, at: int) -> int:
    return int.from_bytes(block[at : at + 4], "little")


def _read(file: BinaryIO, start: int, size: int) -> bytes:
    """Whole or up to the end of the file; nothing from beyond it."""
    try:
        return os.pread(file.fileno(), size, start)
    except OverflowError:
        return b""
