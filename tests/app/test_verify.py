"""The application looks for what is left of somebody, as habeas verify does, and says so."""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from textual.pilot import Pilot

from data import finding, ledger
from data.purge import purging
from data.rights import erasure
from data.rights.erasure import Erasure
from data.store import Store
from data.verification import files
from tests.acts import exercise, tell_everybody
from tests.app.helpers import (
    GRETA,
    NARROW,
    PEOPLE,
    app_of,
    ask,
    begin,
    head,
    leave,
    person,
    press,
    running,
    said,
    shows,
    stored,
    text,
    type_in,
    until,
    until_shown,
)
from tests.hostile import BIDI, LINES, MARKUP, PLAIN, SEQUENCES, a_hostile_shop
from tests.layouts import BY, FixedClock
from tests.shop import files as present
from tests.shop import habeas
from tui.screens.people import PeopleScreen
from tui.verifying import Result, Whom
from tui.widgets.line import Line
from tui.widgets.moving import Text

TALL = (160, 80)
CLEAN, FOUND = "Nothing is left of", "Found: something is left of"
UNKNOWN = "Unknown here: {}, neither in the store nor erased from it. Mistyped?"


@pytest.fixture
def erased(shop: Path) -> str:
    """Greta was erased, and the recipients know; it was not purged since. Her email address."""
    with Store.open(shop, clock=FixedClock()) as store:
        with store.reading() as cursor:
            (email,) = cursor.row("SELECT email FROM profiles WHERE user_id = $id", id=GRETA) or ()
        exercise(store, Erasure("child"), of=GRETA)
        tell_everybody(store)
    return str(email)


@pytest.fixture
def readers(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[str]]:
    """The processes that were begun to read the files."""
    begun: list[subprocess.Popen[str]] = []

    class Child(files._Child):
        def __init__(self) -> None:
            super().__init__()
            begun.append(self.process)

    monkeypatch.setattr(files, "_Child", Child)
    return begun


