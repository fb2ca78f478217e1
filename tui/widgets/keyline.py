"""The last line of every screen: as many of its keys as there is room for."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.reactive import reactive
from textual.screen import Screen
from textual.style import Style
from textual.widget import Widget

from tui import commands


class Key(NamedTuple):
    """A key as it is printed on the keyboard, and what it does; greyed where that is impossible."""

    name: str
    printed: str
    label: str
    action: str
    greyed: bool
    tooltip: str

    @property
    def width(self) -> int:
        return cell_len(f"{self.printed} {self.label}")


class KeyLine(Widget):
    """The keys of a group of commands and of the application, which can be clicked.

    One widget draws them all: one for each, as Textual's footer has, takes 30 ms to put up, and
    as long whenever something else has the focus (measured).
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"keyline--key", "keyline--pointed"}

    DEFAULT_CSS = """
    KeyLine {
        dock: bottom;
        height: 1;
        color: $footer-foreground;
        background: $footer-background;

        & > .keyline--key { color: $footer-key-foreground; text-style: bold; }
        & > .keyline--pointed { background: $block-hover-background; }
    }
    """

    keys: reactive[Sequence[Key]] = reactive(())
    _pointed = reactive("")
    """The name of the key under the mouse."""

    def __init__(self, group: str) -> None:
        super().__init__()
        self._group = group

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._change)

    def _change(self, screen: Screen[object]) -> None:
        # Without the focus of the terminal nothing has it, so nothing has keys.
        if self.app.app_focus:
            self.keys = tuple(self._listed(screen))

    def _listed(self, screen: Screen[object]) -> Iterable[Key]:
        seen = set()
        for _, binding, enabled, tooltip in screen.active_bindings.values():
            if binding.show and binding.action not in seen:
                seen.add(binding.action)
                printed = self.app.get_key_display(binding)
                yield Key(
                    binding.key, printed, binding.description, binding.action, not enabled, tooltip
                )

    @property
    def shown(self) -> list[Key]:
        """Those for which there is room, without one after the other of what gives way."""
        widths = {each.action: each.width + 1 for each in self.keys}
        left = set(widths)
        for action in commands.giving_way(self._group):
            # Behind the last is no gap.
            if sum(widths[each] for each in left) - 1 <= self.size.width:
                break
            left.discard(action)
        return [each for each in self.keys if each.action in left]

    def render(self) -> Content:
        return Content(" ").join(map(self._drawn, self.shown))

    def _drawn(self, key: Key) -> Content:
        style = Style.from_meta({"key": key.name}) + Style(dim=key.greyed)
        if key.name == self._pointed:
            style = style + self.get_visual_style("keyline--pointed", partial=True)
        bold = self.get_visual_style("keyline--key", partial=True)
        return Content.assemble((key.printed, bold), f" {key.label}").stylize_before(style)

    def _at(self, event: events.MouseEvent) -> Key | None:
        name = event.style.meta.get("key")
        return next((each for each in self.keys if each.name == name), None)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        key = self._at(event)
        self._pointed = key.name if key else ""
        self.tooltip = key.tooltip if key else None

    def on_leave(self) -> None:
        self._pointed = ""

    def on_mouse_down(self, event: events.MouseDown) -> None:
        key = self._at(event)
        if key is None:
            return
        if key.greyed:
            self.app.bell()
        else:
            self.app.simulate_key(key.name)
