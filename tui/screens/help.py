"""The keys of a screen, from the registry of commands."""

from collections.abc import Mapping

from tui import commands
from tui.dialogs import Read

MOVING = (
    ("↑ ↓ j k", "Move"),
    ("page up, page down", "Move by a page"),
    ("g G", "First, last"),
    ("enter", "Open, or act on the row"),
    ("tab", "Next pane"),
)


class Keys(Read):
    """A window of help for the commands of these groups, with the keys the user chose."""

    def __init__(self, keymap: Mapping[str, str], *groups: str):
        parts = [[(commands.pressed(each, keymap), each.help) for each in commands.of(group)]
                 for group in groups]  # fmt: skip
        lines = ("\n".join(f"{key:<20} {what}" for key, what in part) for part in (*parts, MOVING))
        super().__init__("Keys", "\n\n".join(filter(None, lines)))
