"""The commands that carry out a right."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from data import fulfilment
from data.errors import BadInput, NotFound
from data.rights.access import Access
from data.rights.automation import Automation, Contest
from data.rights.erasure import Erasure, check_extent
from data.rights.objection import Objection, Opposition, Subscription
from data.rights.plan import TOGETHER
from data.rights.portability import Portability
from data.rights.rectification import Rectification
from data.rights.restriction import Lifting, Restriction
from data.rights.right import Plan, Right
from data.store import Store
from data.subject import number
from tui import output
from tui.cli import lists
from tui.cli.carrying import carry_out, carry_out_in, confirmed, counts, folder_of
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
                folder = folder_of(store, plan, out)
                written[of] = {"user_id": of, "folder": folder, **counts(plan)}
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
    carry_out({each: Rectification(values, despite) for each, values in given.items()}, options)


def restrict(*user_id: str, ground: str, from_: From = None, options: Writing = WRITING) -> None:
    """Restrict processing: the profile is stored and otherwise left alone.

    Parameters
    ----------
    ground
        accuracy, unlawful, claims or objection: Article 18(1)(a) to (d).
    from_
        A file with further ids, one a line.
    """
    carry_out(dict.fromkeys(lists.ids(user_id, from_), Restriction(ground)), options)


def lift(*user_id: str, informed: date, from_: From = None, options: Writing = WRITING) -> None:
    """Lift a restriction of which the person was informed first.

    Parameters
    ----------
    informed
        The day on which the person was told: Article 18(3).
    from_
        A file with further ids, one a line.
    """
    carry_out(dict.fromkeys(lists.ids(user_id, from_), Lifting(informed.isoformat())), options)


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
        carry_out_in(store, dict.fromkeys(ids, Objection(chosen)), options)


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
    carry_out(dict.fromkeys(lists.ids(user_id, from_), right), options)


def object_(*user_id: str, from_: From = None, options: Writing = WRITING) -> None:
    """Record an objection to processing, 21(1): it restricts until it is decided.

    Parameters
    ----------
    from_
        A file with further ids, one a line.
    """
    carry_out(dict.fromkeys(lists.ids(user_id, from_), Opposition()), options)


def contest(user_id: str, *, decision: str, outcome: str, options: Writing = WRITING) -> None:
    """Record what a human made of an automated decision that the person contests.

    Parameters
    ----------
    decision
        Which, as the data map names it.
    outcome
        confirmed or changed.
    """
    carry_out({user_id: Contest(decision, outcome)}, options)


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
    carry_out({user_id: Automation(stop)}, options)


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
        carry_out_in(store, dict.fromkeys(ids, right), options)
