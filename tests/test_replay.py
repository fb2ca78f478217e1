"""A store that was restored from a backup is made what it was, but for what no ledger may hold."""

from dataclasses import replace
from pathlib import Path

import pytest

from data import ledger, people
from data.errors import HabeasError, Refused
from data.ledger import By
from data.register import notices, requests
from data.register.extension import extend
from data.register.identification import identify
from data.register.refusal import refuse
from data.replay import counted, replay
from data.rights.automation import Automation
from data.rights.erasure import Erasure
from data.rights.objection import Objection, Opposition, Subscription
from data.rights.rectification import Rectification
from data.rights.restriction import Lifting, Restriction
from data.store import Store
from tests import acts
from tests.acts import exercise, receive, receive_known, request, run
from tests.conftest import ANA, BO, CY
from tests.layouts import BUILT_IN, BY, SECOND, FixedClock, Layout, changed, snapshot
from tests.layouts import held as held_in
from tests.restoring import back_up, entries, held, replayed, restore
from tests.test_undo import done, slips, undo

WHY = By("handler", "as the file says")


def crowd(layout: Layout, store: Store, size: int = 60) -> list[str]:
    """People with an event each; their ids."""
    ids = [f"p-{number:02}" for number in range(size)]
    layout.load(
        store,
        people=[{"id": each, "last": "x", "email": f"{each}@example.org"} for each in ids],
        events=[{"who": each, "time": "2026-01-01", "what": "home"} for each in ids],
    )
    for each in ids[:40]:
        layout.further_records(store, each)
    return ids


@pytest.mark.slow
def test_the_drill(layout: Layout, store: Store) -> None:
    """Thirty erased and ten restricted since the backup: as if it had never been restored."""
    ids = crowd(layout, store)
    exercise(store, Restriction("claims"), of=ids[45])
    backup = back_up(store)
    for each in ids[:30]:
        exercise(store, Erasure("child"), of=each)
    for each in ids[30:40]:
        exercise(store, Restriction("accuracy"), of=each)
    exercise(store, Objection(layout.channels), of=ids[40])
    exercise(store, Subscription([layout.channels[0]]), of=ids[41])
    exercise(store, Automation(True), of=ids[42])
    exercise(store, Opposition(), of=ids[43])
    exercise(store, Lifting("2026-11-23"), of=ids[45])
    before, written = held(store), entries(store)

    store = restore(store, backup)
    with pytest.raises(Refused, match="30 × erasure, 10 × restriction"):
        exercise(store, Restriction("claims"), of=ids[50])
    done = replayed(store)

    assert done.left == []
    assert counted(done.done)["erasure"] == 30
    assert held(store) == before
    *again, last = entries(store)
    assert again == written
    assert (last.action, last.article) == ("replay", "5(2)")
    assert last.facts["done"] == counted(done.done)
    with store.reading() as cursor:
        assert ledger.verify(cursor) == []
        assert list(store.ledger_file.entries()) == entries(store)
    exercise(store, Restriction("claims"), of=ids[50])
    store.close()


def test_no_import_brings_back_who_was_erased_since(layout: Layout, shop: Store) -> None:
    backup = back_up(shop)
    exercise(shop, Erasure("child"))
    store = restore(shop, backup)
    replayed(store)
    loaded = layout.load(store, people=[ANA])
    assert loaded.people
    assert (loaded.people.added, loaded.people.erased) == (0, 1)
    store.close()


class TestWhoIsFound:
    @pytest.mark.parametrize("layout", [BUILT_IN], ids=["built-in"])
    def test_a_merged_id_of_which_the_backup_knew_nothing(
        self, layout: Layout, shop: Store
    ) -> None:
        layout.load(shop, events=[{"who": "anon-9", "time": "2026-02-01", "what": "home"}])
        backup = back_up(shop)
        layout.load(shop, people=[{"id": ANA["id"], "anonymous_ids": ["anon-9", "anon-10"]}])
        exercise(shop, Erasure("child"))
        store = restore(shop, backup)
        done = replayed(store)
        assert [each.entry.action for each in done.left] == ["import"]
        assert not stored(store, "anon-9")
        with store.reading() as cursor:
            assert {row[0] for row in cursor.rows("SELECT subject FROM habeas.erased")} == {
                cursor.pseudonym(each) for each in (ANA["id"], "anon-9", "anon-10")
            }
        store.close()

    def test_somebody_who_is_known_by_records_alone(self, layout: Layout, shop: Store) -> None:
        with shop.transaction() as cursor:
            cursor.run(f"DELETE FROM {layout.people_table} WHERE {layout.id} = $id", id=ANA["id"])
        backup = back_up(shop)
        layout.load(shop, people=[ANA])
        exercise(shop, Erasure("child"))
        store = restore(shop, backup)
        replayed(store)
        assert not stored(store, ANA["id"])
        store.close()

    def test_nobody_who_came_since_comes_back(self, layout: Layout, shop: Store) -> None:
        backup = back_up(shop)
        layout.load(shop, people=[{"id": "di-4"}, {"id": "ed-5"}])
        exercise(shop, Erasure("child"), of="di-4")
        exercise(shop, Restriction("claims"), of="ed-5")
        store = restore(shop, backup)
        done = replayed(store)
        assert [(each.entry.action, each.person) for each in done.left] == [
            ("import", ""),
            ("restriction", ""),
        ]
        assert "load them" in done.left[1].to_do
        layout.load(store, people=[{"id": "di-4"}, {"id": "ed-5"}])
        assert not stored(store, "di-4")
        store.close()

    @pytest.mark.parametrize("layout", [SECOND], ids=["second"])
    def test_recipients_of_one_who_is_not_found_are_not_told_of_nobody(
        self, layout: Layout, shop: Store, tmp_path: Path
    ) -> None:
        backup = back_up(shop)
        layout.load(shop, people=[{"id": "di-4"}])
        exercise(shop, Erasure("child"), of="di-4")
        store = restore(shop, backup)
        replayed(store)
        with store.transaction() as cursor:
            first, second = notices.listed(cursor)
            assert (first.status, first.person) == ("open", {layout.id: ""})
            with pytest.raises(Refused, match="knows the person of N1 by was lost"):
                notices.write(cursor, first, tmp_path)
            assert notices.done(cursor, first.id, cursor.today, BY).status == "done"
            assert notices.impossible(cursor, second.id, WHY).status == "impossible"
        store.close()


