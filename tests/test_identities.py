"""Whom an identity means, raw and hashed, over both layouts."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from data import identities
from data.identities import CUSTOMER, FORMATS, Identity
from data.store import Store
from tests.conftest import ANA, BO, CY
from tests.dialects import hashed
from tests.layouts import FixedClock, Layout, snapshot

HASHES = [name for name in FORMATS if name != "raw"]
in_each_hash = pytest.mark.parametrize("form", HASHES)

DEVICE = """
[people.fields.device]
label = "Device"
category = "identity"
origin = "observed"
identity = "ios_advertising_id"
"""
PHONE_AND_FURTHER_IDS = """
[people.fields.mobile]
label = "Mobile"
type = "phone"
category = "contact"
origin = "provided"

[people.fields.others]
label = "Other ids"
type = "json"
category = "identity"
origin = "observed"
"""


@pytest.fixture
def wide(layout: Layout) -> Layout:
    """The layout with a column for each kind of identity."""
    if layout.map.people.merged_ids:
        names = {"phone": "phone", "others": "anonymous_ids"}
        text = layout.map_text + DEVICE
    else:
        names = {"phone": "mobile", "others": "others"}
        text = layout.map_text.replace(
            'key = "member"\n', 'key = "member"\nmerged_ids = "others"\n', 1
        )
        text += DEVICE + PHONE_AND_FURTHER_IDS
    return replace(layout, map_text=text, person={**layout.person, **names})


@pytest.fixture
def people(wide: Layout, tmp_path: Path, clock: FixedClock) -> Iterator[Store]:
    """Ana has every identity there is, Bo and Cy have the least."""
    ana = {**ANA, "phone": "+49 (30) 123-456", "device": "AB-12", "others": ["Anon 7", "anon-8"]}
    with wide.create(tmp_path, clock) as store:
        wide.load(store, people=[ana, BO, {**CY, "email": ""}])
        yield store


def find(store: Store, kind: str, value: str, form: str = "raw") -> list[str]:
    with store.reading() as cursor:
        return identities.find(cursor, Identity(kind, value, form))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (CUSTOMER, "ana-1"),
        ("cuid", "ana-1"),
        (CUSTOMER, "Anon 7"),
        ("email", "ana@example.org"),
        ("email", "  ANA@Example.ORG\n"),
        ("phone", "+4930123456"),
        ("phone", " +49/30/123456"),
        ("ios_advertising_id", "ab-12"),
        ("ios_advertising_id", " AB-12 "),
    ],
)
def test_a_raw_identity_means_whoever_has_it(people: Store, kind: str, value: str) -> None:
    assert find(people, kind, value) == ["ana-1"]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (CUSTOMER, "ANA-1"),
        (CUSTOMER, "ana"),
        (CUSTOMER, "ana@example.org"),
        ("email", "ana-1"),
        ("email", "an@example.org"),
        ("phone", "4930123456"),
        ("phone", "none"),
        ("phone", "+"),
        ("android_id", "AB-12"),
        ("roku_publisher_id", ""),
        ("email", ""),
        ("email", " "),
        (CUSTOMER, ""),
        ("email", "' OR '1' = '1"),
        ("email", "%"),
    ],
)
def test_an_identity_means_nobody_who_does_not_have_it(
    people: Store, kind: str, value: str
) -> None:
    assert find(people, kind, value) == []


@in_each_hash
@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (CUSTOMER, "ana-1"),
        (CUSTOMER, "Anon 7"),
        (CUSTOMER, "anon 7"),
        ("email", "ana@example.org"),
        ("phone", "+4930123456"),
        ("ios_advertising_id", "ab-12"),
    ],
)
def test_a_hash_means_whoever_has_what_was_hashed(
    people: Store, form: str, kind: str, text: str
) -> None:
    assert find(people, kind, hashed(form, text), form) == ["ana-1"]
    assert find(people, kind, hashed(form, text).upper(), form) == ["ana-1"]
    assert find(people, kind, hashed(form, text)) == []


@in_each_hash
def test_a_hashed_email_means_the_person_however_the_store_writes_it(
    wide: Layout, tmp_path: Path, form: str
) -> None:
    with wide.create(tmp_path) as store:
        wide.load(store, people=[{**ANA, "email": "Ana@EXAMPLE.org"}, BO])
        assert find(store, "email", hashed(form, "ana@example.org"), form) == ["ana-1"]
        assert find(store, "email", hashed(form, "Ana@EXAMPLE.org"), form) == []


@in_each_hash
def test_the_hash_of_nothing_means_nobody(people: Store, form: str) -> None:
    for kind in identities.TYPES:
        assert find(people, kind, hashed(form, ""), form) == []


def test_an_identity_of_several_means_all_of_them(wide: Layout, people: Store) -> None:
    wide.load(people, people=[{**BO, "email": ANA["email"]}])
    assert find(people, "email", ANA["email"]) == ["ana-1", "bo-2"]


def test_a_further_id_with_a_profile_of_its_own_is_the_same_person(
    wide: Layout, people: Store
) -> None:
    wide.load(people, people=[{"id": "anon-8", "email": ANA["email"]}])
    assert find(people, "email", ANA["email"]) == ["ana-1"]
    assert find(people, CUSTOMER, "anon-8") == ["ana-1"]


@pytest.mark.parametrize("others", ["{}", '"anon-8"', "[1, null]"])
def test_only_a_list_of_texts_holds_further_ids(wide: Layout, people: Store, others: str) -> None:
    with people.transaction() as cursor:
        column = wide.person["others"]
        cursor.run(f"UPDATE {wide.people_table} SET {column} = $others", others=others)
    assert find(people, CUSTOMER, "anon-8") == []
    assert find(people, CUSTOMER, "1") == []
    assert find(people, CUSTOMER, "ana-1") == ["ana-1"]


def test_what_the_map_has_no_column_for_is_not_found(shop: Store) -> None:
    assert find(shop, "fire_advertising_id", "AB-12") == []
    assert find(shop, "of the future", "AB-12") == []


def test_the_types_that_are_known_are_the_usual_ones_and_those_of_the_map(wide: Layout) -> None:
    text = wide.map_text.replace('"ios_advertising_id"', '"loyalty card"')
    with_card = replace(wide, map_text=text).map
    assert identities.known(wide.map) == identities.TYPES
    assert identities.known(with_card) == (*identities.TYPES, "loyalty card")


def test_the_people_are_scanned_once_for_each_type_and_format(
    people: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    many = [
        Identity("email", value, form)
        for n in range(500)
        for form, value in [("raw", f"p{n}@example.org"), ("md5", hashed("md5", str(n)))]
    ]
    ana = Identity("email", ANA["email"])
    with people.reading() as cursor:
        rows = cursor.rows

        def counted(sql: str, **values: Any) -> Sequence[tuple[Any, ...]]:
            asked.append(sql)
            return rows(sql, **values)

        monkeypatch.setattr(cursor, "rows", counted)
        found = identities.find_all(cursor, [*many, ana])
    assert {each for each, people in found.items() if people} == {ana}
    assert len(found) == 1001
    assert len(asked) == 2


def test_finding_changes_nothing(people: Store) -> None:
    before = snapshot(people)
    find(people, "email", "'; DROP TABLE profiles; --")
    assert snapshot(people) == before
