"""habeas import, habeas demo."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from data.intake import Loaded, load
from data.store import Store
from tui import output
from tui.cli.options import READING, WRITING, Options, Writing, pairs
from tui.defaults import default_store


def import_(
    *,
    people: Path | None = None,
    events: Path | None = None,
    column: Annotated[list[str] | None, Parameter(negative="")] = None,
    despite: str = "",
    strict: Annotated[bool, Parameter(negative="")] = False,
    options: Writing = WRITING,
) -> None:
    """Load files of people and of their events; makes the store where there is none.

    CSV, NDJSON, JSON or Parquet, packed with gzip or zstd or not.

    Parameters
    ----------
    people
        A file with a row a person.
    events
        A file with a row an event.
    column
        OURS=THEIRS: which column of a file is which of the data map; may be given several times.
    despite
        Load the rows of restricted people too: consent, claims, another-person or
        public-interest, 18(2).
    strict
        Load nothing where any row cannot be read.
    """
    renamed = pairs(column or [], "OURS=THEIRS")
    with _opened_or_made(options) as store, output.waiting("loading"):
        loaded = load(
            store,
            options.by,
            people=people,
            records=events,
            columns=renamed,
            despite=despite,
            strict=strict,
            keep=not options.dry_run,
        )
    _print(loaded, options)


def demo(
    *,
    people: Annotated[int, Parameter(validator=Number(gte=1))] = 1000,
    options: Options = READING,
) -> None:
    """Make a made-up store to try things on, and open the application on it.

    Parameters
    ----------
    people
        How many people are made up.
    """
    from data.demo import make, remove

    path = options.path if options.store else default_store("demo")
    if options.store is None:
        if path.exists():
            # Opening it says who uses it; a store in use must not be replaced.
            Store.open(path).close()
        remove(path)
    with output.waiting("making people up"):
        made = make(path, people)
    if sys.stdin.isatty() and sys.stdout.isatty():
        from tui.app import HabeasApp

        sys.exit(HabeasApp(store=path, actor=options.by.actor).run_to_exit_code())
    output.record({"store": str(path), **asdict(made)}, options.format)


@contextmanager
def _opened_or_made(options: Writing) -> Iterator[Store]:
    """The store; one made for this goes again where nothing was loaded into it."""
    made = not options.path.exists()
    store = Store.create(options.path) if made else Store.open(options.path)
    kept = False
    try:
        yield store
        kept = not options.dry_run
    finally:
        store.close()
        if made and not kept:
            options.path.unlink()


def _print(loaded: Loaded, options: Writing) -> None:
    rows = [
        {_COUNTED.get(name, name): count for name, count in asdict(counts).items()} | {"file": file}
        for file, counts in (("people", loaded.people), ("events", loaded.records))
        if counts
    ]
    output.records(rows, ["file", *rows[0]][:-1], options.format)
    if loaded.by_records_alone:
        output.note(f"{loaded.by_records_alone:,} people are known by their events alone.")
    if loaded.rejects:
        output.note(f"What could not be read is in {loaded.rejects}: personal data, so delete it.")
    if options.dry_run:
        output.note("This is what would be loaded; nothing was.")


_COUNTED = {"erased": "withheld_erased", "restricted": "withheld_restricted"}
