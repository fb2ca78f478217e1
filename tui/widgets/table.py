"""A table over any number of rows that holds only the pages near what it shows."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events, on
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.worker import get_current_worker

from data.errors import HabeasError
from tui.safe import safe
from tui.widgets.columns import Column, Grid
from tui.widgets.cursorview import CursorView
from tui.widgets.pages import Fetched, Pages
from tui.widgets.rows import PAGE, Row, Source


@dataclass
class _About(Message):
    table: "WindowTable"

    @property
    def control(self) -> "WindowTable":
        return self.table


class WindowTable(CursorView):
    """Rows from a `Source`, one cursor row; rows that are not there yet are drawn as "…".

    Those whose key is `markable` can be marked; escape unmarks them all.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"window-table--{part}"
        for part in ("header", "row", "cursor", "placeholder", "marked", "dim", "warning", "error")
    }

    DEFAULT_CSS = """
    WindowTable {
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

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "choose", "Open")]

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
    class _Came(Message, bubble=False):
        fetched: Fetched

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
        self._fits: tuple[Sequence[Column], int] = ((), 0)
        self._grid = Grid((), 0)
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
        return [row for index in self.in_view if (row := self.row(index))]

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
        self._pages.renew(self.total if total is None else total, first)
        self.renew()
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

    def watch_cursor(self, old: int, new: int) -> None:
        self._chosen_early = False
        super().watch_cursor(old, new)
        self._announce()

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
        if at is None or at.y == 0 or (index := self.index_at(at.y)) >= self.total:
            return
        if index == self.cursor:
            self.action_choose()
        else:
            self.move_to(index)

    def _announce(self) -> None:
        if self.total:
            self.post_message(self.Highlighted(self, self.cursor, self.cursor_row))

    def demand(self) -> None:
        """Start fetching what is in view and missing, and then the next page on the way."""
        if not self.is_attached:
            return
        pages = self._pages_in_view
        ahead = pages.stop if self.downwards else pages.start - 1
        if fetching := self._pages.ask((*pages, self.cursor // PAGE, ahead)):
            self.run_worker(
                partial(self._fetch, fetching), name="fetch", group="fetch", thread=True
            )

    @property
    def _pages_in_view(self) -> range:
        """Those of which anything is in view."""
        rows = self.in_view
        return range(rows[0] // PAGE, rows[-1] // PAGE + 1)

    def _fetch(self, fetching: Iterator[Fetched]) -> None:
        for each in fetching:
            if get_current_worker().is_cancelled:
                return
            self.post_message(self._Came(each))

    @on(_Came)
    def _keep(self, message: _Came) -> None:
        _, page, rows = message.fetched
        if not self._pages.keep(message.fetched):
            return
        if isinstance(rows, HabeasError):
            self.post_message(self.Failed(self, rows))
        else:
            if page in self._pages_in_view:
                self.refresh()
            if page == self.cursor // PAGE:
                self._announce()
                if self._chosen_early:
                    self.action_choose()
        # The view may have moved on meanwhile.
        self.demand()

    def render_lines(self, crop: Region) -> list[Strip]:
        width = self.scrollable_content_region.width
        if (self.columns, width) != self._fits:
            self._fits = self.columns, width
            self._grid = Grid(self.columns, max(width - self._margin, 0))
            self._drawn.clear()
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        index = self.index_at(y)
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
