"""What Article 15 has told comes from the data map, and what the map lacks is a named gap."""

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from data import mapfile
from data.answers import information
from data.answers.information import Information
from data.rights.access import Access
from data.rights.plan import propose
from data.store import Store
from tests.conftest import ANA
from tests.layouts import Layout

TELLING = """
extends = "built-in"
[controller]
name = "Shop"
contact = "privacy@example.org"
authority = "The Authority"
[purposes.account]
text = "to deliver"
retention = "ten years"
[purposes.analytics]
text = "to count"
retention = "two years"
[recipients.mailer]
name = "Mailer"
receives = ["contact"]
country = "US"
safeguard = "standard contractual clauses"
[automated.score]
logic = "payments are counted"
effect = "no invoice"
"""
"""A map that lacks nothing."""

Told = Callable[[str], Information]


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    """The information that a store with a map of this text gives."""
    opened: list[Store] = []

    def tell(text: str) -> Information:
        path = tmp_path / f"{len(opened)}.duckdb"
        opened.append(Store.create(path, mapfile.parse(text)))
        with opened[-1].reading() as cursor:
            return information.of(cursor)

    yield tell
    for store in opened:
        store.close()


def test_a_map_that_says_all_has_no_gap(told: Told) -> None:
    assert told(TELLING).gaps == ()


@pytest.mark.parametrize(
    ("known", "lacking", "gap"),
    [
        ('name = "Shop"', "", "15(1): who the controller is, is not known."),
        (
            'contact = "privacy@example.org"',
            "",
            "15(1)(e): how the controller is reached is not known.",
        ),
        ('authority = "The Authority"', "", "15(1)(f): where one may complain is not known."),
        (
            'retention = "two years"',
            'basis = "6(1)(f)"',
            '15(1)(d): how long data is kept "to count" is not known.',
        ),
        (
            'retention = "ten years"',
            'retention = "ten years"\nbasis = ""',
            '6(1): on which legal basis data is used "to deliver" is not known.',
        ),
        (
            'safeguard = "standard contractual clauses"',
            "",
            '15(2): which safeguard there is for the transfer to "Mailer" is not known.',
        ),
        (
            'country = "US"',
            "",
            '15(2): whether data goes outside the EEA with "Mailer" is not known.',
        ),
        (
            'logic = "payments are counted"',
            'logic = ""',
            '15(1)(h): how "score" is decided is not known.',
        ),
        (
            'effect = "no invoice"',
            'effect = ""',
            '15(1)(h): what follows from "score" is not known.',
        ),
        (
            "[automated.score]",
            '[people.fields.city]\nsource = ""\norigin = "observed"\n[automated.score]',
            '15(1)(g): where "City" comes from is not known.',
        ),
        (
            "[automated.score]",
            "[people.fields.city]\npurposes = []\n[automated.score]",
            '15(1)(a): what "City" is used for is not known.',
        ),
    ],
)
def test_what_the_map_lacks_is_a_gap_by_article_and_name(
    told: Told, known: str, lacking: str, gap: str
) -> None:
    assert TELLING.count(known) == 1
    (found,) = told(TELLING.replace(known, lacking)).gaps
    assert str(found) == gap


def test_without_recipients_it_is_not_known_who_is_given_data(told: Told) -> None:
    start, end = TELLING.index("[recipients"), TELLING.index("[automated")
    (found,) = told(TELLING[:start] + TELLING[end:]).gaps
    assert str(found) == "15(1)(c): who is given personal data is not known."


@pytest.mark.parametrize("country", ["IE", "NO", "IS", "LI"])
def test_within_the_eea_no_safeguard_is_needed(told: Told, country: str) -> None:
    near = TELLING.replace('"US"', f'"{country}"').replace("standard contractual clauses", "")
    assert told(near).gaps == ()
    assert told(near).recipients[0].abroad is False


def test_what_was_provided_comes_from_the_person(layout: Layout, shop: Store) -> None:
    provided = {
        each.label for each in layout.map.people.fields.values() if each.origin == "provided"
    }
    with shop.reading() as cursor:
        sources = information.of(cursor).sources
    (person,) = [each for each in sources if each.name == information.PERSON]
    assert set(person.data) >= provided


def test_every_category_purpose_and_recipient_of_the_map_is_told(
    layout: Layout, shop: Store
) -> None:
    with shop.reading() as cursor:
        told = information.of(cursor)
    assert {each.name for each in told.categories} == layout.map.categories
    assert [each.text for each in told.uses] == [each.text for each in layout.map.purposes.values()]
    assert [each.name for each in told.recipients] == [
        each.name for each in layout.map.recipients.values()
    ]
    assert told.decisions == tuple(layout.map.automated.values())


def test_a_column_that_the_map_does_not_name_is_a_gap(layout: Layout, shop: Store) -> None:
    with shop.transaction() as cursor:
        cursor.run(f"ALTER TABLE {layout.people_table} ADD COLUMN shoe_size INTEGER")
    with shop.reading() as cursor:
        gap = information.of(cursor).gaps[-1]
    table = layout.map.people.table.split(".")[-1]
    assert (gap.article, gap.of) == ("15(3)", (f"{table}.shoe_size",))


def test_the_gaps_are_the_warnings_of_the_plan(shop: Store, tmp_path: Path) -> None:
    plan = propose(shop, Access(str(tmp_path)), ANA["id"])
    with shop.reading() as cursor:
        gaps = information.of(cursor).gaps
    assert gaps
    assert plan.warnings == tuple(str(gap) for gap in gaps)
    assert plan == propose(shop, Access(str(tmp_path)), ANA["id"])


def test_json_has_the_information_whole(told: Told) -> None:
    known = told(TELLING)
    as_json = information.as_json(known)
    assert set(as_json) == {
        "purposes", "categories", "recipients", "rights", "complaint", "sources",
        "automated_decisions",
    }  # fmt: skip
    assert as_json["purposes"][0] == {
        "purpose": "to deliver",
        "legal_basis": "6(1)(b)",
        "retention": "ten years",
        "categories": ("identity", "contact", "further attributes", "record keeping"),
    }
    assert as_json["recipients"] == [
        {"name": "Mailer", "categories": ("contact",), "country": "US", "abroad": True,
         "safeguard": "standard contractual clauses"}
    ]  # fmt: skip
    assert {each["right"]: each["article"] for each in as_json["rights"]} == information.RIGHTS
    gap = dataclasses.replace(known, gaps=(information.Gap("15(1)", "name"),))
    assert information.as_json(gap)["gaps"] == [
        {"article": "15(1)", "missing": "name", "of": (),
         "text": "15(1): who the controller is, is not known."}
    ]  # fmt: skip
