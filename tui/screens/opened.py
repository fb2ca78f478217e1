"""What enter opens in full: an entry of the ledger, a request that waits."""

from data import ledger
from data.errors import HabeasError
from data.register.requests import Request
from tui.dialogs import Read
from tui.exercising import answer
from tui.screens.base import Desk
from tui.words import pretty, shown


async def entry(desk: Desk, seq: int) -> None:
    """All of one entry of the ledger, with the reason given in words."""
    try:
        found, reason = await desk.read(lambda cursor: ledger.get(cursor, seq))
    except HabeasError as error:
        desk.tell(error)
        return
    lines = [
        f"{name}: {value}"
        for name, value in (
            ("When", shown(found.moment)),
            ("By", found.actor),
            ("Article", found.article),
            ("Request", found.request),
            ("Person", found.subject),
            ("Reason", reason),
            ("Digest", found.digest),
            ("The one before", found.previous),
        )
        if value
    ]
    text = "\n".join([*lines, "", pretty(found.detail)])
    desk.app.push_screen(Read(f"{found.seq} · {found.action}", text))


async def request(desk: Desk, waiting: Request) -> bool:
    """All of one request that waits, which enter then answers if it can be; whether it did."""
    answerable = waiting.is_ready or waiting.awaits_decision
    then = (
        "More time, a refusal and letters: in the register, 2."
        if answerable
        else "Before it is answered, record who asks: in the register, 2."
    )
    offer = "answer it" if answerable and not desk.habeas.is_locked else ""
    text = "\n".join([*details(waiting), "", then])
    wanted = await desk.app.push_screen_wait(Read(f"{waiting.id} · {waiting.right}", text, offer))
    return bool(wanted) and await answer(desk.habeas, [waiting])


def status(request: Request) -> str:
    """How a request stands, in words."""
    if request.awaits_decision:
        return "to be decided"
    if request.to_tell:
        return f"{request.to_tell} to tell"
    if request.purge_by:
        return "to purge"
    return request.status.replace("_", " ")


def details(request: Request) -> list[str]:
    """All that the register keeps of a request, a line each."""
    said = {
        "Request": request.id,
        "Right": request.right,
        "Person": request.user_id or "erased",
        "Due": request.working,
        "Came by": request.came_by if request.came_by != "not said" else None,
        "Handled by": request.handler,
        "Status": status(request),
        "Identity": request.identity,
        "Extended on": request.extended,
        "Recipients still to tell": request.to_tell or None,
        "Bytes to be purged by": request.purge_by,
        "Refused under": request.ground,
        "Closed": request.closed_at,
        **{name.capitalize(): value for name, value in request.details.items()},
        **{f"Receipt: {name}": value for name, value in request.receipt.items()},
    }
    return [
        line
        for name, value in said.items()
        if shown(value) != "—"
        for line in f"{name}: {shown(value)}".replace("\n", "\n  ").split("\n")
    ]
