"""Choosing a file by keys: from a folder or by its path, whatever it is called."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.app.helpers import (
    NARROW,
    focused,
    harmless,
    head,
    press,
    running,
    settled,
    shows,
    text,
    type_in,
)
from tests.hostile import HOSTILE
from tests.layouts import BUILT_IN
from tui.picking import Pick
from tui.widgets.table import WindowTable

NAMES = [
    name
    for value in HOSTILE
    if "/" not in value and "\0" not in value and not value.startswith(".")
    if len((name := f"{value}.csv").encode()) <= 255 and not value.endswith("csv")
]
"""Names of files that attack whoever lists them."""

HALVES = [NAMES[::2], NAMES[1::2]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to choose from, which is the working directory and the home."""
    folder = tmp_path / "files"
    (folder / "month" / "day").mkdir(parents=True)
    for name in ("people.csv", "b.NDJSON", "c.csv.gz", "d.txt", ".hidden.csv", "month/in.json"):
        (folder / name).write_text("user_id\n", "utf-8")
    (folder / "gone.csv").symlink_to("nowhere")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(folder))
    return folder


@asynccontextmanager
async def picking(
    folder: Path, value: str = "", *, optional: bool = True
) -> AsyncIterator[tuple[Pilot[None], list[str | None]]]:
    """The question, and a list for its answer."""
    store = folder.parent / "store"
    BUILT_IN.create(store).close()
    answers: list[str | None] = []
    async with running(store / "shop.duckdb", NARROW) as pilot:
        question = Pick("Which file?", folder, value, optional=optional)
        await pilot.app.push_screen(question, answers.append)
        await settled(pilot)
        yield pilot, answers


def names(pilot: Pilot[None]) -> list[str]:
    table = pilot.app.screen.query_one(WindowTable)
    rows = (table.row(index) for index in range(table.total))
    return [str(row.cells[0]) for row in rows if row]


def under_cursor(pilot: Pilot[None]) -> str:
    row = pilot.app.screen.query_one(WindowTable).cursor_row
    return row.key if row else ""


class TestTheFilesOfAFolder:
    async def test_there_are_the_folders_and_what_can_be_read_but_nothing_hidden(
        self, folder: Path
    ) -> None:
        async with picking(folder) as (pilot, _):
            assert names(pilot) == ["..", "month/", "b.NDJSON", "c.csv.gz", "people.csv"]
            shows(pilot, str(folder), part="#folder")
            shows(pilot, ".csv .tsv .ndjson .jsonl .json .parquet, also .gz .zst")
            shows(pilot, "people.csv  8 bytes", "esc: back")

    async def test_down_leads_to_them_and_enter_chooses(self, folder: Path) -> None:
        async with picking(folder) as (pilot, answers):
            assert focused(pilot) is None
            await press(pilot, "down")
            assert focused(pilot) == "files"
            await press(pilot, "G", "enter")
            assert answers == [str(folder / "people.csv")]

    async def test_enter_goes_into_a_folder_and_up_again(self, folder: Path) -> None:
        async with picking(folder) as (pilot, answers):
            await press(pilot, "down", "enter")
            assert names(pilot) == ["..", "day/", "in.json"]
            await press(pilot, "g", "enter")
            assert under_cursor(pilot) == "month"
            await press(pilot, "enter", "G", "enter")
            assert answers == [str(folder / "month" / "in.json")]

    async def test_above_the_uppermost_there_is_none(self, folder: Path) -> None:
        async with picking(folder) as (pilot, _):
            await type_in(pilot, "/", "enter")
            assert ".." not in names(pilot)

    async def test_escape_chooses_none(self, folder: Path) -> None:
        async with picking(folder) as (pilot, answers):
            await press(pilot, "down", "escape")
            assert answers == [None]


