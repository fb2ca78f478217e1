"""habeas notices: who is still to be told of what was rectified, erased or restricted."""

from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from data.register import notices
from data.register.notices import Notice
from tui import output
from tui.cli.options import READING, WRITING, Options, RegisterId, Writing
from tui.config import answers

COLUMNS = ("id", "status", "recipient", "right", "article", "since", "request", "fields", "settled")


def list_(
    *,
    open_: Annotated[bool, Parameter(name="--open", negative="")] = False,
    request: RegisterId = "",
    options: Options = READING,
) -> None:
    """List the notices: the open ones first.

    Parameters
    ----------
    open_
        Only those who are still to be told.
    request
        Only those of this request.
    """
    with options.opened(read_only=True) as store, store.reading() as cursor:
        found = notices.listed(cursor, request=request, everyone=not open_)
    output.records([vars(each) for each in found], COLUMNS, options.format)


def write(*notice_id: RegisterId, out: Path | None = None, options: Options = READING) -> None:
    """Write the messages to those who are still to be told, or some of them.

    Parameters
    ----------
    out
        The folder for the messages; they hold personal data.
    """
    opened = options.opened(read_only=True, current=True)
    with opened as store, store.reading() as cursor:
        chosen = [notices.get(cursor, each) for each in notice_id]
        written = [
            {"notice": each.id, "recipient": each.recipient,
             "message": str(notices.write(cursor, each, out or answers()))}
            for each in chosen or notices.listed(cursor, everyone=False)
        ]  # fmt: skip
    output.records(written, ("notice", "recipient", "message"), options.format)


def done(notice_id: RegisterId, *, on: date, options: Writing = WRITING) -> None:
    """Record that the recipient was told.

    Parameters
    ----------
    on
        The day on which they were.
    """
    with options.opened() as store, store.transaction(keep=not options.dry_run) as cursor:
        options.check_request(notices.get(cursor, notice_id).request)
        settled = notices.done(cursor, notice_id, on, options.by)
    _print(settled, options)


def impossible(notice_id: RegisterId, *, options: Writing = WRITING) -> None:
    """Record that telling the recipient is impossible, or a disproportionate effort: --reason."""
    with options.opened() as store, store.transaction(keep=not options.dry_run) as cursor:
        options.check_request(notices.get(cursor, notice_id).request)
        settled = notices.impossible(cursor, notice_id, options.by)
    _print(settled, options)


def _print(settled: Notice, options: Writing) -> None:
    output.records([vars(settled)], COLUMNS, options.format)
    if options.dry_run:
        output.note("This is what would be recorded; nothing was.")
