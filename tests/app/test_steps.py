"""Between the arrival of a request and its answer, by keys: who asks, time, refusal, letters."""

import stat
from pathlib import Path

import pytest
from textual.pilot import Pilot

from data import ledger
from data.entry import Entry
from data.register import notices, requests
from data.store import Store
from tests.app.helpers import (
    INES,
    NARROW,
    app_of,
    ask,
    asked,
    choose,
    listed,
    press,
    register,
    running,
    said,
    text,
    type_in,
)
from tests.layouts import FixedClock, changed, snapshot
from tui.dialogs import Ask, Confirm, Dialog
from tui.screens.notices import NoticesScreen
from tui.screens.requests import RequestsScreen

WHY = "three systems have to be searched"


def last_step(pilot: Pilot[None], request_id: str) -> tuple[Entry, str]:
    """The newest entry on a request, and the reason for it in words."""
    return ask(pilot, lambda cursor: requests.history(cursor, request_id))[-1]


async def go_to(pilot: Pilot[None], request_id: str) -> None:
    """Moves down the register to this request."""
    await press(pilot, *["down"] * [row[2] for row in listed(pilot)].index(request_id))


def private(path: Path) -> str:
    """The words of a file that is for its owner alone."""
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    return " ".join(path.read_text("utf-8").split())


class TestIdentity:
    async def test_every_outcome_of_a_check_is_recorded_with_how_it_was_made(
        self, shop: Path
    ) -> None:
        async with running(shop) as pilot:
            await press(pilot, "2")
            for label, identity, status in (
                ("failed", "failed", "identifying"),
                ("asked: ", "asked", "identifying"),
                ("not needed", "not needed", "ready"),
                ("asked, and", "asked", "identifying"),
                ("confirmed", "confirmed", "ready"),
            ):
                await press(pilot, "i")
                await choose(pilot, label)
                await type_in(pilot, f"by post, {identity}", "enter")
                request = register(pilot, "R2")
                assert (request.identity, request.status) == (identity, status)
                entry, how = last_step(pilot, "R2")
                assert (entry.action, how) == ("identity checked", f"by post, {identity}")
                assert said(pilot) == f"R2: identity {identity}."
                paused = label == "asked, and"
                assert (request.paused_since is not None) == paused
                assert [row[1] for row in listed(pilot) if row[2] == "R2"] == [
                    "paused" if paused else "due today"
                ]
            await press(pilot, "enter")
            assert isinstance(pilot.app.screen, Confirm)

    async def test_enter_asks_for_it_where_a_request_waits_for_it(self, shop: Path) -> None:
        request_id = asked(shop, "access", known=False)
        async with running(shop) as pilot:
            await press(pilot, "2")
            assert "Next: enter to record the check of who asks" in text(pilot)
            await press(pilot, "enter")
            await choose(pilot, "failed")
            await type_in(pilot, "no document came", "enter")
            assert register(pilot, request_id).identity == "failed"
            assert "Next: F to refuse it, for it could not be shown who asks" in text(pilot)
            await press(pilot, "F")
            assert "On which ground?" in text(pilot)
            await press(pilot, "escape", "enter")
            await choose(pilot, "confirmed")
            await type_in(pilot, "passport seen", "enter")
            assert register(pilot, request_id).is_ready
            assert "Next: enter to show the plan, and carry it out" in text(pilot)

    async def test_how_it_was_made_is_said_and_names_nobody(self, shop: Path) -> None:
        asked(shop, "access", known=False)
        async with running(shop) as pilot:
            await press(pilot, "2", "i", "enter", "enter")
            assert "Say how it was checked." in text(pilot)
            await type_in(pilot, "Greta came by", "enter")
            assert "first name" in said(pilot)
            assert register(pilot, "R7").identity == "not checked"


class TestExtension:
    async def test_it_is_taken_once_and_the_person_is_told(self, shop: Path) -> None:
        async with running(shop) as pilot:
            before = register(pilot, "R2").due
            await press(pilot, "2", "t")
            assert "The person is told." in text(pilot)
            await press(pilot, "enter")
            assert isinstance(pilot.app.screen, Ask)
            await type_in(pilot, WHY, "enter")
            after = register(pilot, "R2")
            assert (str(before), str(after.due)) == ("2026-11-23", "2027-01-21")
            assert WHY in private(Path("answers/R2-extension.txt"))
            assert last_step(pilot, "R2")[1] == WHY
            assert listed(pilot)[-1][:3] == (after.due, "59 days left", "R2")
            await press(pilot, "G", "t")
            assert "was extended on 2026-11-23 already" in said(pilot)

    async def test_it_is_not_taken_once_the_first_month_is_over(self, shop: Path) -> None:
        request_id = asked(shop, "access")
        async with running(shop) as pilot:
            await press(pilot, "2", "t")
            assert isinstance(pilot.app.screen, RequestsScreen), "it asked why first"
            assert f"Request {request_id} was due on" in said(pilot)
            assert register(pilot, request_id).extended is None
            assert not Path("answers").exists()