class TestThePath:
    @pytest.mark.parametrize("path", ["people.csv", "~/people.csv", "month/../people.csv", "{}"])
    async def test_it_is_typed_in_full_from_home_or_from_the_folder(
        self, folder: Path, path: str
    ) -> None:
        async with picking(folder) as (pilot, answers):
            await type_in(pilot, path.format(folder / "people.csv"), "enter")
            assert [Path(each or "").resolve() for each in answers] == [folder / "people.csv"]

    async def test_that_of_a_folder_leads_there(self, folder: Path) -> None:
        async with picking(folder) as (pilot, answers):
            await type_in(pilot, "month", "enter")
            assert names(pilot) == ["..", "day/", "in.json"]
            assert focused(pilot) == "files"
            await press(pilot, "shift+tab", *"in.json", "enter")
            assert answers == [str(folder / "month" / "in.json")]

    @pytest.mark.parametrize(
        ("path", "why"),
        [
            ("none.csv", "There is no file"),
            ("gone.csv", "There is no file"),
            ("d.txt", "is of no known format."),
            ("~nobody-of-that-name/x.csv", "There is no file"),
            ("x" * 300, "cannot be opened: File name too long."),
            ("people.csv/x.csv", "There is no file"),
        ],
    )
    async def test_what_cannot_be_read_is_said_and_the_question_stays(
        self, folder: Path, path: str, why: str
    ) -> None:
        async with picking(folder) as (pilot, answers):
            await type_in(pilot, path, "enter")
            shows(pilot, why, part="#wrong")
            assert answers == []

    async def test_none_is_chosen_by_an_empty_line(self, folder: Path) -> None:
        async with picking(folder) as (pilot, answers):
            shows(pilot, "leave empty for none")
            await press(pilot, "enter")
            assert answers == [""]

    async def test_but_only_where_that_is_an_answer(self, folder: Path) -> None:
        async with picking(folder, optional=False) as (pilot, answers):
            assert "for none" not in text(pilot)
            await press(pilot, "enter")
            shows(pilot, "Give a file of people, of events, or both.")
            assert answers == []

    async def test_what_was_chosen_before_is_there(self, folder: Path) -> None:
        async with picking(folder, str(folder / "people.csv")) as (pilot, answers):
            await press(pilot, "enter")
            assert answers == [str(folder / "people.csv")]


async def test_a_folder_that_is_gone_is_said_and_a_path_can_be_typed(folder: Path) -> None:
    (folder / "month" / "day").rmdir()
    async with picking(folder / "month" / "day") as (pilot, answers):
        shows(pilot, "There is no file", part="#wrong")
        await type_in(pilot, str(folder / "people.csv"), "enter")
        assert answers == [str(folder / "people.csv")]


async def test_all_of_it_fits_a_small_terminal(folder: Path) -> None:
    async with picking(folder) as (pilot, _):
        box = pilot.app.screen.query_one("#box")
        assert box.max_scroll_y == 0
        assert box.region.bottom <= NARROW[1]
        assert "esc: back" in text(pilot)


class TestHostileNames:
    def test_there_are_enough_of_them(self) -> None:
        assert len(NAMES) > 60

    @pytest.mark.parametrize("hostile", HALVES, ids=["even", "odd"])
    async def test_they_are_shown_as_text_and_chosen_as_they_are(
        self, tmp_path: Path, hostile: Sequence[str]
    ) -> None:
        folder = tmp_path / "files"
        folder.mkdir()
        for name in hostile:
            (folder / name).touch()
        async with picking(folder) as (pilot, answers):
            assert len(names(pilot)) == len(hostile) + 1
            await press(pilot, "down")
            for _ in hostile:
                shows(pilot, head(under_cursor(pilot)), part="#files")
                await press(pilot, "down")
            last = under_cursor(pilot)
            await press(pilot, "enter")
            assert answers == [str(folder / last)]

    @pytest.mark.parametrize("hostile", NAMES[::6], ids=range(len(NAMES[::6])))
    async def test_a_folder_of_that_name_is_no_worse(self, tmp_path: Path, hostile: str) -> None:
        folder = tmp_path / "files"
        (folder / hostile).mkdir(parents=True)
        (folder / hostile / "in.csv").touch()
        async with picking(folder) as (pilot, answers):
            await press(pilot, "down", "enter")
            shows(pilot, head(hostile), part="#folder")
            await press(pilot, "enter")
            assert answers == [str(folder / hostile / "in.csv")]

    async def test_bytes_that_are_no_text_are_shown_and_refused(self, tmp_path: Path) -> None:
        folder = tmp_path / "files"
        folder.mkdir()
        (folder / "\udcff.csv").touch()
        async with picking(folder) as (pilot, answers):
            shows(pilot, "‹U+DCFF›.csv", part="#files")
            await press(pilot, "down", "enter")
            shows(pilot, "is not UTF-8.", part="#wrong")
            assert answers == []
            harmless(pilot)
