"""Each right from its arrival to the answer, by keys alone, as a handler walks it."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from textual.pilot import Pilot

from data.register import requests
from data.rights import NAMES, named
from tests.app.helpers import (
    GRETA,
    INES,
    ask,
    choose,
    entries,
    press,
    running,
    said,
    text,
    top_line,
    type_in,
)
from tests.layouts import NOON
from tui.screens.notices import NoticesScreen
from tui.screens.person import PersonScreen
from tui.screens.requests import RequestsScreen
from tui.widgets.table import WindowTable

Answer = str | tuple[str, ...]
"""An option to choose, or what is typed into a line and the keys after it."""

QUESTIONS: dict[str, Sequence[Answer]] = {
    "access": [("",)],
    "automation": ["stop them"],
    "contest": ["payment on invoice", "changed"],
    "erasure": ["consent withdrawn"],
    "lifting": [(str(NOON.date()),)],
    "objection": ["SMS"],
    "opposition": [],
    "portability": [("",)],
    "rectification": ["City", ("Gdynia",)],
    "restriction": ["accuracy"],
    "subscription": ["SMS"],
}
"""What each right asks for once it is carried out."""

WHO = dict.fromkeys(NAMES, GRETA) | {"lifting": INES}


async def enter_request(pilot: Pilot[None], subject_id: str, right: str) -> str:
    """Finds the person and enters what they ask for, received today by email; its id."""
    await press(pilot, "1", "slash", *subject_id, "enter", "enter")
    assert isinstance(pilot.app.screen, PersonScreen)
    await press(pilot, "n")
    await choose(pilot, named(right).title)
    await press(pilot, "enter")
    await choose(pilot, "email")
    newest = max(ask(pilot, requests.listed), key=lambda each: int(each.id[1:]))
    assert (newest.right, newest.came_by) == (right, "email")
    assert said(pilot) == f"{newest.id}: {named(right).title}, to be answered by {newest.due}."
    await press(pilot, "escape", "escape")
    return newest.id


async def go_to(pilot: Pilot[None], request_id: str) -> None:
    """To the request in the register, from the first row down."""
    await press(pilot, "2", "g")
    table = pilot.app.screen.query_one(WindowTable)
    while table.cursor_row is None or table.cursor_row.key != request_id:
        assert table.cursor + 1 < table.total
        await press(pilot, "down")


async def give(pilot: Pilot[None], answers: Sequence[Answer]) -> None:
    for each in answers:
        if isinstance(each, str):
            await choose(pilot, each)
        elif each[0]:
            await type_in(pilot, *each, "enter")
        else:
            await press(pilot, "enter")


async def apply_plan(pilot: Pilot[None], subject_id: str, *, final: bool) -> None:
    if final:
        await press(pilot, "shift+tab", "shift+tab", *subject_id, "enter")
    else:
        await press(pilot, "enter")
    assert "done, Article" in said(pilot)


def status(pilot: Pilot[None], request_id: str) -> str:
    return ask(pilot, lambda cursor: requests.get(cursor, request_id)).status


@pytest.mark.slow
@pytest.mark.parametrize("right", NAMES)
async def test_a_right_is_walked_from_its_arrival_to_the_answer(shop: Path, right: str) -> None:
    kind, subject_id = named(right), WHO[right]
    async with running(shop) as pilot:
        request_id = await enter_request(pilot, subject_id, right)
        await go_to(pilot, request_id)
        if kind.asks_identity:
            assert "Next: enter to record the check of who asks" in text(pilot, "#preview")
            await press(pilot, "enter")
            await choose(pilot, "confirmed")
            await type_in(pilot, "passport seen", "enter")
            await go_to(pilot, request_id)
        assert "enter to show the plan" in text(pilot, "#preview")
        await press(pilot, "enter")
        await give(pilot, QUESTIONS[right])
        await apply_plan(pilot, subject_id, final=kind.final)
        if right == "opposition":
            await go_to(pilot, request_id)
            assert "enter to decide on the objection" in text(pilot, "#preview")
            await press(pilot, "enter")
            await choose(pilot, "overridden")
            await type_in(pilot, str(NOON.date()), "enter")
            await apply_plan(pilot, subject_id, final=False)
        assert status(pilot, request_id) == "completed"
        await tell(pilot, request_id)
        if not kind.final:
            await go_to(pilot, request_id)
            assert "w to write the letter" in text(pilot, "#preview")
            await press(pilot, "w")
            await choose(pilot, "what was done")
            assert Path(f"answers/{request_id}-completion.txt").exists()
        assert right in [each.action for each in entries(pilot, subject_id)]


async def tell(pilot: Pilot[None], request_id: str) -> None:
    """The recipients of what was done on the request, all at once, where there are any."""
    if not ask(pilot, lambda cursor: requests.get(cursor, request_id)).to_tell:
        return
    await go_to(pilot, request_id)
    assert "enter to go to the recipients" in text(pilot, "#preview")
    await press(pilot, "enter")
    assert isinstance(pilot.app.screen, NoticesScreen)
    assert "marked" in top_line(pilot)
    await press(pilot, "enter")
    await choose(pilot, "They were told")
    await press(pilot, "enter")
    assert ask(pilot, lambda cursor: requests.get(cursor, request_id)).to_tell == 0
    await press(pilot, "2")
    assert isinstance(pilot.app.screen, RequestsScreen)
