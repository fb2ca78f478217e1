"""Files of people and events into the store: all or nothing, and never twice."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from data import intake, ledger, people
from data.cursor import Cursor
from data.errors import BadInput, NotFound, Refused
from data.intake import Counts
from data.rights.erasure import Erasure
from data.rights.objection import Objection, Subscription
from data.rights.plan import apply, propose
from data.rights.rectification import Rectification
from data.rights.restriction import Restriction
from data.rights.right import Right
from data.store import Store
from data.work import Work
from tests.conftest import ANA, BO, CY, EVENTS
from tests.layouts import BUILT_IN, BY, Layout, changed, held, snapshot, write


def exercise(store: Store, right: Right, subject_id: str) -> None:
    apply(store, propose(store, right, subject_id), BY)


def ids(store: Store) -> list[str]:
    """The keys of the people, in the order in which they are stored."""
    key = list(store.map.people.columns).index(store.map.people.key)
    return [row[key] for row in snapshot(store)[store.map.people.table]]


def test_people_and_events_are_loaded_and_counted(layout: Layout, store: Store) -> None:
    loaded = layout.load(store, people=[ANA, BO, CY], events=EVENTS)
    assert loaded.people == Counts(read=3, added=3)
    assert loaded.records == Counts(read=3, added=3)
    assert (loaded.by_records_alone, loaded.rejects) == (0, None)


def test_a_person_reads_back_with_the_values_of_the_file(layout: Layout, shop: Store) -> None:
    with shop.reading() as cursor:
        person = people.read(cursor, ANA["id"])
    fields = {name: person.fields[column] for name, column in layout.person.items()}
    assert fields["last"] == ANA["last"]
    assert fields["email"] == ANA["email"]
    assert str(fields["born"]) == ANA["born"]
    assert fields["rest"] is None


def test_the_same_files_again_change_nothing(layout: Layout, shop: Store) -> None:
    before = snapshot(shop)
    loaded = layout.load(shop, people=[ANA, BO, CY], events=EVENTS)
    assert (loaded.people, loaded.records) == (Counts(read=3), Counts(read=3))
    assert changed(before, snapshot(shop)) == set()


def test_two_equal_rows_are_two_events(layout: Layout, store: Store) -> None:
    twice = [EVENTS[0], EVENTS[0], EVENTS[1]]
    assert layout.load(store, events=twice).records == Counts(read=3, added=3)
    assert layout.load(store, events=twice).records == Counts(read=3)
    assert layout.load(store, events=[*twice, EVENTS[0]]).records == Counts(read=4, added=1)


def test_an_event_with_an_id_is_loaded_once(layout: Layout, store: Store) -> None:
    one, other = {**EVENTS[0], "ref": "e1"}, {**EVENTS[1], "ref": "e1"}
    assert layout.load(store, events=[one, other]).records == Counts(read=2, added=1, repeated=1)
    assert layout.load(store, events=[other]).records == Counts(read=1)


def test_one_events_id_may_be_two_peoples(layout: Layout, store: Store) -> None:
    events = [{**EVENTS[0], "ref": "e1"}, {**EVENTS[2], "ref": "e1"}]
    assert layout.load(store, events=events).records == Counts(read=2, added=2)


def test_a_person_known_by_events_alone_is_a_person(layout: Layout, store: Store) -> None:
    assert layout.load(store, people=[BO], events=EVENTS).by_records_alone == 1
    assert ids(store) == ["ana-1", "bo-2"]
    assert layout.load(store, people=[ANA]).people == Counts(read=1, changed=1)


def test_an_event_of_a_merged_id_makes_no_new_person(tmp_path: Path) -> None:
    ana = {**ANA, "anonymous_ids": ["device-9", None, 42]}
    events = [{**EVENTS[0], "who": who} for who in ("device-9", "42", "somebody")]
    with BUILT_IN.create(tmp_path) as store:
        assert BUILT_IN.load(store, people=[ana], events=events).by_records_alone == 1
        with store.reading() as cursor:
            assert people.read(cursor, "ana-1").ids == ("ana-1", "device-9", "42")


def test_of_two_rows_on_one_person_the_last_one_counts(layout: Layout, store: Store) -> None:
    loaded = layout.load(store, people=[ANA, {**ANA, "last": "Nowak"}])
    assert loaded.people == Counts(read=2, added=1, repeated=1)
    assert held(snapshot(store)[layout.map.people.table], "Nowak")


def test_a_field_without_a_value_in_the_file_is_left_as_it_is(layout: Layout, shop: Store) -> None:
    loaded = layout.load(shop, people=[{"id": "ana-1", "last": "Nowak", "email": ""}])
    assert loaded.people == Counts(read=1, changed=1)
    with shop.reading() as cursor:
        fields = people.read(cursor, "ana-1").fields
    assert fields[layout.person["last"]] == "Nowak"
    assert fields[layout.person["email"]] == ANA["email"]


def test_further_attributes_are_merged(layout: Layout, store: Store) -> None:
    for row in ({"id": "a", "tier": "gold", "shoe": "41"}, {"id": "a", "shoe": "42", "hat": "7"}):
        layout.load(store, people=[row])
    with store.reading() as cursor:
        rest = people.read(cursor, "a").fields[layout.person["rest"]]
    assert json.loads(rest) == {"tier": "gold", "shoe": "42", "hat": "7"}


def test_two_files_in_turn_do_not_change_each_others_attributes(
    layout: Layout, store: Store
) -> None:
    rows = [{"id": "a", "hat": "7", "shoe": "41", "tier": "gold"}, {"id": "a", "shoe": "41"}]
    layout.load(store, people=rows[:1])
    before = snapshot(store)
    for row in reversed(rows):
        assert layout.load(store, people=[row]).people == Counts(read=1)
    assert changed(before, snapshot(store)) == set()


@pytest.mark.parametrize("batches", [["b", "a"], ["a", "b", "c"], ["ca", "b"], ["b", "ac", "ab"]])
def test_people_are_stored_in_order_of_their_key(
    layout: Layout, store: Store, batches: list[str]
) -> None:
    for batch in batches:
        layout.load(store, people=[{"id": each, "last": batch} for each in batch])
        assert ids(store) == sorted(ids(store))
    assert set(ids(store)) == {*"".join(batches)}


def test_a_table_written_anew_keeps_the_columns_the_map_does_not_name(
    layout: Layout, shop: Store
) -> None:
    with shop.transaction() as cursor:
        cursor.run(f"ALTER TABLE {layout.people_table} ADD COLUMN theirs VARCHAR DEFAULT 'kept'")
    layout.load(shop, people=[{"id": "aaa", "last": "First"}])
    with shop.reading() as cursor:
        assert cursor.rows(f"SELECT {layout.id}, theirs FROM {layout.people_table}") == [
            ("aaa", None),
            ("ana-1", "kept"),
            ("bo-2", "kept"),
            ("cy-3", "kept"),
        ]


def test_a_trial_load_counts_and_keeps_nothing(layout: Layout, shop: Store) -> None:
    before = snapshot(shop)
    path = layout.people_file(
        shop.path.parent, [{**ANA, "last": "Nowak"}, {"id": "new"}, {"id": ""}]
    )
    loaded = intake.load(shop, BY, people=path, keep=False)
    assert loaded.people == Counts(read=3, added=1, changed=1, rejected=1)
    assert loaded.rejects is None
    assert changed(before, snapshot(shop)) == set()


def test_a_load_that_fails_midway_leaves_the_store_as_it_was(
    layout: Layout, shop: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, files = snapshot(shop), {*shop.path.parent.iterdir()}

    def fail(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr(ledger, "append", fail)
    folder = shop.path.parent
    path = layout.people_file(folder, [{"id": "new"}, {"id": ""}, {**ANA, "last": "Nowak"}])
    with pytest.raises(OSError):  # noqa: PT011  it is the very one
        intake.load(shop, BY, people=path)
    assert changed(before, snapshot(shop)) == set()
    assert not [each for each in folder.iterdir() if "rejects" in each.name and each not in files]


def test_a_load_is_recorded_once_without_personal_data(layout: Layout, shop: Store) -> None:
    with shop.reading() as cursor:
        entries = ledger.entries(cursor)
    assert [entry.action for entry in entries] == ["import"]
    assert entries[0].facts["people"]["added"] == 3
    assert not any(held([tuple(vars(entries[0]).values())], value) for value in ANA.values())


def test_rows_of_erased_people_are_withheld(layout: Layout, shop: Store) -> None:
    exercise(shop, Erasure("consent-withdrawn"), "ana-1")
    before = snapshot(shop)
    loaded = layout.load(shop, people=[ANA, BO, CY], events=EVENTS)
    assert loaded.people == Counts(read=3, erased=1)
    assert loaded.records == Counts(read=3, erased=2)
    assert changed(before, snapshot(shop)) == set()


def test_rows_of_restricted_people_are_withheld(layout: Layout, shop: Store) -> None:
    exercise(shop, Restriction("accuracy"), "ana-1")
    before = snapshot(shop)
    news = {**EVENTS[0], "what": "new"}
    loaded = layout.load(shop, people=[{**ANA, "last": "Nowak"}, BO], events=[*EVENTS, news])
    assert loaded.people == Counts(read=2, restricted=1)
    assert loaded.records == Counts(read=4, restricted=3)
    assert changed(before, snapshot(shop)) == set()


def test_a_correction_is_not_undone_by_the_old_file(layout: Layout, shop: Store) -> None:
    exercise(shop, Rectification({layout.person["last"]: "Nowak"}), "ana-1")
    before = snapshot(shop)
    assert layout.load(shop, people=[ANA, BO, CY]).people == Counts(read=3)
    assert changed(before, snapshot(shop)) == set()


def test_a_value_that_was_never_found_wrong_is_still_loaded(layout: Layout, shop: Store) -> None:
    exercise(shop, Rectification({layout.person["last"]: "Nowak"}), "ana-1")
    for last in ("Zielińska", ANA["last"]):
        layout.load(shop, people=[{**ANA, "last": last}])
        with shop.reading() as cursor:
            assert people.read(cursor, "ana-1").fields[layout.person["last"]] == "Zielińska"


def test_a_file_need_not_have_the_column_that_was_corrected(layout: Layout, shop: Store) -> None:
    exercise(shop, Rectification({layout.person["last"]: "Nowak"}), "ana-1")
    loaded = layout.load(shop, people=[{"id": "ana-1", "email": "ana@example.com"}])
    assert loaded.people == Counts(read=1, changed=1)
    with shop.reading() as cursor:
        fields = people.read(cursor, "ana-1").fields
    assert fields[layout.person["last"]] == "Nowak"
    assert fields[layout.person["email"]] == "ana@example.com"


def test_a_corrected_attribute_does_not_come_back(layout: Layout, store: Store) -> None:
    rest = layout.person["rest"]
    layout.load(store, people=[{"id": "a", "tier": "gold"}, {"id": "b", "tier": "gold"}])
    exercise(store, Rectification({rest: '{"tier": "none"}'}), "a")
    layout.load(store, people=[{"id": each, "tier": "gold", "hat": "7"} for each in "ab"])
    with store.reading() as cursor:
        assert people.read(cursor, "a").fields[rest] == '{"tier":"none"}'
        assert json.loads(people.read(cursor, "b").fields[rest]) == {"tier": "gold", "hat": "7"}


@pytest.mark.parametrize("right", [Objection, Subscription])
def test_what_a_person_said_about_a_channel_is_not_undone_by_a_file(
    tmp_path: Path, right: type[Objection] | type[Subscription]
) -> None:
    in_file = {"email_opt_in": str(not right.opted_in).lower(), "push_opt_in": "true"}
    with BUILT_IN.create(tmp_path) as store:
        BUILT_IN.load(store, people=[{**ANA, **in_file}])
        exercise(store, right(["email"]), "ana-1")
        BUILT_IN.load(store, people=[{**ANA, **in_file, "push_opt_in": "false"}])
        with store.reading() as cursor:
            channels = people.read(cursor, "ana-1").channels
    assert (channels["email"], channels["push"]) == (right.opted_in, False)


def test_columns_are_found_by_the_names_in_use_elsewhere(layout: Layout, tmp_path: Path) -> None:
    spellings = {
        "built-in": (["userId", "id", "USER-ID", "customer_id"], ["eventName", "event", "Name"]),
        "second": (["userId", "Member", "user id"], ["eventName", "event", "WHAT"]),
    }
    for n, (key, label) in enumerate(zip(*spellings[layout.name], strict=False)):
        with layout.create(tmp_path / str(n)) as store:
            key_of_events = {"id": "uid"}.get(key, key) if key != "Member" else "who"
            people_file = write(tmp_path / "p.csv", [{key: "a", "Last Name": "Nowak"}])
            event = {key_of_events: "a", label: "home", "timestamp": "2026-01-01"}
            loaded = intake.load(
                store, BY, people=people_file, records=write(tmp_path / "e.csv", [event])
            )
            assert (loaded.people, loaded.records) == (Counts(1, 1), Counts(1, 1))
            assert held(snapshot(store)[layout.map.people.table], "Nowak")
            assert held(snapshot(store)[layout.events], "home")


def test_the_user_may_say_which_column_is_which(layout: Layout, store: Store) -> None:
    path = write(store.path.parent / "p.csv", [{"Kundennummer": "a", "Nachname": "Nowak"}])
    names = {layout.id: "Kundennummer", layout.person["last"]: "Nachname"}
    assert intake.load(store, BY, people=path, columns=names).people == Counts(1, 1)
    with store.reading() as cursor:
        person = people.read(cursor, "a")
    assert person.fields[layout.person["last"]] == "Nowak"
    assert person.fields[layout.person["rest"]] is None


def test_columns_that_are_not_there_are_refused(layout: Layout, store: Store) -> None:
    path = layout.people_file(store.path.parent, [ANA])
    with pytest.raises(BadInput, match="no column of the data map"):
        intake.load(store, BY, people=path, columns={"shoe": layout.id})
    with pytest.raises(BadInput, match="No file has a column shoe"):
        intake.load(store, BY, people=path, columns={layout.person["last"]: "shoe"})


def test_a_file_without_ids_is_refused(layout: Layout, store: Store) -> None:
    path = write(store.path.parent / "p.csv", [{"shoe": "41"}])
    with pytest.raises(BadInput, match=f"no column for {layout.id}"):
        intake.load(store, BY, people=path)


def test_nothing_to_load_is_refused(store: Store) -> None:
    with pytest.raises(BadInput, match="nothing to load"):
        intake.load(store, BY)


def test_strict_refuses_a_file_with_a_row_that_cannot_be_read(layout: Layout, shop: Store) -> None:
    before = snapshot(shop)
    path = layout.people_file(shop.path.parent, [{**ANA, "last": "Nowak"}, {**BO, "born": "soon"}])
    with pytest.raises(Refused, match=f"line 3: {layout.person['born']} is no date") as raised:
        intake.load(shop, BY, people=path, strict=True)
    assert raised.value.unchanged == "Nothing was loaded."
    assert changed(before, snapshot(shop)) == set()
    assert not list(shop.path.parent.glob("*rejects*"))


def test_strict_loads_a_file_that_can_be_read(layout: Layout, store: Store) -> None:
    path = layout.people_file(store.path.parent, [ANA])
    assert intake.load(store, BY, people=path, strict=True).people == replace(Counts(1), added=1)


def test_a_load_for_a_request_that_is_none_is_refused(layout: Layout, store: Store) -> None:
    before = snapshot(store)
    path = layout.people_file(store.path.parent, [ANA])
    with pytest.raises(NotFound):
        intake.load(store, replace(BY, request="R9"), people=path)
    assert snapshot(store) == before


def test_a_load_says_how_far_it_is(
    layout: Layout, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    shares: list[float | None] = []
    under = Work()
    run = Cursor.run

    def followed(cursor: Cursor, sql: str, **values: Any) -> int:
        shares.append(under.share)
        return run(cursor, sql, **values)

    monkeypatch.setattr(Cursor, "run", followed)
    with under.under():
        layout.load(store, people=[ANA], events=EVENTS)
    said = [each for each in shares if each is not None]
    assert said == sorted(said)
    assert len(set(said)) > 3
    assert said[-1] >= 0.9


def test_a_query_that_is_over_is_done(store: Store) -> None:
    with store.reading() as cursor:
        cursor.follow()
        assert cursor.rows("SELECT 1") == [(1,)]
        assert 0 <= cursor.progress() <= 1
    assert cursor.progress() == 1
