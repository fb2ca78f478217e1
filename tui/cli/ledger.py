"""habeas ledger: what was done, and whether the record of it is whole."""

import sys

from data import ledger
from tui import output
from tui.cli.options import READING, Options

COLUMNS = ("seq", "moment", "actor", "action", "article", "subject", "request", "detail", "reason")
SUBJECT_SHOWN = 16


def show(*, options: Options = READING) -> None:
    """Show the ledger, in order. A person stands in it as a keyed hash."""
    with options.opened(read_only=True) as store, store.reading() as cursor:
        reasons = ledger.reasons(cursor)
        rows, last = [], 0
        while page := ledger.entries(cursor, after=last):
            last = page[-1].seq
            for entry in page:
                row = {**vars(entry), "detail": entry.facts, "reason": reasons.get(entry.seq, "")}
                if options.format == "table":
                    row["subject"] = entry.subject[:SUBJECT_SHOWN]
                rows.append(row)
    columns = COLUMNS if options.format == "table" else (*COLUMNS, "previous", "digest")
    output.records(rows, columns, options.format)


def verify(*, options: Options = READING) -> None:
    """Check the chain: every entry as it was written, in order, none missing."""
    with options.opened(read_only=True) as store, store.reading() as cursor:
        breaks = ledger.verify(cursor)
        count = cursor.value("SELECT count(*) FROM habeas.ledger")
    output.record(
        {"entries": count, "chain": "broken" if breaks else "whole", "breaks": breaks},
        options.format,
    )
    if breaks:
        sys.exit(1)
