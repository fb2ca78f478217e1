"""habeas ledger: what was done, and whether the record of it is whole."""

import sys
from dataclasses import asdict
from pathlib import Path

from data import ledger
from data import seal as sealing
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


def verify(*, seal: Path | None = None, options: Options = READING) -> None:
    """Check the chain: every entry as it was written, in order, none missing.

    Parameters
    ----------
    seal
        A file of `habeas ledger seal`: check too that what was sealed is still there.
    """
    sealed = sealing.read(seal) if seal else None
    with options.opened(read_only=True) as store, store.reading() as cursor:
        breaks = ledger.verify(cursor)
        count = cursor.value("SELECT count(*) FROM habeas.ledger")
        faults = [*sealing.faults(cursor, sealed)] if sealed else []
        since = [] if faults or not sealed else ledger.newest(cursor, limit=count - sealed.entries)
    said = {"entries": count, "chain": "broken" if breaks else "whole", "breaks": breaks}
    if sealed:
        said["seal"] = "not right" if faults else "right"
        said["faults"] = faults
        said["sealed"] = {name: getattr(sealed, name) for name in ("moment", "entries", "digest")}
        said["since"] = [f"{each.seq} {each.action}" for each in reversed(since)]
    output.record(said, options.format)
    if breaks or faults:
        sys.exit(1)


def seal(*, out: Path, options: Options = READING) -> None:
    """Sign how the ledger stands, for somebody else to keep: your auditor, say.

    Whoever has the store and its key can write the ledger anew; what was sealed they cannot
    change unseen. See `habeas ledger verify --seal`.

    Parameters
    ----------
    out
        The file, in place of an earlier one.
    """
    with options.opened(read_only=True, current=True) as store, store.reading() as cursor:
        sealed = sealing.write(cursor, out)
    output.record({"file": out, **asdict(sealed)}, options.format)
