"""Letters to the person about a request, each from its template."""

from pathlib import Path
from typing import Any

from data import files, wording
from data.clock import spoken
from data.cursor import Cursor
from data.errors import BadInput, Refused
from data.register.requests import Request

KINDS = ("confirmation", "lifting", "completion")
"""Those written when the handler asks; an extension or a refusal comes with its letter."""


def write(
    cursor: Cursor, request: Request, kind: str, out: Path, *, keep: bool = True, **facts: Any
) -> Path:
    """Writes a letter to a file that is named by the request. Raises HabeasError, MapError.

    With `keep=False` it is only filled in, to see that it can be.
    """
    said = {
        "request": request,
        "today": spoken(cursor.today),
        "received": spoken(request.received),
        "due": spoken(request.due),
        **facts,
    }
    text = wording.render(cursor, f"{kind}.txt", **said)
    path = out / f"{request.id}-{kind}.txt"
    return files.write_text(path, text, cursor) if keep else path


def write_asked(cursor: Cursor, request: Request, kind: str, out: Path) -> Path:
    """Writes a letter of one of the `KINDS`. Raises BadInput, and Refused where it would say
    what is not so."""
    if kind not in KINDS:
        raise BadInput(f"{kind} is no letter; there are {', '.join(KINDS)}.")
    if not is_so(request, kind):
        raise Refused(
            f"Request {request.id}, for {request.right}, is {request.status}: "
            f"a letter of {kind} would not be so."
        )
    return write(cursor, request, kind, out)


def is_so(request: Request, kind: str) -> bool:
    """Whether the letter says what is so: it came, it was done, a restriction is to end."""
    match kind:
        case "confirmation":
            return request.is_open
        case "completion":
            return request.status == "completed"
        case _:
            restricting = request.right == "restriction" and request.status == "completed"
            lifting = request.right == "lifting" and request.is_open
            return restricting or lifting or request.awaits_decision
