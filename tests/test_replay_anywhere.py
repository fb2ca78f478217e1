"""Whatever was done, and whenever the backup was made: a replay makes it as if never restored."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from data import ledger
from data.cursor import Row
from data.errors import BadInput, NotFound, Refused
from data.ledger import By
from data.register import notices, requests
from data.register.extension import extend
from data.register.identification import identify
from data.register.refusal import refuse
from data.rights.automation import Automation
from data.rights.erasure import Erasure
from data.rights.objection import Objection, Opposition, Subscription
from data.rights.plan import apply, propose
from data.rights.rectification import Rectification
from data.rights.restriction import Lifting, Restriction
from data.rights.right import Right
from data.rights.undo import Undo, Undoable
from data.store import Store
from tests import acts
from tests.conftest import ANA, BO, CY, EVENTS
from tests.layouts import BY, FixedClock, Layout, Snapshot
from tests.restoring import back_up, entries, held, replayed, restore

WHO = (ANA["id"], BO["id"], CY["id"], "anon-1")
WHY = By("handler", "as the file says")
DETAILS: dict[str, dict[str, Any]] = {
    "erasure": {"ground": "child"},
    "restriction": {"ground": "accuracy"},
    "opposition": {},
    "objection": {"channels": ["email"]},
}

Step = tuple[str, str, str]
"""What is done, to whom, and on which request or with which right."""

people_there = st.sampled_from(WHO)
steps: st.SearchStrategy[list[Step]] = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from(
                ["restrict", "lift", "object", "subscribe", "stop", "allow", "oppose", "erase",
                 "rectify", "undo"]
            ),
            people_there,
            st.just(""),
        ),
        st.tuples(st.just("receive"), people_there, st.sampled_from([*DETAILS])),
        st.tuples(
            st.sampled_from(
                ["identify", "ask", "run", "decide", "extend", "refuse", "cancel", "assign"]
            ),
            people_there,
            st.sampled_from(["R1", "R2", "R3"]),
        ),
        st.tuples(st.just("tell"), people_there, st.sampled_from(["N1", "N2", "N3"])),
    ),
    min_size=4,
    max_size=16,
)  # fmt: skip


class Desk:
    """Takes steps on a store. One that a rule forbids changes nothing."""

    def __init__(self, layout: Layout, store: Store):
        self.layout = layout
        self.store = store
        self.slips: list[Undo] = []

    def take(self, step: Step) -> None:
        name, who, on = step
        try:
            if right := self._right(name):
                self._exercise(right, who)
            else:
                self._work(name, who, on)
        except (BadInput, NotFound, Refused):
            pass

    def _right(self, name: str) -> Right | None:
        channel = self.layout.channels[0]
        known: dict[str, Callable[[], Right]] = {
            "restrict": lambda: Restriction("accuracy"),
            "lift": lambda: Lifting("2026-11-23"),
            "object": lambda: Objection(self.layout.channels),
            "subscribe": lambda: Subscription([channel], "consent"),
            "stop": lambda: Automation(True),
            "allow": lambda: Automation(False),
            "oppose": Opposition,
            "erase": lambda: Erasure("child"),
            "rectify": lambda: Rectification({self.layout.person["last"]: "Nowak"}, "consent"),
        }
        return known[name]() if name in known else None

    def _exercise(self, right: Right, who: str) -> None:
        plan = propose(self.store, right, who)
        receipt = apply(self.store, plan, BY)
        if isinstance(right, Undoable):
            self.slips.append(Undo(plan, receipt.ledger_entry))

    def _work(self, name: str, who: str, on: str) -> None:
        store, folder = self.store, self.store.path.parent
        match name:
            case "undo" if self.slips:
                slip = self.slips.pop()
                self._exercise(slip, slip.of.person.id)
            case "receive":
                acts.receive(store, on, of=who, details=DETAILS[on])
            case "identify":
                identify(store, on, "confirmed", WHY, person=who)
            case "ask":
                identify(store, on, "asked", WHY, pause=True)
            case "run":
                acts.run(store, on)
            case "decide":
                acts.run(store, on, outcome="overridden", informed="2026-11-23")
            case "extend":
                extend(store, on, WHY, folder)
            case "refuse":
                refuse(store, on, "excessive", WHY, folder)
            case "cancel":
                acts.cancel(store, on)
            case "assign":
                with store.transaction() as cursor:
                    requests.assign(cursor, on, "noor", BY)
            case "tell":
                with store.transaction() as cursor:
                    notices.done(cursor, on, cursor.today, BY)


@pytest.fixture(scope="module")
def made(layout: Layout, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store of four people, of whom one is merged into another where the layout
    has that; each has asked for something."""
    folder = tmp_path_factory.mktemp("made")
    with layout.create(folder) as store:
        ana = {**ANA, **({"anonymous_ids": ["anon-1"]} if layout.map.people.merged_ids else {})}
        events = [*EVENTS, {"who": "anon-1", "time": "2026-01-03", "what": "home"}]
        layout.load(store, people=[ana, BO, CY, {"id": "anon-1"}], events=events)
        for who in WHO[:2]:
            layout.further_records(store, who)
        acts.receive(store, "erasure", of=BO["id"])
        acts.receive(store, "opposition", of=CY["id"])
    return folder


@contextmanager
def opened(layout: Layout, made: Path) -> Iterator[Store]:
    """A copy of the store that was made."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(made, folder, dirs_exist_ok=True)
        yield Store.open(Path(folder) / "shop.duckdb", layout.map, clock=FixedClock())


@pytest.mark.slow
@given(before=steps, since=steps)
@settings(max_examples=8, phases=[Phase.explicit, Phase.generate])
def test_as_if_it_had_never_been_restored(
    layout: Layout, made: Path, before: list[Step], since: list[Step]
) -> None:
    with opened(layout, made) as store:
        desk = Desk(layout, store)
        for step in before:
            desk.take(step)
        backup = back_up(store)
        for step in since:
            desk.take(step)
        was, written = comparable(store), entries(store)
        store = restore(store, backup)
        lost = store.ledger_file.lost
        left = replayed(store).left
        assert {each.entry.action for each in left} <= {"rectification", "undo", "request received"}
        assert comparable(store) == was
        assert entries(store)[: len(written)] == written
        assert len(entries(store)) == len(written) + bool(lost)
        with store.reading() as cursor:
            assert ledger.verify(cursor) == []
        store.close()


def comparable(store: Store) -> Snapshot:
    """All but what is left to a person: corrected values with the notices of them, and the
    particulars of requests."""
    people = store.map.people
    columns = [*people.columns]
    corrected = [*(columns.index(each) for each in CORRECTED if each in columns)]
    rows = held(store)
    for name in (people.table, "habeas.processable_profiles", "habeas.decidable_profiles"):
        rows[name] = [_without(row, corrected) for row in rows[name]]
    # The same in the directory.
    rows["habeas.directory"] = [row[:1] for row in rows["habeas.directory"]]
    details = 4
    rows["habeas.requests"] = [_without(row, [details]) for row in rows["habeas.requests"]]
    rows["habeas.notices"] = [
        row for row in rows["habeas.notices"] if "rectification" not in row[:6]
    ]
    return {name: sorted(found, key=repr) for name, found in rows.items()}


CORRECTED = ("last_name", "surname", "updated_at")


def _without(row: Row, places: list[int]) -> Row:
    return tuple(None if place in places else cell for place, cell in enumerate(row))