class TestCorrections:
    def test_they_are_left_to_a_person_by_field_and_day_and_recipients_are_told_then(
        self, layout: Layout, shop: Store
    ) -> None:
        backup = back_up(shop)
        mail = layout.person["email"]
        exercise(shop, Rectification({mail: "a@example.org"}))
        entry = entries(shop)[-1]
        store = restore(shop, backup)
        (left,) = replayed(store).left
        assert (left.entry, left.person) == (entry, ANA["id"])
        assert left.entry.facts["fields"] == [mail]
        with store.reading() as cursor:
            assert people.read(cursor, ANA["id"]).fields[mail] == ANA["email"]
            assert notices.listed(cursor, everyone=False) == []
        exercise(store, Rectification({mail: "a@example.org"}))
        with store.reading() as cursor:
            told = [each.recipient for each in notices.listed(cursor, everyone=False)]
        assert told == entry.facts.get("recipients", []) == [*acts.told(layout, "Printer GmbH")]
        store.close()

    def test_not_of_somebody_who_was_erased_afterwards(self, layout: Layout, shop: Store) -> None:
        backup = back_up(shop)
        exercise(shop, Rectification({layout.person["last"]: "Nowak"}))
        exercise(shop, Erasure("child"))
        before = held(shop, without="habeas.notices")
        store = restore(shop, backup)
        assert replayed(store).left == []
        assert held(store, without="habeas.notices") == before
        store.close()


class TestSlips:
    @pytest.mark.parametrize("number", range(4))
    @pytest.mark.parametrize("before", [True, False])
    def test_what_was_taken_back_stays_so(
        self, layout: Layout, shop: Store, number: int, before: bool
    ) -> None:
        """Whether the slip was made before the backup or after it."""
        exercise(shop, Subscription([layout.channels[0]]))
        if not before:
            backup = back_up(shop)
        slip = done(shop, slips(layout)[number])
        if before:
            backup = back_up(shop)
        undo(shop, slip)
        corrects = isinstance(slip.of.right, Rectification)
        was = held(shop)
        store = restore(shop, backup)
        left = replayed(store).left
        if corrects and before:
            assert [each.entry.action for each in left] == ["undo"]
        else:
            assert left == []
            untouched = touched(layout) if corrects else set()
            assert {name for name in was if was[name] != held(store)[name]} <= untouched
        store.close()


