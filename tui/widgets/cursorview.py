"""Lines below a heading, of which one has the cursor: among millions as quick as among few."""

from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.strip import Strip


class CursorView(ScrollView, can_focus=True):
    """So many lines, through which the cursor is moved; each is drawn once, until it changes.

    What it is a view of says how many they are, `total`, and draws them with `render_line`, the
    heading as line 0 of what is in view; `demand` tells it that others are looked at.
    """

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    CursorView {
        width: 1fr;
        height: 1fr;
        overflow-x: hidden;
        overflow-y: auto;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup", "turn(-1)", "Page up", show=False),
        Binding("pagedown", "turn(1)", "Page down", show=False),
        Binding("home,g", "first", "First", show=False),
        Binding("end,G", "last", "Last", show=False),
    ]

    cursor = reactive(0, repaint=False, init=False)
    """The index of the line that has the cursor, from 0."""

    downwards = True
    """Whether it was scrolled so last."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._drawn: dict[int, Strip] = {}

    @property
    def total(self) -> int:
        """How many lines there are below the heading."""
        raise NotImplementedError

    def demand(self) -> None:
        """Other lines are in view, or have the cursor."""

    @property
    def in_view(self) -> range:
        """The indices of the lines in view, and of the places without one below the last."""
        top = self.scroll_offset.y
        return range(top, top + self._height)

    def index_at(self, y: int) -> int:
        """Of what stands in this line of the view, of which the heading is line 0."""
        return self.scroll_offset.y + y - 1

    def renew(self) -> None:
        """All lines are others, and `total` may be: the cursor keeps its index if it can."""
        self.set_reactive(CursorView.cursor, self.validate_cursor(self.cursor))
        self.virtual_size = Size(0, self.total + 1)
        self._reveal()
        self.refresh()
        self.demand()

    def move_to(self, index: int) -> None:
        """Put the cursor on this line, or the nearest there is, and bring it into view."""
        self.cursor = index
        self._reveal()  # where the cursor stays put, the wheel may have moved the view

    def validate_cursor(self, index: int) -> int:
        return max(min(index, self.total - 1), 0)

    def watch_cursor(self, old: int, new: int) -> None:
        self._reveal()
        for each in (old, new):
            self.refresh_line(1 + each)
        self.demand()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        if self.show_vertical_scrollbar and self._thumb(old_value) == self._thumb(new_value):
            # It would look the same, and drawing it takes a fifth of a frame (measured).
            self.vertical_scrollbar.set_reactive(ScrollBar.position, new_value)
        super().watch_scroll_y(old_value, new_value)
        self.downwards = new_value >= old_value
        self.demand()

    def on_resize(self) -> None:
        self._reveal()
        self.demand()

    def _scroll_to(self, x: float | None = None, y: float | None = None, **options: Any) -> bool:
        # Every way to scroll ends here. An animation would demand each line that it passes.
        return super()._scroll_to(x, y, **{**options, "animate": False})

    def action_move(self, lines: int) -> None:
        self.move_to(self.cursor + lines)

    def action_turn(self, pages: int) -> None:
        lines = pages * self._height
        self.scroll_to(y=self.scroll_offset.y + lines, force=True)
        self.move_to(self.cursor + lines)

    def action_first(self) -> None:
        self.move_to(0)

    def action_last(self) -> None:
        self.move_to(self.total - 1)

    @property
    def _height(self) -> int:
        """Lines that have room in view: every one but the heading."""
        return max(self.scrollable_content_region.height - 1, 1)

    def _thumb(self, top: float) -> int:
        """Where that of the scroll bar begins, in eighths of a line, as it is drawn."""
        lines = self._height + 1
        room = lines - max(lines * lines / self.virtual_size.height, 1)
        return int(8 * room * top / max(self.max_scroll_y, 1))

    def _reveal(self) -> None:
        """Scroll as little as shows the cursor."""
        top = self.scroll_offset.y
        if not top <= self.cursor < top + self._height:
            y = self.cursor if self.cursor < top else self.cursor - self._height + 1
            self.scroll_to(y=y, force=True)

    def render_lines(self, crop: Region) -> list[Strip]:
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
