"""A request as each of the systems writes it."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from data.dialects.reading import DIALECTS
from data.identities import CUSTOMER

NAMES = tuple(each.name for each in DIALECTS)
BY_NAME = {each.name: each for each in DIALECTS}

ID = "a7551968-d5d6-44b2-9831-815ac9017798"
OTHER_ID = "0b3e1c52-3f4e-4c6a-9d8b-7e6f5a4b3c2d"
SUBMITTED = "2026-01-30T23:30:00Z"

Named = tuple[str, str, str]
Written = dict[str, Any]

EMAIL: Named = ("email", "ana@example.org", "raw")


def written(
    dialect: str,
    *,
    id: str = ID,  # noqa: A002
    kind: str = "access",
    identities: Sequence[Named] = (),
    submitted: str = SUBMITTED,
) -> Written:
    """The request in the dialect with all that it has; Ana's, by her id, unless said otherwise."""
    described = BY_NAME[dialect]
    identities = identities or [customer(dialect, "ana-1")]
    further_keys: dict[str, Written] = {
        "OpenDSR 2.0": {"regulation": "gdpr", "api_version": "2.0"},
        "OpenGDPR 1.0": {"api_version": "1.0", "extensions": {"example.org": {"seat": 1}}},
        "AppsFlyer": {"property_id": "id123456789"},
        "MoEngage": {"api_version": "1.0"},
        "mParticle v3": {"regulation": "gdpr", "api_version": "3.0", "group_id": "letters"},
        "WebEngage": {},
    }
    return {
        "subject_request_id": id,
        described.type_key: kind,
        described.identities_key: _identities(dialect, identities),
        **({"submitted_time": submitted} if submitted else {}),
        **further_keys[dialect],
    }


def customer(dialect: str, value: str, form: str = "raw") -> Named:
    """A customer id as the dialect names it."""
    return ("cuid" if dialect == "WebEngage" else CUSTOMER, value, form)


def _identities(dialect: str, identities: Sequence[Named]) -> Any:
    if dialect == "mParticle v3":
        return {kind: {"value": value, "encoding": form} for kind, value, form in identities}
    return [
        {"identity_type": kind, "identity_value": value, "identity_format": form}
        for kind, value, form in identities
    ]


def hashed(form: str, text: str) -> str:
    return hashlib.new(form, text.encode()).hexdigest()


def a_file(folder: Path, *requests: Any, name: str = "requests.ndjson") -> Path:
    """A file with one request a line; where there is one, it is the whole file."""
    path = folder / name
    path.write_text("\n".join(json.dumps(each) for each in requests), "utf-8")
    return path
