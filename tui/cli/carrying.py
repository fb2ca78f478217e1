"""What every command that carries out a right does: it makes a plan, and applies it or shows it."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from data import fulfilment
from data.answers import bundle
from data.errors import BadInput, Refused
from data.rights.plan import TOGETHER, propose, propose_all
from data.rights.right import Plan, Right, planned
from data.store import Store
from tui import output
from tui.cli.options import Writing


def confirmed(right: Right, expected: str, confirm: str | None, options: Writing) -> None:
    """What cannot be undone asks for the id once more, or for the number of people.

    Raises BadInput, Refused.
    """
    if options.dry_run or not right.final:
        return
    if confirm is None:
        raise BadInput(
            "This cannot be undone.",
            then="Give the id once more, or for several people how many: --confirm.",
        )
    if confirm != expected:
        raise Refused(f"--confirm says {confirm}, which is not {expected}.")


def carry_out(rights: Mapping[str, Right], options: Writing) -> None:
    """Carries out a right of each of these people, by id, once all can be."""
    with options.opened(read_only=options.dry_run) as store:
        carry_out_in(store, rights, options)


def carry_out_in(store: Store, rights: Mapping[str, Right], options: Writing) -> None:
    """The same in a store that is open already."""
    if len(rights) > 1:
        _carry_out_many(store, rights, options)
        return
    ((user_id, right),) = rights.items()
    if options.dry_run:
        output.plan(propose(store, right, user_id), options.format)
        return
    receipt = fulfilment.exercise_one(
        store, right, user_id, options.by, before=lambda plan: _warn([plan])
    )
    output.receipt(receipt, options.format)


def _carry_out_many(store: Store, rights: Mapping[str, Right], options: Writing) -> None:
    if options.request:
        raise BadInput("A request is one person's: give one id with --request.")
    plans = [
        plan
        for some in output.progress(list(rights), "plans", TOGETHER)
        for plan in _planned(store, {each: rights[each] for each in some})
    ]
    _warn(plans)
    if all(each.idle for each in plans):
        plans[0].check_effect()
    plans = [each for each in plans if not each.idle]
    rows: list[dict[str, Any]] = []
    gone: set[str] = set()
    for some in output.progress(plans, "people", TOGETHER):
        together = _apart(some, gone)
        if not options.dry_run:
            fulfilment.carry_out_all(store, [(each, options.by) for each in together])
        gone.update(one for each in together for one in each.person.ids)
        rows += map(_done, together)
        for plan in some:
            if plan in together or (plan.final and plan.person.id in gone):
                continue  # or it is gone as a further id of one before
            if not options.dry_run:
                now = propose(store, plan.right, plan.person.id)
                fulfilment.carry_out(store, now, options.by)
            gone.update(plan.person.ids)
            rows.append(_done(plan))
    output.records(rows, list(rows[0]), options.format)
    if options.dry_run:
        output.note("This is the plan; nothing was changed.")


def _warn(plans: Sequence[Plan]) -> None:
    """Says what is to be known before they are carried out, each thing once."""
    for warning in dict.fromkeys(warning for plan in plans for warning in plan.warnings):
        output.note(warning)


def _planned(store: Store, rights: Mapping[str, Right]) -> list[Plan]:
    with store.reading() as cursor:
        return [planned(each) for each in propose_all(cursor, rights).values()]


def _apart(plans: Sequence[Plan], gone: Collection[str]) -> list[Plan]:
    """Those of the plans whose people have no id in common, nor one that is gone."""
    taken = set(gone)
    found = []
    for plan in plans:
        if taken.isdisjoint(plan.person.ids):
            found.append(plan)
            taken.update(plan.person.ids)
    return found


def _done(plan: Plan) -> dict[str, Any]:
    changed = [each.field for each in plan.changes]
    return {"user_id": plan.person.id, **counts(plan), **({"fields": changed} if changed else {})}


def counts(plan: Plan) -> dict[str, int]:
    """The rows that go or are copied, by what they are rows of."""
    return {each.name: each.count for each in plan.rows}


def folder_of(store: Store, plan: Plan, out: Path) -> str:
    """Where the files are that a person is answered with."""
    with store.reading() as cursor:
        return str(bundle.folder(cursor, plan.person, out, plan.right.name))
