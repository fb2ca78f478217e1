"""A few people among many are found, and are gone, wherever their rows and lines lie."""

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import directory, locate, people
from data.cursor import Cursor
from data.errors import NotFound
from data.rights.erasure import Erasure
from data.rights.rectification import Rectification
from data.schema import qualified
from data.sql import ident
from data.store import Store
from data.subject import number_sql
from tests.acts import exercise
from tests.layouts import Layout
from tests.pieces import afresh, entered

IN_ORDER = [f"customer-{n:02}" for n in range(20)]
MERGED = "device-7"


@pytest.fixture(autouse=True)
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """A handful of people is as many as millions."""
    monkeypatch.setattr(locate, "LARGE", 2)
    monkeypatch.setattr(locate, "STRETCH", 4)
    monkeypatch.setattr(locate, "FEW", 8)


def lie(store: Store, ids: Sequence[str], *, listed: bool = True) -> None:
    """The people's rows are in this order, in the directory too if they are listed there."""
    layout = store.map.people
    number = f", {ident(layout.number)}" if layout.number else ""
    value = f", {number_sql('$id')}" if layout.number else ""
    with store.transaction() as cursor:
        cursor.run(f"DELETE FROM {qualified(layout)}")
        for each in ids:
            cursor.run(
                f"INSERT INTO {qualified(layout)} ({ident(layout.key)}{number}) "
                f"VALUES ($id{value})",
                id=each,
            )
        if listed:
            directory.make_anew(cursor)


def by_number(cursor: Cursor, *ids: str) -> bool:
    """Whether DuckDB is told the numbers of their rows."""
    condition, _ = locate.whose(cursor, cursor.map.people, ids)
    return "rowid" in condition


def rows(store: Store, *ids: str) -> list[str]:
    table = store.map.people
    with store.reading() as cursor:
        condition, values = locate.whose(cursor, table, ids)
        found = cursor.rows(
            f"SELECT {ident(table.key)} FROM {qualified(table)} WHERE {condition} ORDER BY 1",
            **values,
        )
    return [each for (each,) in found]


class TestRows:
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10)
    @given(gone=st.sets(st.sampled_from(IN_ORDER), max_size=18))
    def test_are_where_halves_lead_whoever_is_gone(self, store: Store, gone: set[str]) -> None:
        lie(store, IN_ORDER)
        key = ident(store.map.people.key)
        with store.transaction() as cursor:
            cursor.run(
                f"DELETE FROM {qualified(store.map.people)} WHERE list_contains($gone, {key})",
                gone=sorted(gone),
            )
        with store.reading() as cursor:
            for each in {*IN_ORDER} - gone:
                near = locate.near(cursor, each)
                assert (each,) in cursor.rows(f"SELECT {key} FROM {near}")

    def test_are_told_by_their_numbers(self, store: Store) -> None:
        lie(store, IN_ORDER)
        with store.reading() as cursor:
            assert by_number(cursor, IN_ORDER[7])
            assert by_number(cursor, IN_ORDER[7], IN_ORDER[19], MERGED)
            assert by_number(cursor, MERGED)
            assert not by_number(cursor, *IN_ORDER), "these are not few"
        assert rows(store, IN_ORDER[7], IN_ORDER[19], MERGED) == [IN_ORDER[7], IN_ORDER[19]]
        assert rows(store, MERGED) == []

    @pytest.mark.parametrize("listed", [True, False], ids=["listed", "not listed"])
    @pytest.mark.parametrize("ids", [IN_ORDER, IN_ORDER[::-1]], ids=["in order", "not"])
    def test_are_found_wherever_they_lie(self, store: Store, ids: list[str], listed: bool) -> None:
        lie(store, ids, listed=listed)
        with store.reading() as cursor:
            assert [people.read(cursor, each).id for each in ids] == ids
            with pytest.raises(NotFound):
                people.read(cursor, "customer-99")

    def test_are_found_where_they_have_moved_to(self, store: Store) -> None:
        lie(store, IN_ORDER)
        table, key = qualified(store.map.people), ident(store.map.people.key)
        with store.transaction() as cursor:
            people.read(cursor, IN_ORDER[3])
            cursor.run(f"CREATE TEMP TABLE moved AS SELECT * FROM {table}")
            cursor.run(f"DELETE FROM {table}")
            cursor.run(f"INSERT INTO {table} SELECT * FROM moved ORDER BY {key} DESC")
            assert people.read(cursor, IN_ORDER[3]).id == IN_ORDER[3]

    def test_that_another_program_put_there_are_found_too(self, store: Store) -> None:
        lie(store, IN_ORDER)
        lie_twice = f"INSERT INTO {qualified(store.map.people)} SELECT * FROM "
        with store.transaction() as cursor:
            cursor.run(
                f"{lie_twice} {qualified(store.map.people)} "
                f"WHERE {ident(store.map.people.key)} = $id",
                id=IN_ORDER[3],
            )
        assert rows(store, IN_ORDER[3]) == [IN_ORDER[3]] * 2


