"""The directory: its lines come with the people, its parts with them or soon after."""

import pytest

from data import directory, finding
from data.cursor import Cursor
from data.directory import MARK
from data.errors import Interrupted
from data.finding import Wanted
from data.ledger import By
from data.purge import carrying
from data.purge.purging import purge
from data.rights.erasure import Erasure
from data.rights.rectification import Rectification
from data.schema import PARTS
from data.store import Store
from data.work import Work
from tests.acts import exercise
from tests.layouts import Layout
from tests.pieces import afresh, entered

SHOP = [{"id": f"c-{n}", "last": f"Last{n}", "email": f"{n}@example.org"} for n in range(8)]


def found(store: Store, text: str) -> list[str]:
    with store.reading() as cursor:
        return [each.id for each in finding.best(cursor, text, len(SHOP))[0]]


def mark(store: Store) -> int:
    with store.reading() as cursor:
        return directory.parted(cursor)


@pytest.fixture
def unparted(layout: Layout, store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store after a load of so many people that their parts were not made with them."""
    monkeypatch.setattr(directory, "FEW", 5)
    monkeypatch.setattr(directory, "SLICE", 3)
    layout.load(store, people=SHOP)
    assert mark(store) == 0
    return store


def test_who_has_no_parts_yet_is_found_all_the_same(unparted: Store) -> None:
    assert found(unparted, "LAST3") == ["c-3"]
    assert found(unparted, "ast") == [each["id"] for each in SHOP]
    with unparted.reading() as cursor:
        assert str(finding.count(cursor, Wanted("c-"))) == "8"
        assert finding.count(cursor, Wanted("last3 example", restricted=True)) == 0


def test_the_parts_follow_in_slices(unparted: Store) -> None:
    directory.take_apart(unparted)
    assert mark(unparted) == 8
    assert entered(unparted) == afresh(unparted)
    assert found(unparted, "LAST3") == ["c-3"]


@pytest.mark.parametrize("erased", [[], ["c-0"], ["c-2", "c-5"], ["c-0", "c-3", "c-6"]], ids=str)
@pytest.mark.parametrize("left", [directory.LEFT, 0], ids=["a little", "far"])
def test_what_stands_at_a_place_is_found_also_once_rows_have_moved(
    layout: Layout,
    store: Store,
    erased: list[str],
    left: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(directory, "LEFT", left)
    layout.load(store, people=SHOP)
    for each in erased:
        exercise(store, Erasure("child"), of=each)
    store.close()
    purge(store.path, By("tester"), layout.map)
    with Store.open(store.path, layout.map) as moved, moved.reading() as cursor:
        rows = cursor.value("SELECT max(rowid) + 1 FROM habeas.directory")
        assert rows == len(SHOP) - len(erased)
        for wanted in ([1], [7, 2, 8], range(1, 9), [4, 9], []):
            there = {each.place: each.text for each in directory.at(cursor, wanted)}
            ids = {place: f"c-{place - 1}" for place in wanted if place <= len(SHOP)}
            kept = {place: each for place, each in ids.items() if each not in erased}
            assert there.keys() == kept.keys()
            assert all(f"{MARK}{kept[place]}{MARK}" in text for place, text in there.items())


def test_how_many_places_were_left_is_remembered(
    layout: Layout, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout.load(store, people=SHOP)
    exercise(store, Erasure("child"), of="c-0")
    store.close()
    purge(store.path, By("tester"), layout.map)
    asked: list[str] = []
    ask = directory._entries

    def counted(cursor: Cursor, condition: str) -> list[directory.Entry]:
        asked.append(condition)
        return ask(cursor, condition)

    monkeypatch.setattr(directory, "_entries", counted)
    with Store.open(store.path, layout.map) as moved:
        for times, wanted in ((2, [7]), (1, [3, 8])):
            asked.clear()
            with moved.reading() as cursor:
                assert {each.place for each in directory.at(cursor, wanted)} == {*wanted}
            assert len(asked) == times


def test_what_was_made_stays_where_it_is_stopped(
    unparted: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = Work()
    real = Work.reached

    def stopped_at_the_second(self: Work, done: int, total: int, step: int = 0) -> None:
        real(self, done, total, step)
        if mark(unparted):
            self.end()

    monkeypatch.setattr(Work, "reached", stopped_at_the_second)
    with work.under(), pytest.raises(Interrupted):
        directory.take_apart(unparted)
    assert mark(unparted) == 3
    assert found(unparted, "last1") == ["c-1"]
    assert found(unparted, "last7") == ["c-7"]
    monkeypatch.undo()
    directory.take_apart(unparted)
    assert entered(unparted) == afresh(unparted)


def test_what_another_made_meanwhile_is_not_made_twice(
    unparted: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = directory.parted

    def overtaken(cursor: Cursor) -> int:
        monkeypatch.setattr(directory, "parted", real)
        done = real(cursor)
        directory.take_apart(unparted)
        return done

    monkeypatch.setattr(directory, "parted", overtaken)
    directory.take_apart(unparted)
    assert mark(unparted) == 8
    assert entered(unparted) == afresh(unparted)


def test_changes_while_parts_are_lacking_are_found(layout: Layout, unparted: Store) -> None:
    exercise(unparted, Rectification({layout.person["last"]: "Zoë"}), of="c-2")
    exercise(unparted, Erasure("child"), of="c-7")
    assert (found(unparted, "zoe"), found(unparted, "last2")) == (["c-2"], [])
    assert found(unparted, "last7") == []
    directory.take_apart(unparted)
    assert entered(unparted) == afresh(unparted)


def test_no_place_is_taken_again(layout: Layout, store: Store) -> None:
    layout.load(store, people=SHOP)
    exercise(store, Erasure("child"), of="c-7")
    layout.load(store, people=[{"id": "c-9", "last": "New"}])
    with store.reading() as cursor:
        assert cursor.value("SELECT max(place) FROM habeas.directory") == 9
    assert entered(store) == afresh(store)


def test_a_purge_makes_the_parts_that_are_lacking_and_leaves_all_in_order(
    unparted: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrying, "SLICE", 20)
    path, layout = unparted.path, unparted.map
    unparted.close()
    purge(path, By("tester"), layout)
    with Store.open(path, layout) as store:
        assert entered(store) == afresh(store)
        with store.reading() as cursor:
            rows = [cursor.rows(f"SELECT part, place FROM habeas.{each}") for each in PARTS]
            assert rows == [sorted(each) for each in rows]
            assert sum(map(len, rows)) > 100
