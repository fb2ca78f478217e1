"""Finding people: in which order, and by what."""

import pytest

from data import people
from data.errors import BadInput
from data.store import Store
from tests.layouts import Layout

PEOPLE = [
    {"id": "a", "last": "Öztürk"},
    {"id": "b", "last": "Nowak"},
    {"id": "c", "last": ""},
    {"id": "d", "last": "Nowak"},
]


def found(store: Store, order: str, **more: int) -> list[str]:
    with store.reading() as cursor:
        return [each.id for each in people.find(cursor, "", order=order, **more)]


def test_they_come_in_order_of_a_field_then_of_the_id_and_who_has_none_last(
    layout: Layout, store: Store
) -> None:
    layout.load(store, people=PEOPLE)
    assert found(store, "") == ["a", "b", "c", "d"]
    assert found(store, layout.person["last"]) == ["b", "d", "a", "c"]


def test_a_page_is_a_page_of_that_order(layout: Layout, store: Store) -> None:
    layout.load(store, people=PEOPLE)
    assert found(store, layout.person["last"], limit=2, offset=1) == ["d", "a"]


def test_only_what_identifies_orders_them(layout: Layout, store: Store) -> None:
    with pytest.raises(BadInput, match="not of hat"):
        found(store, "hat")
