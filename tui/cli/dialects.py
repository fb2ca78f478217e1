"""habeas requests import."""

from pathlib import Path

from data import dialects
from data.dialects import Imported
from data.errors import BadInput
from tui import output
from tui.cli.options import WRITING, Writing

COLUMNS = ("due", "days_left", "id", "right", "person", "status", "received", "origin")


def import_(file: Path, *, options: Writing = WRITING) -> None:
    """Enter the requests of a file that another system wrote; those there already are left out.

    OpenDSR 2.0, OpenGDPR 1.0, WebEngage, D-engage, MoEngage, mParticle and AppsFlyer: one
    request, a list of them, or one on each line.
    """
    if options.request:
        raise BadInput("New requests get their ids from the register; leave out --request.")
    with options.opened() as store, output.working("reading"):
        imported = dialects.register(store, file, options.by, keep=not options.dry_run)
        with store.reading() as cursor:
            today = cursor.today
    rows = [
        {**vars(each), "person": each.user_id, "days_left": each.days_left(today)}
        for each in imported.entered
    ]
    output.records(rows, COLUMNS, options.format)
    for said in imported.said:
        output.note(said)
    output.note(_summary(imported))
    if options.dry_run:
        output.note("This is what would be entered; nothing was.")


def _summary(imported: Imported) -> str:
    entered = len(imported.entered)
    recognised = ", ".join(f"{name} ({count:,})" for name, count in imported.dialects.items())
    return (
        f"{entered:,} {'request' if entered == 1 else 'requests'} entered, "
        f"{imported.known:,} known already; recognised: {recognised}"
    )
