"""habeas requests: the register."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from data import fulfilment, rights
from data.cursor import Cursor
from data.errors import BadInput
from data.register import letters, requests
from data.register.requests import Request
from tui import output
from tui.cli.options import READING, WHERE, WRITING, Options, RegisterId, Where, Writing
from tui.cli.particulars import NO_PARTICULARS, Particulars
from tui.config import answers

COLUMNS = ("due", "days_left", "id", "right", "person", "status", "identity", "received", "handler",
           "to_tell", "purge_by")  # fmt: skip


def add(
    user_id: str,
    *,
    right: str,
    received: date | None = None,
    came_by: str = "not said",
    unknown: Annotated[bool, Parameter(negative="")] = False,
    particulars: Particulars = NO_PARTICULARS,
    options: Writing = WRITING,
) -> None:
    """Enter a request in the register; its answer is due in a month.

    Parameters
    ----------
    right
        access, rectification, erasure, restriction, lifting, portability, objection,
        subscription, opposition (an objection under 21(1)), automation or contest.
    received
        The day it was received; else today.
    came_by
        email, post, phone, in person, web or app.
    unknown
        The person need not be in the store: for access, they are told that nothing is held.
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
            came_by=came_by,
            unknown=unknown,
            keep=not options.dry_run,
        )
    output.request(entered, options.format)
    if options.dry_run:
        output.note("This is what would be entered; nothing was.")


def list_(
    *,
    overdue: Annotated[bool, Parameter(negative="")] = False,
    right: str = "",
    status: str = "",
    person: str = "",
    options: Options = READING,
) -> None:
    """List the requests: what is overdue first, then what is due next, then what is closed.

    Parameters
    ----------
    overdue
        Only those whose day is over.
    right
        Only those for this right.
    status
        received, identifying, ready, in_progress, completed, refused or cancelled.
    person
        Only those of the person with this id.
    """
    if status and status not in requests.STATUSES:
        raise BadInput(f"{status} is no status; there are {', '.join(requests.STATUSES)}.")
    if right:
        rights.named(right)
    with options.opened(read_only=True) as store, store.reading() as cursor:
        found = requests.listed(
            cursor,
            subjects=[cursor.pseudonym(person)] if person else [],
            right=right,
            status=status,
            overdue=overdue,
        )
        print_list(cursor, found, options)


def print_list(cursor: Cursor, found: list[Request], options: Options) -> None:
    """Prints requests a line each."""
    rows = [
        {
            **vars(each),
            "person": each.user_id or each.subject[:16],
            "days_left": each.days_left(cursor.today) if each.is_open else None,
        }
        for each in found
    ]
    output.records(rows, COLUMNS, options.format)


def show(
    request_id: RegisterId,
    *,
    format_: Annotated[
        Literal["table", "json", "csv", "opendsr"], Parameter(name="--format")
    ] = "table",
    options: Where = WHERE,
) -> None:
    """Show a request: what was done on it, and its receipt.

    Parameters
    ----------
    format_
        How it is printed; opendsr is the status document of OpenDSR 2.0.
    """
    from data.dialects import status

    with options.opened(read_only=True) as store, store.reading() as cursor:
        request = requests.get(cursor, request_id)
        if format_ == "opendsr":
            output.record(status.document(cursor, request), "json")
        else:
            output.request(request, format_, requests.history(cursor, request_id))


def assign(request_id: RegisterId, handler: str, *, options: Writing = WRITING) -> None:
    """Give a request to another handler."""
    options.check_request(request_id)
    with options.opened() as store, store.transaction(keep=not options.dry_run) as cursor:
        assigned = requests.assign(cursor, request_id, handler, options.by)
    output.request(assigned, options.format)
    if options.dry_run:
        output.note("This is what would be assigned; nothing was.")


def letter(
    request_id: RegisterId,
    kind: Literal["confirmation", "lifting", "completion"],
    *,
    out: Path | None = None,
    options: Options = READING,
) -> None:
    """Write a letter to the person.

    Parameters
    ----------
    kind
        confirmation that the request came, word before a restriction is lifted, or completion.
    out
        The folder for the letter.
    """
    opened = options.opened(read_only=True, current=True)
    with opened as store, store.reading() as cursor:
        written = letters.write_asked(
            cursor, requests.get(cursor, request_id), kind, out or answers()
        )
    output.record({"letter": str(written)}, options.format)


def cancel(request_id: RegisterId, *, options: Writing = WRITING) -> None:
    """Close a request that the person took back."""
    options.check_request(request_id)
    with options.opened() as store, store.transaction(keep=not options.dry_run) as cursor:
        cancelled = requests.cancel(cursor, request_id, options.by)
    output.request(cancelled, options.format)
    if options.dry_run:
        output.note("This is what would be closed; nothing was.")
