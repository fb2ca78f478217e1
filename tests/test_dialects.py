"""Requests of other systems: recognised, entered once, and whose they are."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from data import dialects, ledger, people
from data.dialects import Imported
from data.errors import BadInput, Refused
from data.ledger import By
from data.register import identification, requests
from data.rights.erasure import Erasure
from data.rights.plan import apply, propose
from data.store import Store
from tests.conftest import ANA, BO, CY
from tests.dialects import BY_NAME, EMAIL, ID, NAMES, OTHER_ID, a_file, customer, hashed, written
from tests.layouts import BY, FixedClock, Layout, changed, held, snapshot

REGISTER = {"habeas.requests", "habeas.ledger", "habeas.settings"}
in_each_dialect = pytest.mark.parametrize("dialect", NAMES)


def register(store: Store, *asked: Any, **more: Any) -> Imported:
    return dialects.register(store, a_file(store.path.parent, *asked), BY, **more)


def without(key: str, request: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in request.items() if name != key}


@in_each_dialect
def test_the_same_request_is_entered_the_same_whatever_its_dialect(
    shop: Store, dialect: str
) -> None:
    before = snapshot(shop)
    imported = register(shop, written(dialect, kind="erasure"))
    (entered,) = imported.entered
    received = {"UTC": date(2026, 1, 30), "Europe/Berlin": date(2026, 1, 31)}
    assert (entered.id, entered.right, entered.user_id) == ("R1", "erasure", "ana-1")
    assert entered.received == received[shop.map.controller.timezone]
    assert (entered.due, entered.came_by, entered.origin) == (date(2026, 3, 2), "import", ID)
    assert (entered.status, entered.identity, entered.details) == ("received", "not checked", {})
    assert (imported.dialects, imported.known, imported.said) == ({dialect: 1}, 0, [])
    assert changed(before, snapshot(shop)) == REGISTER


@in_each_dialect
def test_every_type_of_request_is_a_right(shop: Store, dialect: str) -> None:
    kinds = {"access": "access", "portability": "portability", "erasure": "erasure"}
    kinds |= {"AppsFlyer": {"rectification": "rectification"},
              "WebEngage": {"restriction": "restriction", "re-enable": "lifting"},
              }.get(dialect, {})  # fmt: skip
    asked = [written(dialect, kind=kind, id=str(n)) for n, kind in enumerate(kinds)]
    if dialect == "OpenDSR 2.0":
        asked = [{**each, "subject_request_id": f"{n}{ID[1:]}"} for n, each in enumerate(asked)]
    assert [each.right for each in register(shop, *asked).entered] == list(kinds.values())


@in_each_dialect
def test_a_type_that_the_dialect_does_not_have_is_a_fault(shop: Store, dialect: str) -> None:
    key = BY_NAME[dialect].type_key
    with pytest.raises(BadInput, match=f'{key} is "deletion", which is none of access'):
        register(shop, written(dialect, kind="deletion"))


@pytest.mark.parametrize(
    ("request_", "dialect"),
    [
        (written("OpenGDPR 1.0"), "OpenGDPR 1.0"),
        (without("api_version", written("OpenDSR 2.0")), "OpenDSR 2.0"),
        (without("property_id", written("AppsFlyer")), "OpenGDPR 1.0"),
        (without("property_id", written("AppsFlyer", kind="rectification")), "AppsFlyer"),
        ({**written("OpenDSR 2.0"), "property_id": "id1"}, "AppsFlyer"),
        (written("WebEngage", identities=[EMAIL]), "OpenGDPR 1.0"),
        (written("WebEngage", identities=[EMAIL], kind="re-enable"), "WebEngage"),
        (written("WebEngage", identities=[EMAIL], submitted=""), "WebEngage"),
        (without("regulation", written("mParticle v3")), "mParticle v3"),
        (without("api_version", written("MoEngage")), "MoEngage"),
        (without("subject_request_id", written("MoEngage")), "MoEngage"),
    ],
)
def test_a_dialect_is_recognised_by_its_shape_else_the_more_general_one(
    shop: Store, request_: Mapping[str, Any], dialect: str
) -> None:
    assert register(shop, request_).dialects == {dialect: 1}


SEVERAL = [written(name, id=f"{n}{ID[1:]}") for n, name in enumerate(NAMES)]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(SEVERAL),
        json.dumps(SEVERAL, indent=2),
        "\n".join(map(json.dumps, SEVERAL)),
        "\r\n".join(map(json.dumps, SEVERAL)) + "\r\n\r\n",
        "\n\n" + "\n \t\n".join(map(json.dumps, SEVERAL)),
        "\ufeff" + json.dumps(SEVERAL),
        "\ufeff" + "\n".join(map(json.dumps, SEVERAL)),
    ],
)
def test_a_file_holds_a_list_or_a_request_a_line(shop: Store, tmp_path: Path, text: str) -> None:
    file = tmp_path / "requests"
    file.write_text(text, "utf-8", newline="")
    imported = dialects.register(shop, file, BY)
    assert imported.dialects == dict.fromkeys(NAMES, 1)
    assert [each.id for each in imported.entered] == [f"R{n + 1}" for n in range(len(NAMES))]


@pytest.mark.parametrize("indent", [None, 2])
def test_a_file_holds_one_request(shop: Store, tmp_path: Path, indent: int | None) -> None:
    file = tmp_path / "request.json"
    file.write_text(json.dumps(written("AppsFlyer"), indent=indent), "utf-8")
    assert dialects.register(shop, file, BY).dialects == {"AppsFlyer": 1}


@in_each_dialect
def test_a_request_is_entered_once_even_in_another_dialect_on_another_day(
    shop: Store, clock: FixedClock, dialect: str
) -> None:
    register(shop, written(dialect))
    before = snapshot(shop)
    clock.now += timedelta(days=30)
    imported = register(shop, *(written(again) for again in NAMES))
    assert (imported.entered, imported.known, imported.said) == ([], len(NAMES), [])
    assert imported.dialects == dict.fromkeys(NAMES, 1)
    assert changed(before, snapshot(shop)) == set()


def test_a_request_without_a_time_is_received_today_which_is_said_and_entered_once(
    shop: Store, clock: FixedClock
) -> None:
    imported = register(shop, written("WebEngage", submitted=""))
    assert imported.entered[0].received == date(2026, 11, 23)
    assert imported.said == ["R1: when it was submitted is not said: received today."]
    clock.now += timedelta(days=3)
    assert register(shop, written("WebEngage", submitted="")).known == 1


def test_requests_without_an_id_are_one_where_they_say_the_same(shop: Store) -> None:
    one = without("subject_request_id", written("MoEngage"))
    imported = register(shop, one, one, {**one, "submitted_time": "2026-02-01T00:00:00Z"})
    assert ([each.origin for each in imported.entered], imported.known) == (["", ""], 1)
    assert register(shop, one).known == 1


@in_each_dialect
def test_an_id_of_another_request_is_a_fault_that_names_both(shop: Store, dialect: str) -> None:
    register(shop, written(dialect))
    before = snapshot(shop)
    for other in (
        {"kind": "erasure"},
        {"submitted": "2026-01-30T23:30:01Z"},
        {"identities": [customer(dialect, "bo-2")]},
        {"identities": [customer(dialect, hashed("md5", "x"), "md5")]},
    ):
        first = written(dialect, id=OTHER_ID)
        with pytest.raises(BadInput, match=f'line 2: the id "{ID}" is that of request R1'):
            register(shop, first, written(dialect, **other))
        with pytest.raises(BadInput, match=f'line 2: the id "{OTHER_ID}" .* at .* line 1'):
            register(shop, first, written(dialect, id=OTHER_ID, **other))
    assert changed(before, snapshot(shop)) == set()


def test_a_trial_shows_what_would_be_entered(shop: Store) -> None:
    before = snapshot(shop)
    assert [each.id for each in register(shop, *SEVERAL, keep=False).entered][-1] == "R6"
    assert changed(before, snapshot(shop)) == set()


def test_nobody_is_named_in_the_ledger(shop: Store) -> None:
    asked = written("OpenDSR 2.0", identities=[EMAIL, customer("", "nobody-9")])
    register(shop, {**asked, "regulation": "ccpa"})
    rows = snapshot(shop)["habeas.ledger"]
    assert not any(held(rows, value) for value in ("ana-1", ANA["email"], "nobody-9"))


def test_another_regulation_is_recorded_and_said(shop: Store) -> None:
    asked = written("OpenDSR 2.0")
    imported = register(shop, {**asked, "regulation": "ccpa"})
    assert imported.said == ["R1: it was sent under ccpa, and is answered under the GDPR."]
    with shop.reading() as cursor:
        entry, _ = requests.history(cursor, "R1")[-1]
    assert entry.facts == {"regulation": "ccpa"}
    with pytest.raises(BadInput, match="says something else"):
        register(shop, asked)


@in_each_dialect
def test_a_hashed_email_finds_the_person(shop: Store, dialect: str) -> None:
    asked = [
        written(dialect, id=f"{n}{ID[1:]}", identities=[("email", text, form)])
        for n, form in enumerate(("sha256", "sha1", "md5"))
        for text in [hashed(form, ANA["email"])]
    ]
    assert [each.user_id for each in register(shop, *asked).entered] == ["ana-1"] * 3


@pytest.mark.parametrize(
    ("named", "user_id", "said"),
    [
        (["ana@example.org", "bo-2"], "ana@example.org", "2 people match"),
        (["bo-2", "ana@example.org"], "ana@example.org", "2 people match"),
        (["gone@example.org", "bo-2"], "bo-2", ""),
        (["gone@example.org", "nobody-9"], "gone@example.org", "nobody found"),
        (["gone@example.org"], "gone@example.org", "nobody found"),
        (["nobody-9"], "nobody-9", "nobody found"),
    ],
)
def test_a_request_is_the_one_persons_on_whom_its_identities_agree(
    shop: Store, named: list[str], user_id: str, said: str
) -> None:
    identities = [
        ("email" if "@" in value else "controller_customer_id", value, "raw") for value in named
    ]
    imported = register(shop, written("OpenDSR 2.0", identities=identities))
    (entered,) = imported.entered
    assert entered.user_id == user_id
    assert imported.said == (
        [f"R1: {said}: say who with habeas requests identify R1 --person USER_ID."] if said else []
    )


def test_only_what_is_clearly_somebodys_is_ready(shop: Store) -> None:
    nobody = written("WebEngage", id="2", kind="restriction", identities=[customer("", "nobody-9")])
    imported = register(shop, written("WebEngage", kind="restriction"), nobody)
    assert [each.is_ready for each in imported.entered] == [True, False]


def test_an_identity_of_two_people_is_settled_by_another(layout: Layout, shop: Store) -> None:
    layout.load(shop, people=[{**BO, "email": ANA["email"]}])
    imported = register(shop, written("OpenDSR 2.0", identities=[EMAIL, customer("", "bo-2")]))
    assert (imported.entered[0].user_id, imported.said) == ("bo-2", [])
    imported = register(shop, written("OpenDSR 2.0", identities=[EMAIL], id=OTHER_ID))
    assert imported.entered[0].user_id == ANA["email"]
    assert "2 people match" in imported.said[0]


@pytest.mark.parametrize(
    ("identities", "user_id"),
    [
        ([("android_id", "ana-1", "raw")], "android_id ana-1"),
        ([("android_id", "ana-1", "raw"), ("roku_publisher_id", "r", "raw")], "r"),
        ([("email", hashed("md5", "x"), "md5"), ("android_id", "a", "raw")], "a"),
        ([("email", hashed("md5", "x"), "md5")], hashed("md5", "x")),
    ],
)
def test_a_request_of_nobody_is_never_kept_under_somebodys_id(
    shop: Store, identities: list[tuple[str, str, str]], user_id: str
) -> None:
    (entered,) = register(shop, written("OpenDSR 2.0", identities=identities)).entered
    assert entered.user_id == user_id
    with shop.reading() as cursor:
        assert people.lookup(cursor, entered.user_id) is None


def test_a_request_of_nobody_is_somebodys_once_they_are_identified(shop: Store) -> None:
    gone = written("OpenDSR 2.0", identities=[("email", "gone@example.org", "raw")])
    register(shop, gone)
    by = By("handler", "by telephone")
    found = identification.identify(shop, "R1", "confirmed", by, person=CY["id"])
    assert (found.user_id, found.status) == (CY["id"], "ready")
    assert register(shop, gone).known == 1


def test_a_request_of_an_erased_person_is_known_still(shop: Store) -> None:
    register(shop, written("OpenDSR 2.0", kind="erasure"))
    apply(shop, propose(shop, Erasure("child"), "ana-1"), BY)
    assert register(shop, written("OpenDSR 2.0", kind="erasure")).known == 1


def test_a_reason_is_kept_unless_it_names_the_person(shop: Store) -> None:
    file = a_file(shop.path.parent, written("OpenDSR 2.0"))
    before = snapshot(shop)
    with pytest.raises(Refused, match="The reason holds"):
        dialects.register(shop, file, By("handler", f"a letter of {ANA['last']}"))
    assert changed(before, snapshot(shop)) == set()
    dialects.register(shop, file, By("handler", "the weekly file"))
    with shop.reading() as cursor:
        assert [why for _, why in requests.history(cursor, "R1")] == ["the weekly file"]
        assert ledger.verify(cursor) == []
