"""A table over any number of rows that holds only the pages near what it shows."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events, on
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.strip import Strip
from textual.worker import get_current_worker

from data.errors import HabeasError
from tui.safe import safe
from tui.widgets.columns import Column, Grid
from tui.widgets.pages import Pages
from tui.widgets.rows import PAGE, Row, Source


@dataclass
class _About(Message):
    table: "WindowTable"

    @property
    def control(self) -> "WindowTable":
        return self.table


class WindowTable(ScrollView, can_focus=True):
    """Rows from a `Source`, one cursor row; rows that are not there yet are drawn as "…".

    Those whose key is `markable` can be marked; escape unmarks them all.
    """

    ALLOW_SELECT = False

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"window-table--{part}"
        for part in ("header", "row", "cursor", "placeholder", "marked", "dim", "warning", "error")
    }

    DEFAULT_CSS = """
    WindowTable {
        width: 1fr;
        height: 1fr;
        overflow-x: hidden;
        overflow-y: auto;
        background: $surface;
        color: $foreground;

        & > .window-table--header { background: $panel; text-style: bold; }
        & > .window-table--placeholder, & > .window-table--dim { color: $text-muted; }
        & > .window-table--marked { text-style: bold; }
        & > .window-table--warning { color: $text-warning; }
        & > .window-table--error { color: $text-error; text-style: bold; }
        & > .window-table--cursor {
            background: $block-cursor-blurred-background;
            color: $block-cursor-blurred-foreground;
            text-style: $block-cursor-blurred-text-style;
        }
        &:focus > .window-table--cursor {
            background: $block-cursor-background;
            color: $block-cursor-foreground;
            text-style: $block-cursor-text-style;
        }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Open"),
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup", "turn(-1)", "Page up", show=False),
        Binding("pagedown", "turn(1)", "Page down", show=False),
        Binding("home,g", "first", "First", show=False),
        Binding("end,G", "last", "Last", show=False),
    ]

    cursor = reactive(0, repaint=False, init=False)
    """The index of the cursor row, from 0."""

    empty = reactive("Nothing to show.")
    """What stands in the middle when there are no rows; `before` they came, that does."""

    @dataclass
    class Highlighted(_About):
        """The cursor is on another row; `row` is None until it is there, then this comes again."""

        index: int
        row: Row | None

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, WindowTable.Highlighted) and message.table is self.table

    @dataclass
    class Chosen(_About):
        """Enter on the cursor row, or a click on it."""

        index: int
        row: Row

    @dataclass
    class Marked(_About):
        """Other rows are marked than before."""

    @dataclass
    class Failed(_About):
        """A page could not be fetched; the table asks for it again only after `reload`."""

        error: HabeasError

    @dataclass
    class _Fetched(Message, bubble=False):
        generation: int
        page: int
        rows: Sequence[Row] | HabeasError

    def __init__(
        self,
        *columns: Column,
        empty: str = "Nothing to show.",
        before: str = "Reading …",
        markable: Callable[[str], bool] | None = None,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.columns = columns
        self._before = before
        self._markable = markable
        self._marked: frozenset[str] = frozenset()
        self.set_reactive(WindowTable.empty, empty)
        self._pages = Pages()
        self._direction = 1
        self._fits: tuple[Sequence[Column], int] = ((), 0)
        self._grid = Grid((), 0)
        self._drawn: dict[int, Strip] = {}
        self._chosen_early = False
        self.outdated = False
        """Whether other rows are on their way: until they are shown, Enter waits for them."""

    @property
    def total(self) -> int:
        """How many rows the source has."""
        return self._pages.total

    def row(self, index: int) -> Row | None:
        """The row at this place; None if there is none or it is not there yet."""
        return self._pages.row(index)

    @property
    def cursor_row(self) -> Row | None:
        """The row under the cursor; None if there is none or it is not there yet."""
        return self.row(self.cursor)

    @property
    def rows_in_view(self) -> list[Row]:
        """Those that are there already."""
        top = self.scroll_offset.y
        found = (self.row(index) for index in range(top, min(top + self._height, self.total)))
        return [each for each in found if each]

    def show(self, source: Source, total: int, first: Sequence[Row] = ()) -> None:
        """Replace everything by the `total` rows of this source, the cursor on the first; the
        `first` page of them may be there already."""
        self._pages.source = source
        self.outdated = False
        self._chosen_early &= total > 0
        self.set_reactive(WindowTable.cursor, 0)
        self.reload(total, first)

    def reload(self, total: int | None = None, first: Sequence[Row] = ()) -> None:
        """Ask for all rows anew, now `total` of them; the cursor keeps its index."""
        # Before anything else: from here on a page of an older generation is of no use.
        self._pages.renew(self.total if total is None else total)
        if first:
            self._pages.keep(0, first)
        self.set_reactive(WindowTable.cursor, self.validate_cursor(self.cursor))
        self.virtual_size = Size(0, self.total + 1)
        self._reveal()
        self.refresh()
        self._demand()
        self._announce()
        if self._chosen_early:
            self.action_choose()

    @property
    def marked(self) -> frozenset[str]:
        """The keys of the rows that are marked."""
        return self._marked

    @marked.setter
    def marked(self, keys: Iterable[str]) -> None:
        """Marks those of these that may be marked, and no others."""
        may_be = self._markable or (lambda key: False)
        self._marked = frozenset(filter(may_be, keys))
        self.refresh()
        self.post_message(self.Marked(self))

    def mark(self) -> None:
        """Marks the row under the cursor, or no longer, and goes to the next."""
        if row := self.cursor_row:
            self.marked = self._marked ^ {row.key}
        self.move_to(self.cursor + 1)

    def on_key(self, event: events.Key) -> None:
        """Any other key takes back an enter that was pressed before the row came."""
        self._chosen_early &= event.key == "enter"

    def key_escape(self, event: events.Key) -> None:
        if self._marked:
            self.marked = ()
            event.stop()

    def move_to(self, index: int) -> None:
        """Put the cursor on this row, or the nearest there is, and bring it into view."""
        self.cursor = index
        self._reveal()  # where the cursor stays put, the wheel may have moved the view

    def validate_cursor(self, index: int) -> int:
        return max(min(index, self.total - 1), 0)

    def watch_cursor(self, old: int, new: int) -> None:
        self._chosen_early = False
        self._reveal()
        for each in (old, new):
            self.refresh_line(1 + each)
        self._demand()
        self._announce()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        if self.show_vertical_scrollbar and self._thumb(old_value) == self._thumb(new_value):
            # It would look the same, and drawing it takes a fifth of a frame (measured).
            self.vertical_scrollbar.set_reactive(ScrollBar.position, new_value)
        super().watch_scroll_y(old_value, new_value)
        self._direction = 1 if new_value >= old_value else -1
        self._demand()

    def on_resize(self) -> None:
        self._reveal()
        self._demand()

    def _scroll_to(self, x: float | None = None, y: float | None = None, **options: Any) -> bool:
        # Every way to scroll ends here. An animation would ask for each page that it passes.
        return super()._scroll_to(x, y, **{**options, "animate": False})

    def action_move(self, rows: int) -> None:
        self.move_to(self.cursor + rows)

    def action_turn(self, pages: int) -> None:
        rows = pages * self._height
        self.scroll_to(y=self.scroll_offset.y + rows, force=True)
        self.move_to(self.cursor + rows)

    def action_first(self) -> None:
        self.move_to(0)

    def action_last(self) -> None:
        self.move_to(self.total - 1)

    def action_choose(self) -> None:
        """The row under the cursor, as soon as it is there."""
        row = None if self.outdated else self.cursor_row
        self._chosen_early = row is None
        if row is not None:
            self.post_message(self.Chosen(self, self.cursor, row))

    def on_blur(self) -> None:
        self._chosen_early = False

    def on_click(self, event: events.Click) -> None:
        at = event.get_content_offset(self)
        if at is None or at.y == 0 or (index := self._index(at.y)) >= self.total:
            return
        if index == self.cursor:
            self.action_choose()
        else:
            self.move_to(index)

    @property
    def _height(self) -> int:
        """Rows in view: every line but the header."""
        return max(self.scrollable_content_region.height - 1, 1)

    def _thumb(self, top: float) -> int:
        """Where that of the scroll bar begins, in eighths of a line, as it is drawn."""
        lines = self._height + 1
        room = lines - max(lines * lines / self.virtual_size.height, 1)
        return int(8 * room * top / max(self.max_scroll_y, 1))

    def _index(self, y: int) -> int:
        return self.scroll_offset.y + y - 1

    def _announce(self) -> None:
        if self.total:
            self.post_message(self.Highlighted(self, self.cursor, self.cursor_row))

    def _reveal(self) -> None:
        """Scroll as little as shows the cursor row."""
        top = self.scroll_offset.y
        if not top <= self.cursor < top + self._height:
            y = self.cursor if self.cursor < top else self.cursor - self._height + 1
            self.scroll_to(y=y, force=True)

    def _demand(self) -> None:
        """Start fetching what is in view and missing, and then the next page on the way."""
        source = self._pages.source
        if source is None or not self.is_attached:
            return
        in_view = self._in_view()
        ahead = in_view.stop if self._direction > 0 else in_view.start - 1
        if missing := self._pages.missing((*in_view, self.cursor // PAGE, ahead)):
            self._pages.awaited.update(missing)
            fetch = partial(self._fetch, source, self.total, self._pages.generation)
            self.run_worker(partial(fetch, missing), name="fetch", group="fetch", thread=True)

    def _in_view(self) -> range:
        """The pages of which anything is in view."""
        top = self.scroll_offset.y
        return range(top // PAGE, (top + self._height - 1) // PAGE + 1)

    def _fetch(self, source: Source, total: int, generation: int, pages: Sequence[int]) -> None:
        for page in pages:
            if generation != self._pages.generation or get_current_worker().is_cancelled:
                return
            rows: Sequence[Row] | HabeasError
            try:
                rows = source.fetch(page * PAGE, min(PAGE, total - page * PAGE))
            except HabeasError as error:
                rows = error
            self.post_message(self._Fetched(generation, page, rows))

    @on(_Fetched)
    def _keep(self, message: _Fetched) -> None:
        if message.generation != self._pages.generation:
            return
        if isinstance(message.rows, HabeasError):
            self._pages.fail(message.page)
            self.post_message(self.Failed(self, message.rows))
        else:
            self._pages.keep(message.page, message.rows)
            if message.page in self._in_view():
                self.refresh()
            if message.page == self.cursor // PAGE:
                self._announce()
                if self._chosen_early:
                    self.action_choose()
        # The view may have moved on meanwhile.
        self._demand()

    def render_lines(self, crop: Region) -> list[Strip]:
        width = self.scrollable_content_region.width
        if (self.columns, width) != self._fits:
            self._fits = self.columns, width
            self._grid = Grid(self.columns, max(width - self._margin, 0))
            self._drawn.clear()
        if self.styles.gutter:
            return super().render_lines(crop)
        # Where it has no border to draw, Textual's own way takes three times as long (measured).
        for y in crop.line_range:
            if y not in self._drawn:
                self._drawn[y] = self.render_line(y)
        strips = [self._drawn[y] for y in crop.line_range]
        _, background = self.background_colors
        for each in self.get_line_filters():
            strips = [strip.apply_filter(each, background) for strip in strips]
        return [strip.crop(*crop.column_span) for strip in strips]

    def _set_dirty(self, *regions: Region) -> None:
        # Where Textual lets go of the lines that it keeps.
        super()._set_dirty(*regions)
        if not regions:
            self._drawn.clear()
        for region in regions:
            for y in region.line_range:
                self._drawn.pop(y, None)

    def render_line(self, y: int) -> Strip:
        index = self._index(y)
        if y == 0:
            return self._line("", [column.label for column in self.columns], "header")
        if index >= self.total:
            middle = not self.total and y == self._height // 2 + 1
            said = safe(self._before if self._pages.source is None else self.empty)
            text, style = said.center(self._fits[1]) if middle else "", self._style("row")
            return Strip([Segment(text, style)]).adjust_cell_length(self.size.width, style)
        row = self.row(index)
        styles: list[str] = [row.style] if row and row.style else []
        marked = row is not None and row.key in self._marked
        if row is None:
            styles.append("placeholder")
        elif marked:
            styles.insert(0, "marked")
        # Not by colour alone: the mark says where the cursor is and whether it has the focus.
        mark = ""
        if index == self.cursor:
            mark = "▌" if self.has_focus else "▏"
            styles.append("cursor")
        if marked:
            mark = f"{mark or ' '}●"
        return self._line(mark, row.cells if row else ["…"], *(styles or ("row",)))

    def _line(self, mark: str, cells: Sequence[object], *styles: str) -> Strip:
        room, width = self._fits[1], self.size.width
        text = mark.ljust(self._margin)[:room] + self._grid.line(cells) + " " * (width - room)
        # It is known how wide it is: to measure it anew is a tenth of a frame.
        return Strip([Segment(text, self._style(*styles))], width)

    @property
    def _margin(self) -> int:
        """Cells at the left for the marks."""
        return 3 if self._markable else 1

    def _style(self, *parts: str) -> Style:
        # Textual keeps what the styles of a part come to, and not what those of a widget do.
        return self.get_component_rich_style(*(f"window-table--{part}" for part in parts))
