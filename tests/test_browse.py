"""Going through everybody: every place is reached at once, whatever the order of the rows."""

from collections.abc import Iterable, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import browse, finding
from data.browse import Everybody
from data.errors import BadInput
from data.rights.erasure import Erasure
from data.rights.plan import apply, propose
from data.rights.restriction import Restriction
from data.sql import ident
from data.store import Store
from tests.layouts import BY, Layout

IN_ORDER = [f"customer-{n:02}" for n in range(20)]


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """A handful of people is as many as millions."""
    monkeypatch.setattr(browse, "FEW", 2)


def written(
    layout: Layout, store: Store, ids: Iterable[str], last: Sequence[str | None] = ()
) -> None:
    """What another program wrote into the table, in this order."""
    with store.transaction() as cursor:
        cursor.run(f"DELETE FROM {layout.people_table}")
        for place, each in enumerate(ids):
            cursor.run(
                f"INSERT INTO {layout.people_table} "
                f"({ident(layout.id)}, {ident(layout.person['last'])}) VALUES ($id, $last)",
                id=each,
                last=last[place] if last else None,
            )
        cursor.run("UPDATE habeas.settings SET value = value || '.' WHERE name = 'ledger_head'")


def gone_through(store: Store, everybody: Everybody, by: int = 3) -> list[str]:
    """Everybody's id, page by page, the last page first."""
    with store.reading() as cursor:
        everybody.begin(cursor)
        everybody.arrange(cursor)
        pages = [
            everybody.page(cursor, offset, by)
            for offset in range(0, finding.count(cursor), by)[::-1]
        ]
    return [each.id for page in reversed(pages) for each in page]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(ids=st.permutations(IN_ORDER), some=st.integers(1, 20), by=st.integers(1, 25))
def test_few_are_in_order_however_their_rows_lie(
    layout: Layout, store: Store, ids: list[str], some: int, by: int
) -> None:
    written(layout, store, ids[:some])
    assert gone_through(store, Everybody(), by) == sorted(ids[:some])


@pytest.mark.usefixtures("many")
class TestMany:
    def test_rows_that_lie_in_order_are_taken_as_they_lie(
        self, layout: Layout, store: Store
    ) -> None:
        written(layout, store, IN_ORDER)
        everybody = Everybody()
        with store.reading() as cursor:
            assert not everybody.arrange(cursor)
            assert [each.id for each in everybody.page(cursor, 17, 9)] == IN_ORDER[17:]

    def test_rows_that_do_not_are_shown_at_once_and_put_in_order_then(
        self, layout: Layout, store: Store
    ) -> None:
        written(layout, store, IN_ORDER[::-1])
        everybody = Everybody()
        with store.reading() as cursor:
            everybody.begin(cursor)
            assert everybody.page(cursor, 0, 1)[0].id == IN_ORDER[-1]
            assert everybody.arrange(cursor), "what was shown is to be shown anew"
            assert not everybody.arrange(cursor), "but once"
        assert gone_through(store, everybody) == IN_ORDER

    def test_another_order_has_who_has_no_value_last(self, layout: Layout, store: Store) -> None:
        written(layout, store, "abcd", ["Öztürk", "Nowak", None, "Nowak"])
        assert gone_through(store, Everybody(layout.person["last"])) == ["b", "d", "a", "c"]

    def test_a_row_erased_while_its_page_is_in_view_is_in_no_page(
        self, layout: Layout, store: Store
    ) -> None:
        layout.load(store, people=[{"id": each, "last": each} for each in IN_ORDER])
        orders = (Everybody(), Everybody(layout.person["last"]))
        for everybody, gone in zip(orders, IN_ORDER[3:], strict=False):
            assert gone in gone_through(store, everybody)
            apply(store, propose(store, Erasure("unlawful"), gone), BY)
            with store.reading() as cursor:
                assert gone not in [each.id for each in everybody.page(cursor, 0, 9)]
        left = [each for each in IN_ORDER if each not in IN_ORDER[3:5]]
        assert [gone_through(store, each) for each in orders] == [left, left]

    def test_who_is_restricted_is_marked(self, layout: Layout, store: Store) -> None:
        layout.load(store, people=[{"id": each} for each in "abc"])
        apply(store, propose(store, Restriction("accuracy"), "b"), BY)
        with store.reading() as cursor:
            assert [each.restricted for each in Everybody().page(cursor, 0, 9)] == [
                False, True, False,
            ]  # fmt: skip

    def test_only_what_identifies_orders_them(self, store: Store) -> None:
        with store.reading() as cursor, pytest.raises(BadInput, match="not of hat"):
            Everybody("hat").begin(cursor)
