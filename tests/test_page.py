"""The page of an answer: one file that needs nothing else, and tells a person all of Article 15."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from data.rights.access import Access
from data.rights.automation import Automation
from data.rights.objection import Objection
from data.rights.plan import apply, propose
from data.rights.restriction import Restriction
from data.store import Store
from tests import hostile
from tests.conftest import ANA, BO
from tests.layouts import BUILT_IN, BY, SECOND, Layout
from tests.pages import check, page


def test_a_page_is_whole_and_needs_nothing_else(shop: Store) -> None:
    check(page(shop))


def test_a_page_speaks_to_the_person_and_is_made_for_a_phone_and_paper(shop: Store) -> None:
    html = page(shop)
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in html
    assert "@media print" in html
    assert "prefers-color-scheme: dark" in html
    parsed = check(html)
    assert [tag for tag, _ in parsed.elements].count("h1") == 1
    assert all("scope" in attrs for tag, attrs in parsed.elements if tag == "th")
    levels = [int(tag[1]) for tag, _ in parsed.elements if re.fullmatch(r"h\d", tag)]
    assert all(deeper <= level + 1 for level, deeper in pairwise(levels))


def test_a_page_says_what_is_held(layout: Layout, shop: Store) -> None:
    text = check(page(shop)).text
    for said in (ANA["id"], ANA["last"], ANA["email"], "31 December 1990", "home", "basket"):
        assert said in text
    for field in layout.map.people.fields.values():
        assert field.label in text
    for each in layout.map.people.channels.values():
        assert each.label in text


def test_a_page_says_why_who_and_how_long(layout: Layout, shop: Store) -> None:
    text = check(page(shop)).text
    for purpose in layout.map.purposes.values():
        assert purpose.text[1:] in text
        assert purpose.retention in text
    for recipient in layout.map.recipients.values():
        assert recipient.name in text
        assert recipient.safeguard in text
    for decision in layout.map.automated.values():
        assert decision.logic in text
        assert decision.effect in text
    assert layout.map.controller.authority in text
    for article in ("Article 16", "Article 17", "Article 18", "Article 21", "Articles 77 and 79"):
        assert article in text


def test_a_page_names_every_gap(layout: Layout, shop: Store) -> None:
    text = check(page(shop)).text
    said = text[text.index("What we could not tell you") :]
    gaps = propose(shop, Access("out"), ANA["id"]).warnings
    assert gaps
    for gap in gaps:
        assert f"(Article {gap.split(':')[0]} GDPR)" in said
    if layout is SECOND:
        assert "In which country these keep your data: Printer GmbH" in said
        assert "Where these come from: Member, Score, visits and ratings" in said


def test_a_page_has_nothing_of_another_person(shop: Store) -> None:
    html = page(shop)
    for value in (BO["id"], BO["last"], BO["email"], "desktop"):
        assert value not in html


def test_a_page_says_how_the_person_stands(layout: Layout, shop: Store) -> None:
    assert "Since 23 November 2026" not in check(page(shop)).text
    apply(shop, propose(shop, Objection((layout.channels[0],)), ANA["id"]), BY)
    apply(shop, propose(shop, Restriction("accuracy"), ANA["id"]), BY)
    apply(shop, propose(shop, Automation(stop=True), ANA["id"]), BY)
    text = check(page(shop)).text
    assert "no since 23 November 2026" in text
    assert "do not use it otherwise: you said that it is not correct" in text
    assert "made by people, not by a machine alone" in text


def test_the_page_of_nobody_says_so(layout: Layout, shop: Store) -> None:
    text = check(page(shop, "dee-4")).text
    assert "We hold no personal data on you" in text
    assert "dee-4" in text
    assert layout.map.controller.authority in text
    assert ANA["id"] not in text


def test_a_long_value_is_cut_and_says_so(tmp_path: Path) -> None:
    with BUILT_IN.create(tmp_path) as store:
        hostile.add_person(store, ANA["id"], ["x" * 1_000_000] * len(hostile.PLACES))
        html = page(store)
    assert "all 1,000,000 characters are in the files" in check(html).text
    assert len(html) < 50_000


def test_json_is_shown_as_a_list_a_few_levels_deep(tmp_path: Path) -> None:
    rest = {
        "tier": "gold",
        "sizes": [38, 39],
        "a": {"b": {"c": {"d": 1}}},
        "none": None,
        "on": True,
    }
    with BUILT_IN.create(tmp_path) as store:
        BUILT_IN.load(store, people=[{**ANA, "attributes": rest}])
        text = check(page(store)).text
    for said in ("tier: gold", "sizes: 38, 39", 'c: {"d": 1}', "none: nothing", "on: yes"):
        assert said in text


@pytest.mark.parametrize("nested", ["[" * 5_000 + "]" * 5_000, '{"n": 1e999}', "1" * 5_000])
def test_json_that_python_cannot_hold_is_shown_as_it_is(tmp_path: Path, nested: str) -> None:
    with BUILT_IN.create(tmp_path) as store:
        BUILT_IN.load(store, people=[ANA])
        with store.transaction() as cursor:
            cursor.run("UPDATE profiles SET attributes = $nested", nested=nested)
        check(page(store))
