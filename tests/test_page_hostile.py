"""In the page of an answer a value is only ever text, whoever wrote it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from data import finding
from data.store import Store
from tests import hostile
from tests.conftest import ANA
from tests.layouts import BUILT_IN, Layout
from tests.pages import check, page

HOSTILE = (
    "<script>document.title='owned'</script>",
    "</style><style>body{display:none}</style>",
    "</title></head></bdi></dd></html>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "<a href='javascript:alert(1)'>x</a>",
    "javascript:alert(1)",
    "--><!--<!DOCTYPE html>",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt;&amp;",
    "x" * 5_000,
)
"""What would be more than text in a page that forgot to escape it."""


@pytest.fixture
def attacked(tmp_path: Path) -> Iterator[Store]:
    """A store with somebody whose every value, and id, is an attack."""
    values = (*HOSTILE, *hostile.HOSTILE)
    with BUILT_IN.create(tmp_path) as store:
        for place in range(0, len(values), len(hostile.PLACES)):
            each = values[place : place + len(hostile.PLACES)]
            full = (*each, *values)[: len(hostile.PLACES)]
            hostile.add_person(store, f"{place}{full[0][:80]}", full)
        yield store


def everybody(store: Store) -> list[str]:
    with store.reading() as cursor:
        return [each.id for each in finding.find(cursor)]


def test_a_hostile_value_is_only_text(attacked: Store) -> None:
    for subject in everybody(attacked):
        html = page(attacked, subject)
        parsed = check(html)
        assert not re.search(
            "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]", html
        )
        shown = subject[1:20].strip()
        if shown.isprintable():
            assert shown in " ".join(parsed.texts)


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_id_of_nobody_is_only_text(shop: Store, value: str) -> None:
    assert value[:80] in "".join(check(page(shop, value)).texts)


@pytest.mark.parametrize("value", HOSTILE[:-1])
def test_a_hostile_map_is_only_text(tmp_path: Path, value: str) -> None:
    """The map is the controller's own, and is no reason for a broken page either."""
    text = json.dumps(value)
    hostile_map = (
        'extends = "built-in"\n[controller]\n'
        f"name = {text}\ncontact = {text}\nauthority = {text}\n"
        f"[purposes.account]\ntext = {text}\nbasis = {text}\nretention = {text}\n"
        f"[people.fields.city]\nlabel = {text}\ncategory = {text}\nsource = {text}\n"
        f"[recipients.r]\nname = {text}\nreceives = [{text}]\ncountry = {text}\n"
        f"[automated.d]\nlogic = {text}\neffect = {text}\n"
    )
    layout = Layout(
        "hostile", hostile_map, BUILT_IN.person, BUILT_IN.event, ("email", "push"), False
    )
    with layout.create(tmp_path / "hostile") as store:
        layout.load(store, people=[{**ANA, "city": value}])
        check(page(store))
