"""habeas requests run: one request, or all that wait for nothing else."""

import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from data import fulfilment
from data.errors import BadInput, HabeasError, Refused
from data.register import requests
from data.rights import erasure
from data.rights.access import Copy
from data.rights.plan import TOGETHER
from data.store import Store
from tui import output
from tui.cli.carrying import confirmed, folder_of
from tui.cli.options import WRITING, RegisterId, Writing
from tui.cli.particulars import NO_PARTICULARS, Particulars
from tui.config import answers


def run(
    request_id: RegisterId | None = None,
    *,
    all_ready: Annotated[bool, Parameter(negative="")] = False,
    out: Path | None = None,
    confirm: str | None = None,
    max_people: int | None = None,
    max_share: float | None = None,
    particulars: Particulars = NO_PARTICULARS,
    options: Writing = WRITING,
) -> None:
    """Carry a request out, or all that are ready; what was carried out is left as it is.

    Parameters
    ----------
    all_ready
        Every request that waits for nothing else.
    out
        The folder for the answers, for access and portability.
    confirm
        The person's id once more, for erasure.
    max_people
        With --all-ready: stop where more people would be erased.
    max_share
        With --all-ready: stop where a greater share of all people, in per cent, would be erased.
    """
    if (request_id is None) != all_ready:
        raise BadInput("Say which request to run, or --all-ready.")
    with options.opened(read_only=options.dry_run) as store:
        if request_id is None:
            if particulars != NO_PARTICULARS or confirm or options.request:
                raise BadInput("Particulars are one request's; leave them out with --all-ready.")
            _run_all(store, out or answers(), max_people, max_share, options)
        else:
            options.check_request(request_id)
            _run_one(store, request_id, out or answers(), confirm, particulars, options)


def _run_one(
    store: Store,
    request_id: str,
    out: Path,
    confirm: str | None,
    particulars: Particulars,
    options: Writing,
) -> None:
    with store.reading() as cursor:
        request = requests.get(cursor, request_id)
    details = particulars.details(store) | fulfilment.taken(request.right, {"out": str(out)})
    answer = ""
    if request.is_open and (not request.receipt or "outcome" in details):
        plan = fulfilment.plan(store, request_id, details)
        if options.dry_run:
            output.plan(plan, options.format)
            return
        confirmed(plan.right, request.user_id, confirm, options)
        for warning in plan.warnings:
            output.note(warning)
        if isinstance(plan.right, Copy):
            answer = folder_of(store, plan, out)
    elif request.receipt:
        output.note(f"{request.id} was carried out before; nothing was done now.")
    done = fulfilment.run(store, request_id, options.by, details)
    output.request(done, options.format)
    if answer:
        output.note(f"The answer is in {answer}.")


def _run_all(
    store: Store,
    out: Path,
    max_people: int | None,
    max_share: float | None,
    options: Writing,
) -> None:
    with store.reading() as cursor:
        queue = fulfilment.ready(cursor)
        erased = {each.subject for each in queue if each.right == "erasure"}
        erasure.check_extent(cursor, len(erased), max_people=max_people, max_share=max_share)
    outcomes = [
        outcome
        for some in output.progress(queue, "requests", TOGETHER)
        for outcome in fulfilment.work_off(
            store, some, options.by, {"out": str(out)}, keep=not options.dry_run
        )
    ]
    rows = [
        {"id": each.request.id, "right": each.request.right, "came_to": each.came_to,
         "why": each.why}
        for each in outcomes
    ]  # fmt: skip
    output.records(rows, ("id", "right", "came_to", "why"), options.format)
    counts = Counter(each.came_to for each in outcomes)
    output.note(
        f"{len(outcomes):,} requests: {counts['done']:,} done, {counts['refused']:,} refused, "
        f"{counts['failed']:,} failed."
    )
    if options.dry_run:
        output.note("This is what would be done; nothing was.")
    if counts["failed"]:
        sys.exit(HabeasError.exit_code)
    if counts["refused"]:
        sys.exit(Refused.exit_code)
