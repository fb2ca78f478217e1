"""The ledger: whatever is altered, removed or moved in it is found; it names nobody."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from data import ledger
from data.cursor import Cursor
from data.entry import Entry
from data.ledger import By
from data.store import Store
from tests.layouts import BUILT_IN, BY, NOON, FixedClock, Layout

ENTRIES = 6
COLUMNS = ("seq", "moment", "actor", "action", "article", "subject", "request", "detail",
           "previous", "digest")  # fmt: skip

any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def fill(store: Store, entries: int = ENTRIES) -> None:
    for n in range(entries):
        with store.transaction() as cursor:
            ledger.append(
                cursor,
                By(f"handler {n % 2}", request=f"R{n}"),
                "rectification",
                article="16",
                subject=cursor.pseudonym(f"person {n % 3}"),
                detail={"fields": ["email"], "n": n},
            )


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A ledger of six entries. A test tampers with it inside a transaction that is not kept."""
    with BUILT_IN.create(tmp_path_factory.mktemp("ledger")) as store:
        fill(store)
        yield store


def found(cursor: Cursor) -> list[str]:
    """The breaks of the chain in the store, whatever its file has."""
    name = cursor.ledger_file.path.name
    return [each for each in ledger.verify(cursor) if not each.startswith(name)]


def test_what_nobody_touched_is_whole(filled: Store) -> None:
    with filled.reading() as cursor:
        assert found(cursor) == []
        assert len(ledger.entries(cursor)) == ENTRIES


def test_an_empty_ledger_is_whole(store: Store) -> None:
    with store.reading() as cursor:
        assert found(cursor) == []


def test_a_ledger_of_a_real_shop_is_whole(layout: Layout, shop: Store) -> None:
    with shop.reading() as cursor:
        assert found(cursor) == []
        assert ledger.entries(cursor)


texts = st.sampled_from(COLUMNS[2:])


@given(seq=st.integers(1, ENTRIES), column=texts, value=any_text)
def test_any_text_altered_in_any_entry_is_found(
    filled: Store, seq: int, column: str, value: str
) -> None:
    with filled.transaction(keep=False) as cursor:
        old = cursor.value(f"SELECT {column} FROM habeas.ledger WHERE seq = $seq", seq=seq)
        assume(old != value)
        cursor.run(f"UPDATE habeas.ledger SET {column} = $v WHERE seq = $seq", v=value, seq=seq)
        assert found(cursor)


@given(seq=st.integers(1, ENTRIES), new=st.integers(-(2**63), 2**63 - 1))
def test_any_number_altered_is_found(filled: Store, seq: int, new: int) -> None:
    assume(seq != new)
    with filled.transaction(keep=False) as cursor:
        cursor.run("UPDATE habeas.ledger SET seq = $new WHERE seq = $seq", new=new, seq=seq)
        assert found(cursor)


@given(
    seq=st.integers(1, ENTRIES),
    by=st.timedeltas(timedelta(days=-9_000), timedelta(days=9_000)).filter(bool),
)
def test_any_time_altered_is_found(filled: Store, seq: int, by: timedelta) -> None:
    with filled.transaction(keep=False) as cursor:
        cursor.run(
            "UPDATE habeas.ledger SET moment = $new WHERE seq = $seq", new=NOON + by, seq=seq
        )
        assert found(cursor)


@pytest.mark.parametrize("column", ["subject", "request"])
def test_a_text_taken_away_is_found(filled: Store, column: str) -> None:
    with filled.transaction(keep=False) as cursor:
        cursor.run(f"UPDATE habeas.ledger SET {column} = NULL WHERE seq = 3")
        assert "entry 3 was altered" in found(cursor)


@given(seq=st.integers(1, ENTRIES))
def test_an_entry_altered_with_its_digest_is_found(filled: Store, seq: int) -> None:
    with filled.transaction(keep=False) as cursor:
        forged = replace(ledger.entries(cursor)[seq - 1], actor="somebody else")
        cursor.run(
            "UPDATE habeas.ledger SET actor = $actor, digest = $digest WHERE seq = $seq",
            actor=forged.actor,
            digest=forged.computed(),
            seq=seq,
        )
        last = f"entry {seq} is not the last one that was written"
        follows = f"entry {seq + 1} does not follow the one before it"
        assert found(cursor) == [last if seq == ENTRIES else follows]


@given(removed=st.sets(st.integers(1, ENTRIES), min_size=1))
def test_any_entries_removed_are_found(filled: Store, removed: set[int]) -> None:
    with filled.transaction(keep=False) as cursor:
        cursor.run("DELETE FROM habeas.ledger WHERE seq IN (SELECT unnest($seqs))", seqs=[*removed])
        assert found(cursor)


