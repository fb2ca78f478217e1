"""A store used in any order by anybody is what a few dicts beside it say."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from data import fulfilment
from data.errors import Refused
from data.ledger import By
from data.register import notices, requests
from data.register.extension import extend
from data.register.identification import OUTCOMES, identify
from data.register.refusal import refuse
from data.register.requests import CLOSED, PROVEN
from tests import acts
from tests.layouts import BUILT_IN, BY, SECOND
from tests.model import IDS, TODAY, Shop, pick, words

DETAILS: dict[str, dict[str, Any]] = {
    "erasure": {"ground": "child"},
    "automation": {"stop": True},
    "opposition": {},
}
WHY = By("handler", "as the file says")


@dataclass
class Asked:
    """A request; `who` is empty once they are erased, `carried_out` before it is decided."""

    who: str
    right: str
    status: str
    identity: str = "not checked"
    carried_out: bool = False
    extended: bool = False

    @property
    def is_open(self) -> bool:
        return self.status not in CLOSED

    @property
    def is_proven(self) -> bool:
        return self.identity in PROVEN


class Register(Shop):
    """The rules of the register, beside those of the shop."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: dict[str, Asked] = {}

    @initialize(three=st.permutations(IDS).map(lambda each: each[:3]), last=words)
    def begin(self, three: list[str], last: str) -> None:
        """And each has asked for everything: one has proven who they are, one waits to be
        decided upon."""
        super().begin(three, last)
        for subject_id in three:
            for right in DETAILS:
                self.ask(subject_id, right)
        for request_id, asked in self.asked.items():
            if asked.who == three[1]:
                self.check(request_id, "confirmed")
            if (asked.who, asked.right) == (three[2], "opposition"):
                self.carry_out(request_id)

    def forget(self, subject_id: str) -> None:
        super().forget(subject_id)
        for each in self.asked.values():
            if each.who == subject_id:
                each.who = ""

    @precondition(lambda self: self.people)
    @rule(data=st.data(), right=st.sampled_from([*DETAILS]))
    def receive(self, data: st.DataObject, right: str) -> None:
        self.ask(self.one(data), right)

    def ask(self, subject_id: str, right: str) -> None:
        entered = fulfilment.receive(
            self.store,
            subject_id,
            right,
            BY,
            details=DETAILS[right],
            received=date(2026, 11, 1),
        )
        status = "received" if right == "erasure" else "ready"
        self.asked[entered.id] = Asked(subject_id, right, status)

    @precondition(lambda self: self.asked)
    @rule(data=st.data(), outcome=st.sampled_from([*OUTCOMES]))
    def identify(self, data: st.DataObject, outcome: str) -> None:
        self.check(pick(data, self.asked), outcome)

    def check(self, request_id: str, outcome: str) -> None:
        asked = self.asked[request_id]
        if not asked.is_open:
            with pytest.raises(Refused):
                identify(self.store, request_id, outcome, WHY)
            return
        identify(self.store, request_id, outcome, WHY, pause=outcome == "asked")
        asked.identity = outcome
        if not asked.carried_out:
            asked.status = OUTCOMES[outcome]

    @precondition(lambda self: self.asked)
    @rule(data=st.data())
    def extend(self, data: st.DataObject) -> None:
        request_id = pick(data, self.asked)
        asked = self.asked[request_id]
        if asked.extended or not asked.is_open:
            with pytest.raises(Refused):
                extend(self.store, request_id, WHY, self.folder)
            return
        extend(self.store, request_id, WHY, self.folder)
        asked.extended = True

    @precondition(lambda self: self.asked)
    @rule(data=st.data())
    def refuse(self, data: st.DataObject) -> None:
        request_id = pick(data, self.asked)
        asked = self.asked[request_id]
        if asked.carried_out or not asked.is_open:
            with pytest.raises(Refused):
                refuse(self.store, request_id, "excessive", WHY, self.folder)
            return
        refuse(self.store, request_id, "excessive", WHY, self.folder)
        asked.status = "refused"

    @precondition(lambda self: self.asked)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        request_id = pick(data, self.asked)
        asked = self.asked[request_id]
        if not asked.is_open:
            with pytest.raises(Refused):
                acts.cancel(self.store, request_id)
            return
        acts.cancel(self.store, request_id)
        asked.status = "cancelled"

    @precondition(lambda self: self.asked)
    @rule(data=st.data())
    def run(self, data: st.DataObject) -> None:
        self.carry_out(pick(data, self.asked))

    def carry_out(self, request_id: str) -> None:
        asked = self.asked[request_id]
        if asked.carried_out:
            assert acts.run(self.store, request_id).status == asked.status
            return
        if not asked.is_open or not asked.who or (asked.right == "erasure" and not asked.is_proven):
            with pytest.raises(Refused):
                acts.run(self.store, request_id)
            return
        acts.run(self.store, request_id)
        asked.carried_out = True
        asked.status = "in_progress" if asked.right == "opposition" else "completed"
        if asked.right == "erasure":
            self.forget(asked.who)
        elif asked.right == "automation":
            self.people[asked.who].stopped = True
        elif not self.people[asked.who].restricted:
            self.restricted(asked.who)

    @precondition(lambda self: any(self.waiting()))
    @rule(data=st.data(), upheld=st.booleans())
    def decide(self, data: st.DataObject, upheld: bool) -> None:
        request_id = pick(data, self.waiting())
        asked = self.asked[request_id]
        outcome = {"outcome": "upheld"} if upheld else {"outcome": "overridden", "informed": TODAY}
        if not asked.who or not (asked.is_proven if upheld else self.people[asked.who].restricted):
            with pytest.raises(Refused):
                acts.run(self.store, request_id, **outcome)
            return
        acts.run(self.store, request_id, **outcome)
        asked.status = "completed"
        (self.forget if upheld else self.lifted)(asked.who)

    def waiting(self) -> list[str]:
        return [each for each, asked in self.asked.items() if asked.is_open and asked.carried_out]

    @precondition(lambda self: any(status == "open" for _, status in self.notices))
    @rule(data=st.data(), possible=st.booleans())
    def tell_one(self, data: st.DataObject, possible: bool) -> None:
        open_ones = [n for n, (_, status) in enumerate(self.notices) if status == "open"]
        place = data.draw(st.sampled_from(open_ones))
        with self.store.transaction() as cursor:
            if possible:
                notices.done(cursor, f"N{place + 1}", cursor.today, BY)
            else:
                notices.impossible(cursor, f"N{place + 1}", WHY)
        self.notices[place] = (self.notices[place][0], "done" if possible else "impossible")

    @invariant()
    def the_register_is_the_same(self) -> None:
        with self.store.reading() as cursor:
            found = {
                each.id: Asked(
                    each.user_id,
                    each.right,
                    each.status,
                    each.identity,
                    bool(each.receipt),
                    each.extended is not None,
                )
                for each in requests.listed(cursor)
            }
        assert found == self.asked

    @invariant()
    def notices_are_the_same_and_hold_the_person_while_they_are_open(self) -> None:
        key = self.layout.map.people.key
        with self.store.reading() as cursor:
            found = {each.id: each for each in notices.listed(cursor)}
        assert len(found) == len(self.notices)
        for number, (whose, status) in enumerate(self.notices, 1):
            notice = found[f"N{number}"]
            assert notice.status == status
            assert notice.person.get(key) == (whose if status == "open" else None)


class BuiltIn(Register):
    layout = BUILT_IN


class Second(Register):
    layout = SECOND


STEPS = settings(max_examples=10, stateful_step_count=30)

TestBuiltIn = pytest.mark.slow(BuiltIn.TestCase)
TestSecond = pytest.mark.slow(Second.TestCase)
TestBuiltIn.settings = TestSecond.settings = STEPS
