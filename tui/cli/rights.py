"""The commands that carry out a right: each makes a plan, and applies it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from data import fulfilment
from data.answers import bundle
from data.errors import BadInput, NotFound, Refused
from data.rights.access import Access
from data.rights.automation import Automation, Contest
from data.rights.erasure import Erasure, check_extent
from data.rights.objection import Objection, Opposition, Subscription
from data.rights.plan import Plan, Right, propose
from data.rights.portability import Portability
from data.rights.rectification import Rectification
from data.rights.restriction import Lifting, Restriction
from data.store import Store
from tui import output
from tui.cli.options import WRITING, Flag, Writing, pairs

Channels = Annotated[list[str] | None, Parameter(negative="")]


def export(
    *user_id: str,
    out: Path,
    from_: Annotated[Path | None, Parameter(name="--from")] = None,
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
    ids = _ids(user_id, from_)
    if options.request and len(ids) > 1:
        raise BadInput("A request is one person's: give one id with --request.")
    kind = Access if right == "access" else Portability
    written, missing = [], []
    with options.opened(read_only=options.dry_run) as store:
        for each in output.progress(ids, "people"):
            try:
                plan = propose(store, kind(str(out)), each)
            except NotFound:
                missing.append(each)
                continue
            if not options.dry_run:
                fulfilment.carry_out(store, plan, options.by)
            written.append({"user_id": each, "folder": _folder(store, plan, out), **_counts(plan)})
        names = ["profile", *(records.name for records in store.map.records)]
    output.records(written, ["user_id", "folder", *names], options.format)
    if options.dry_run:
        output.note("This is the plan; nothing was written.")
    if missing:
        raise NotFound(
            f"{len(missing):,} of {len(ids):,} are not in the store: {', '.join(missing[:10])}"
            f"{', …' if len(missing) > 10 else '.'}",
            unchanged="" if options.dry_run else f"The other {len(written):,} were exported.",
        )


def rectify(user_id: str, *changes: str, despite: str = "", options: Writing = WRITING) -> None:
    """Correct or complete fields of a person.

    Parameters
    ----------
    changes
        FIELD=VALUE; an empty value empties the field.
    despite
        For a restricted person: consent, claims, another-person or public-interest, 18(2).
    """
    values = dict(pairs(list(changes), "FIELD=VALUE"))
    _carry_out(Rectification(values, despite), user_id, options)


def restrict(user_id: str, *, ground: str, options: Writing = WRITING) -> None:
    """Restrict processing: the profile is stored and otherwise left alone.

    Parameters
    ----------
    ground
        accuracy, unlawful, claims or objection: Article 18(1)(a) to (d).
    """
    _carry_out(Restriction(ground), user_id, options)


def lift(user_id: str, *, informed: date, options: Writing = WRITING) -> None:
    """Lift a restriction of which the person was informed first.

    Parameters
    ----------
    informed
        The day on which the person was told: Article 18(3).
    """
    _carry_out(Lifting(informed.isoformat()), user_id, options)


def unsubscribe(
    user_id: str,
    *,
    channel: Channels = None,
    all_: Annotated[bool, Parameter(name="--all", negative="")] = False,
    options: Writing = WRITING,
) -> None:
    """Stop reaching a person on some channels, or on all.

    Parameters
    ----------
    channel
        May be given several times.
    all_
        Every channel of the data map.
    """
    if bool(channel) == all_:
        raise BadInput("Say which: --channel C, once or more, or --all.")
    with options.opened(read_only=options.dry_run) as store:
        chosen = tuple(channel or store.map.people.channels)
        _carry_out_in(store, Objection(chosen), user_id, options)


def subscribe(
    user_id: str, *, channel: Channels = None, despite: str = "", options: Writing = WRITING
) -> None:
    """Reach a person on a channel again, because they said so.

    Parameters
    ----------
    channel
        May be given several times.
    despite
        For a restricted person: consent, claims, another-person or public-interest, 18(2).
    """
    _carry_out(Subscription(tuple(channel or ()), despite), user_id, options)


def object_(user_id: str, *, options: Writing = WRITING) -> None:
    """Record an objection to processing, 21(1): it restricts until it is decided."""
    _carry_out(Opposition(), user_id, options)


def contest(user_id: str, *, decision: str, outcome: str, options: Writing = WRITING) -> None:
    """Record what a human made of an automated decision that the person contests.

    Parameters
    ----------
    decision
        Which, as the data map names it.
    outcome
        confirmed or changed.
    """
    _carry_out(Contest(decision, outcome), user_id, options)


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
    _carry_out(Automation(stop), user_id, options)


def erase(
    *user_id: str,
    ground: str,
    from_: Annotated[Path | None, Parameter(name="--from")] = None,
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
    ids = _ids(user_id, from_)
    right = Erasure(ground)
    confirmed(right, ids[0] if len(ids) == 1 else str(len(ids)), confirm, options)
    if len(ids) > 1 and options.request:
        raise BadInput("A request is one person's: give one id with --request.")
    with options.opened(read_only=options.dry_run) as store:
        with store.reading() as cursor:
            check_extent(cursor, len(ids), max_people=max_people, max_share=max_share)
        if len(ids) == 1:
            _carry_out_in(store, right, ids[0], options)
        else:
            _erase_all(store, right, ids, options)


def _erase_all(store: Store, right: Erasure, ids: list[str], options: Writing) -> None:
    """Erases several people, each in a transaction of their own, once all can be."""
    plans = [propose(store, right, each) for each in output.progress(ids, "plans")]
    rows = []
    gone: set[str] = set()
    for plan in output.progress(plans, "people"):
        if plan.person.id in gone:
            continue  # as a merged id of one before
        if not options.dry_run:
            # Of ids that were merged into both, the one before took the rows.
            shared = gone.intersection(plan.person.ids)
            now = propose(store, right, plan.person.id) if shared else plan
            fulfilment.carry_out(store, now, options.by)
        gone.update(plan.person.ids)
        rows.append({"user_id": plan.person.id, **_counts(plan)})
    names = ["profiles", *(records.name for records in store.map.records)]
    output.records(rows, ["user_id", *names], options.format)
    for warning in dict.fromkeys(warning for plan in plans for warning in plan.warnings):
        output.note(warning)
    if options.dry_run:
        output.note("This is the plan; nothing was changed.")


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


def _carry_out(right: Right, user_id: str, options: Writing) -> None:
    with options.opened(read_only=options.dry_run) as store:
        _carry_out_in(store, right, user_id, options)


def _carry_out_in(store: Store, right: Right, user_id: str, options: Writing) -> None:
    plan = propose(store, right, user_id)
    if options.dry_run:
        output.plan(plan, options.format)
        return
    for warning in plan.warnings:
        output.note(warning)
    output.receipt(fulfilment.carry_out(store, plan, options.by), options.format)


def _ids(given: tuple[str, ...], path: Path | None) -> list[str]:
    ids = list(dict.fromkeys([*given, *(_lines(path) if path else ())]))
    if not ids:
        raise BadInput("Nobody is named: give ids, or a file of them with --from.")
    return ids


def _lines(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8-sig", newline="\n") as file:
            yield from (line.rstrip("\r\n") for line in file if line.strip())
    except (OSError, UnicodeDecodeError):
        raise BadInput(f"{path} cannot be read as a list of ids in UTF-8.") from None


def _folder(store: Store, plan: Plan, out: Path) -> str:
    with store.reading() as cursor:
        return str(bundle.folder(cursor, plan.person, out, plan.right.name))


def _counts(plan: Plan) -> dict[str, int]:
    return {each.name: each.count for each in plan.rows}