@pytest.mark.parametrize(
    ("seq", "said"),
    [
        (1, "entry 1 is missing: 2 follows 0"),
        (3, "entry 3 is missing: 4 follows 2"),
        (ENTRIES, f"entry {ENTRIES - 1} is not the last one that was written"),
    ],
)
def test_it_is_said_which_entry_was_removed(filled: Store, seq: int, said: str) -> None:
    with filled.transaction(keep=False) as cursor:
        cursor.run("DELETE FROM habeas.ledger WHERE seq = $seq", seq=seq)
        assert said in found(cursor)


@given(pair=st.lists(st.integers(1, ENTRIES), min_size=2, max_size=2, unique=True))
def test_any_two_entries_swapped_are_found(filled: Store, pair: list[int]) -> None:
    one, two = pair
    with filled.transaction(keep=False) as cursor:
        cursor.run(
            "UPDATE habeas.ledger SET seq = $one + $two - seq WHERE seq IN ($one, $two)",
            one=one,
            two=two,
        )
        assert found(cursor)


@given(seq=st.integers(1, ENTRIES))
def test_an_entry_doubled_is_found(filled: Store, seq: int) -> None:
    with filled.transaction(keep=False) as cursor:
        cursor.run(
            "INSERT INTO habeas.ledger SELECT * FROM habeas.ledger WHERE seq = $seq", seq=seq
        )
        assert found(cursor)


@given(keep=st.integers(0, ENTRIES - 1))
def test_a_chain_computed_anew_from_some_entry_on_is_found(filled: Store, keep: int) -> None:
    """Who can write the file but has not the key cannot forge the end of the chain."""
    with filled.transaction(keep=False) as cursor:
        entries = ledger.entries(cursor)
        head = cursor.value("SELECT value FROM habeas.settings WHERE name = 'ledger_head'")
        cursor.run("DELETE FROM habeas.ledger WHERE seq > $keep", keep=keep)
        for each in entries[keep:]:
            ledger.append(cursor, By("forger"), each.action, subject=each.subject)
        cursor.run("UPDATE habeas.settings SET value = $h WHERE name = 'ledger_head'", h=head)
        assert found(cursor) == [f"entry {ENTRIES} is not the last one that was written"]


def test_a_break_is_found_beyond_the_first_page(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger.entries, "__kwdefaults__", {"subject": "", "after": 0, "limit": 2})
    with filled.transaction(keep=False) as cursor:
        assert len(ledger.entries(cursor)) == 2
        assert found(cursor) == []
        cursor.run("UPDATE habeas.ledger SET actor = 'x' WHERE seq = 5")
        assert found(cursor) == ["entry 5 was altered"]


def test_entries_say_what_was_done_by_whom_and_when(store: Store, clock: FixedClock) -> None:
    fill(store, 1)
    with store.reading() as cursor:
        (entry,) = ledger.entries(cursor)
        assert entry.subject == cursor.pseudonym("person 0")
    assert entry.moment == clock.now
    assert (entry.seq, entry.actor, entry.action, entry.article, entry.request) == (
        1,
        "handler 0",
        "rectification",
        "16",
        "R0",
    )
    assert entry.facts == {"fields": ["email"], "n": 0}
    assert entry.previous == ""


def test_entries_follow_each_other(filled: Store) -> None:
    with filled.reading() as cursor:
        entries = ledger.entries(cursor)
    assert [each.seq for each in entries] == list(range(1, ENTRIES + 1))
    assert [each.previous for each in entries[1:]] == [each.digest for each in entries[:-1]]


def test_one_persons_entries_are_found_by_their_hash(filled: Store) -> None:
    with filled.reading() as cursor:
        of_one = ledger.entries(cursor, subject=cursor.pseudonym("person 1"))
        after = ledger.entries(cursor, subject=cursor.pseudonym("person 1"), after=2, limit=1)
    assert [each.seq for each in of_one] == [2, 5]
    assert [each.seq for each in after] == [5]


def test_a_reason_in_words_stands_beside_the_chain(store: Store) -> None:
    with store.transaction() as cursor:
        ledger.append(cursor, By("handler", "by letter"), "import")
        ledger.append(cursor, By("handler"), "import")
        ledger.append(cursor, By("handler", "by mail"), "access", subject="someone")
    with store.transaction() as cursor:
        assert ledger.reasons(cursor) == {1: "by letter", 3: "by mail"}
        assert ledger.reasons(cursor, "someone") == {3: "by mail"}
        cursor.run("DELETE FROM habeas.reasons")
        assert found(cursor) == []


def test_the_digest_covers_every_column(filled: Store) -> None:
    with filled.reading() as cursor:
        entry = ledger.entries(cursor)[0]
    assert set(COLUMNS) == {*Entry.__dataclass_fields__}
    assert entry.computed() == entry.digest


def test_two_stores_have_different_marks_of_the_same_history(tmp_path: Path) -> None:
    heads = set()
    for name in "ab":
        with BUILT_IN.create(tmp_path / name) as store:
            with store.transaction() as cursor:
                ledger.append(cursor, BY, "import")
            with store.reading() as cursor:
                heads.add(
                    cursor.value("SELECT value FROM habeas.settings WHERE name = 'ledger_head'")
                )
    assert len(heads) == 2
