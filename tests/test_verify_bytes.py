"""What stands in a file is found, wherever it is and however DuckDB packs it."""

import json
import random
import re
import subprocess
import sys
import tracemalloc
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.engines.file import STORAGE_VERSION
from data.subject import number, pseudonym
from data.verification import needles, packed, scan
from data.verification.needles import Needle
from data.verification.scan import FSST, PLAIN, ZSTD, Scan

ZELDA = "zelda-77"
MAIL = "zelda.quartz@example.org"
ROWS = 20_000

PACKINGS = {
    "auto": FSST,
    "uncompressed": PLAIN,
    "dict_fsst": FSST,
    "zstd": ZSTD,
    "rle": FSST,
    "bitpacking": FSST,
}
"""How DuckDB 1.5 packs many different texts, by the compression it is told to use."""


def connect(path: Path, compression: str = "auto") -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(f"ATTACH '{path}' AS store (STORAGE_VERSION '{STORAGE_VERSION}')")
    connection.execute("USE store")
    if compression != "auto":
        connection.execute(f"PRAGMA force_compression = '{compression}'")
    return connection


def crowd(connection: duckdb.DuckDBPyConnection) -> None:
    """Many people, Zelda in the middle of them."""
    connection.execute(
        "CREATE TABLE people AS SELECT CASE WHEN i = $middle THEN $number "
        "ELSE CAST(hash(i) % (1::UBIGINT << 60) AS BIGINT) END AS person_no, "
        "CASE WHEN i = $middle THEN $id ELSE 'customer-' || i END AS user_id, "
        "{'mail': CASE WHEN i = $middle THEN $mail ELSE i || '@example.org' END} AS contact "
        "FROM range($rows) r(i)",
        {"middle": ROWS // 2, "number": number(ZELDA), "id": ZELDA, "mail": MAIL, "rows": ROWS},
    )
    connection.execute("CHECKPOINT store")


def found(path: Path, sought: Sequence[Needle]) -> Counter[tuple[str, str]]:
    """Places by form and packing."""
    looked = Scan(sought)
    looked.file(path)
    counted: Counter[tuple[str, str]] = Counter()
    for (_, form, packing), count in looked.found.items():
        counted[form, packing] += count
    return counted


def needle(data: bytes, *longer: bytes) -> Needle:
    return Needle("text", data, frozenset(longer))


few = st.text("ab\0", min_size=1, max_size=6).map(str.encode)


@given(text=st.lists(few, max_size=60).map(b"".join), sought=few, block=st.integers(1, 40))
def test_whatever_is_there_is_counted_once_across_the_borders_of_blocks(
    text: bytes, sought: bytes, block: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "borders"
    path.write_bytes(text)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(scan, "BLOCK", block)
        patched.setattr(scan, "MARGIN", 8)
        counted = found(path, [needle(sought)]).total()
    assert counted == sum(text.startswith(sought, at) for at in range(len(text)))


@given(
    before=st.integers(0, 3 * scan.MARGIN),
    after=st.integers(0, 3 * scan.MARGIN),
    sought=st.binary(min_size=12, max_size=64),
    seed=st.integers(),
)
def test_it_is_found_wherever_it_is_in_random_bytes(
    before: int, after: int, sought: bytes, seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    noise = random.Random(seed)
    path = tmp_path_factory.getbasetemp() / "noise"
    path.write_bytes(noise.randbytes(before) + sought + noise.randbytes(after))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(scan, "BLOCK", 5_000)
        assert found(path, [needle(sought)]).total() >= 1
        assert not found(path, [needle(sought + b"another")])


@given(
    mine=st.integers(0, 3),
    others=st.lists(st.sampled_from([b"user_10", b"a-user_1", b"user_1user_11"]), max_size=5),
    block=st.integers(1, 40),
)
def test_a_longer_value_of_somebody_else_is_not_meant(
    mine: int, others: list[bytes], block: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "longer"
    path.write_bytes(b";".join([*others, *[b"user_1"] * mine]))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(scan, "BLOCK", block)
        patched.setattr(scan, "MARGIN", 16)
        count = found(path, [needle(b"user_1", b"user_10", b"a-user_1", b"user_11")]).total()
    assert count == mine + others.count(b"user_1user_11")


@pytest.mark.parametrize(
    "value", ["ana-1", 'a"b\\c', "zoë@example.org", "x\n\ty", "東京-1", "ÆØÅ 1"]
)
def test_a_value_is_found_as_it_is_in_either_case_and_as_json_has_it(
    value: str, tmp_path: Path
) -> None:
    for text in (value, value.lower(), value.upper()):
        for spelled in (text, json.dumps(text), json.dumps(text, ensure_ascii=False)):
            (tmp_path / "file").write_bytes(b"\0\1" + spelled.encode() + b"\xff")
            assert found(tmp_path / "file", [*needles.of_text(value)]).total() == 1


def test_what_stands_anywhere_by_chance_is_not_looked_for() -> None:
    assert not [*needles.of_text("7"), *needles.of_text("abc")]


@pytest.mark.parametrize(("compression", "packing"), PACKINGS.items(), ids=PACKINGS)
def test_a_text_is_found_however_it_is_packed(
    compression: str, packing: str, tmp_path: Path
) -> None:
    path = tmp_path / "shop.duckdb"
    with connect(path, compression) as connection:
        crowd(connection)
    for value in (ZELDA, MAIL):
        assert found(path, [*needles.of_text(value)])["text", packing] >= 1


@pytest.mark.parametrize("compression", PACKINGS)
def test_what_is_deleted_stays_in_the_file_and_is_gone_from_a_copy(
    compression: str, tmp_path: Path
) -> None:
    path, fresh = tmp_path / "shop.duckdb", tmp_path / "fresh.duckdb"
    sought = [*needles.of_text(ZELDA), *needles.of_text(MAIL), *needles.of_number(ZELDA)]
    sought += [*needles.of_statistics(ZELDA), *needles.of_statistics(MAIL)]
    with connect(path, compression) as connection:
        crowd(connection)
        connection.execute("DELETE FROM people WHERE user_id = $id", {"id": ZELDA})
        connection.execute("CHECKPOINT store")
        assert found(path, sought)
        connection.execute(f"ATTACH '{fresh}' AS fresh (STORAGE_VERSION '{STORAGE_VERSION}')")
        connection.execute("COPY FROM DATABASE store TO fresh")
    assert not found(fresh, sought)


@pytest.mark.parametrize("value", [ZELDA, "zz", "zoë-of-a-long-name", "z"])
def test_the_greatest_and_the_smallest_value_are_found_in_the_statistics(
    value: str, tmp_path: Path
) -> None:
    path = tmp_path / "shop.duckdb"
    for others in ("a", "zzz"):
        path.unlink(missing_ok=True)
        with connect(path) as connection:
            connection.execute("CREATE TABLE t AS SELECT $value AS x", {"value": value})
            connection.execute(f"INSERT INTO t SELECT '{others}' || i FROM range(99) r(i)")
        assert found(path, [*needles.of_statistics(value)])
        assert not found(path, [*needles.of_statistics(f"not {value}")])


@settings(max_examples=20)
@given(subject=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20))
def test_the_number_of_a_person_is_found_in_a_column_and_in_the_statistics(
    subject: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "numbers.duckdb"
    path.unlink(missing_ok=True)
    with connect(path, "uncompressed") as connection:
        connection.execute("CREATE TABLE t AS SELECT $number AS n", {"number": number(subject)})
        connection.execute("INSERT INTO t VALUES (-1), (2::BIGINT ** 61)")
        connection.execute("CREATE TABLE u AS SELECT $number AS n", {"number": number(subject)})
    counted = found(path, [*needles.of_number(subject)])
    assert counted["person number", PLAIN] >= 1
    assert counted["column statistics", PLAIN] >= 1


def test_every_text_of_a_dictionary_is_unpacked(tmp_path: Path) -> None:
    rng = random.Random(1)
    letters = "abcdefgh.@-_0123456789éß東\U0001f600"
    texts = {"".join(rng.choices(letters, k=rng.randint(1, 700))) for _ in range(1_200)}
    path = tmp_path / "shop.duckdb"
    with connect(path, "dict_fsst") as connection:
        connection.execute("CREATE TABLE t AS SELECT unnest($texts) AS x", {"texts": [*texts]})
    data = path.read_bytes()
    places = [each.start() for each in re.finditer(re.escape(packed.SYMBOLS), data)]
    with path.open("rb") as file:
        apart = b"\0".join(packed.dictionary(file, at, apart=True) for at in places)
        together = b"".join(packed.dictionary(file, at) for at in places)
    unpacked = {*apart.decode().split("\0")} - {""}
    assert unpacked <= texts
    assert len(unpacked) > len(texts) / 2
    assert all(each.encode() in data for each in texts - unpacked)
    assert apart.replace(b"\0", b"") == together


def test_bytes_that_are_no_text_are_unpacked_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "shop.duckdb"
    with connect(path, "dict_fsst") as connection:
        connection.execute(
            "CREATE TABLE t AS SELECT encode('customer-' || hash(i)) || CASE WHEN i % 997 = 0 "
            "THEN '\\xFF\\xFF\\xFE\\x01'::BLOB || encode('-' || i) ELSE ''::BLOB END AS x "
            f"FROM range({ROWS}) r(i)"
        )
    sought = [needle(b"\xff\xff\xfe\x01-%d" % n) for n in range(997, ROWS, 997)]
    counted = found(path, sought)
    assert counted["text", FSST] >= len(sought) - 2
    assert counted.total() >= len(sought)


def test_an_erased_person_is_found_by_the_keyed_hash_of_the_id_in_what_was_deleted(
    tmp_path: Path,
) -> None:
    path = tmp_path / "shop.duckdb"
    with connect(path) as connection:
        crowd(connection)
        connection.execute("DELETE FROM people WHERE user_id = $id", {"id": ZELDA})
    for subject, count in ((ZELDA, 1), ("zelda-7", 0), ("elda-77", 0)):
        looked = Scan([], frozenset([pseudonym(b"key", subject)]), b"key")
        looked.file(path)
        assert looked.found[str(path), "id of an erased person", FSST] == count


def test_a_frame_that_goes_on_in_another_block_is_followed(tmp_path: Path) -> None:
    path = tmp_path / "shop.duckdb"
    rng = random.Random(1)
    texts = [f"person-{n}-{rng.randbytes(200).hex()}" for n in range(9_000)]
    with connect(path, "zstd") as connection:
        connection.execute("CREATE TABLE t AS SELECT unnest($texts) AS x", {"texts": texts})
    assert path.stat().st_size > 4 * 256 * 1024
    sought = [needle(each.encode()) for each in texts[::333]]
    assert found(path, sought)["text", ZSTD] == len(sought)


@given(noise=st.binary(max_size=300), mark=st.sampled_from([packed.SYMBOLS, packed.FRAME]))
def test_what_only_looks_packed_is_no_error(
    noise: bytes, mark: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "looks-packed"
    for head in (b"\1\0\0\0", bytes(8) + b"DUCK"):
        path.write_bytes(head + mark + noise)
        assert not found(path, [needle(b"nothing of this")])


@pytest.mark.parametrize("following", [0, 1, 2**31, 2**45, 2**63, 2**64 - 1])
def test_a_frame_that_goes_on_nowhere_is_followed_as_far_as_it_goes(
    following: int, tmp_path: Path
) -> None:
    path = tmp_path / "shop.duckdb"
    text = MAIL.encode() + random.Random(1).randbytes(400_000)
    frame = packed.zstd.compress(text)
    block = (bytes(8) + frame)[: 256 * 1024 - 8] + following.to_bytes(8, "little")
    path.write_bytes((bytes(8) + b"DUCK").ljust(3 * 4096, b"\0") + block)
    assert found(path, [needle(MAIL.encode())]) == {("text", ZSTD): 1, ("text", PLAIN): 1}


def test_the_log_of_a_program_that_was_killed_is_looked_through(tmp_path: Path) -> None:
    path = tmp_path / "shop.duckdb"
    code = (
        "import os, duckdb; c = duckdb.connect('shop.duckdb'); "
        "c.execute('CREATE TABLE t (n BIGINT, x VARCHAR)'); "
        f"c.execute(\"INSERT INTO t VALUES ({number(ZELDA)}, '{MAIL}')\"); "
        "c.execute('DELETE FROM t'); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=False)
    sought = [*needles.of_text(MAIL), *needles.of_number(ZELDA)]
    assert not found(path, sought)
    counted = found(path.with_name("shop.duckdb.wal"), sought)
    assert counted == {("text", PLAIN): 1, ("person number", PLAIN): 1}


@pytest.mark.slow
def test_what_a_query_spills_is_looked_through(tmp_path: Path) -> None:
    spilled = tmp_path / "shop.tmp"
    with connect(tmp_path / "shop.duckdb") as connection:
        connection.execute(f"SET temp_directory = '{spilled}'")
        connection.execute("SET memory_limit = '60MB'")
        connection.execute("SET threads = 1")
        result = connection.execute(
            "SELECT i, CASE WHEN i % 1000 = 5 THEN $mail ELSE 'customer-' || hash(i) END AS x "
            "FROM range(1_000_000) r(i) ORDER BY hash(i)",
            {"mail": MAIL},
        )
        assert result.fetchone()
        counted = sum((found(each, [*needles.of_text(MAIL)]) for each in spilled.iterdir()),
                      Counter())  # fmt: skip
    assert counted["text", ZSTD] > 0
    assert counted.total() > 0


def test_the_memory_it_takes_does_not_grow_with_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan, "BLOCK", 1 << 20)
    with (tmp_path / "large").open("wb") as file:
        file.truncate(64 << 20)
    looked = Scan([needle(b"nothing of this")])
    tracemalloc.start()
    looked.file(tmp_path / "large")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert looked.size == 64 << 20
    assert most < 5 << 20
