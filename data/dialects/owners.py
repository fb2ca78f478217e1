"""Whose request it is: the one person on whom all identities that are found agree."""

from collections.abc import Iterable
from dataclasses import dataclass

from data.cursor import Cursor
from data.dialects.reading import Asked
from data.identities import CUSTOMER, Identity, find_all


@dataclass(frozen=True)
class Owner:
    """`matches` is how many people the identities mean. Unless it is one, `user_id` is an
    identity as it was sent, and nobody's id."""

    user_id: str
    matches: int


def owners(cursor: Cursor, asked: Iterable[Asked]) -> list[Owner]:
    """Whose each request is, in order."""
    asked = list(asked)
    found = find_all(cursor, (identity for each in asked for identity in each.identities))
    agreed = [_agreed([set(found[identity]) for identity in each.identities]) for each in asked]
    unclear = [
        _as_id(identity)
        for each, people in zip(asked, agreed, strict=True)
        if len(people) != 1
        for identity in each.identities
    ]
    taken = find_all(cursor, unclear)
    return [
        Owner(_only(people) or _stand_in(each, taken), len(people))
        for each, people in zip(asked, agreed, strict=True)
    ]


def _agreed(found: list[set[str]]) -> set[str]:
    """Those whom all identities mean that mean anybody; where there are none, all they mean."""
    found = [people for people in found if people]
    if not found:
        return set()
    return set.intersection(*found) or set.union(*found)


def _only(people: set[str]) -> str:
    return next(iter(people)) if len(people) == 1 else ""


def _as_id(identity: Identity) -> Identity:
    return Identity(CUSTOMER, identity.value)


def _stand_in(asked: Asked, taken: dict[Identity, list[str]]) -> str:
    """What the request is kept under: the register must not take it for somebody's."""
    raw_first = sorted(asked.identities, key=lambda each: each.format != "raw")
    free = [each.value for each in raw_first if not taken[_as_id(each)]]
    return free[0] if free else f"{raw_first[0].type} {raw_first[0].value}"
