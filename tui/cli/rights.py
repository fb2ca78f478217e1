"""The commands that carry out a right: each makes a plan, and applies it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from data import fulfilment
from data.answers import bundle
from data.errors import BadInput, NotFound, Refused
from data.rights.access import Access
from data.rights.automation import Automation, Contest
from data.rights.erasure import Erasure, check_extent
from data.rights.objection import Objection, Opposition, Subscription
from data.rights.plan import TOGETHER, Plan, Right, planned, propose, propose_all
from data.rights.portability import Portability
from data.rights.rectification import Rectification
from data.rights.restriction import Lifting, Restriction
from data.store import Store
from data.subject import number
from tui import output
from tui.cli import lists
from tui.cli.options import WRITING, Flag, Writing, pairs

Channels = Annotated[list[str] | None, Parameter(negative="")]
From = Annotated[Path | None, Parameter(name="--from")]


def export(
    *user_id: str,
    out: Path,
    from_: From = None,
    right: Literal["access", "portability"] = "access",
    options: Writing = WRITING,
) -> None:
    """Write a person's data to a folder of their own, as JSON and Parquet.

    Parameters
    ----------
    out
        The folder that gets a folder for each person.
    from_
        A file with further ids, one a line.
    right
        What goes in: all that is held, or what the person may take elsewhere.
    """
    ids = lists.ids(user_id, from_)
    if options.request and len(ids) > 1:
        raise BadInput("A request is one person's: give one id with --request.")
    kind = Access if right == "access" else Portability
    rights: dict[str, Right] = {each: kind(str(out)) for each in sorted(ids, key=number)}
    written: dict[str, dict[str, Any]] = {}
    with options.opened(read_only=options.dry_run) as store:
        for some in output.progress(list(rights), "people", TOGETHER):
            for plan in _exported(store, {each: rights[each] for each in some}, options):
                of = plan.person.id
                written[of] = {
                    "user_id": of,
                    "folder": folder_of(store, plan, out),
                    **_counts(plan),
                }
        names = ["profile", *(records.name for records in store.map.records)]
    found = [written[each] for each in ids if each in written]
    missing = [each for each in ids if each not in written]
    output.records(found, ["user_id", "folder", *names], options.format)
    if options.dry_run:
        output.note("This is the plan; nothing was written.")
    if missing:
        raise NotFound(
            f"{len(missing):,} of {len(ids):,} are not in the store: {', '.join(missing[:10])}"
            f"{', …' if len(missing) > 10 else '.'}",
            unchanged="" if options.dry_run else f"The other {len(found):,} were exported.",
        )


def _exported(store: Store, rights: Mapping[str, Right], options: Writing) -> list[Plan]:
    """Writes the copies of those of these people who are there."""
    made = fulfilment.exercise(store, rights, options.by, keep=not options.dry_run)
    return [each for each in made.values() if isinstance(each, Plan)]


def rectify(
    user_id: str | None = None,
    *changes: str,
    from_: From = None,
    despite: str = "",
    options: Writing = WRITING,
) -> None:
    """Correct or complete fields of a person, or of several.

    Parameters
    ----------
    changes
        FIELD=VALUE; an empty value empties the field.
    from_
        A CSV file instead, with the columns user_id, field and value.
    despite
        For restricted people: consent, claims, another-person or public-interest, 18(2).
    """
    if (user_id is None) == (from_ is None):
        raise BadInput("Say whom: an id and FIELD=VALUE, or a file of corrections with --from.")
    if from_:
        given = lists.corrections(from_)
    else:
        given = {user_id or "": dict(pairs(list(changes), "FIELD=VALUE"))}
    _carry_out({each: Rectification(values, despite) for each, values in given.items()}, options)


def restrict(*user_id: str, ground: str, from_: From = None, options: Writing = WRITING) -> None:
    """Restrict processing: the profile is stored and otherwise left alone.

    Parameters
    ----------
    ground
        accuracy, unlawful, claims or objection: Article 18(1)(a) to (d).
    from_
        A file with further ids, one a line.
    """
    _carry_out(dict.fromkeys(lists.ids(user_id, from_), Restriction(ground)), options)


def lift(*user_id: str, informed: date, from_: From = None, options: Writing = WRITING) -> None:
    """Lift a restriction of which the person was informed first.

    Parameters
    ----------
    informed
        The day on which the person was told: Article 18(3).
    from_
        A file with further ids, one a line.
    """
    _carry_out(dict.fromkeys(lists.ids(user_id, from_), Lifting(informed.isoformat())), options)


def unsubscribe(
    *user_id: str,
    channel: Channels = None,
    all_: Annotated[bool, Parameter(name="--all", negative="")] = False,
    from_: From = None,
    options: Writing = WRITING,
) -> None:
    """Stop reaching a person on some channels, or on all.

    Parameters
    ----------
    channel
        May be given several times.
    all_
        Every channel of the data map.
    from_
        A file with further ids, one a line.
    """
    if bool(channel) == all_:
        raise BadInput("Say which: --channel C, once or more, or --all.")
    ids = lists.ids(user_id, from_)
    with options.opened(read_only=options.dry_run) as store:
        chosen = tuple(channel or store.map.people.channels)
        _carry_out_in(store, dict.fromkeys(ids, Objection(chosen)), options)


def subscribe(
    *user_id: str,
    channel: Channels = None,
    despite: str = "",
    from_: From = None,
    options: Writing = WRITING,
) -> None:
    """Reach a person on a channel again, because they said so.

    Parameters
    ----------
    channel
        May be given several times.
    despite
        For a restricted person: consent, claims, another-person or public-interest, 18(2).
    from_
        A file with further ids, one a line.
    """
    right = Subscription(tuple(channel or ()), despite)
    _carry_out(dict.fromkeys(lists.ids(user_id, from_), right), options)


def object_(*user_id: str, from_: From = None, options: Writing = WRITING) -> None:
    """Record an objection to processing, 21(1): it restricts until it is decided.

    Parameters
    ----------
    from_
        A file with further ids, one a line.
    """
    _carry_out(dict.fromkeys(lists.ids(user_id, from_), Opposition()), options)


def contest(user_id: str, *, decision: str, outcome: str, options: Writing = WRITING) -> None:
    """Record what a human made of an automated decision that the person contests.

    Parameters
    ----------
    decision
        Which, as the data map names it.
    outcome
        confirmed or changed.
    """
    _carry_out({user_id: Contest(decision, outcome)}, options)


def automation(
    user_id: str, *, stop: Flag = False, allow: Flag = False, options: Writing = WRITING
) -> None:
    """Stop or allow decisions about a person that a machine makes alone.

    Parameters
    ----------
    stop
        Decisions are for a person to make.
    allow
        A machine may decide again.
    """
    if stop == allow:
        raise BadInput("Say which: --stop or --allow.")
    _carry_out({user_id: Automation(stop)}, options)


def erase(
    *user_id: str,
    ground: str,
    from_: From = None,
    confirm: str | None = None,
    max_people: int | None = None,
    max_share: float | None = None,
    options: Writing = WRITING,
) -> None:
    """Erase a person, or several, for good.

    Parameters
    ----------
    ground
        no-longer-needed, consent-withdrawn, objection, unlawful, legal-obligation or child:
        Article 17(1)(a) to (f).
    from_
        A file with further ids, one a line.
    confirm
        The id once more; for several people, how many they are.
    max_people
        Stop where they are more people.
    max_share
        Stop where they are a greater share of all people, in per cent.
    """
    ids = lists.ids(user_id, from_)
    right = Erasure(ground)
    confirmed(right, ids[0] if len(ids) == 1 else str(len(ids)), confirm, options)
    with options.opened(read_only=options.dry_run) as store:
        with store.reading() as cursor:
            check_extent(cursor, len(ids), max_people=max_people, max_share=max_share)
        _carry_out_in(store, dict.fromkeys(ids, right), options)


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


def _carry_out(rights: Mapping[str, Right], options: Writing) -> None:
    with options.opened(read_only=options.dry_run) as store:
        _carry_out_in(store, rights, options)


def _carry_out_in(store: Store, rights: Mapping[str, Right], options: Writing) -> None:
    """Carries out a right of each of these people, by id, once all can be."""
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
    return {"user_id": plan.person.id, **_counts(plan), **({"fields": changed} if changed else {})}


def folder_of(store: Store, plan: Plan, out: Path) -> str:
    with store.reading() as cursor:
        return str(bundle.folder(cursor, plan.person, out, plan.right.name))


def _counts(plan: Plan) -> dict[str, int]:
    return {each.name: each.count for each in plan.rows}
