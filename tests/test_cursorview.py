"""The cursor and what is in view of lines that are not there until they are drawn."""

import pytest
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.strip import Strip

from tui.widgets.cursorview import CursorView

HEIGHT = 12
"""Lines of the screen: the heading and eleven others."""


class Numbers(CursorView):
    """Each line says its number; keeps which were drawn, and what was in view when others were
    demanded."""

    def __init__(self) -> None:
        super().__init__()
        self.drawn: list[int] = []
        self.demanded: list[range] = []

    @property
    def total(self) -> int:
        return 1000

    def demand(self) -> None:
        self.demanded.append(self.in_view)

    def render_line(self, y: int) -> Strip:
        self.drawn.append(y)
        index = self.index_at(y)
        mark = ">" if index == self.cursor else " "
        said = f"{mark}{index} " if y else "heading"
        return Strip([Segment(said)]).adjust_cell_length(self.size.width)


class Host(App[None]):
    def compose(self) -> ComposeResult:
        yield Numbers()

    def on_mount(self) -> None:
        self.view.renew()

    @property
    def view(self) -> Numbers:
        return self.query_one(Numbers)


def lines(pilot: Pilot[None]) -> list[str]:
    return [strip.text for strip in pilot.app.screen._compositor.render_strips()]


@pytest.mark.parametrize(
    ("keys", "index", "top"),
    [
        ("down", 1, 0),
        ("j j k", 1, 0),
        ("up", 0, 0),
        ("pagedown", 11, 11),
        ("pagedown pagedown pageup", 11, 11),
        ("G k", 998, 989),
        ("end down", 999, 989),
        ("G g", 0, 0),
        ("end home j", 1, 0),
    ],
)
async def test_keys_move_the_cursor_and_the_view_follows(keys: str, index: int, top: int) -> None:
    async with Host().run_test(size=(20, HEIGHT)) as pilot:
        assert isinstance(pilot.app, Host)
        await pilot.press(*keys.split())
        await pilot.pause()
        view = pilot.app.view
        assert view.cursor == index
        assert view.in_view == range(top, top + HEIGHT - 1)
        assert view.demanded[-1] == view.in_view
        shown = lines(pilot)
        assert shown[0].startswith("heading")
        assert shown[1 + index - top].startswith(f">{index} ")
        assert sum(line.startswith(">") for line in shown) == 1


async def test_it_comes_back_into_view_with_the_next_key() -> None:
    async with Host().run_test(size=(20, HEIGHT)) as pilot:
        assert isinstance(pilot.app, Host)
        view = pilot.app.view
        view.scroll_to(y=500)
        await pilot.pause()
        assert lines(pilot)[1].startswith(" 500 ")
        await pilot.press("home")
        await pilot.pause()
        assert lines(pilot)[1].startswith(">0 ")


async def test_a_smaller_screen_still_shows_it() -> None:
    async with Host().run_test(size=(20, HEIGHT)) as pilot:
        assert isinstance(pilot.app, Host)
        view = pilot.app.view
        view.move_to(HEIGHT - 2)
        await pilot.resize_terminal(20, HEIGHT - 4)
        await pilot.pause()
        assert view.cursor == view.in_view[-1] == HEIGHT - 2


async def test_the_way_it_was_scrolled_last_is_known() -> None:
    async with Host().run_test(size=(20, HEIGHT)) as pilot:
        assert isinstance(pilot.app, Host)
        ways = []
        for place in (500, 400, 450):
            pilot.app.view.move_to(place)
            ways.append(pilot.app.view.downwards)
        assert ways == [True, False, True]


async def test_a_line_is_drawn_again_only_when_it_changes() -> None:
    async with Host().run_test(size=(20, HEIGHT)) as pilot:
        assert isinstance(pilot.app, Host)
        view = pilot.app.view
        await pilot.pause()
        view.drawn.clear()
        pilot.app.screen._compositor.render_strips()
        assert view.drawn == []
        await pilot.press("down")
        await pilot.pause()
        assert sorted(view.drawn) == [1, 2]
        view.drawn.clear()
        view.renew()
        await pilot.pause()
        assert sorted(view.drawn) == list(range(HEIGHT))
