"""Carries out what the handler asks for: the particulars, the plan, and then the deed."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from data import fulfilment, work
from data.answers import bundle
from data.errors import HabeasError, Interrupted
from data.people import Person
from data.register import reasons
from data.register.requests import Request
from data.rights import named
from data.rights.access import Copy
from data.rights.plan import propose
from data.rights.undo import Undo, Undoable
from tui import asking, plans
from tui.dialogs import Confirm, Read
from tui.handling import Handling
from tui.plans import LeftOut, Planned
from tui.several import on_each

Particulars = Mapping[str, Any]

TO_TYPE = "Type the id to confirm"
TO_TYPE_MANY = "Type how many people are erased to confirm"


async def exercise(app: Handling, right: str, person: Person, given: Particulars) -> bool:
    """Asks for what the right needs, shows the plan, and applies it; whether it did."""
    store = app.opened()
    try:
        store.check_writable()
        details = await asking.particulars(app, store, right, person, given)
        if details is None:
            return False
        plan = await app.work_on(
            f"{named(right).title}: the plan",
            lambda: propose(store, named(right).from_details(details), person.id),
        )
        plan.check_effect()
    except HabeasError as error:
        app.tell(error)
        return False
    return await _confirmed(app, [Planned(plan)])


async def answer(app: Handling, requests: Sequence[Request]) -> bool:
    """The same for requests of the register, or the decision that they wait for: one plan over
    all of them, without those of which it cannot be."""
    store = app.opened()
    try:
        store.check_writable()
        asking_people, left_out = await app.work_on(
            "Looking at who asks", lambda: _who_asks(app, requests)
        )
        details = await _details(app, asking_people)
        if details is None:
            return False
        planned, refused = await app.work_on("The plan", lambda: _planned(app, details))
    except HabeasError as error:
        app.tell(error)
        return False
    left_out += refused
    if planned:
        return await _confirmed(app, planned, left_out)
    if len(left_out) == 1:
        app.tell(left_out[0].why)
    else:
        await app.push_screen_wait(
            Read("None of these can be carried out", "\n".join(plans.lines([], left_out)))
        )
    return False


async def undo(app: Handling, person: Person) -> bool:
    """Takes back what was last done on the person in this run of the application."""
    store = app.opened()
    last = next((each for each in reversed(app.slips) if each.of.person.id == person.id), None)
    if last is None:
        app.hint("Nothing was done on this person since you opened Habeas.")
        return False
    try:
        store.check_writable()
        plan = await app.wait(lambda: propose(store, last, person.id))
    except HabeasError as error:
        app.tell(error)
        return False
    undone = await _confirmed(app, [Planned(plan)])
    if undone:
        app.slips.remove(last)
    return undone


def _who_asks(
    app: Handling, requests: Sequence[Request]
) -> tuple[list[tuple[Request, Person]], list[LeftOut]]:
    found, left_out = [], []
    for place, request in enumerate(requests):
        work.reached(place, len(requests))
        try:
            found.append((request, fulfilment.person(app.opened(), request)))
        except Interrupted:
            raise
        except HabeasError as why:
            left_out.append(LeftOut(request, why))
    return found, left_out


async def _details(
    app: Handling, asking_people: Sequence[tuple[Request, Person]]
) -> list[tuple[Request, Particulars]] | None:
    """The particulars of each; what may be common to several is asked for once."""
    store, common = app.opened(), asking.Common()
    found: list[tuple[Request, Particulars]] = []
    for request, person in asking_people:
        if request.awaits_decision:
            details = await asking.decision(app, request, person, common)
        else:
            details = await asking.particulars(
                app, store, request.right, person, request.details, common
            )
        if details is None:
            return None
        found.append((request, details))
    return found


def _planned(
    app: Handling, details: Sequence[tuple[Request, Particulars]]
) -> tuple[list[Planned], list[LeftOut]]:
    planned, left_out = [], []
    for place, (request, given) in enumerate(details):
        work.reached(place, len(details))
        try:
            plan = fulfilment.plan(app.opened(), request.id, given)
            planned.append(Planned(plan, request.id))
        except Interrupted:
            raise
        except HabeasError as why:
            left_out.append(LeftOut(request, why))
    return planned, left_out


async def _confirmed(
    app: Handling, planned: Sequence[Planned], left_out: Sequence[LeftOut] = ()
) -> bool:
    """Shows what will be done, and does it once the handler says so; whether any of it was."""
    layout = app.opened().map.people

    def check(text: str) -> None:
        for each in planned:
            reasons.check(layout, each.plan.person, text)

    reason = await app.push_screen_wait(
        Confirm(
            plans.title(planned),
            plans.lines(planned, left_out),
            check,
            typed=plans.to_be_typed(planned),
            to_type=TO_TYPE if len(planned) == 1 else TO_TYPE_MANY,
        )
    )
    if reason is None:
        return False
    answer = await app.wait(lambda: _answer(app, planned))
    done: list[Planned] = []
    await app.attempt(
        lambda: on_each(
            planned, lambda each: _carry_out(app, each, reason, done), lambda each: each.request
        ),
        plans.done(planned, answer),
        plans.title(planned),
    )
    return bool(done)


def _answer(app: Handling, planned: Sequence[Planned]) -> Path | None:
    """Where the answer to one request is written, if there is one."""
    plan = planned[0].plan
    if len(planned) > 1 or not isinstance(plan.right, Copy):
        return None
    with app.opened().reading() as cursor:
        return bundle.folder(cursor, plan.person, Path(plan.right.out), plan.right.name)


def _carry_out(app: Handling, each: Planned, reason: str, done: list[Planned]) -> None:
    receipt = fulfilment.carry_out(app.opened(), each.plan, app.by(reason, each.request))
    done.append(each)
    if isinstance(each.plan.right, Undoable):
        app.slips.append(Undo(each.plan, receipt.ledger_entry))
