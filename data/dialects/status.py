"""How a request stands, as a status document of OpenDSR 2.0. It holds no personal data."""

import re
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from data.cursor import Cursor
from data.dialects.reading import UUID
from data.register.requests import Request

API_VERSION = "2.0"

STATUSES = {
    "received": "pending",
    "identifying": "pending",
    "ready": "pending",
    "in_progress": "in_progress",
    "completed": "completed",
    "refused": "cancelled",
    "cancelled": "cancelled",
}
"""OpenDSR has no refused; what it lacks stands under `extensions`."""

NO_DOMAIN = "habeas.invalid"
"""Stands for the domain of a controller who has no email address, RFC 2606."""


def document(cursor: Cursor, request: Request) -> dict[str, Any]:
    """The document, for the operator's own system to send: Habeas sends nothing."""
    controller = cursor.map.controller
    ends = datetime.combine(request.due, time(23, 59, 59), ZoneInfo(controller.timezone))
    said: dict[str, Any] = {
        "controller_id": controller.name or controller.contact,
        "expected_completion_time": ends.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "subject_request_id": request.origin or request.id,
        "request_status": STATUSES[request.status],
        "api_version": API_VERSION,
    }
    if rows := request.receipt.get("rows"):
        said["results_count"] = sum(rows.values())
    return said | {"extensions": {_domain(controller.contact): _further(request)}}


def _further(request: Request) -> dict[str, Any]:
    """What the register knows and OpenDSR has no key for."""
    further: dict[str, Any] = {
        "id": request.id,
        "right": request.right,
        "status": request.status,
        "identity": request.identity,
        "received": request.received.isoformat(),
        "due": request.due.isoformat(),
        "working": request.working,
        "extended": request.extended.isoformat() if request.extended else None,
        "refused_under": request.ground or None,
        "recipients_to_tell": request.to_tell,
    }
    if not UUID.fullmatch(request.origin):
        further["invalid"] = "subject_request_id is no UUID v4: the request did not come with one"
    return further


def _domain(contact: str) -> str:
    """The domain of the email address in a contact, as processors are named."""
    found = re.search(r"[^@\s]@((?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]+)", contact)
    return found[1].lower() if found else NO_DOMAIN
