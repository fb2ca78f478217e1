"""A store and a few dicts beside it: what comes in, what people ask for, what must be so.

`tests.test_model` adds the register.
"""

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from data import finding, ledger, people
from data.errors import Refused
from data.grounds import DESPITE_RESTRICTION
from data.rights.automation import Automation
from data.rights.erasure import Erasure
from data.rights.objection import Objection, Subscription
from data.rights.rectification import Rectification
from data.rights.restriction import Lifting, Restriction
from data.rights.right import Right
from data.store import Store
from tests.acts import exercise
from tests.layouts import Layout, snapshot
from tests.pieces import afresh, entered

IDS = ("ana", "ana ", "bo'; --", "../cy", "ünï")
WORDS = ("", "one", 'two "2"', "three\n3")
DAYS = ("2026-01-01", "2026-01-02")
TODAY = "2026-11-23"

ids = st.sampled_from(IDS)
words = st.sampled_from(WORDS)
reasons = st.sampled_from(["", *DESPITE_RESTRICTION])


@dataclass
class Person:
    last: str = ""
    wrong: set[str] = field(default_factory=set)
    restricted: bool = False
    stopped: bool = False
    channels: dict[str, bool] = field(default_factory=dict)


class Shop(RuleBasedStateMachine):
    """The rules are what handlers do, the invariants what must be so after each of them."""

    layout: Layout

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.store: Store = self.layout.create(self.folder)
        self.people: dict[str, Person] = {}
        self.events: Counter[tuple[str, str, str]] = Counter()
        self.erased: set[str] = set()
        self.notices: list[tuple[str, str]] = []

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    def withheld(self, subject_id: str) -> bool:
        person = self.people.get(subject_id)
        return subject_id in self.erased or (person is not None and person.restricted)

    def one(self, data: st.DataObject, *, restricted: bool | None = None) -> str:
        return pick(
            data,
            (
                each
                for each, person in self.people.items()
                if restricted is None or person.restricted == restricted
            ),
        )

    def use(self, right: Right, subject_id: str, despite: str) -> bool:
        """Whether the data was used, which of a restricted person it is only for a reason."""
        if self.people[subject_id].restricted and not despite:
            with pytest.raises(Refused):
                exercise(self.store, right, of=subject_id)
            return False
        exercise(self.store, right, of=subject_id)
        return True

    def tell(self, subject_id: str) -> None:
        """Every recipient is still to be told of this person."""
        self.notices += [(subject_id, "open") for _ in self.layout.map.recipients]

    def restricted(self, subject_id: str) -> None:
        self.people[subject_id].restricted = True
        self.tell(subject_id)

    def lifted(self, subject_id: str) -> None:
        self.people[subject_id].restricted = False
        self.tell(subject_id)

    def forget(self, subject_id: str) -> None:
        del self.people[subject_id]
        self.erased.add(subject_id)
        self.events = Counter({row: n for row, n in self.events.items() if row[0] != subject_id})
        self.notices = [
            (whose, "overtaken" if (whose, status) == (subject_id, "open") else status)
            for whose, status in self.notices
        ]
        self.tell(subject_id)

    # What comes in.

    @initialize(three=st.permutations(IDS).map(lambda each: each[:3]), last=words)
    def begin(self, three: list[str], last: str) -> None:
        """Nobody waits long for something to happen: there are three people, one restricted."""
        self.import_people([(each, last) for each in three])
        self.import_events([(each, DAYS[0], last) for each in three])
        exercise(self.store, Restriction("claims"), of=three[0])
        self.restricted(three[0])

    @rule(rows=st.lists(st.tuples(ids, words), min_size=1, max_size=4))
    def import_people(self, rows: list[tuple[str, str]]) -> None:
        before = set(self.people)
        done = self.layout.load(self.store, people=[{"id": i, "last": w} for i, w in rows])
        for subject_id, last in dict(rows).items():
            if not self.withheld(subject_id):
                person = self.people.setdefault(subject_id, Person())
                if last and last not in person.wrong:
                    person.last = last
        assert done.people
        assert (done.people.read, done.people.added) == (len(rows), len({*self.people} - before))

    @rule(rows=st.lists(st.tuples(ids, st.sampled_from(DAYS), words), min_size=1, max_size=5))
    def import_events(self, rows: list[tuple[str, str, str]]) -> None:
        done = self.layout.load(
            self.store, events=[{"who": i, "time": day, "what": w} for i, day, w in rows]
        )
        taken = Counter(row for row in rows if not self.withheld(row[0]))
        # A row is new where the file has more of its equals than the store.
        new = taken - self.events
        self.events += new
        for subject_id, *_ in taken:
            self.people.setdefault(subject_id, Person())
        assert done.records
        assert done.records.added == new.total()

    # What people ask for.

    @precondition(lambda self: self.people)
    @rule(data=st.data(), last=words, despite=reasons)
    def rectify(self, data: st.DataObject, last: str, despite: str) -> None:
        subject_id = self.one(data)
        person = self.people[subject_id]
        if self.use(
            Rectification({self.layout.person["last"]: last}, despite), subject_id, despite
        ):
            if person.last and person.last != last:
                person.wrong.add(person.last)
            person.wrong.discard(last)
            person.last = last

    @precondition(lambda self: any(not each.restricted for each in self.people.values()))
    @rule(data=st.data())
    def restrict(self, data: st.DataObject) -> None:
        subject_id = self.one(data, restricted=False)
        exercise(self.store, Restriction("accuracy"), of=subject_id)
        self.restricted(subject_id)

    @precondition(lambda self: any(each.restricted for each in self.people.values()))
    @rule(data=st.data())
    def lift(self, data: st.DataObject) -> None:
        subject_id = self.one(data, restricted=True)
        exercise(self.store, Lifting(TODAY), of=subject_id)
        self.lifted(subject_id)

    @precondition(lambda self: self.people)
    @rule(data=st.data(), which=st.integers(0, 1))
    def unsubscribe(self, data: st.DataObject, which: int) -> None:
        subject_id, channel = self.one(data), self.layout.channels[which]
        exercise(self.store, Objection([channel]), of=subject_id)
        self.people[subject_id].channels[channel] = False

    @precondition(lambda self: self.people)
    @rule(data=st.data(), which=st.integers(0, 1), despite=reasons)
    def subscribe(self, data: st.DataObject, which: int, despite: str) -> None:
        subject_id, channel = self.one(data), self.layout.channels[which]
        if self.use(Subscription([channel], despite), subject_id, despite):
            self.people[subject_id].channels[channel] = True

    @precondition(lambda self: self.people)
    @rule(data=st.data(), stop=st.booleans())
    def automate(self, data: st.DataObject, stop: bool) -> None:
        subject_id = self.one(data)
        exercise(self.store, Automation(stop), of=subject_id)
        self.people[subject_id].stopped = stop

    @precondition(lambda self: self.people)
    @rule(data=st.data())
    def erase(self, data: st.DataObject) -> None:
        subject_id = self.one(data)
        exercise(self.store, Erasure("child"), of=subject_id)
        self.forget(subject_id)

    @rule()
    def open_again(self) -> None:
        self.store.close()
        self.store = Store.open(self.store.path, clock=self.store.clock)

    # What must be so.

    @invariant()
    def people_are_the_same(self) -> None:
        with self.store.reading() as cursor:
            assert [each.id for each in finding.find(cursor)] == sorted(self.people)
            for subject_id, expected in self.people.items():
                found = people.read(cursor, subject_id)
                assert (found.fields[self.layout.person["last"]] or "") == expected.last
                assert (found.restriction is not None) == expected.restricted
                assert (found.automation_stopped is not None) == expected.stopped
                said = {name: said for name, said in found.channels.items() if said is not None}
                assert said == expected.channels

    @invariant()
    def tables_and_views_are_the_same(self) -> None:
        rows = snapshot(self.store)
        people_table, records = self.layout.map.people, self.layout.map.records[0]
        key = list(people_table.columns).index(people_table.key)
        columns = [
            list(records.columns).index(self.layout.event[n]) for n in ("who", "time", "what")
        ]

        def seen(view: str) -> list[str]:
            return [row[key] for row in rows[view]]

        def done(view: str) -> Counter[tuple[str, str, str]]:
            return Counter(
                (row[columns[0]], f"{row[columns[1]]:%Y-%m-%d}", row[columns[2]] or "")
                for row in rows[view]
            )

        processable = {each for each, person in self.people.items() if not person.restricted}
        assert seen(people_table.table) == sorted(self.people)
        assert done(records.table) == self.events
        assert seen("habeas.processable_profiles") == sorted(processable)
        assert seen("habeas.decidable_profiles") == sorted(
            each for each in processable if not self.people[each].stopped
        )
        assert done(f"habeas.processable_{records.name}") == Counter(
            {row: n for row, n in self.events.items() if row[0] in processable}
        )
        assert Counter(rows["habeas.reachable"]) == Counter(
            (each, channel)
            for each in processable
            for channel, said in self.people[each].channels.items()
            if said
        )
        cells = {str(cell) for table in rows.values() for row in table for cell in row}
        assert not cells & self.erased
        assert entered(self.store) == afresh(self.store)

    @invariant()
    def the_erased_are_remembered_and_the_ledger_is_whole(self) -> None:
        with self.store.reading() as cursor:
            suppressed = {row[0] for row in cursor.rows("SELECT subject FROM habeas.erased")}
            assert suppressed == {cursor.pseudonym(each) for each in self.erased}
            assert ledger.verify(cursor) == []


def pick(data: st.DataObject, known: Iterable[str]) -> str:
    chosen: str = data.draw(st.sampled_from(sorted(known)))
    return chosen
