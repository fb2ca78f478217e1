"""habeas import, habeas demo."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from data import directory
from data.intake import Loaded, load
from tui import output
from tui.cli.options import READING, WRITING, Options, Writing, pairs, warn
from tui.defaults import DEMO_PEOPLE, default_store
from tui.loading import counts, notes, opened_or_made


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
    keep = not options.dry_run
    with opened_or_made(options.path, keep=keep) as store, output.waiting("loading"):
        if store.ledger_file.fault:
            warn(store)
        loaded = load(
            store,
            options.by,
            people=people,
            records=events,
            columns=renamed,
            despite=despite,
            strict=strict,
            keep=keep,
        )
    _print(loaded, options)
    if keep:
        with options.opened() as store, output.waiting("making people searchable"):
            directory.take_apart(store)


def demo(
    *,
    people: Annotated[int, Parameter(validator=Number(gte=1))] = DEMO_PEOPLE,
    options: Options = READING,
) -> None:
    """Make a made-up store to try things on, and open the application on it.

    Parameters
    ----------
    people
        How many people are made up.
    """
    from data.demo import make, make_anew

    path = options.path if options.store else default_store("demo")
    with output.waiting("making people up"):
        made = make(path, people) if options.store else make_anew(path, people)
    if sys.stdin.isatty() and sys.stdout.isatty():
        from tui.launch import launch

        launch(path, options.actor)
    output.record({"store": str(path), **asdict(made)}, options.format)


def _print(loaded: Loaded, options: Writing) -> None:
    rows = [{**counted, "file": file} for file, counted in counts(loaded).items()]
    output.records(rows, ["file", *rows[0]][:-1], options.format)
    for each in notes(loaded):
        output.note(each)
    if options.dry_run:
        output.note("This is what would be loaded; nothing was.")
