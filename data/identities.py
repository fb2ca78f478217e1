"""Whom an identity means that another system names: a customer id, an email, an advertising id."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from data.cursor import Cursor
from data.datamap import DataMap
from data.schema import qualified
from data.sql import ident, literal

CUSTOMER = "controller_customer_id"

TYPES = (
    CUSTOMER,
    "cuid",
    "email",
    "phone",
    "android_advertising_id",
    "android_id",
    "fire_advertising_id",
    "ios_advertising_id",
    "ios_vendor_id",
    "microsoft_advertising_id",
    "microsoft_publisher_id",
    "roku_advertising_id",
    "roku_publisher_id",
)
"""The types of identity of OpenDSR 2.0, with WebEngage's customer id, and the phone."""

FORMATS = {"raw": 0, "sha256": 64, "sha1": 40, "md5": 32}
"""How a value may be given: as it is, or as a hash of so many hexadecimal digits."""

BLANKS = " \t\n\v\f\r\u00a0"


@dataclass(frozen=True, order=True)
class Identity:
    """What somebody is known by. The value of a hash is hexadecimal, in either case."""

    type: str
    value: str
    format: str = "raw"


def known(datamap: DataMap) -> tuple[str, ...]:
    """The types of identity that may be named: the usual ones, and those that the map names."""
    mapped = (each.identity for each in datamap.people.fields.values() if each.identity)
    return tuple(dict.fromkeys((*TYPES, *mapped)))


def find(cursor: Cursor, identity: Identity) -> list[str]:
    """The ids of the people whom the identity means, in order."""
    return find_all(cursor, [identity])[identity]


def find_all(cursor: Cursor, identities: Iterable[Identity]) -> dict[Identity, list[str]]:
    """For each identity the ids of the people it means, in order.

    A person stands under one id, also where a further id of theirs has a profile of its own.
    One scan of the people for each type and format among the identities.
    """
    found: dict[Identity, list[str]] = {each: [] for each in identities}
    for kind, form in dict.fromkeys((each.type, each.format) for each in found):
        values = [each.value for each in found if (each.type, each.format) == (kind, form)]
        for value, person in _matching(cursor, kind, form, values):
            found[Identity(kind, value, form)].append(person)
    merged = _merged(
        cursor, {each for people in found.values() if len(people) > 1 for each in people}
    )
    return {
        identity: [each for each in people if len(people) == 1 or each not in merged]
        for identity, people in found.items()
    }


def _matching(cursor: Cursor, kind: str, form: str, values: list[str]) -> list[tuple[str, str]]:
    """Each value with each person whom it means."""
    held = " UNION ALL ".join(_held(cursor.map, kind))
    if not held:
        return []
    customer = kind in (CUSTOMER, "cuid")
    normal = _digits if kind == "phone" else _folded
    if form == "raw":
        sought = "value" if customer else normal("value")
        forms = "text" if customer else normal("text")
    else:
        sought = "lower(value)"
        forms = f"{form}({normal('text')})"
        if customer:
            forms = f"unnest([{form}(text), {forms}])"
    return [
        (value, person)
        for value, person in cursor.rows(
            "SELECT DISTINCT value, person FROM "
            f"(SELECT person, {forms} AS form FROM ({held})) "
            f"JOIN (SELECT value, {sought} AS form FROM (SELECT unnest($values) AS value)) "
            "USING (form) ORDER BY value, person",
            values=values,
        )
    ]


def _held(datamap: DataMap, kind: str) -> Iterator[str]:
    """Selects of every `text` that is an identity of that type, with the `person` it means."""
    people = datamap.people
    key, table = ident(people.key), qualified(people)
    if kind in (CUSTOMER, "cuid"):
        yield f"SELECT {key} AS person, {key} AS text FROM {table}"
        if people.merged_ids:
            yield further(datamap)
    for name, each in people.fields.items():
        if kind == each.identity or (kind == each.type and kind in ("email", "phone")):
            yield (
                f"SELECT {key} AS person, CAST({ident(name)} AS VARCHAR) AS text FROM {table} "
                f"WHERE {ident(name)} IS NOT NULL"
            )


def further(datamap: DataMap, condition: str = "true") -> str:
    """Select of every further id, as `text`, with the `person` who lists it."""
    people = datamap.people
    merged = ident(people.merged_ids)
    return (
        "SELECT person, each->>'$' AS text FROM "
        f"(SELECT {ident(people.key)} AS person, unnest(json_extract({merged}, '$[*]')) AS each "
        f"FROM {qualified(people)} WHERE json_type({merged}) = 'ARRAY' AND {condition}) "
        "WHERE json_type(each) = 'VARCHAR'"
    )


def _merged(cursor: Cursor, people: set[str]) -> set[str]:
    """Those of these people who are further ids of another of them."""
    if not people or not cursor.map.people.merged_ids:
        return set()
    among = f"{ident(cursor.map.people.key)} IN (SELECT unnest($people))"
    rows = cursor.rows(
        f"SELECT DISTINCT text FROM ({further(cursor.map, among)}) WHERE text <> person "
        "AND text IN (SELECT unnest($people))",
        people=sorted(people),
    )
    return {row[0] for row in rows}


def _folded(text: str) -> str:
    """The text in lower case without blanks around it, in SQL; NULL where nothing is left."""
    return f"nullif(lower(trim({text}, {literal(BLANKS)})), '')"


def _digits(text: str) -> str:
    """A phone number's digits behind its leading plus, if any, in SQL; NULL without digits."""
    plus = f"CASE WHEN starts_with(trim({text}, {literal(BLANKS)}), '+') THEN '+' ELSE '' END"
    return f"{plus} || nullif(regexp_replace({text}, '[^0-9]', '', 'g'), '')"