@pytest.fixture
def endless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of the store that nobody comes to the end of."""
    pipe = tmp_path / "endless"
    os.mkfifo(pipe)
    monkeypatch.setattr(files, "of", lambda _: [pipe])


def suggested(pilot: Pilot[None]) -> str:
    assert isinstance(pilot.app.screen, Whom)
    return pilot.app.screen.query_one("#who", Line).value


async def look_for(pilot: Pilot[None], who: str = "", also: str = "") -> None:
    await press(pilot, "V")
    await type_in(pilot, who, "tab", *also, "enter")


def answered(pilot: Pilot[None]) -> str:
    """All that is said, in one line of words."""
    assert isinstance(pilot.app.screen, Result)
    assert not pilot.app.screen.query_one(Text).max_scroll_y
    return " ".join(text(pilot, "#box").replace("│", " ").split())


async def looked_up(shop: Path, who: str = "", also: str = "") -> str:
    """All that is said of what is left of them."""
    async with running(shop, TALL) as pilot:
        await look_for(pilot, who, also)
        return answered(pilot)


class TestWhom:
    @pytest.mark.parametrize(
        ("keys", "who"),
        [
            (("1", "j"), "customer-00000002"),
            (("1", "j", "enter"), "customer-00000002"),
            (("2", "j", "j"), "customer-00000020"),
            (("6",), "customer-00000014"),
            (("3",), ""),
            (("4",), ""),
            (("5",), ""),
        ],
        ids=["people", "person", "requests", "recipients", "report", "ledger", "map"],
    )
    async def test_at_first_it_is_who_is_on_the_screen_or_under_the_cursor(
        self, shop: Path, keys: Sequence[str], who: str
    ) -> None:
        async with running(shop, TALL) as pilot:
            await press(pilot, *keys, "V")
            assert suggested(pilot) == who
            await press(pilot, "escape")
            assert not isinstance(pilot.app.screen, Whom | Result)

    async def test_who_was_erased_is_suggested_nowhere(self, shop: Path, erased: str) -> None:
        async with running(shop) as pilot:
            await press(pilot, "6", "G", "V")
            assert suggested(pilot) == ""

    async def test_what_somebody_is_known_by_needs_the_id(self, shop: Path) -> None:
        async with running(shop) as pilot:
            await look_for(pilot, "", "x@example.org")
            assert "Whose is that?" in text(pilot)
            await press(pilot, "shift+tab", *"never-77", "enter")
            assert UNKNOWN.format("never-77") in answered(pilot)

    async def test_what_is_too_long_is_refused_and_can_be_corrected(self, shop: Path) -> None:
        async with running(shop, TALL) as pilot:
            await press(pilot, "V")
            pilot.app.screen.query_one("#who", Line).value = "x" * 301
            await press(pilot, "enter")
            assert "at most 300 characters" in text(pilot)
            assert isinstance(pilot.app.screen, Whom)

    async def test_blanks_around_what_is_typed_do_not_count(self, shop: Path) -> None:
        assert f"{FOUND} {GRETA}." in await looked_up(shop, f"  {GRETA} ")


class TestWhatIsSaid:
    async def test_of_who_is_in_the_store(self, shop: Path) -> None:
        async with running(shop, TALL) as pilot:
            await press(pilot, "V", "enter")
            answer = answered(pilot)
            email = stored(pilot, GRETA).fields["email"]
        assert f"{FOUND} {GRETA}." in answer
        assert "main.profiles.user_id: 1 row, the whole value" in answer
        assert "main.events.user_id: 18 rows, the whole value" in answer
        assert "shop.duckdb: " in answer
        assert f"{GRETA}: in the store" in answer
        assert f"for {GRETA}, {email}, " in answer
        assert "a purge" not in answer

    async def test_of_who_was_erased_before_a_purge_and_after(
        self, shop: Path, erased: str
    ) -> None:
        answer = await looked_up(shop, GRETA, erased)
        assert f"{FOUND} {GRETA}." in answer
        assert "main." not in answer
        assert f"{GRETA}: erased 2026-11-23 12:00:00Z, the store not purged since" in answer
        assert "The files keep what was deleted: a purge (P) rewrites them" in answer
        assert "of 21 tables, in all their 111 columns" in answer
        assert "What no search sees" in answer
        purging.purge(shop, BY, clock=FixedClock())
        async with running(shop, TALL) as pilot:
            await look_for(pilot, GRETA, erased)
            answer = answered(pilot)
            assert f"{CLEAN} {GRETA}." in answer
            assert "the store purged 2026-11-23 12:00:00Z" in answer
            assert "Where" not in answer
            assert "a purge (P)" not in answer
            await press(pilot, "escape")
            assert isinstance(pilot.app.screen, PeopleScreen)

    async def test_of_all_who_were_erased(self, shop: Path, erased: str) -> None:
        answer = await looked_up(shop)
        assert f"{FOUND} those who were erased." in answer
        assert "id of an erased person as it stands" in answer
        assert "1 id; for 0 the store was purged since" in answer
        assert "a purge (P)" in answer
        purging.purge(shop, BY, clock=FixedClock())
        answer = await looked_up(shop)
        assert f"{CLEAN} those who were erased." in answer
        assert "1 id; for 1 the store was purged since" in answer

    async def test_of_nobody_it_is_no_success(self, shop: Path) -> None:
        async with running(shop, TALL) as pilot:
            await look_for(pilot, "never-77")
            answer = answered(pilot)
            assert UNKNOWN.format("never-77") in answer
            assert "never-77: not in the store, nor erased" in answer
            assert CLEAN not in answer
            assert pilot.app.screen.query_one("#title").classes == {"unknown"}

    async def test_of_an_id_that_is_too_short_to_be_told_from_other_bytes(self, shop: Path) -> None:
        with Store.open(shop, clock=FixedClock()) as store, store.transaction() as cursor:
            erasure.forget(cursor, [cursor.pseudonym("x-1")])
        answer = await looked_up(shop, "x-1")
        assert f"{CLEAN} x-1 in the tables." in answer
        assert "Looked for in the tables alone · x-1" in answer

    async def test_each_further_value_is_looked_for(self, shop: Path, erased: str) -> None:
        answer = await looked_up(shop, "never-77", f"nobody@example.org ; {erased};")
        assert f"{FOUND} never-77." in answer
        assert f"for never-77, nobody@example.org, {erased} " in answer

    async def test_a_notice_that_keeps_them_is_named_and_a_purge_that_is_due(
        self, shop: Path
    ) -> None:
        with Store.open(shop, clock=FixedClock()) as store:
            exercise(store, Erasure("child"), of=GRETA)
        answer = await looked_up(shop, GRETA)
        assert "habeas.notices.person" in answer
        assert "notices keep whom they are about: N3, N4." in answer
        assert "a purge (P)" in answer

    async def test_in_the_words_of_the_command_line(self, shop: Path, erased: str) -> None:
        answer = await looked_up(shop, GRETA, erased)
        command = habeas("verify", GRETA, "--also", erased, "--store", shop)
        printed = " ".join((command.out + command.err).split())
        for part in answer.partition("esc: back")[0].split("·")[1:]:
            words = part.replace("a purge (P)", "habeas purge").strip()
            for heading in ("How things stand", "What was searched", "What no search sees"):
                words = words.removesuffix(heading).strip()
            assert words in printed

    async def test_it_is_read_to_its_end_on_a_small_terminal(self, shop: Path) -> None:
        async with running(shop, NARROW) as pilot:
            await press(pilot, "V", "enter", "G")
            await until_shown(pilot, "partly written over")
            assert "esc: back" in text(pilot)
            assert f"{FOUND} {GRETA}." in text(pilot)
            (end,) = (line for line in text(pilot).splitlines() if "written over" in line)
            assert re.search(r"│ {4}\w", end), "what breaks goes on below itself, not its dot"

    async def test_in_a_store_that_is_open_for_reading_only(self, shop: Path) -> None:
        with Store.open(shop, read_only=True):
            async with running(shop, TALL) as pilot:
                assert app_of(pilot).is_locked
                await press(pilot, "V", "enter")
                assert f"{FOUND} {GRETA}." in answered(pilot)


async def test_nothing_of_who_is_looked_for_is_kept_or_told(
    shop: Path, readers: list[subprocess.Popen[str]]
) -> None:
    before = present(shop.parent)
    async with running(shop, TALL) as pilot:
        done = ask(pilot, ledger.entries)
        await look_for(pilot, "never-77", "nobody@example.org")
        assert UNKNOWN.format("never-77") in answered(pilot)
        assert CLEAN not in text(pilot)
        assert ask(pilot, ledger.entries) == done
        await leave(pilot, "escape", "q")
    (reader,) = readers
    assert "never-77" not in str(reader.args)
    assert present(shop.parent) - before <= {shop.with_name(f"{shop.name}.wal")}
    for each in files.of(shop):
        assert b"never-77" not in each.read_bytes()
        assert b"nobody@example.org" not in each.read_bytes()


class TestWhileItWorks:
    async def begin(self, pilot: Pilot[None], readers: list[subprocess.Popen[str]]) -> None:
        await press(pilot, "V")
        await begin(pilot, "40%")
        await until(pilot, lambda: bool(readers))
        assert f"Looking for what is left of {GRETA}" in text(pilot)

    @pytest.mark.usefixtures("endless")
    async def test_escape_stops_it_and_the_process_that_reads_the_files(
        self, shop: Path, readers: list[subprocess.Popen[str]]
    ) -> None:
        async with running(shop) as pilot:
            await self.begin(pilot, readers)
            (reader,) = readers
            assert reader.poll() is None
            await press(pilot, "escape")
            assert isinstance(pilot.app.screen, PeopleScreen)
            assert said(pilot).startswith("It was stopped.")
            assert reader.returncode is not None

    @pytest.mark.usefixtures("endless")
    async def test_leaving_the_application_ends_that_process(
        self, shop: Path, readers: list[subprocess.Popen[str]]
    ) -> None:
        async with running(shop) as pilot:
            await self.begin(pilot, readers)
            await leave(pilot, "ctrl+q")
        (reader,) = readers
        assert reader.wait(timeout=60) is not None

    @pytest.mark.usefixtures("endless")
    async def test_the_store_can_be_asked_meanwhile(
        self, shop: Path, readers: list[subprocess.Popen[str]]
    ) -> None:
        async with running(shop) as pilot:
            await self.begin(pilot, readers)
            assert ask(pilot, finding.count) == PEOPLE
            await press(pilot, "escape")

    async def test_no_other_program_can_write_to_the_store_after_it(self, shop: Path) -> None:
        code = f"import duckdb; duckdb.connect({str(shop)!r})"
        async with running(shop) as pilot:
            await press(pilot, "V", "enter")
            assert FOUND in text(pilot)
            other = subprocess.run(
                [sys.executable, "-c", code], capture_output=True, text=True, check=False
            )
        assert "Conflicting lock is held" in other.stderr


HOSTILE = (MARKUP[10], SEQUENCES[0], BIDI[4], LINES[0], PLAIN[-1])


async def test_an_id_is_shown_and_never_obeyed(tmp_path: Path) -> None:
    shop = a_hostile_shop(tmp_path, HOSTILE)
    async with running(shop, TALL) as pilot:
        for place in range(len(HOSTILE)):
            await press(pilot, "g", *"j" * place)
            people = pilot.app.screen
            assert isinstance(people, PeopleScreen)
            who = people.whom
            await press(pilot, "V")
            assert suggested(pilot) == who
            shows(pilot, "What is left of whom?")
            await press(pilot, "enter")
            shows(pilot, head(who, f"{FOUND} "), head(who, "· "), "in the store", part="#box")
            await press(pilot, "escape")


async def test_it_is_there_from_the_palette_too(shop: Path) -> None:
    async with person(shop, GRETA) as pilot:
        await press(pilot, "colon", *"verify")
        await until_shown(pilot, "Look whether anything is left of a person")
        await press(pilot, "enter")
        assert suggested(pilot) == GRETA
