"""habeas purge: no byte of what was erased or corrected stays in the file of the store."""

from datetime import date

from data.errors import BadInput
from data.purge import purging
from data.purge.purging import Needs
from tui import config, output, purges
from tui.cli.options import WRITING, Writing


def purge_(*, after: str = "", options: Writing = WRITING) -> None:
    """Rewrite the store without the bytes of what was erased or corrected.

    The store must be in use by nobody. It needs about as much free disk as the store is large.

    Parameters
    ----------
    after
        Only once so many erasures and corrections wait, or from that day (YYYY-MM-DD) on.
    """
    current = not options.dry_run
    with (
        options.opened(read_only=True, current=current) as store,
        store.reading() as cursor,
    ):
        needs, today = purging.needs(store), cursor.today
    timely = _is_time(after, needs, today)
    if options.dry_run or not timely:
        output.record(_planned(needs), options.format)
        said = "This is what would be done" if timely else "It is not yet time"
        output.note(f"{said}; nothing was.")
        return
    for line in purges.lines(needs, today):
        output.note(line)
    with output.waiting("purging"):
        done = purging.purge(options.path, options.by, config.datamap(options.path))
    output.record(
        {
            "entry": done.entry.seq,
            "digest": done.entry.digest,
            **done.entry.facts,
            "bytes_before": done.before,
            "bytes_after": done.after,
            "old_file_overwritten": done.overwritten,
        },
        options.format,
    )
    if not done.overwritten:
        output.note(purges.SECOND_NAME)


def _planned(needs: Needs) -> dict[str, object]:
    return {
        "erasures": needs.waiting.erasures,
        "corrections": needs.waiting.corrections,
        "due": needs.waiting.due,
        "open_notices_of_erased": needs.notices,
        "bytes": needs.size,
        "bytes_needed": needs.needed,
        "bytes_free": needs.free,
    }


def _is_time(after: str, needs: Needs, today: date) -> bool:
    """Whether as many wait, or the day has come. Raises BadInput where it is neither."""
    if not after:
        return True
    if after.isdecimal():
        return needs.waiting.count >= int(after)
    try:
        return today >= date.fromisoformat(after)
    except ValueError:
        raise BadInput(f"--after {after} is no number and no day (YYYY-MM-DD).") from None
