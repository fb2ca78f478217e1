"""habeas requests: the register."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from data import fulfilment, requests
from data.errors import BadInput
from data.store import Store
from tui import output
from tui.cli.options import READING, WRITING, Options, Writing, pairs
from tui.cli.rights import confirmed

COLUMNS = ("due", "days_left", "id", "right", "person", "status", "received", "handler")


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Particulars:
    """What a right needs to be carried out; it can be said when the request is added or run."""

    ground: str | None = None
    """For erasure and restriction."""
    channel: Annotated[list[str] | None, Parameter(negative="")] = None
    """For objection and subscription; may be given several times."""
    all_: Annotated[bool, Parameter(name="--all", negative="")] = False
    """Every channel, for objection and subscription."""
    set_: Annotated[list[str] | None, Parameter(name="--set", negative="")] = None
    """FIELD=VALUE for rectification; may be given several times."""
    informed: date | None = None
    """The day the person was told, for lifting."""
    stop: Annotated[bool, Parameter(negative="")] = False
    """For automation."""
    allow: Annotated[bool, Parameter(negative="")] = False
    """For automation."""

    def details(self, store: Store) -> dict[str, Any]:
        """Those given, by the names of the rights' fields."""
        if self.stop and self.allow:
            raise BadInput("Say which: --stop or --allow.")
        channels = list(store.map.people.channels) if self.all_ else self.channel
        given = {
            "ground": self.ground,
            "channels": channels,
            "changes": dict(pairs(self.set_, "FIELD=VALUE")) if self.set_ else None,
            "informed": self.informed and self.informed.isoformat(),
            "stop": self.stop if self.stop or self.allow else None,
        }
        return {name: value for name, value in given.items() if value is not None}


NO_PARTICULARS = Particulars()


def add(
    user_id: str,
    *,
    right: str,
    received: date | None = None,
    particulars: Particulars = NO_PARTICULARS,
    options: Writing = WRITING,
) -> None:
    """Enter a request in the register; its answer is due in a month.

    Parameters
    ----------
    right
        access, rectification, erasure, restriction, lifting, portability, objection,
        subscription or automation.
    received
        The day it was received; else today.
    """
    if options.request:
        raise BadInput("A new request gets its id from the register; leave out --request.")
    with options.opened() as store:
        entered = fulfilment.receive(
            store,
            user_id,
            right,
            options.by,
            details=particulars.details(store),
            received=received,
            keep=not options.dry_run,
        )
    output.request(entered, options.format)
    if options.dry_run:
        output.note("This is what would be entered; nothing was.")


def list_(*, options: Options = READING) -> None:
    """List the requests: what is open first, by due date."""
    with options.opened(read_only=True) as store, store.reading() as cursor:
        rows = [
            {
                **vars(each),
                "person": each.user_id or each.subject[:16],
                "days_left": each.days_left(cursor.today) if each.is_open else None,
            }
            for each in requests.listed(cursor)
        ]
    output.records(rows, COLUMNS, options.format)


def show(request_id: str, *, options: Options = READING) -> None:
    """Show a request, with its receipt."""
    with options.opened(read_only=True) as store, store.reading() as cursor:
        output.request(requests.get(cursor, request_id), options.format)


def run(
    request_id: str,
    *,
    out: Path | None = None,
    confirm: str | None = None,
    particulars: Particulars = NO_PARTICULARS,
    options: Writing = WRITING,
) -> None:
    """Carry a request out; one that is completed already is left as it is.

    Parameters
    ----------
    out
        The folder for the answer, for access and portability.
    confirm
        The person's id once more, for erasure.
    """
    _check_request(request_id, options)
    with options.opened(read_only=options.dry_run) as store:
        details = particulars.details(store) | ({"out": str(out)} if out else {})
        with store.reading() as cursor:
            request = requests.get(cursor, request_id)
        if request.is_open:
            plan = fulfilment.plan(store, request_id, details)
            if options.dry_run:
                output.plan(plan, options.format)
                return
            confirmed(plan.right, request.user_id, confirm, options)
        done = fulfilment.run(store, request_id, options.by, details)
    output.request(done, options.format)


def cancel(request_id: str, *, options: Writing = WRITING) -> None:
    """Close a request that the person took back."""
    _check_request(request_id, options)
    with options.opened() as store, store.transaction(keep=not options.dry_run) as cursor:
        output.request(requests.cancel(cursor, request_id, options.by), options.format)
    if options.dry_run:
        output.note("This is what would be closed; nothing was.")


def _check_request(request_id: str, options: Writing) -> None:
    if options.request not in ("", request_id):
        raise BadInput(f"--request says {options.request}, which is not {request_id}.")
