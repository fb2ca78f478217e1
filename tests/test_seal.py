"""A seal: what was sealed cannot be changed unseen, not even by who holds the key of the store."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from data import ledger, seal
from data.errors import BadInput, Refused
from data.ledger import By
from data.seal import Seal
from data.store import Store
from tests.layouts import BUILT_IN, BY
from tests.shop import done, habeas

pytest_plugins = ["tests.fixtures"]

SEALED = 6


def add(store: Store, entries: int, actor: str = "handler") -> None:
    for n in range(entries):
        with store.transaction() as cursor:
            ledger.append(cursor, By(actor), "access", article="15", detail={"n": n})


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with BUILT_IN.create(tmp_path_factory.mktemp("seal")) as store:
        add(store, SEALED)
        yield store


@pytest.fixture(scope="module")
def sealed(filled: Store) -> Seal:
    return written(filled)


def written(store: Store) -> Seal:
    path = store.path.with_name("seal.json")
    with store.reading() as cursor:
        assert seal.write(cursor, path) == seal.read(path)
    return seal.read(path)


def faults(store: Store, one: Seal) -> list[str]:
    with store.reading() as cursor:
        return [*seal.faults(cursor, one)]


def rewritten(store: Store, keep: int, entries: int) -> None:
    """The ledger anew after so many entries, by somebody who has the store and its key."""
    store.ledger_file.path.unlink()
    store.ledger_file.filed = 0
    with store.transaction() as cursor:
        cursor.run("DELETE FROM habeas.ledger WHERE seq > $keep", keep=keep)
    add(store, entries, "forger")


def test_a_seal_says_how_the_ledger_stands(filled: Store, sealed: Seal) -> None:
    with filled.reading() as cursor:
        last = ledger.newest(cursor, limit=1)[0]
    assert (sealed.entries, sealed.digest) == (SEALED, last.digest)
    assert faults(filled, sealed) == []


def test_it_is_right_after_more_was_done(tmp_path: Path) -> None:
    with BUILT_IN.create(tmp_path) as store:
        add(store, 3)
        sealed = written(store)
        add(store, 3)
        assert faults(store, sealed) == []


@pytest.mark.parametrize("keep", [0, 2, 5])
@pytest.mark.parametrize("entries", [SEALED, 9])
def test_a_ledger_that_was_written_anew_is_found(keep: int, entries: int, tmp_path: Path) -> None:
    with BUILT_IN.create(tmp_path) as store:
        add(store, SEALED)
        sealed = written(store)
        rewritten(store, keep, entries - keep)
        with store.reading() as cursor:
            assert ledger.verify(cursor) == []
        assert faults(store, sealed) == [f"entry {SEALED} is not the one that was sealed"]


def test_a_ledger_that_was_cut_is_found(tmp_path: Path) -> None:
    with BUILT_IN.create(tmp_path) as store:
        add(store, SEALED)
        sealed = written(store)
        rewritten(store, 3, 1)
        assert faults(store, sealed) == [
            f"entry {SEALED} was sealed, and the ledger ends with entry 4"
        ]


def test_an_entry_altered_but_for_its_digest_is_found(filled: Store, sealed: Seal) -> None:
    with filled.transaction(keep=False) as cursor:
        cursor.run(f"UPDATE habeas.ledger SET actor = 'nobody' WHERE seq = {SEALED}")
        assert [*seal.faults(cursor, sealed)] == [f"entry {SEALED} is not the one that was sealed"]


anything = st.one_of(st.text(max_size=9), st.integers(-9, 99))


@given(name=st.sampled_from([*Seal.__dataclass_fields__]), value=anything)
def test_a_seal_that_was_altered_is_found(
    filled: Store, sealed: Seal, name: str, value: Any
) -> None:
    altered = {**vars(sealed), name: value}
    try:
        read = Seal.from_json(altered)
    except ValueError:
        return
    assert (faults(filled, read) == []) == (altered == vars(sealed))


def test_a_seal_signed_by_somebody_else_is_of_another_store(filled: Store, sealed: Seal) -> None:
    key = Ed25519PrivateKey.generate()
    forged = replace(sealed, public_key=key.public_key().public_bytes_raw().hex())
    forged = replace(forged, signature=key.sign(forged.signed).hex())
    assert forged.is_signed
    assert faults(filled, forged) == [
        "the seal is of another store: it was signed with another key"
    ]


def test_two_stores_sign_with_different_keys_and_one_always_with_the_same(
    filled: Store, sealed: Seal, tmp_path: Path
) -> None:
    assert written(filled).public_key == sealed.public_key
    with BUILT_IN.create(tmp_path) as other:
        add(other, SEALED)
        assert written(other).public_key != sealed.public_key
        assert len(faults(other, sealed)) == 1


def test_the_signing_key_is_the_keyed_hash_of_nothing_that_an_id_can_be(filled: Store) -> None:
    with filled.reading() as cursor:
        derived = seal._key(cursor).private_bytes_raw().hex()
        assert derived != cursor.pseudonym(seal.FORMAT)
        assert derived != filled.key.hex()


def test_an_auditor_without_the_store_can_check_it_as_it_is_documented(sealed: Seal) -> None:
    said = json.loads(json.dumps(vars(sealed)))
    signature = bytes.fromhex(said.pop("signature"))
    text = json.dumps(said, sort_keys=True, separators=(",", ":")).encode("ascii")
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(said["public_key"])).verify(signature, text)


def test_neither_an_empty_ledger_nor_a_broken_one_is_sealed(store: Store, tmp_path: Path) -> None:
    out = tmp_path / "seal.json"
    with store.reading() as cursor, pytest.raises(Refused, match="nothing in the ledger"):
        seal.write(cursor, out)
    with store.transaction() as cursor:
        ledger.append(cursor, BY, "access")
        cursor.run("UPDATE habeas.ledger SET actor = 'nobody'")
        with pytest.raises(Refused, match="not whole"):
            seal.write(cursor, out)
    assert not out.exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff", b"[]", b"{}", b"no JSON", b"[" * 100_000, b'{"format": "habeas ledger seal 1"}'],
)
def test_what_is_no_seal_is_said_to_be_none(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "seal.json"
    path.write_bytes(content)
    with pytest.raises(BadInput, match="no seal"):
        seal.read(path)


def test_a_seal_of_another_format_is_none(sealed: Seal, tmp_path: Path) -> None:
    path = tmp_path / "seal.json"
    path.write_text(json.dumps({**vars(sealed), "format": "habeas ledger seal 2"}))
    with pytest.raises(BadInput, match="no seal"):
        seal.read(path)


def test_the_command_seals_verifies_and_says_what_came_since(shop_file: Path) -> None:
    sealed = done("ledger", "seal", "--out", "seal.json")
    assert done("ledger", "verify", "--seal", "seal.json")["since"] == []
    done("restrict", "ana-1", "--ground", "accuracy")
    said = done("ledger", "verify", "--seal", "seal.json")
    assert (said["chain"], said["seal"], said["faults"]) == ("whole", "right", [])
    assert said["sealed"]["entries"] == sealed["entries"] == 4
    assert said["since"] == ["5 restriction"]


def test_the_command_exits_1_where_what_was_sealed_is_gone(shop_file: Path) -> None:
    done("ledger", "seal", "--out", "seal.json")
    with duckdb.connect(str(shop_file)) as connection:
        connection.execute("DELETE FROM habeas.ledger WHERE seq = 4")
    result = habeas("ledger", "verify", "--seal", "seal.json", "--format", "json")
    assert (result.code, result.json["seal"]) == (1, "not right")
    assert result.json["faults"] == ["entry 4 was sealed, and the ledger ends with entry 3"]


@pytest.mark.parametrize("path", ["none.json", "shop.duckdb", "."])
def test_the_command_exits_2_where_there_is_no_seal(path: str, shop_file: Path) -> None:
    result = habeas("ledger", "verify", "--seal", path)
    assert (result.code, result.out) == (2, "")
    assert result.err.count("\n") == 1


def test_a_seal_that_cannot_be_written_exits_1(shop_file: Path) -> None:
    result = habeas("ledger", "seal", "--out", "shop.duckdb/seal.json")
    assert (result.code, result.out) == (1, "")
    assert "cannot be written" in result.err
