"""The key of a store stands beside it, private, and no store opens without its own."""

from pathlib import Path

import pytest

from data import beside, keyfile
from data.errors import StoreUnavailable
from data.store import Store
from tests.layouts import BUILT_IN


@pytest.fixture
def path(tmp_path: Path) -> Path:
    BUILT_IN.create(tmp_path).close()
    return tmp_path / "shop.duckdb"


def test_a_key_is_thirty_two_random_bytes_in_a_private_file(path: Path) -> None:
    file = path.with_suffix(beside.KEY)
    assert len(keyfile.read(path)) == 32
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_store_itself_does_not_have_its_key(path: Path) -> None:
    key = keyfile.read(path)
    assert key not in path.read_bytes()
    assert key.hex().encode() not in path.read_bytes()


def test_every_store_has_a_key_of_its_own(tmp_path: Path) -> None:
    keys = set()
    for name in map(str, range(5)):
        BUILT_IN.create(tmp_path / name).close()
        keys.add(keyfile.read(tmp_path / name / "shop.duckdb"))
    assert len(keys) == 5


def test_a_store_that_is_made_where_a_key_is_left_uses_it(path: Path) -> None:
    key = keyfile.read(path)
    path.unlink()
    BUILT_IN.create(path.parent).close()
    assert keyfile.read(path) == key


def test_without_its_key_a_store_does_not_open(path: Path) -> None:
    path.with_suffix(beside.KEY).unlink()
    with pytest.raises(StoreUnavailable, match="there is no") as refused:
        Store.open(path)
    assert "Put it back" in refused.value.then


def test_with_the_key_of_another_store_it_does_not_open(path: Path, tmp_path: Path) -> None:
    BUILT_IN.create(tmp_path / "other").close()
    other = (tmp_path / "other" / "shop.key").read_text()
    path.with_suffix(beside.KEY).write_text(other)
    with pytest.raises(StoreUnavailable, match="key of another store"):
        Store.open(path)


@pytest.mark.parametrize("content", [b"", b"00", b"zz" * 32, b"\xff" * 64])
def test_what_is_no_key_is_refused(path: Path, content: bytes) -> None:
    path.with_suffix(beside.KEY).write_bytes(content)
    with pytest.raises(StoreUnavailable, match="is no key"):
        Store.open(path)
