"""Letters to the person about a request, each from its template."""

from pathlib import Path
from typing import Any

from data import files, wording
from data.clock import spoken
from data.errors import BadInput, Refused
from data.requests import Request
from data.store import Cursor

KINDS = ("confirmation", "lifting", "completion")
"""Those written when the handler asks; an extension or a refusal comes with its letter."""


def write(cursor: Cursor, request: Request, kind: str, out: Path, **facts: Any) -> Path:
    """Writes a letter to a file that is named by the request. Raises HabeasError, MapError."""
    said = {
        "request": request,
        "today": spoken(cursor.today),
        "received": spoken(request.received),
        "due": spoken(request.due),
        **facts,
    }
    text = wording.render(cursor, f"{kind}.txt", **said)
    return files.write_text(out / f"{request.id}-{kind}.txt", text, cursor)


def write_asked(cursor: Cursor, request: Request, kind: str, out: Path) -> Path:
    """Writes a letter of one of the `KINDS`. Raises BadInput, and Refused where it would say
    what is not so."""
    if kind not in KINDS:
        raise BadInput(f"{kind} is no letter; there are {', '.join(KINDS)}.")
    if (kind == "completion") != (request.status == "completed"):
        raise Refused(f"Request {request.id} is {request.status}.")
    if kind == "lifting" and request.right not in ("lifting", "opposition", "restriction"):
        raise Refused(f"Request {request.id} is for {request.right}; nothing is to be lifted.")
    return write(cursor, request, kind, out)