class TestLines:
    @pytest.mark.parametrize("ids", [IN_ORDER, IN_ORDER[::-1]], ids=["in order", "not"])
    def test_go_with_the_person(self, store: Store, ids: list[str]) -> None:
        lie(store, ids)
        exercise(store, Erasure("child"), of=IN_ORDER[3])
        assert rows(store, *IN_ORDER) == [each for each in IN_ORDER if each != IN_ORDER[3]]
        assert len(entered(store)) == len(IN_ORDER) - 1
        assert entered(store) == afresh(store)

    def test_are_told_by_their_places(self, store: Store) -> None:
        lie(store, IN_ORDER)
        with store.reading() as cursor:
            assert locate.lines(cursor, [IN_ORDER[3]], [MERGED]) == ("place IN (4)", {})
            assert "place" not in locate.lines(cursor, [MERGED])[0]

    def test_without_parts_go_too(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(directory, "FEW", 5)
        lie(store, IN_ORDER)
        exercise(store, Erasure("child"), of=IN_ORDER[3])
        directory.take_apart(store)
        assert entered(store) == afresh(store)

    def test_are_sought_among_all_where_some_have_no_parts(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        lie(store, IN_ORDER[:9])
        monkeypatch.setattr(directory, "FEW", 0)
        table, key = qualified(store.map.people), ident(store.map.people.key)
        with store.transaction() as cursor:
            new = f"SELECT * REPLACE ($id AS {key}) FROM {table} LIMIT 1"
            cursor.run(f"INSERT INTO {table} {new}", id=IN_ORDER[9])
            directory.enter(cursor, new, id=IN_ORDER[9])
            condition, _ = locate.lines(cursor, [IN_ORDER[3]], [IN_ORDER[9]])
        assert "place" not in condition

    @pytest.mark.parametrize("subject_id", ["", " ", "Zoë\x1fB", "O’Brien Łódź", "a" * 100, "%_"])
    def test_of_any_id_go_with_the_person(self, store: Store, subject_id: str) -> None:
        lie(store, sorted([*IN_ORDER, subject_id], key=str.encode))
        exercise(store, Erasure("child"), of=subject_id)
        assert entered(store) == afresh(store)

    def test_say_what_was_corrected(self, layout: Layout, store: Store) -> None:
        lie(store, IN_ORDER)
        exercise(store, Rectification({layout.person["last"]: "Zoë"}), of=IN_ORDER[3])
        assert any("Zoë" in line for line, _ in entered(store))
        assert entered(store) == afresh(store)

    def test_of_many_go_together(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        lie(store, IN_ORDER)
        monkeypatch.setattr(directory, "ONE_BY_ONE", 2)
        with store.transaction() as cursor:
            condition, values = locate.lines(cursor, IN_ORDER[3:9])
            directory.leave(cursor, condition, **values)
        assert len(entered(store)) == len(IN_ORDER) - 6
        held = {values[0] for values, parts in entered(store) if parts}
        assert held == {*IN_ORDER[:3], *IN_ORDER[9:]}
