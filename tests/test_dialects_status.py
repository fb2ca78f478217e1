"""How a request stands, as a status document of OpenDSR 2.0."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from data import dialects, fulfilment
from data.dialects import status
from data.ledger import By
from data.register import completion, extension, identification, refusal, requests
from data.register.requests import STATUSES
from data.store import Store
from tests.conftest import ANA
from tests.dialects import ID, a_file, written
from tests.layouts import BUILT_IN, BY, FixedClock, Layout
from tests.shop import done, habeas

pytest_plugins = ["tests.fixtures"]

Step = Callable[[Store, Path], object]

WHY = By("handler", "by telephone")
KNOWN = ("pending", "in_progress", "completed", "cancelled")


def identified(store: Store, folder: Path) -> None:
    identification.identify(store, "R1", "confirmed", WHY)


def begun(store: Store, folder: Path) -> None:
    with store.transaction() as cursor:
        completion.begin(cursor, ["R1"], BY)


def cancelled(store: Store, folder: Path) -> None:
    with store.transaction() as cursor:
        requests.cancel(cursor, "R1", BY)


def erased(store: Store, folder: Path) -> None:
    identified(store, folder)
    fulfilment.run(store, "R1", BY, {"ground": "child"})


def refused(store: Store, folder: Path) -> None:
    refusal.refuse(store, "R1", "excessive", WHY, folder / "letters")


def extended(store: Store, folder: Path) -> None:
    extension.extend(store, "R1", WHY, folder / "letters")


def document(store: Store, request_id: str = "R1") -> dict[str, Any]:
    with store.reading() as cursor:
        return status.document(cursor, requests.get(cursor, request_id))


def further(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """What stands under the one domain of the extensions."""
    (found,) = said["extensions"].values()
    assert isinstance(found, dict)
    return found


@pytest.fixture
def asked(shop: Store, clock: FixedClock) -> Store:
    """A shop of which Ana asked her erasure by another system, on Sunday the first."""
    asked = written("OpenDSR 2.0", kind="erasure", submitted="2026-11-01T10:00:00Z")
    dialects.register(shop, a_file(shop.path.parent, asked), BY)
    return shop


def test_a_request_is_pending_until_the_end_of_its_day(layout: Layout, asked: Store) -> None:
    ends = {"UTC": "2026-12-01T23:59:59Z", "Europe/Berlin": "2026-12-01T22:59:59Z"}
    domain = {"UTC": "habeas.invalid", "Europe/Berlin": "example.org"}
    controller = layout.map.controller
    assert document(asked) == {
        "controller_id": controller.name,
        "expected_completion_time": ends[controller.timezone],
        "subject_request_id": ID,
        "request_status": "pending",
        "api_version": "2.0",
        "extensions": {
            domain[controller.timezone]: {
                "id": "R1",
                "right": "erasure",
                "status": "received",
                "identity": "not checked",
                "received": "2026-11-01",
                "due": "2026-12-01",
                "working": "received Sun 1 Nov 2026, one month, ends Tue 1 Dec 2026",
                "extended": None,
                "refused_under": None,
                "recipients_to_tell": 0,
            }
        },
    }


@pytest.mark.parametrize(
    ("step", "said", "ours"),
    [
        (identified, "pending", "ready"),
        (begun, "in_progress", "in_progress"),
        (erased, "completed", "completed"),
        (refused, "cancelled", "refused"),
        (cancelled, "cancelled", "cancelled"),
    ],
)
def test_what_opendsr_has_no_status_for_stands_under_extensions(
    asked: Store, tmp_path: Path, step: Step, said: str, ours: str
) -> None:
    step(asked, tmp_path)
    assert document(asked)["request_status"] == said
    assert further(document(asked))["status"] == ours


def test_every_status_of_the_register_is_one_of_opendsr() -> None:
    assert list(status.STATUSES) == list(STATUSES)
    assert set(status.STATUSES.values()) == set(KNOWN)


def test_what_was_carried_out_says_how_many_rows_and_whom_to_tell(
    asked: Store, tmp_path: Path
) -> None:
    assert "results_count" not in document(asked)
    erased(asked, tmp_path)
    with asked.reading() as cursor:
        rows = requests.get(cursor, "R1").receipt["rows"]
    assert document(asked)["results_count"] == sum(rows.values()) > 0
    told = len(asked.map.recipients)
    assert further(document(asked))["recipients_to_tell"] == told


def test_a_refusal_and_an_extension_are_said(asked: Store, tmp_path: Path) -> None:
    extended(asked, tmp_path)
    assert further(document(asked))["extended"] == "2026-11-23"
    assert document(asked)["expected_completion_time"].startswith("2027-02-01T")
    refused(asked, tmp_path)
    assert further(document(asked))["refused_under"] == "12(5)"


@pytest.mark.parametrize("step", [identified, erased, refused, extended])
def test_nobody_is_named(asked: Store, tmp_path: Path, step: Step) -> None:
    step(asked, tmp_path)
    text = json.dumps(document(asked))
    assert not any(value in text for value in (*ANA.values(), "by telephone"))


def test_a_request_of_ones_own_has_the_id_of_the_register_which_is_said_to_be_none(
    shop: Store,
) -> None:
    fulfilment.receive(shop, ANA["id"], "access", BY)
    assert document(shop)["subject_request_id"] == "R1"
    assert "no UUID v4" in further(document(shop))["invalid"]


@pytest.mark.parametrize(
    ("contact", "name", "said", "domain"),
    [
        ("DPO <privacy@Shop.Example.org>, Main St 1", "Shop", "Shop", "shop.example.org"),
        ("privacy@example.org", "", "privacy@example.org", "example.org"),
        ("Main St 1", "", "Main St 1", "habeas.invalid"),
        ("@example.org", "", "@example.org", "habeas.invalid"),
    ],
)
def test_the_controller_is_named_and_the_extensions_bear_their_domain(
    tmp_path: Path, contact: str, name: str, said: str, domain: str
) -> None:
    text = f'extends = "built-in"\n[controller]\nname = "{name}"\ncontact = "{contact}"\n'
    with replace(BUILT_IN, map_text=text).create(tmp_path) as store:
        BUILT_IN.load(store, people=[ANA])
        fulfilment.receive(store, ANA["id"], "access", BY)
        assert document(store)["controller_id"] == said
        assert list(document(store)["extensions"]) == [domain]


def test_the_command_prints_it(shop_file: Path) -> None:
    printed = habeas("requests", "show", "R1", "--format", "opendsr")
    assert (printed.code, printed.err) == (0, "")
    assert printed.json["subject_request_id"] == "R1"
    assert further(printed.json)["due"] == done("requests", "show", "R1")["due"]
