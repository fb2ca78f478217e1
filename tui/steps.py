"""The steps on requests between their arrival and their answer, as the handler is asked for them.

Each is asked for once, and holds for all of the requests that it is taken on.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

from data.cursor import Cursor
from data.grounds import REFUSAL
from data.register import extension, identification, letters, notices, refusal, requests
from data.register.notices import Notice
from data.register.requests import Request
from data.rights import named
from tui import asking
from tui.config import answers
from tui.dialogs import Choose
from tui.handling import Handling
from tui.several import on_each

Item = TypeVar("Item", Request, Notice)

IDENTITY = {
    "confirmed": "confirmed: it is the person",
    "not needed": "not needed: there is no doubt",
    "asked": "asked: proof is on its way",
    "paused": "asked, and the clock stands still until it comes, Article 12(6)",
    "failed": "failed: it could not be shown",
}

LETTERS = {
    "confirmation": "that the request came",
    "lifting": "before a restriction is lifted",
    "completion": "what was done",
}


async def identify(app: Handling, asked: Sequence[Request]) -> bool:
    """How the check of who asks stands, and how it was made."""
    outcome = await app.push_screen_wait(Choose(f"Who asks? ({ids(asked)})", IDENTITY))
    if outcome is None:
        return False
    how = await asking.reason(
        app,
        f"How was it checked? ({ids(asked)})",
        "Say how it was checked.",
        hint="passport seen, logged in, called back; without naming the person",
    )
    if how is None:
        return False
    paused = outcome == "paused"
    outcome = "asked" if paused else outcome
    return await _take(
        app,
        asked,
        lambda each: identification.identify(
            app.opened(), each.id, outcome, app.by(how), pause=paused
        ),
        f"{ids(asked)}: identity {outcome}.",
    )


async def extend(app: Handling, asked: Sequence[Request]) -> bool:
    """Two further months, with the notice to the person."""

    def look() -> None:
        with app.opened().reading() as cursor:
            extension.check(cursor, asked[0])

    if len(asked) == 1:
        await app.wait(look)
    title = f"Why does {ids(asked)} take longer? The person is told."
    why = await asking.reason(app, title, "The person is told why.")
    if why is None:
        return False
    return await _take(
        app,
        asked,
        lambda each: extension.extend(app.opened(), each.id, app.by(why), answers()),
        f"{ids(asked)}: extended; the notice is in {answers().absolute()}.",
    )


async def refuse(app: Handling, asked: Sequence[Request]) -> bool:
    """The ground, the exception if it is one, and the reasons."""
    title = f"On which ground? ({ids(asked)})"
    ground = await app.push_screen_wait(Choose(title, asking.explained(REFUSAL)))
    if ground is None:
        return False
    exception = ""
    if ground == "exception":
        known = [refusal.exceptions_of(each.right) for each in asked]
        shared = {
            name: article
            for name, article in known[0].items()
            if all(name in others for others in known)
        }
        chosen = await app.push_screen_wait(Choose("Which exception?", asking.explained(shared)))
        if chosen is None:
            return False
        exception = chosen
    why = await asking.reason(app, "Why? The person is told.", "The person is told why.")
    if why is None:
        return False
    return await _take(
        app,
        asked,
        lambda each: refusal.refuse(
            app.opened(), each.id, ground, app.by(why), answers(), exception=exception
        ),
        f"{ids(asked)}: refused; the letter is in {answers().absolute()}.",
    )


async def cancel(app: Handling, asked: Sequence[Request]) -> bool:
    """Only once the handler says so."""
    options = {"no": "No, it stays open", "yes": "Yes, the person took it back"}
    rights = ", ".join(dict.fromkeys(named(each.right).title for each in asked))
    title = f"Close {ids(asked)} ({rights}) without an answer?"
    if await app.push_screen_wait(Choose(title, options)) != "yes":
        return False

    return await _take(
        app,
        asked,
        _kept(app, lambda cursor, each: requests.cancel(cursor, each.id, app.by())),
        f"{ids(asked)}: cancelled.",
    )


async def letter(app: Handling, asked: Sequence[Request]) -> bool:
    """Which letter; it is written to the folder for answers."""
    options = {
        kind: label
        for kind, label in LETTERS.items()
        if any(letters.is_so(each, kind) for each in asked)
    }
    if not options:
        app.hint(f"{ids(asked)}: no letter is to be written now.")
        return False
    kind = await app.push_screen_wait(Choose(f"Which letter? ({ids(asked)})", options))
    if kind is None:
        return False

    def write(request: Request) -> None:
        with app.opened().reading() as cursor:
            letters.write_asked(cursor, request, kind, answers())

    return await _take(app, asked, write, f"{ids(asked)}: the letter is in {answers().absolute()}.")


async def tell(app: Handling, waiting: Sequence[Notice], today: date) -> bool:
    """Whether the messages to recipients are to be written, went out, or cannot."""
    names = ids(waiting)
    deeds = {
        "write": "Write the message",
        "done": "They were told",
        "impossible": "It is impossible, or a disproportionate effort",
    }
    recipients = ", ".join(dict.fromkeys(each.recipient for each in waiting))
    chosen = await app.push_screen_wait(Choose(f"{names}: {recipients}", deeds))
    if chosen == "write":
        return await _take(
            app,
            waiting,
            _kept(app, lambda cursor, each: notices.write(cursor, each, answers())),
            f"{names}: the message is in {answers().absolute()}: personal data, so delete it once "
            "sent.",
        )
    if chosen == "done":
        on = await asking.day(app, f"On which day was it told? ({names})", today)
        return on is not None and await _take(
            app,
            waiting,
            _kept(app, lambda cursor, each: notices.done(cursor, each.id, on, app.by())),
            f"{names}: told.",
        )
    if chosen == "impossible":
        why = await asking.reason(app, f"Why? ({names})", "Say why it is impossible.")
        return why is not None and await _take(
            app,
            waiting,
            _kept(app, lambda cursor, each: notices.impossible(cursor, each.id, app.by(why))),
            f"{names}: recorded.",
        )
    return False


def ids(several: Sequence[Request] | Sequence[Notice]) -> str:
    """Which they are, in as few words as name them."""
    named = [each.id for each in several]
    if len(named) > LONGEST_NAMED:
        return f"{', '.join(named[: LONGEST_NAMED - 1])} and {len(named) - LONGEST_NAMED + 1} more"
    return ", ".join(named)


LONGEST_NAMED = 4
"""Requests or notices that are named one by one."""


async def _take(
    app: Handling, on: Sequence[Item], step: Callable[[Item], object], done: str
) -> bool:
    return await app.attempt(
        lambda: on_each(on, step, lambda each: each.id), done, f"At work on {ids(on)}"
    )


def _kept(app: Handling, act: Callable[[Cursor, Item], object]) -> Callable[[Item], None]:
    """The deed in a transaction of its own."""

    def deed(item: Item) -> None:
        with app.opened().transaction() as cursor:
            act(cursor, item)

    return deed
