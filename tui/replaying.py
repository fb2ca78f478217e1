"""Does again what a restored store lacks: names it, shows the plan, and then the deed."""

from collections.abc import Iterator

from data.errors import HabeasError
from data.replay import Replayed, replay
from tui import replayed
from tui.dialogs import Read
from tui.handling import Handling

TITLE = "Restored from a backup"
UNTIL = "Until all that is done again, nothing can be changed or handed out."


async def offer(app: Handling) -> Replayed | None:
    """None where nothing was done again: in a store that is open for reading only, what it lacks
    is only named."""
    store = app.opened()
    warning = f"{store.ledger_file.warning} {UNTIL}"
    if store.read_only:
        await app.push_screen_wait(Read(TITLE, warning))
        return None
    try:
        plan = await app.work_on(
            "Looking at what it lacks", lambda: replay(store, app.by(), keep=False)
        )
        text = "\n".join(
            [warning, "", f"To be done again: {replayed.acts(plan.done)}", *_left(plan)]
        )
        if not await app.push_screen_wait(Read(TITLE, text, "do it again now", "look only")):
            return None
        done = await app.work_on("Doing it again", lambda: replay(store, app.by()))
    except HabeasError as error:
        app.tell(error)
        return None
    app.restored, app.chain_whole = False, None
    return done


def report(app: Handling, done: Replayed) -> None:
    """Says what was done again, and until it is read what is left."""
    said = f"Done again: {replayed.acts(done.done)}"
    if done.left:
        app.push_screen(Read("Done again", "\n".join([said, *_left(done)])))
    else:
        app.hint(f"{said}.")


def _left(plan: Replayed) -> Iterator[str]:
    """What a person must do."""
    if plan.left:
        yield from ("", "Left for you to do:", *replayed.lines(plan), "", replayed.NOT_KEPT)
