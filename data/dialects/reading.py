"""The dialects of OpenDSR, each by what it says in its own way, and a request read from any."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from data.dialects.objects import Object
from data.identities import CUSTOMER, FORMATS, Identity

REGULATIONS = ("gdpr", "ccpa")
EARLIEST = 1970
"""The year before which no request was sent by a machine."""

LONGEST_ID = 100
"""Characters that the id of a request may have where it need be no UUID."""

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
TIME = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:)(\d\d)(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
"""RFC 3339, section 5.6."""

NAMED = ("access", "portability", "erasure")


@dataclass(frozen=True)
class Asked:
    """What a request says, whatever its dialect. `id` is the sender's, "" where it gave none;
    `submitted` is when the person asked, in UTC, None where that is not said."""

    place: str
    dialect: str
    id: str
    right: str
    identities: tuple[Identity, ...]
    submitted: datetime | None
    regulation: str


@dataclass(frozen=True)
class Dialect:
    """`marks` tells a request in it from one in a dialect further down; `types` are its types
    of request with the right each is; `needed` the keys that must be there beside type and
    identities, those of an identity too; `by_type` says that the identities are no list, but
    an object with one of each type. A value whose format is not said is raw."""

    name: str
    marks: Callable[[Object], bool]
    types: Mapping[str, str]
    needed: Collection[str] = ("subject_request_id", "submitted_time", "identity_format")
    type_key: str = "subject_request_type"
    identities_key: str = "subject_identities"
    by_type: bool = False
    one_identity: bool = False
    uuid: bool = False


def _types(**further: str) -> dict[str, str]:
    return {name: name for name in NAMED} | further


def _is_version_2(found: Object) -> bool:
    return "regulation" in found or str(found.keys.get("api_version", "")).startswith("2")


def _is_appsflyer(found: Object) -> bool:
    return "property_id" in found or found.keys.get("subject_request_type") == "rectification"


def _is_webengage(found: Object) -> bool:
    identities = found.keys.get("subject_identities")
    return (
        found.keys.get("subject_request_type") in ("restriction", "re-enable")
        or (isinstance(identities, list) and any(_is_cuid(each) for each in identities))
        or ("submitted_time" not in found and not _is_version_2(found))
    )


def _is_cuid(identity: object) -> bool:
    return isinstance(identity, dict) and identity.get("identity_type") == "cuid"


DIALECTS = (
    Dialect(
        "MoEngage",
        lambda found: (
            bool({"request_type", "identities"} & found.keys.keys())
            and not {"subject_request_type", "subject_identities"} & found.keys.keys()
        ),
        _types(),
        needed=("submitted_time",),
        type_key="request_type",
        identities_key="identities",
    ),
    Dialect(
        "mParticle v3",
        lambda found: isinstance(found.keys.get("subject_identities"), dict),
        _types(),
        needed=("subject_request_id", "submitted_time", "encoding"),
        by_type=True,
    ),
    Dialect("AppsFlyer", _is_appsflyer, _types(rectification="rectification")),
    Dialect(
        "WebEngage",
        _is_webengage,
        _types(restriction="restriction", **{"re-enable": "lifting"}),
        needed=("subject_request_id",),
        one_identity=True,
    ),
    Dialect(
        "OpenDSR 2.0",
        _is_version_2,
        _types(),
        needed=("regulation", "subject_request_id", "submitted_time", "identity_format"),
        uuid=True,
    ),
    Dialect("OpenGDPR 1.0", lambda found: True, _types()),
)
"""In this order they are tried: the last one takes what no other does."""


def read(found: Object, known: tuple[str, ...], now: datetime) -> Asked:
    """What the request says, in the first dialect whose marks it has.

    `known` are the types of identity there are. Raises BadInput, which names place and key.
    """
    dialect = next(each for each in DIALECTS if each.marks(found))
    _check_further(found)
    kind = found.choice(dialect.type_key, tuple(dialect.types))
    return Asked(
        place=found.place,
        dialect=dialect.name,
        id=_id(found, dialect),
        right=dialect.types[kind],
        identities=tuple(dict.fromkeys(_identities(found, dialect, known))),
        submitted=_submitted(found, dialect, now),
        regulation=_regulation(found, dialect),
    )


def _given(found: Object, dialect: Dialect, key: str) -> bool:
    return key in found or key in dialect.needed


def _check_further(found: Object) -> None:
    """What is not used must be of its type all the same."""
    for key in ("api_version", "property_id"):
        if key in found:
            found.text(key)
    if "extensions" in found:
        found.object("extensions")
    if "status_callback_urls" in found:
        urls = found.list("status_callback_urls")
        if not all(isinstance(each, str) for each in urls):
            raise found.fault("status_callback_urls", "must be a list of texts")


def _regulation(found: Object, dialect: Dialect) -> str:
    if not _given(found, dialect, "regulation"):
        return REGULATIONS[0]
    return found.choice("regulation", REGULATIONS)


def _id(found: Object, dialect: Dialect) -> str:
    if not _given(found, dialect, "subject_request_id"):
        return ""
    given = found.text("subject_request_id")
    if dialect.uuid and not UUID.fullmatch(given):
        raise found.fault("subject_request_id", "must be a UUID v4 in lower case")
    if len(given) > LONGEST_ID:
        raise found.fault("subject_request_id", f"has more than {LONGEST_ID} characters")
    return given


def _submitted(found: Object, dialect: Dialect, now: datetime) -> datetime | None:
    if not _given(found, dialect, "submitted_time"):
        return None
    written = TIME.fullmatch(found.text("submitted_time").strip())
    try:
        if written is None:
            raise ValueError
        day, hour, second, fraction, zone = written.groups(default="")
        # A leap second is a time to RFC 3339, and none to Python.
        second = "59" if second == "60" else second
        moment = datetime.fromisoformat(f"{day}T{hour}{second}{fraction[:7]}{zone.upper()}")
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise found.fault(
            "submitted_time", "must be a time as RFC 3339 has it, e.g. 2026-11-23T12:00:00Z"
        ) from None
    if moment.year < EARLIEST:
        raise found.fault("submitted_time", f"is before {EARLIEST}")
    if moment > now:
        raise found.fault("submitted_time", "is in the future")
    return moment


def _identities(found: Object, dialect: Dialect, known: tuple[str, ...]) -> Iterator[Identity]:
    named = list(_named(found, dialect, known))
    if not named:
        raise found.fault(dialect.identities_key, "is empty; it says whom the request is about")
    if dialect.one_identity and len(named) > 1:
        raise found.fault(
            dialect.identities_key, f"must hold exactly one identity, and holds {len(named)}"
        )
    value_key, format_key = (
        ("value", "encoding") if dialect.by_type else ("identity_value", "identity_format")
    )
    for kind, each in named:
        value, form = each.text(value_key), "raw"
        if _given(each, dialect, format_key):
            form = each.choice(format_key, tuple(FORMATS))
        if form != "raw":
            value = value.lower()
            if not re.fullmatch(f"[0-9a-f]{{{FORMATS[form]}}}", value):
                raise each.fault(value_key, f"must have the {FORMATS[form]} digits of {form}")
        yield Identity(CUSTOMER if kind == "cuid" else kind, value, form)


def _named(found: Object, dialect: Dialect, known: tuple[str, ...]) -> Iterator[tuple[str, Object]]:
    """Each type of identity, with the object that has its value."""
    if dialect.by_type:
        listed = found.object(dialect.identities_key)
        for kind in listed.keys:
            if kind not in known:
                raise listed.fault(kind, f"is no type of identity; there are {', '.join(known)}")
            yield kind, listed.object(kind)
        return
    for position, value in enumerate(found.list(dialect.identities_key)):
        each = found.inner(f"{dialect.identities_key}.{position}", value)
        yield each.choice("identity_type", known), each
