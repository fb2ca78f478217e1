"""A seal: the last entry of the ledger, signed, for somebody else to keep.

Whoever has the store and its key can write the whole ledger anew, and it is whole. But they cannot
take back what was sealed before: its digest would be another. The key that signs is made from that
of the store, so there is no further secret; with the public one in the seal, anybody can check it.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from data import files, ledger
from data.cursor import Cursor
from data.errors import BadInput, Refused

if TYPE_CHECKING:
    # It takes long to load, and few commands sign.
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FORMAT = "habeas ledger seal 1"


@dataclass(frozen=True)
class Seal:
    """That the ledger had so many entries at that moment, the last of this digest.

    Key and signature, of Ed25519, are in hexadecimal.
    """

    format: str
    controller: str
    moment: str
    entries: int
    digest: str
    public_key: str
    signature: str = ""

    @property
    def signed(self) -> bytes:
        """What the signature is of: all else, as JSON in ASCII, sorted, without blanks."""
        said = {name: value for name, value in asdict(self).items() if name != "signature"}
        return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()

    @property
    def is_signed(self) -> bool:
        """Whether the signature is that of the key in the seal."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.public_key))
            key.verify(bytes.fromhex(self.signature), self.signed)
        except (InvalidSignature, ValueError):
            return False
        return True

    @classmethod
    def from_json(cls, said: Any) -> Self:
        """Raises ValueError where it is none."""
        kinds = {name: each.type for name, each in cls.__dataclass_fields__.items()}
        if not isinstance(said, dict) or said.keys() != kinds.keys():
            raise ValueError
        if any(type(said[name]) is not kind for name, kind in kinds.items()):
            raise ValueError
        if said["format"] != FORMAT:
            raise ValueError
        return cls(**said)


def write(cursor: Cursor, path: Path) -> Seal:
    """Seals the ledger as it stands, into a file. Raises Refused where it is empty or broken."""
    if ledger.verify(cursor):
        raise Refused("The ledger is not whole.", then="See habeas ledger verify.")
    last = ledger.newest(cursor, limit=1)
    if not last:
        raise Refused("There is nothing in the ledger yet.")
    key = _key(cursor)
    unsigned = Seal(
        format=FORMAT,
        controller=cursor.map.controller.name,
        moment=cursor.now.astimezone(UTC).isoformat(),
        entries=last[0].seq,
        digest=last[0].digest,
        public_key=key.public_key().public_bytes_raw().hex(),
    )
    seal = Seal(**{**asdict(unsigned), "signature": key.sign(unsigned.signed).hex()})
    files.write_text(path, json.dumps(asdict(seal), indent=2) + "\n")
    return seal


def read(path: Path) -> Seal:
    """The seal in a file. Raises BadInput where it cannot be read, or is none."""
    try:
        return Seal.from_json(json.loads(path.read_text("utf-8")))
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError):
        raise BadInput(f"{path} is no seal of a ledger.") from None


def faults(cursor: Cursor, seal: Seal) -> Iterator[str]:
    """What is wrong with a seal, or with the ledger against it, in words; nothing where all is as
    it was sealed. Whether the entries are whole says `ledger.verify`."""
    if not seal.is_signed:
        yield "the seal was altered: its signature is not right"
        return
    if seal.public_key != _key(cursor).public_key().public_bytes_raw().hex():
        yield "the seal is of another store: it was signed with another key"
        return
    last = ledger.count(cursor)
    if seal.entries > last:
        yield f"entry {seal.entries} was sealed, and the ledger ends with entry {last}"
        return
    found = ledger.entries(cursor, after=seal.entries - 1, limit=1)
    if not found or (found[0].seq, found[0].computed()) != (seal.entries, seal.digest):
        yield f"entry {seal.entries} is not the one that was sealed"


def _key(cursor: Cursor) -> "Ed25519PrivateKey":
    """The key that signs. It is no keyed hash of any text, or an id could be chosen of which the
    hash in the ledger were that key."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    derived = HKDF(SHA256(), 32, salt=None, info=FORMAT.encode()).derive(cursor.key)
    return Ed25519PrivateKey.from_private_bytes(derived)