class TestRefusal:
    async def test_the_person_is_told_why_and_what_they_can_do(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await press(pilot, "2", "F")
            assert "On which ground? (R2)" in text(pilot)
            await choose(pilot, "excessive")
            await press(pilot, "enter")
            assert "The person is told why." in text(pilot)
            await type_in(pilot, "the fourth this week", "enter")
            request = register(pilot, "R2")
            assert (request.status, request.ground) == ("refused", "12(5)")
            assert listed(pilot)[-1][1:5] == ("closed", "R2", "Erasure", "refused")
            words = private(Path("answers/R2-refusal.txt"))
            for part in ("the fourth this week", "Autoriteit Persoonsgegevens", "go to court"):
                assert part in words
            await press(pilot, "G", "F")
            assert said(pilot) == "R2 is refused."

    async def test_an_exception_is_one_of_the_right_itself(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await press(pilot, "2", "F")
            await choose(pilot, "exception")
            shown = text(pilot)
            for part in ("legal obligation", "17(3)(b)", "restricted by law"):
                assert part in shown
            assert "rights-of-others" not in shown, "an exception of access"
            await choose(pilot, "legal obligation")
            await type_in(pilot, "invoices are kept", "enter")
            assert register(pilot, "R2").ground == "17(3)(b)"

    async def test_whose_identity_is_clear_is_not_called_unidentifiable(self, shop: Path) -> None:
        request_id = asked(shop, "access")
        async with running(shop) as pilot:
            await press(pilot, "2", "F")
            await choose(pilot, "unidentifiable")
            await type_in(pilot, "unknown here", "enter")
            assert "has its identity confirmed" in said(pilot)
            assert register(pilot, request_id).is_open


async def test_letters_are_written_and_none_says_what_is_not_so(shop: Path) -> None:
    async with running(shop) as pilot:
        await press(pilot, "2", "w")
        assert "what was done" not in text(pilot)
        await choose(pilot, "that the request came")
        assert said(pilot) == f"R2: the letter is in {Path('answers').absolute()}."
        assert "R2" in private(Path("answers/R2-confirmation.txt"))
        await press(pilot, "C")
        await choose(pilot, "Yes")
        await press(pilot, "G", "w")
        assert said(pilot) == "R2: no letter is to be written now."


class TestTelling:
    """Of the restriction of Ines, two recipients are still to be told."""

    async def test_the_message_is_written_and_that_it_went_out_is_recorded(
        self, shop: Path
    ) -> None:
        async with running(shop) as pilot:
            await press(pilot, "6")
            assert listed(pilot)[0][:3] == ("N1", "Example Mailer", "Restriction")
            await press(pilot, "enter")
            await choose(pilot, "Write the message")
            assert "personal data, so delete it" in said(pilot)
            assert INES in private(Path("answers/N1-recipient.txt"))
            await press(pilot, "enter")
            await choose(pilot, "They were told")
            await type_in(pilot, "2026-11-24", "enter")
            assert "That is today, or a day before it." in text(pilot)
            await type_in(pilot, "2026-11-23", "enter")
            assert said(pilot) == "N1: told."
            assert [row[0] for row in listed(pilot)] == ["N2", "N1"]
            await press(pilot, "enter")
            await choose(pilot, "It is impossible")
            await press(pilot, "enter")
            assert "Say why it is impossible." in text(pilot)
            await type_in(pilot, "the firm is wound up", "enter")
            settled = ask(pilot, notices.listed)
            assert [each.status for each in settled] == ["done", "impossible"]
            assert "the firm is wound up" in ask(pilot, ledger.reasons).values()


QUESTIONS = (
    ("i",),
    ("i", "enter"),
    ("G", "t"),
    ("g", "F"),
    ("F", "enter"),
    ("F", "end", "enter"),
    ("F", "end", "enter", "enter"),
    ("w",),
    ("C",),
    ("6", "enter"),
    ("6", "enter", "down", "enter"),
    ("6", "enter", "end", "enter"),
)


async def test_every_question_fits_a_small_terminal_and_escape_there_changes_nothing(
    shop: Path,
) -> None:
    opposition = asked(shop, "opposition")
    async with running(shop, NARROW) as pilot:
        await press(pilot, "2", "enter", "enter")
        store = app_of(pilot).store
        assert store is not None
        before = snapshot(store)
        assert register(pilot, opposition).awaits_decision
        for keys in (*QUESTIONS, ("enter",), ("enter", "down", "enter")):
            await press(pilot, "2", *keys)
            dialog = pilot.app.screen
            assert isinstance(dialog, Dialog), keys
            assert dialog.title_text[:40] in " ".join(text(pilot, "#box").split("│")[1].split())
            assert "esc: cancel" in text(pilot), keys
            assert dialog.region.contains_region(dialog.query_one("#box").region), keys
            await press(pilot, "escape")
            assert isinstance(pilot.app.screen, RequestsScreen | NoticesScreen), keys
        assert changed(before, snapshot(store)) == set()
        assert not Path("answers").exists()


@pytest.mark.parametrize("key", ["i", "t", "F", "w", "o"])
async def test_an_empty_register_has_no_steps(shop: Path, key: str) -> None:
    with Store.open(shop, clock=FixedClock()) as store, store.transaction() as cursor:
        cursor.run("DELETE FROM habeas.requests")
    async with running(shop) as pilot:
        await press(pilot, "2", key)
        assert isinstance(pilot.app.screen, RequestsScreen)
