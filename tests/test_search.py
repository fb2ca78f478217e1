"""Whom a text finds: any piece of what identifies a person, whatever its case and accents."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import directory, finding, pieces
from data.directory import EVERY_PART
from data.errors import StoreUnavailable
from data.finding import Wanted
from data.rights.erasure import Erasure
from data.rights.rectification import Rectification
from data.store import Store
from tests.acts import exercise
from tests.hostile import HOSTILE
from tests.layouts import BUILT_IN, Layout
from tests.pieces import afresh, entered, fold

SHOP = [
    {"id": "c-01", "last": "Kowal", "email": "ola@example.org"},
    {"id": "c-02", "last": "Müller", "email": "kowalska@example.org"},
    {"id": "c-03", "last": "KOWALSKA", "email": "anna.k@example.org"},
    {"id": "c-04", "last": "Nowak-Kowalska", "email": "mueller@example.com"},
    {"id": "c-05", "last": "Łódź", "email": "d’arc+1@example.com"},
    {"id": "c-06", "last": "Straße van der Ærø", "email": ""},
]


def found(store: Store, text: str, limit: int = 50) -> list[str]:
    with store.reading() as cursor:
        return [each.id for each in finding.best(cursor, text, limit)[0]]


@pytest.fixture
def six(layout: Layout, store: Store) -> Store:
    layout.load(store, people=SHOP)
    return store


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("muller", "2"),
        ("MÜLLER", "2"),
        ("Mu\u0308ller", "2"),  # the accent a character of its own
        ("lodz", "5"),
        ("łÓDŹ", "5"),
        ("strasse", "6"),
        ("aero", "6"),
        ("C-03", "3"),
        ("owals", "234"),
        ("a@exam", "12"),
        ("example.com", "45"),
        ("d’arc+1@example.com", "5"),
        ("c-0", "123456"),
        ("ø", "123456"),  # an o, as in the addresses and in van der Ærø
        ("z", "5"),
        ("\u0301", ""),  # an accent and nothing else
        ("%", ""),
        ("_", ""),
        ("kowalskas", ""),
        ("kowalska@example.orgs", ""),
    ],
)
def test_any_piece_of_an_id_a_name_or_an_address_finds(six: Store, text: str, ids: str) -> None:
    assert sorted(found(six, text)) == [f"c-0{each}" for each in ids]


def test_the_whole_value_comes_first_then_its_beginning_then_any_piece(six: Store) -> None:
    assert found(six, "kowalska") == ["c-03", "c-02", "c-04"]
    assert found(six, "kowal") == ["c-01", "c-02", "c-03", "c-04"]
    assert found(six, "kowalska", limit=1) == ["c-03"]


def test_every_word_must_be_somewhere(six: Store) -> None:
    assert found(six, "kowalska anna") == ["c-03"]
    assert found(six, "  anna\tKOWALSKA  anna ") == ["c-03"]
    assert found(six, "van ærø") == ["c-06"]
    assert found(six, "kowalska lodz") == []


def test_of_a_long_text_every_word_counts(six: Store) -> None:
    words = ["kowalska", "anna", "03", "owal", "ska", "example", "org", "c-0", "k@"]
    assert found(six, " ".join(words)) == ["c-03"]
    assert found(six, " ".join([*words, "zz"])) == []
    assert found(six, "x" * 100_000) == []


def test_an_order_and_filters_go_with_the_words(layout: Layout, six: Store) -> None:
    last = layout.person["last"]
    with six.reading() as cursor:
        ordered = finding.find(cursor, Wanted("kowalska"), order=last)
        assert [each.id for each in ordered] == ["c-03", "c-02", "c-04"]
        assert finding.count(cursor, Wanted("muller", restricted=True)) == 0


def test_values_do_not_run_into_one_another(layout: Layout, store: Store) -> None:
    layout.load(store, people=[{"id": "ab", "last": "cd", "email": "ef@x.org"}])
    assert found(store, "bc") == found(store, "de") == []


def test_who_is_corrected_is_found_by_the_new_value_alone(layout: Layout, six: Store) -> None:
    exercise(six, Rectification({layout.person["last"]: "Zoë"}), of="c-03")
    assert found(six, "zoe") == ["c-03"]
    assert found(six, "KOWALSKA") == ["c-02", "c-04"]
    assert entered(six) == afresh(six)


def test_a_file_that_changes_somebody_changes_what_finds_them(layout: Layout, six: Store) -> None:
    layout.load(six, people=[{"id": "c-01", "last": "Ray"}, {"id": "c-00", "last": "Kowal"}])
    assert (found(six, "ray"), found(six, "kowal")[0]) == (["c-01"], "c-00")
    assert entered(six) == afresh(six)


def test_of_who_is_erased_no_piece_is_left(six: Store) -> None:
    exercise(six, Erasure("child"), of="c-02")
    assert found(six, "mull") == []
    assert entered(six) == afresh(six)
    with six.reading() as cursor:
        assert cursor.value(f"SELECT count(DISTINCT place) FROM ({EVERY_PART})") == 5


def test_many_are_changed_at_once(layout: Layout, store: Store) -> None:
    rows = [{"id": f"c-{n:03}", "last": "Old"} for n in range(200)]
    layout.load(store, people=rows)
    layout.load(store, people=[{**each, "last": "New"} for each in rows[:150]])
    assert entered(store) == afresh(store)
    with store.reading() as cursor:
        assert finding.count(cursor, Wanted("old")) == 50


def test_hostile_values_are_found_by_themselves(layout: Layout, store: Store) -> None:
    names = [each for each in HOSTILE if each.strip()]
    layout.load(store, people=[{"id": f"c-{n}", "last": each} for n, each in enumerate(names)])
    assert entered(store) == afresh(store)
    with store.reading() as cursor:
        rows = cursor.rows(
            f"SELECT {layout.id}, {layout.person['last']} FROM {layout.people_table}"
        )
    for subject_id, value in rows:
        if value and value.split():
            assert subject_id in found(store, value, limit=len(names)), repr(value)


LETTERS = "abł1@ é"
texts = st.text(LETTERS, min_size=1, max_size=12)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with BUILT_IN.create(tmp_path_factory.mktemp("many")) as store:
        yield store


def rank(words: Sequence[str], values: Sequence[str]) -> int | None:
    """How well a person fits, by what the words say; None where they do not."""
    ranks = []
    for word in words:
        if not any(word in each for each in values):
            return None
        begins = any(each.startswith(word) for each in values)
        ranks.append(0 if word in values else 1 if begins else 2)
    return max(ranks, default=None)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    names=st.lists(texts, min_size=1, max_size=12),
    text=st.lists(texts, min_size=1, max_size=2).map(" ".join).filter(str.strip),
    limit=st.integers(1, 12),
    common=st.sampled_from([1, 4, 1000]),
)
def test_they_are_those_whom_reading_everything_finds(
    many: Store,
    monkeypatch: pytest.MonkeyPatch,
    names: list[str],
    text: str,
    limit: int,
    common: int,
) -> None:
    """However few of a piece make it a common one."""
    monkeypatch.setattr(pieces, "MANY", common)
    with many.transaction(keep=False) as cursor:
        for n, name in enumerate(names):
            cursor.run(
                "INSERT INTO profiles (user_id, last_name) VALUES ($id, $name)",
                id=f"{n}",
                name=name,
            )
        directory.enter(cursor, "SELECT * FROM profiles")
        words = fold(cursor, text).split()
        ranks = {
            f"{n}": fit
            for n, name in enumerate(names)
            if (fit := rank(words, [f"{n}", fold(cursor, name)])) is not None
        }
        listed, total = finding.best(cursor, text, limit)
    assert {each.id for each in listed} <= set(ranks)
    assert len(listed) == min(limit, len(ranks))
    if not total.bound:
        assert total == len(ranks)
        assert [ranks[each.id] for each in listed] == sorted(ranks.values())[:limit]
    if total.bound == "more than":
        assert total <= len(ranks)


def test_a_common_piece_is_not_counted_to_the_end(
    layout: Layout, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout.load(store, people=[{"id": f"customer-{n:03}"} for n in range(120)])
    monkeypatch.setattr(pieces, "MANY", 100)
    with store.reading() as cursor:
        assert str(finding.count(cursor, Wanted("cust"))) == "more than 100"
        assert str(finding.count(cursor, Wanted("-11"))) == "10"
        assert str(finding.count(cursor, Wanted("customer-11"))) == "10"
        assert len(finding.best(cursor, "customer-", 2)[0]) == 2


def test_where_the_map_names_other_fields_that_identify_these_are_searched(
    layout: Layout, six: Store
) -> None:
    six.close()
    last = layout.person["last"]
    fields = {
        name: replace(each, identifies=name == last)
        for name, each in layout.map.people.fields.items()
    }
    other = replace(layout.map, people=replace(layout.map.people, fields=fields))
    with pytest.raises(StoreUnavailable, match="other fields that identify"):
        Store.open(six.path, other, read_only=True)
    with Store.open(six.path, other) as store:
        assert found(store, "kowalska") == ["c-03", "c-04"]
        assert entered(store) == afresh(store)
    with Store.open(six.path, other, read_only=True) as store:
        assert found(store, "example.org") == []
