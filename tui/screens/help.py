"""The keys of a screen, from the registry of commands."""

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
    """A window of help for the commands of these groups."""

    def __init__(self, *groups: str):
        rows = [
            (commands.pressed(each), each.help) for group in groups for each in commands.of(group)
        ]
        lines = (f"{key:<20} {what}" for key, what in (*rows, *MOVING))
        super().__init__("Keys", "\n".join(lines))
