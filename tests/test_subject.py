"""A person's number and keyed hash are the same in Python and in SQL, for any text.

Left out are lone surrogates, which are no UTF-8 and so no text to DuckDB either. Python's
NUL is bound and hashed like any other character.
"""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.schema import qualified
from data.sql import ident, literal, table
from data.store import Store
from data.subject import number, number_sql, pseudonym, pseudonym_sql, whose
from tests.layouts import BUILT_IN, Layout

any_text = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.fixture(scope="module")
def open_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with BUILT_IN.create(tmp_path_factory.mktemp("subject")) as store:
        yield store


@given(text=any_text)
def test_the_number_is_the_same_in_python_and_in_sql(open_store: Store, text: str) -> None:
    with open_store.reading() as cursor:
        assert cursor.value(f"SELECT {number_sql('$text')}", text=text) == number(text)


@given(text=any_text)
def test_the_keyed_hash_is_the_same_in_python_and_in_sql(open_store: Store, text: str) -> None:
    with open_store.reading() as cursor:
        found = cursor.value(f"SELECT {pseudonym_sql('$text')}", text=text, keyed=cursor.keyed)
        assert found == pseudonym(cursor.key, text)


@given(text=any_text)
def test_a_number_fits_sixty_bits(text: str) -> None:
    assert 0 <= number(text) < 2**60


def test_a_number_is_the_same_for_ever() -> None:
    assert number("user_0001") == 0x249CCB82ADF80ED


@given(text=any_text)
def test_a_keyed_hash_says_nothing_without_its_key(text: str) -> None:
    assert pseudonym(b"one key", text) != pseudonym(b"another key", text)


def test_rows_are_asked_for_by_id_and_by_number_where_there_is_one(layout: Layout) -> None:
    condition, values = whose(layout.map.people, ["a", "b"])
    assert values == {"ids": '["a", "b"]'}
    assert (str(number("b")) in condition) == bool(layout.map.people.number)
    assert layout.id in condition


def test_no_ids_are_nobody(layout: Layout, shop: Store) -> None:
    with shop.reading() as cursor:
        condition, values = whose(layout.map.people, [])
        people = qualified(layout.map.people)
        assert cursor.rows(f"SELECT * FROM {people} WHERE {condition}", **values) == []


@given(text=any_text.filter(lambda text: "\0" not in text))
def test_a_quoted_text_is_that_text(open_store: Store, text: str) -> None:
    with open_store.reading() as cursor:
        assert cursor.value(f"SELECT {literal(text)}") == text


def test_a_quoted_name_is_one_name() -> None:
    assert ident('a"b') == '"a""b"'
    assert table('crm.a"b') == '"crm"."a""b"'
