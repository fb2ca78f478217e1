"""How a data subject is named: by id, by number, and by keyed hash.

The id is the person's own. The number is a stable integer made from the id, beside which
rows are sorted: DuckDB's zone maps see only the first bytes of a text, so ids that begin
alike would otherwise need a scan of all. The keyed hash stands for the person wherever no
personal data may be, in the ledger first of all.

Each is written twice, for Python and as SQL, and a property test holds the two together.
"""

import hashlib
import hmac
from collections.abc import Sequence
from typing import Any

from data.datamap import People, Records
from data.sql import as_text, ident, numbers, texts

ID_LIMIT = 100
"""The most characters an id may have, as customer-data platforms have it."""

OWNER = "habeas_owner"
"""The column in which rows of several people say whose they are."""

_BLOCK = 64
"""Bytes that SHA-256 takes at once."""

_HEX_DIGITS = 15
"""Of the MD5 that makes the number: 60 bits, so that it fits a signed 64-bit integer."""


def number(subject_id: str) -> int:
    """A stable integer in [0, 2^60) made from the id."""
    digest = hashlib.md5(subject_id.encode(), usedforsecurity=False).hexdigest()
    return int(digest[:_HEX_DIGITS], 16)


def number_sql(expression: str) -> str:
    """`number` as SQL over a text expression."""
    return f"CAST('0x' || substr(md5({expression}), 1, {_HEX_DIGITS}) AS BIGINT)"


def pseudonym(key: bytes, text: str) -> str:
    """The keyed hash of an id or a value: HMAC-SHA-256, as 64 hexadecimal digits.

    Without the key nobody can try ids against it.
    """
    return hmac.digest(key, text.encode(), "sha256").hex()


def keyed(key: bytes) -> bytes:
    """What `pseudonym_sql` needs bound as `$keyed`: the inner and the outer key of HMAC, RFC
    2104, for a key of at most one block."""
    block = key.ljust(_BLOCK, b"\0")
    return bytes(each ^ 0x36 for each in block) + bytes(each ^ 0x5C for each in block)


def pseudonym_sql(expression: str) -> str:
    """`pseudonym` as SQL over a text expression."""
    inner, outer = f"$keyed[1:{_BLOCK}]", f"$keyed[{_BLOCK + 1}:{2 * _BLOCK}]"
    return f"sha256({outer} || unhex(sha256({inner} || encode({expression}))))"


def whose(table: People | Records, ids: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """The condition for the rows of these ids, and its values; by number too, where there is one.

    The number decides, and the id is looked at only where it fits. Measured over 10M rows, in
    processor time: where they lie in order of number 2 ms, else 24, by id alone 160. For 500 ids
    among 1M rows a semi join takes 23 ms, and a list 900, in which each row's id is looked for.
    """
    condition = f"{ident(table.key)} IN (SELECT unnest({texts('ids')}))"
    if table.number:
        listed = numbers(map(number, ids)) or "NULL"
        condition = f"{ident(table.number)} IN ({listed}) AND {condition}"
    return condition, {"ids": as_text(ids)}
