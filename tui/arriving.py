"""A request that came in is entered in the register: who asks for what, since when."""

from datetime import date

from data import fulfilment, people
from data.errors import BadInput
from data.register.requests import Request
from data.rights import named
from tui import asking
from tui.dialogs import Ask, Choose
from tui.handling import Handling


async def enter(app: Handling, today: date, subject_id: str, *, unknown: bool = False) -> bool:
    """Asks for what the register must know of a request of that person; whether it was entered.
    One who is `unknown` is not in the store."""
    store = app.opened()
    right = await asking.right(app)
    if right is None:
        return False
    received = await asking.day(app, "On which day was it received?", today)
    if received is None:
        return False
    came_by = await asking.came_by(app)
    if came_by is None:
        return False
    return await app.attempt(
        lambda: fulfilment.receive(
            store,
            subject_id,
            right,
            app.by(),
            received=received,
            came_by=came_by,
            unknown=unknown,
        ),
        _entered,
    )


async def enter_anyones(app: Handling, today: date) -> bool:
    """The same of whoever is named, who need not be in the store."""
    named = await app.push_screen_wait(Ask("Who asks?", hint=WHO, check=_is_said))
    if named is None:
        return False
    subject_id = named.strip()

    def is_known() -> bool:
        with app.opened().reading() as cursor:
            return people.lookup(cursor, subject_id) is not None

    known = await app.wait(is_known)
    if not known:
        title = f"Nobody has the id {subject_id}. Enter it all the same?"
        if await app.push_screen_wait(Choose(title, UNKNOWN)) != "yes":
            return False
    return await enter(app, today, subject_id, unknown=not known)


WHO = "their id, or a name if they are not in the store"

UNKNOWN = {
    "no": "No, they are to be looked for among the people",
    "yes": "Yes; if they ask for access, they are told that nothing is held",
}


def _is_said(text: str) -> None:
    if not text.strip():
        raise BadInput("Say who asks.")


def _entered(request: Request) -> str:
    return f"{request.id}: {named(request.right).title}, to be answered by {request.due}."
