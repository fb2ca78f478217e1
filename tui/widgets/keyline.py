"""The last line of every screen: as many of its keys as there is room for."""

from collections.abc import Sequence

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.widgets import Footer
from textual.widgets._footer import FooterKey

from tui import commands


class KeyLine(Footer):
    """The keys of a group of commands and of the application; none of them is cut off."""

    def __init__(self, group: str) -> None:
        super().__init__(show_command_palette=False, compact=True)
        self._group = group

    def compose(self) -> ComposeResult:
        keys = [each for each in super().compose() if isinstance(each, FooterKey)]
        yield from _fitting(keys, commands.giving_way(self._group), self.app.size.width)

    def on_resize(self, event: events.Resize) -> None:
        self.refresh(recompose=True)


def _fitting(
    keys: Sequence[FooterKey], giving_way: Sequence[str], room: int
) -> Sequence[FooterKey]:
    """Those for which there is room, without one after the other of what gives way."""
    widths = {each.action: cell_len(f"{each.key_display} {each.description} ") for each in keys}
    left = set(widths)
    for action in giving_way:
        # Behind the last is no gap.
        if sum(widths[each] for each in left) - 1 <= room:
            break
        left.discard(action)
    return [each for each in keys if each.action in left]