class TestRequests:
    def test_those_that_were_answered_since_are_closed_as_they_were(self, shop: Store) -> None:
        erasing, restricting = receive_known(shop, "erasure"), receive(shop, of=BO["id"])
        refused, cancelled = (receive(shop, of=CY["id"]) for _ in range(2))
        opposed = receive(shop, "opposition", of=CY["id"])
        late = receive(shop, "access", of=BO["id"])
        backup = back_up(shop)
        run(shop, erasing.id)
        run(shop, restricting.id)
        refuse(shop, refused.id, "excessive", WHY, shop.path.parent)
        with shop.transaction() as cursor:
            requests.cancel(cursor, cancelled.id, BY)
            requests.assign(cursor, late.id, "noor", BY)
        run(shop, opposed.id)
        run(shop, opposed.id, outcome="overridden", informed="2026-11-23")
        identify(shop, late.id, "asked", WHY, pause=True)
        extend(shop, late.id, WHY, shop.path.parent)
        was = held(shop)
        store = restore(shop, backup)
        assert replayed(store).left == []
        assert held(store) == was
        store.close()

    def test_an_answer_that_was_handed_out_closes_its_request(
        self, shop: Store, tmp_path: Path
    ) -> None:
        asked = receive_known(shop, "access")
        backup = back_up(shop)
        run(shop, asked.id, out=str(tmp_path / "out"))
        was = request(shop, asked.id)
        store = restore(shop, backup)
        done = replayed(store)
        assert [each.action for each in done.stands] == ["access"]
        assert done.left == []
        assert request(store, asked.id) == was
        store.close()

    def test_those_received_since_are_in_the_register_again_but_for_what_only_it_knew(
        self, shop: Store, clock: FixedClock
    ) -> None:
        backup = back_up(shop)
        asked = receive_known(shop, "restriction", came_by="post")
        stranger = receive(shop, "access", of="nobody-1", unknown=True)
        closed = receive(shop, "automation", of=BO["id"])
        run(shop, closed.id)
        was = [request(shop, each.id) for each in (asked, stranger, closed)]
        store = restore(shop, backup)
        left = replayed(store).left
        assert [(each.entry.request, each.person) for each in left] == [
            (asked.id, ANA["id"]),
            (stranger.id, ""),
        ]
        assert "particulars" in left[0].to_do
        assert "--person" in left[1].to_do
        assert request(store, asked.id) == replace(was[0], details={})
        assert request(store, stranger.id) == replace(was[1], user_id="")
        assert request(store, closed.id) == replace(was[2], details={})
        assert receive(store).id == "R4"
        store.close()

    def test_one_that_was_found_to_be_somebody_elses(self, shop: Store) -> None:
        asked = receive(shop, "access")
        backup = back_up(shop)
        identify(shop, asked.id, "confirmed", WHY, person=BO["id"])
        was = request(shop, asked.id)
        store = restore(shop, backup)
        replayed(store)
        assert request(store, asked.id) == was
        store.close()


class TestTheReplayItself:
    def test_a_trial_run_says_what_it_would_do_and_does_nothing(
        self, layout: Layout, shop: Store
    ) -> None:
        backup = back_up(shop)
        exercise(shop, Erasure("child"))
        store = restore(shop, backup)
        before, held_to = snapshot(store), {**vars(store.ledger_file)}
        trial = replay(store, BY, keep=False)
        assert counted(trial.done) == {"erasure": 1}
        assert changed(before, snapshot(store)) == set()
        assert vars(store.ledger_file) == held_to
        assert replayed(store) == trial
        store.close()

    def test_it_is_done_once(self, shop: Store) -> None:
        backup = back_up(shop)
        exercise(shop, Erasure("child"))
        store = restore(shop, backup)
        replayed(store)
        before = snapshot(store)
        assert replayed(store).lost == ()
        assert changed(before, snapshot(store)) == set()
        store.close()

    def test_the_same_backup_again(self, shop: Store) -> None:
        backup = back_up(shop)
        exercise(shop, Erasure("child"))
        was = held(shop)
        once = restore(shop, backup)
        replayed(once)
        again = restore(once, backup)
        assert [each.action for each in again.ledger_file.lost] == ["erasure", "replay"]
        assert replayed(again).left == []
        assert held(again) == was
        again.close()

    def test_what_fails_leaves_all_as_it_was(
        self, layout: Layout, shop: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        backup = back_up(shop)
        exercise(shop, Erasure("child"))
        exercise(shop, Restriction("claims"), of=BO["id"])
        store = restore(shop, backup)
        before, lost = snapshot(store), store.ledger_file.lost
        written = store.ledger_file.path.read_bytes()

        def fail(*_: object) -> None:
            raise HabeasError("The disk is full.")

        with monkeypatch.context() as patched:
            patched.setattr(Restriction, "carry_out", fail)
            with pytest.raises(HabeasError, match="disk"):
                replayed(store)
        assert changed(before, snapshot(store)) == set()
        assert store.ledger_file.lost == lost
        assert store.ledger_file.path.read_bytes() == written
        assert counted(replayed(store).done) == {"erasure": 1, "restriction": 1}
        store.close()

    @pytest.mark.parametrize(
        ("action", "to_do"), [("purge", "Purge again"), ("import", "Load the files again")]
    )
    def test_what_is_no_right_is_taken_as_it_is_and_left_to_a_person(
        self, shop: Store, action: str, to_do: str
    ) -> None:
        backup = back_up(shop)
        with shop.transaction() as cursor:
            ledger.append(cursor, BY, action)
        store = restore(shop, backup)
        (left,) = replayed(store).left
        assert left.entry == entries(store)[-2]
        assert to_do in left.to_do
        store.close()


def stored(store: Store, value: str) -> bool:
    """Whether any table of the data map holds it; the notice of an erasure still does."""
    rows = snapshot(store)
    return any(held_in(rows[each.table], value) for each in store.map.tables)


def touched(layout: Layout) -> set[str]:
    """Where it stands when a profile was last changed, which taking a correction back changes."""
    return {layout.map.people.table, "habeas.processable_profiles", "habeas.decidable_profiles"}
