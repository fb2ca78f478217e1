"""The table of ten million rows: fast to any place, never stale, and no cell does harm."""

import asyncio
import re
from collections.abc import Callable, Sequence
from threading import Event

import pytest
from rich.cells import cell_len
from rich.style import Style
from textual.app import App, ComposeResult
from textual.message import Message
from textual.pilot import Pilot

from data.errors import HabeasError, StoreUnavailable
from tui.sources import Listed
from tui.widgets.columns import Column
from tui.widgets.rows import PAGE, Row
from tui.widgets.table import WindowTable

MILLIONS = 10_000_000


class People:
    """Rows made up on the spot; remembers what it was asked for."""

    def __init__(self, name: Callable[[int], object] = "person {}".format) -> None:
        self.name = name
        self.asked: list[tuple[int, int]] = []

    def fetch(self, offset: int, limit: int) -> Sequence[Row]:
        self.asked.append((offset, limit))
        return [Row(f"p{n}", (n, self.name(n), "open")) for n in range(offset, offset + limit)]

    @property
    def pages(self) -> list[int]:
        return [offset // PAGE for offset, _limit in self.asked]


class Slow(People):
    """Makes up its answer when it is asked, gives it when it is let go."""

    def __init__(self, name: Callable[[int], object] = "stale {}".format) -> None:
        super().__init__(name)
        self.reached, self.let_go = Event(), Event()

    def fetch(self, offset: int, limit: int) -> Sequence[Row]:
        rows, let_go = super().fetch(offset, limit), self.let_go
        self.reached.set()
        assert let_go.wait(10)
        return rows


class Broken(People):
    """Fails until it is mended."""

    error: HabeasError | None = StoreUnavailable("The store is locked.")

    def fetch(self, offset: int, limit: int) -> Sequence[Row]:
        rows = super().fetch(offset, limit)
        if self.error:
            raise self.error
        return rows


class Host(App[None]):
    """The table alone, and what it says."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[Message] = []
        self.attacked = False

    def compose(self) -> ComposeResult:
        yield WindowTable(
            Column("id", "Id", 9, "right"),
            Column("name", "Name"),
            Column("state", "State", 6),
            empty="No such person.",
        )

    def on_window_table_highlighted(self, message: WindowTable.Highlighted) -> None:
        self.said.append(message)

    def on_window_table_chosen(self, message: WindowTable.Chosen) -> None:
        self.said.append(message)

    def on_window_table_failed(self, message: WindowTable.Failed) -> None:
        self.said.append(message)

    def action_attack(self) -> None:
        self.attacked = True

    @property
    def table(self) -> WindowTable:
        return self.query_one(WindowTable)

    def chosen(self) -> list[str]:
        return [said.row.key for said in self.said if isinstance(said, WindowTable.Chosen)]

    def failures(self) -> list[HabeasError]:
        return [said.error for said in self.said if isinstance(said, WindowTable.Failed)]


async def settle(pilot: Pilot[None]) -> None:
    """Until every page that was asked for is on the screen."""
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def reached(source: Slow) -> None:
    """Until the source is being asked."""
    assert await asyncio.to_thread(source.reached.wait, 10)


async def shown(pilot: Pilot[None], source: People, total: int = MILLIONS) -> WindowTable:
    assert isinstance(pilot.app, Host)
    pilot.app.table.show(source, total)
    await settle(pilot)
    return pilot.app.table


def lines(table: WindowTable) -> list[str]:
    """The text of the table as the screen has it, line by line, header first."""
    strips = table.app.screen._compositor.render_strips()
    return [strip.text for strip in strips[table.region.y : table.region.bottom]]


def style(table: WindowTable, y: int) -> Style | None:
    """How a line of the table is drawn; the header is line 0."""
    return next(iter(table.render_line(y))).style


def cursor_line(table: WindowTable) -> str:
    (line,) = (line for line in lines(table) if line[0] in "▌▏")
    return line


class TestTenMillionRows:
    async def test_the_first_rows_come_at_once_and_no_others(self) -> None:
        source = People()
        async with Host().run_test() as pilot:
            table = await shown(pilot, source)
            assert lines(table)[1].split()[:4] == ["▌", "0", "person", "0"]
            assert source.asked == [(0, PAGE), (PAGE, PAGE)]  # what is in view and the next

    async def test_g_jumps_to_the_last_row(self) -> None:
        source = People()
        async with Host().run_test() as pilot:
            table = await shown(pilot, source)
            await pilot.press("G")
            await settle(pilot)
            assert table.cursor_row == Row("p9999999", (9_999_999, "person 9999999", "open"))
            assert "9999999  person 9999999" in lines(table)[-1]
            assert lines(table)[-1].startswith("▌")
            assert len(source.asked) <= 6
            assert source.asked[2][0] + source.asked[2][1] == MILLIONS

    async def test_the_header_stays(self) -> None:
        async with Host().run_test() as pilot:
            table = await shown(pilot, People())
            await pilot.press("end")
            await settle(pilot)
            assert lines(table)[0].split() == ["Id", "Name", "State"]

    async def test_the_page_ahead_is_there_before_it_is_needed(self) -> None:
        source = People()
        async with Host().run_test() as pilot:
            table = await shown(pilot, source)
            table.move_to(20 * PAGE + 100)
            await settle(pilot)
            table.move_to(19 * PAGE + 200)
            await settle(pilot)
            assert source.pages == [0, 1, 20, 21, 19, 18]

    async def test_scrolling_asks_for_nothing_on_the_way(self) -> None:
        source = People()
        async with Host().run_test() as pilot:
            table = await shown(pilot, source)
            table.scroll_end()
            await settle(pilot)
            assert len(source.asked) <= 4
            assert "9999999" in lines(table)[-1]


class TestNeverStale:
    async def test_a_late_page_of_the_source_before_is_not_painted(self) -> None:
        slow, quick = Slow(), People("fresh {}".format)
        async with Host().run_test() as pilot, asyncio.timeout(30):
            assert isinstance(pilot.app, Host)
            table = pilot.app.table
            table.show(slow, 500)
            await reached(slow)
            table.show(quick, 400)
            while table.cursor_row is None:
                await pilot.pause()
            slow.let_go.set()
            await settle(pilot)
            assert slow.asked == [(0, PAGE)]  # nobody asked it for more
            assert table.total == 400
            assert "fresh 0" in lines(table)[1]
            assert not [line for line in lines(table) if "stale" in line]

    @pytest.mark.parametrize("how", ["show", "reload"])
    async def test_nor_does_it_take_the_place_of_a_page_still_to_come(self, how: str) -> None:
        source, late = Slow(), Event()
        source.let_go = late
        async with Host().run_test() as pilot, asyncio.timeout(30):
            assert isinstance(pilot.app, Host)
            table = pilot.app.table
            table.show(source, 15)
            await reached(source)
            if how == "show":
                source = Slow("fresh {}".format)
                table.show(source, 10)
            else:
                source.name, source.let_go = "fresh {}".format, Event()
                source.reached.clear()
                table.reload(10)
            await reached(source)
            late.set()
            while len(pilot.app.workers) > 1:
                await pilot.pause()
            await pilot.pause()
            assert {line.strip("▌ ") for line in lines(table)[1:11]} == {"…"}
            source.let_go.set()
            await settle(pilot)
            assert "fresh 0" in lines(table)[1]

    async def test_where_one_went_while_waiting_is_fetched_next(self) -> None:
        slow = Slow("person {}".format)
        async with Host().run_test() as pilot, asyncio.timeout(30):
            assert isinstance(pilot.app, Host)
            table = pilot.app.table
            table.show(slow, MILLIONS)
            await reached(slow)
            await pilot.press("G")
            slow.let_go.set()
            while table.cursor_row is None:
                await pilot.pause()
            await settle(pilot)
            assert "person 9999999" in cursor_line(table)

    async def test_rows_not_there_yet_are_marked_so(self) -> None:
        slow = Slow()
        async with Host().run_test() as pilot, asyncio.timeout(30):
            assert isinstance(pilot.app, Host)
            table = pilot.app.table
            table.show(slow, 3)
            await reached(slow)
            assert [line.strip("▌ ") for line in lines(table)[1:5]] == ["…", "…", "…", ""]
            slow.let_go.set()
            await settle(pilot)
            assert "stale 0" in lines(table)[1]
            rows = [m.row for m in pilot.app.said if isinstance(m, WindowTable.Highlighted)]
            assert [row and row.key for row in rows] == [None, "p0"]

    @pytest.mark.parametrize(
        ("keys", "chosen"), [(["enter"], ["p0"]), (["enter", "down"], []), ([], [])], ids=str
    )
    async def test_a_row_chosen_before_it_is_there_opens_once_it_is(
        self, keys: list[str], chosen: list[str]
    ) -> None:
        slow = Slow()
        async with Host().run_test() as pilot, asyncio.timeout(30):
            assert isinstance(pilot.app, Host)
            pilot.app.table.show(slow, 3)
            await reached(slow)
            await pilot.press(*keys)
            assert pilot.app.chosen() == []
            slow.let_go.set()
            await settle(pilot)
            assert pilot.app.chosen() == chosen

    @pytest.mark.parametrize(
        ("keys", "total", "chosen"),
        [(["enter"], 3, ["p0"]), (["enter", "escape"], 3, []), (["enter"], 0, [])],
        ids=str,
    )
    @pytest.mark.parametrize("there", [0, PAGE], ids=["fetched", "given"])
    async def test_enter_on_rows_that_are_outdated_is_for_those_to_come(
        self, keys: list[str], total: int, chosen: list[str], there: int
    ) -> None:
        async with Host().run_test() as pilot:
            assert isinstance(pilot.app, Host)
            table = await shown(pilot, People())
            await pilot.press("down")
            table.outdated = True
            await pilot.press(*keys)
            assert pilot.app.chosen() == []
            pilot.app.table.show(People(), total, People().fetch(0, min(total, there)))
            await settle(pilot)
            assert pilot.app.chosen() == chosen


class TestHostileCells:
    HOSTILE: tuple[str, ...] = (
        "[@click=app.attack]press[/]",
        "[/x] [b]bold[/b] [words]",
        "\x1b]52;c;aGVsbG8=\x07",
        "\x9b31mred\x1b[2J",
        "a\nb\r\tc\x00",
        "\u202egnp.exe\u2066",
    )

    async def test_they_are_shown_literally_and_do_nothing(self) -> None:
        async with Host().run_test(size=(80, 12)) as pilot:
            assert isinstance(pilot.app, Host)
            table = await shown(pilot, People(lambda n: self.HOSTILE[n]), len(self.HOSTILE))
            text = "\n".join(lines(table))
            for literal in (
                "[@click=app.attack]press[/]",
                "[/x] [b]bold[/b] [words]",
                "␛]52;c;aGVsbG8=␇",
                "‹U+009B›31mred␛[2J",
                "a␊b␍␉c␀",
                "‹U+202E›gnp.exe‹U+2066›",
            ):
                assert literal in text
            assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
            strips = [table.render_line(y) for y in range(table.size.height)]
            assert not [s for strip in strips for s in strip if s.style and s.style.meta]
            for x in range(11, 40, 3):
                await pilot.click(WindowTable, offset=(x, 1))
            assert not pilot.app.attacked

    async def test_a_hostile_heading_or_empty_text_is_literal_too(self) -> None:
        class Bad(App[None]):
            def compose(self) -> ComposeResult:
                yield WindowTable(Column("x", "[/x]\x1b[1m"), empty="[/x]\x9b", before="[/x]\x90")

        async with Bad().run_test() as pilot:
            table = pilot.app.query_one(WindowTable)
            await pilot.pause()
            text = "\n".join(lines(table))
            assert "[/x]␛[1m" in text
            assert "[/x]‹U+0090›" in text
            assert "[/x]‹U+009B›" not in text, "it says that there are none before it knows"
            table.show(Listed([]), 0)
            assert "[/x]‹U+009B›" in "\n".join(lines(table))


class TestWidths:
    async def test_wide_and_combining_characters_keep_the_columns_aligned(self) -> None:
        names = [
            "Ada",
            "李小龍" * 20,
            "👩‍👩‍👧‍👦 家族",
            "e\u0301" * 60,
            "ශ්‍රී ලංකා",
            "\x1b" * 99,
            "한",
            "ｱ",
        ]
        async with Host().run_test() as pilot:
            table = await shown(pilot, People(lambda n: names[n]), len(names))
            rows = lines(table)[1 : 1 + len(names)]
            where = {cell_len(row[: row.index("open")].replace("\u200dර", "ර")) for row in rows}
            assert where == {80 - 6}
            assert "…" in rows[1]
            assert "…" not in rows[0]

    async def test_a_narrow_screen_cuts_cells_with_an_ellipsis(self) -> None:
        source = People("a name that is rather long {}".format)
        async with Host().run_test(size=(30, 6)) as pilot:
            table = await shown(pilot, source, 3)
            assert lines(table)[1] == "▌        0  a name th…  open  "
            await pilot.resize_terminal(16, 6)
            await settle(pilot)
            assert lines(table)[1] == "▌        0  a n…"


class TestFailure:
    async def test_it_is_told_once_and_asked_again_only_on_reload(self) -> None:
        source = Broken()
        async with Host().run_test() as pilot:
            assert isinstance(pilot.app, Host)
            table = await shown(pilot, source, 10)
            assert pilot.app.failures() == [Broken.error]
            await pilot.press("down", "down")
            await settle(pilot)
            assert len(pilot.app.failures()) == 1
            assert table.cursor_row is None
            source.error = None
            table.reload()
            await settle(pilot)
            assert table.cursor == 2
            assert "person 2" in cursor_line(table)

    async def test_the_failure_of_a_source_left_behind_is_nobodys_business(self) -> None:
        class Late(Slow):
            def fetch(self, offset: int, limit: int) -> Sequence[Row]:
                super().fetch(offset, limit)
                raise StoreUnavailable("The store is locked.")

        late = Late()
        async with Host().run_test() as pilot, asyncio.timeout(30):
            assert isinstance(pilot.app, Host)
            pilot.app.table.show(late, 5)
            await reached(late)
            pilot.app.table.show(People(), 5)
            late.let_go.set()
            await settle(pilot)
            assert late.asked
            assert pilot.app.failures() == []


class TestCursor:
    async def test_whoever_moves_it_is_told_where_it_is(self) -> None:
        async with Host().run_test() as pilot:
            table = await shown(pilot, People(), 1000)
            await pilot.press("G", "k")
            await settle(pilot)
            assert table.cursor == 998
            assert " 998  person 998 " in cursor_line(table)
            assert isinstance(pilot.app, Host)
            last = pilot.app.said[-1]
            assert isinstance(last, WindowTable.Highlighted)
            assert (last.table, last.index, last.row) == (table, 998, table.cursor_row)

    async def test_enter_chooses(self) -> None:
        async with Host().run_test() as pilot:
            assert isinstance(pilot.app, Host)
            await shown(pilot, People(), 10)
            await pilot.press("j", "enter")
            await pilot.pause()
            assert pilot.app.chosen() == ["p1"]

    async def test_a_click_moves_and_a_click_on_the_cursor_chooses(self) -> None:
        async with Host().run_test() as pilot:
            assert isinstance(pilot.app, Host)
            table = await shown(pilot, People(), 10)
            await pilot.click(WindowTable, offset=(20, 4))
            assert table.cursor == 3
            assert pilot.app.chosen() == []
            await pilot.click(WindowTable, offset=(20, 0))
            await pilot.click(WindowTable, offset=(20, 20))
            assert table.cursor == 3
            await pilot.click(WindowTable, offset=(20, 4))
            await pilot.pause()
            assert pilot.app.chosen() == ["p3"]

    @pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
    async def test_mark_and_colour_tell_where_it_is_and_whether_it_has_the_focus(
        self, theme: str
    ) -> None:
        async with Host().run_test() as pilot:
            pilot.app.theme = theme
            table = await shown(pilot, People(), 3)
            focused, other = style(table, 1), style(table, 2)
            assert cursor_line(table)[0] == "▌"
            pilot.app.set_focus(None)
            await pilot.pause()
            assert cursor_line(table)[0] == "▏"
            assert len({focused, other, style(table, 1)}) == 3


class TestContent:
    async def test_no_rows(self) -> None:
        async with Host().run_test() as pilot:
            assert isinstance(pilot.app, Host)
            table = await shown(pilot, People(), 0)
            await pilot.press("down", "G", "enter", "pagedown")
            assert [line.strip() for line in lines(table)[1:] if line.strip()] == [
                "No such person."
            ]
            assert (table.cursor, table.cursor_row, pilot.app.said) == (0, None, [])

    async def test_a_row_is_set_off_by_what_it_means(self) -> None:
        class Marked(People):
            def fetch(self, offset: int, limit: int) -> Sequence[Row]:
                return [Row("a", (1,)), Row("b", (2,)), Row("c", (3,), "error")]

        async with Host().run_test() as pilot:
            table = await shown(pilot, Marked(), 3)
            assert style(table, 2) != style(table, 3)

    async def test_another_source_starts_at_the_top(self) -> None:
        async with Host().run_test() as pilot:
            await shown(pilot, People(), 1000)
            await pilot.press("G")
            await settle(pilot)
            table = await shown(pilot, People("other {}".format), 900)
            assert "other 0" in lines(table)[1]
            assert table.cursor == 0

    async def test_fewer_rows_after_a_reload(self) -> None:
        async with Host().run_test() as pilot:
            table = await shown(pilot, People(), 1000)
            await pilot.press("G")
            await settle(pilot)
            table.reload(990)
            await settle(pilot)
            assert table.cursor == 989
            assert "person 989" in lines(table)[-1]

    async def test_shown_before_it_is_on_the_screen(self) -> None:
        class Early(Host):
            def compose(self) -> ComposeResult:
                for table in super().compose():
                    assert isinstance(table, WindowTable)
                    table.show(People(), 10)
                    yield table

        async with Early().run_test() as pilot:
            await settle(pilot)
            assert isinstance(pilot.app, Host)
            assert "person 9" in lines(pilot.app.table)[10]
