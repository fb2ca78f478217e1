"""habeas replay: what a store that was restored from a backup lacks is done again."""

from data import replay as replaying
from tui import output, replayed
from tui.cli.options import READING, Flag, Options


def replay(*, dry_run: Flag = False, options: Options = READING) -> None:
    """Do again what was done since the backup that the store was restored from.

    What cannot be done again without values, such as a correction, is named for you to do.

    Parameters
    ----------
    dry_run
        Show what would be done and change nothing.
    """
    with options.opened() as store, output.waiting("replaying"):
        again = replaying.replay(store, options.by, keep=not dry_run)
    left = [replayed.left(each) for each in again.left]
    if options.format == "csv":
        output.records(left, replayed.COLUMNS, "csv")
    elif options.format == "json":
        counts = {
            "done": replaying.counted(again.done),
            "stands": replaying.counted(again.stands),
        }
        output.record({"entries": len(again.lost), **counts, "left": left}, "json")
    else:
        said = {
            "entries": len(again.lost),
            "done again": replayed.acts(again.done),
            "taken as they are": replayed.acts(again.stands),
            "left to you": len(left),
        }
        output.record(said, "table")
        if left:
            output.records(left, replayed.COLUMNS, "table")
    if not again.lost:
        output.note("The store lacks nothing that is in its ledger.")
    elif dry_run:
        output.note("This is what would be done; nothing was.")
    if left:
        output.note(replayed.NOT_KEPT)
