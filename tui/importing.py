"""Loads people and events from files: asks for them, shows what is in them, and then the deed."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from data import directory
from data.errors import HabeasError, Interrupted
from data.intake import Loaded, load
from tui.dialogs import Agree, Read
from tui.handling import Handling
from tui.loading import counts, notes, opened_or_made
from tui.picking import Pick
from tui.safe import safe
from tui.words import counted

NAME, NUMBER = 22, 14  # cells


class Files(NamedTuple):
    """A file of people, a file of events, or both."""

    people: Path | None
    events: Path | None


async def load_files(app: Handling) -> Loaded | None:
    """Loads files into the store, or into one that is made for them. None where nothing was."""
    files = await _asked(app)
    if files is None:
        return None
    names = " and ".join(each.name for each in files if each)
    try:
        trial = await app.work_on(f"Reading {names}", lambda: _load(app, files, keep=False))
        lines = [*_table(trial), "", *map(safe, _ahead(trial))]
        if await app.push_screen_wait(Agree(f"Load {names}?", lines, "Load")) is None:
            return None
        loaded = await app.work_on(f"Loading {names}", lambda: _load(app, files, keep=True))
        if app.store is None:
            await app.turn_to(app.path)
    except HabeasError as error:
        app.tell(error)
        return None
    await _make_searchable(app)
    return loaded


async def _make_searchable(app: Handling) -> None:
    """What is left of it where it is stopped, the next load does, or a purge."""
    store = app.opened()
    try:
        await app.work_on("Making people searchable", lambda: directory.take_apart(store))
    except Interrupted:
        app.hint("All are loaded. Until the next load or purge, a search takes longer.")
    except HabeasError as error:
        app.tell(error)


def report(app: Handling, loaded: Loaded) -> None:
    """Says what was loaded, and until it is read where a file with personal data was left."""
    said = [
        f"{file.capitalize()}: {each['added']:,} added, {each['changed']:,} changed."
        for file, each in counts(loaded).items()
    ]
    if loaded.rejects:
        app.push_screen(Read("Loaded", "\n".join([*said, "", *notes(loaded)])))
    else:
        app.hint(" ".join(["Loaded.", *said, *notes(loaded)]))


async def _asked(app: Handling) -> Files | None:
    """None where the handler went back."""
    folder, people = Path(), ""
    while True:
        picked = await app.push_screen_wait(Pick("Which file of people? (1 of 2)", folder, people))
        if picked is None:
            return None
        people = picked
        folder = Path(people).parent if people else folder
        events = await app.push_screen_wait(
            Pick("Which file of events? (2 of 2)", folder, optional=bool(people))
        )
        if events is not None:
            return Files(*(Path(each) if each else None for each in (people, events)))


def _load(app: Handling, files: Files, *, keep: bool) -> Loaded:
    """What a load did, or what it would do. Raises HabeasError."""
    if app.store is not None:
        return load(app.store, app.by(), people=files.people, records=files.events, keep=keep)
    with opened_or_made(app.path, keep=keep, clock=app.clock) as store:
        return load(store, app.by(), people=files.people, records=files.events, keep=keep)


def _table(loaded: Loaded) -> Iterator[str]:
    """A line for each count, with a column for each file."""
    of_each = counts(loaded)
    yield " " * NAME + "".join(f"{file:>{NUMBER}}" for file in of_each)
    for name in next(iter(of_each.values())):
        numbers = (each[name] for each in of_each.values())
        yield f"{name.replace('_', ', '):<{NAME}}" + "".join(f"{n:>{NUMBER},}" for n in numbers)


def _ahead(loaded: Loaded) -> Iterator[str]:
    """What else there is to know before it is loaded."""
    read, rejected = (
        sum(each[what] for each in counts(loaded).values()) for what in ("read", "rejected")
    )
    if rejected:
        others = "the others are loaded" if read > rejected else "there are no others"
        yield f"{counted(rejected, 'row')} cannot be read: {others}, and a file says why."
    yield from notes(loaded)
    yield "Nothing is loaded yet."
