"""The grounds that the articles list, each with what it says."""

import pytest

from data import grounds
from data.grounds import MEANINGS
from data.register import refusal
from data.rights import NAMES
from tui import asking

EVERY = {
    "erasure": grounds.ERASURE,
    "exceptions of erasure": grounds.ERASURE_EXCEPTIONS,
    "restriction": grounds.RESTRICTION,
    "despite a restriction": grounds.DESPITE_RESTRICTION,
    "refusal": grounds.REFUSAL,
    **{f"exceptions from {right}": refusal.exceptions_of(right) for right in NAMES},
}

ROOM = 66
"""Characters of a line in a dialog."""


@pytest.mark.parametrize("listed", EVERY.values(), ids=EVERY)
def test_each_ground_is_explained_on_one_line_with_its_article(listed: dict[str, str]) -> None:
    for name, line in asking.explained(listed).items():
        assert listed[name] in line
        assert line.endswith(MEANINGS[name, listed[name]])
        assert len(line) <= ROOM


def test_what_is_explained_is_a_ground() -> None:
    assert {pair for listed in EVERY.values() for pair in listed.items()} == {*MEANINGS}
