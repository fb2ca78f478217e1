"""What enter opens in full: an entry of the ledger, a request that waits; and its next step."""

from collections.abc import Mapping
from typing import Any

from data import ledger
from data.errors import HabeasError
from data.register.requests import Request
from data.rights import named
from tui.dialogs import Read
from tui.exercising import answer
from tui.handling import Handling
from tui.screens.base import Desk
from tui.steps import identify
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
    offer = "" if desk.habeas.is_locked else next_step(waiting)
    register = desk.habeas.key("app.requests")
    then = f"More time, a refusal and letters: in the register, {register}."
    text = "\n".join([*details(waiting), "", then])
    title = f"{waiting.id} · {named(waiting.right).title}"
    wanted = await desk.app.push_screen_wait(Read(title, text, offer))
    return bool(wanted) and await advance(desk.habeas, waiting)


def next_step(request: Request) -> str:
    """What enter does about a request; nothing about one that is closed."""
    if request.awaits_decision:
        return "decide on the objection"
    if request.is_ready:
        return "show the plan, and carry it out"
    return "record the check of who asks" if request.is_open else ""


async def advance(app: Handling, waiting: Request) -> bool:
    """Takes the next step on a request that is open; whether it was taken.

    Raises Refused where the store is open for reading only.
    """
    app.opened().check_writable()
    if waiting.is_ready or waiting.awaits_decision:
        return await answer(app, [waiting])
    return await identify(app, [waiting])


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
        "Right": named(request.right).title,
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
        **_ground(request),
        **_receipt(request.receipt),
    }
    return [
        line
        for name, value in said.items()
        if shown(value) != "—"
        for line in f"{name}: {shown(value)}".replace("\n", "\n  ").split("\n")
    ]


def _ground(request: Request) -> dict[str, str]:
    """The ground that is given for it, with its point of an article."""
    ground = request.details.get("ground", "")
    article = named(request.right).grounds.get(ground)
    if article is None:
        return {}
    return {"Ground": f"{ground.replace('-', ' ')}, Article {article}"}


def _receipt(receipt: Mapping[str, Any]) -> dict[str, Any]:
    """What a handler reads of what was done; the digests are in the ledger."""
    words = {
        "article": "Done under Article",
        "rows": "Rows",
        "fields": "Fields",
        "recipients": "To be told",
        "ledger_entry": "Entry of the ledger",
    }
    said = {label: receipt[name] for name, label in words.items() if name in receipt}
    said |= {
        name.replace("_", " ").capitalize(): value
        for name, value in receipt.get("facts", {}).items()
    }
    if "decision" in receipt:
        said |= {
            f"Decision: {name}": value for name, value in _receipt(receipt["decision"]).items()
        }
    return said
