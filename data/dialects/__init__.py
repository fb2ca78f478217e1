"""Requests that other systems send as OpenDSR or a dialect of it, entered in the register."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from data import identities, ledger, rights
from data.clock import local_date
from data.cursor import Cursor
from data.dialects import files, reading
from data.dialects.objects import fault, shown
from data.dialects.owners import Owner, owners
from data.dialects.reading import REGULATIONS, Asked
from data.identities import CUSTOMER
from data.ledger import By
from data.register import reception
from data.register.reception import New
from data.register.requests import Request
from data.store import Store


@dataclass(frozen=True)
class Imported:
    """What an import did. `dialects` counts the requests of the file in each, `known` are those
    that were in the register already, `said` is what to know of those `entered`, in words."""

    dialects: Mapping[str, int]
    entered: Sequence[Request]
    known: int
    said: Sequence[str]


def register(store: Store, path: Path, by: By, *, keep: bool = True) -> Imported:
    """Enters the requests of a file that the register does not have yet: all of them, or none.

    With `keep=False` it only shows what would be entered. Raises BadInput, which names file,
    place and key, and Refused where the reason names the person.
    """
    objects = files.read(path)
    with store.transaction(keep=keep) as cursor:
        known = identities.known(cursor.map)
        asked = [reading.read(each, known, cursor.now) for each in objects]
        new = _new(cursor, asked)
        known_owners = owners(cursor, new)
        entered = reception.add_all(
            cursor,
            [_request(cursor, each, owner) for each, owner in zip(new, known_owners, strict=True)],
            by,
        )
        all_of_it = list(zip(entered, new, known_owners, strict=True))
        ledger.append_all(
            cursor,
            [
                _other(request, each, by)
                for request, each, _ in all_of_it
                if each.regulation != REGULATIONS[0]
            ],
        )
        said = [note for one in all_of_it for note in _notes(*one)]
    return Imported(
        dialects=dict(Counter(each.dialect for each in asked)),
        entered=entered,
        known=len(asked) - len(new),
        said=said,
    )


def _new(cursor: Cursor, asked: Iterable[Asked]) -> list[Asked]:
    """Those that the register does not have, each once; one without an id is what it says.

    Raises BadInput where two that have the same id say different things.
    """
    rows = cursor.rows(
        "SELECT coalesce(origin, content), content, id FROM habeas.requests "
        "WHERE content IS NOT NULL"
    )
    there = {origin: (content, f"request {known}") for origin, content, known in rows}
    new = []
    for each in asked:
        content = _content(cursor, each)
        name = each.id or content
        if name not in there:
            there[name] = content, f"the one at {each.place}"
            new.append(each)
        elif there[name][0] != content:
            raise fault(
                each.place,
                f"the id {shown(each.id)} is that of {there[name][1]}, which says something else",
            )
    return new


def _content(cursor: Cursor, asked: Asked) -> str:
    """A keyed hash of what the request says: the same in every dialect and on every day."""
    meant = sorted(
        (
            each.type,
            each.value if each.type == CUSTOMER else each.value.strip().lower(),
            each.format,
        )
        for each in asked.identities
    )
    submitted = asked.submitted.isoformat() if asked.submitted else ""
    return cursor.pseudonym(json.dumps([asked.right, meant, submitted, asked.regulation]))


def _request(cursor: Cursor, asked: Asked, owner: Owner) -> New:
    zone = cursor.map.controller.timezone
    return New(
        owner.user_id,
        asked.right,
        # Who it is must be settled first: otherwise the answer would be that nothing is held.
        ready=owner.matches == 1 and not rights.named(asked.right).asks_identity,
        received=local_date(asked.submitted, zone) if asked.submitted else None,
        came_by="import",
        origin=asked.id,
        content=_content(cursor, asked),
    )


def _other(request: Request, asked: Asked, by: By) -> ledger.Act:
    return ledger.Act(
        By(by.actor, request=request.id),
        "other regulation",
        subject=request.subject,
        detail={"regulation": asked.regulation},
    )


def _notes(request: Request, asked: Asked, owner: Owner) -> Iterator[str]:
    """What is to be known of a request that was entered."""
    if owner.matches != 1:
        who = f"{owner.matches} people match" if owner.matches else "nobody found"
        yield (
            f"{request.id}: {who}: say who with habeas requests identify {request.id} "
            "--person USER_ID."
        )
    if asked.submitted is None:
        yield f"{request.id}: when it was submitted is not said: received today."
    if asked.regulation != REGULATIONS[0]:
        yield f"{request.id}: it was sent under {asked.regulation}, and is answered under the GDPR."
