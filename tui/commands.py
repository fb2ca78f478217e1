"""Every command of the application, once: its key, its words, and the action it runs.

The key bindings, the footer, the help and the palette are all made from here.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from textual.binding import Binding


@dataclass(frozen=True)
class Command:
    """`action` is run on the screen whose group the command is in, or on the application; one
    that is no `footer` is there only on a wide terminal, and one that `writes` cannot be used
    where the store is open for reading only."""

    id: str
    key: str
    label: str
    help: str
    action: str
    footer: bool = True
    writes: bool = False

    @property
    def group(self) -> str:
        return group(self.id)


def group(command_id: str) -> str:
    """The group of the command with that id."""
    return command_id.partition(".")[0]


COMMANDS = (
    Command("app.help", "question_mark,f1", "Help", "The keys of this screen", "app.keys"),
    Command("app.people", "1", "People", "Find people", "app.go('people')"),
    Command("app.requests", "2", "Requests", "The register, by due date", "app.go('requests')"),
    Command("app.report", "3", "Report", "A month in figures", "app.go('report')"),
    Command("app.ledger", "4", "Ledger", "Who did what, and when", "app.go('ledger')", False),
    Command("app.map", "5", "Data map", "What is stored where, and why", "app.go('map')", False),
    Command("app.notices", "6", "Recipients", "Who is to be told, Article 19",
            "app.go('notices')", False),
    Command("app.copy_cell", "y", "Copy", "Copy one value of the row", "app.copy_cell", False),
    Command("app.copy_row", "Y", "Copy row", "Copy the whole row", "app.copy_row", False),
    Command("app.purge", "P", "Purge", "Rewrite the store without what was erased", "app.purge",
            False, writes=True),
    Command("app.verify", "V", "Verify erasure", "Look whether anything is left of a person",
            "app.verify", False),
    Command("app.palette", "colon,ctrl+p", "Commands", "Find a command", "app.command_palette",
            False),
    Command("app.quit", "q", "Quit", "Leave Habeas", "app.quit"),
    Command("people.search", "slash", "Search", "Search by id, name, email or phone", "search"),
    Command("people.filter", "f", "Filter", "Only some: restricted, asking, of a country",
            "filter"),
    Command("people.export", "x", "Export", "Write all that is held on the person", "export", False,
            writes=True),
    Command("people.sort", "s", "Sort", "Order by the next column", "sort", False),
    Command("people.reveal", "m", "Reveal", "Show what is masked, for a while", "reveal",
            writes=True),
    Command("people.import", "I", "Import", "Load people and events from files", "import",
            writes=True),
    Command("people.reload", "r", "Reload", "Read everything again", "reload", False),
    Command("person.edit", "e", "Edit", "Correct the field under the cursor", "edit",
            False, writes=True),
    Command("person.channels", "c", "Channel", "Stop or allow the channel under the cursor",
            "channel", False, writes=True),
    Command("person.filter", "f", "Filter", "Show some events, by name and by day", "filter"),
    Command("person.restrict", "t", "Restrict", "Restrict processing, or lift it", "restrict",
            False, writes=True),
    Command("person.automation", "a", "Automation", "Stop or allow automated decisions",
            "automation", False, writes=True),
    Command("person.export", "x", "Export", "Write all that is held on the person", "export",
            writes=True),
    Command("person.port", "p", "Portability", "Write what the person may take elsewhere",
            "port", False, writes=True),
    Command("person.request", "n", "Request", "Enter a request of this person", "request",
            writes=True),
    Command("person.undo", "u", "Undo", "Take back what was last done on the person", "undo",
            False, writes=True),
    Command("person.erase", "E", "Erase", "Erase the person, for good", "erase", writes=True),
    Command("person.reload", "r", "Reload", "Read everything again", "reload", False),
    Command("person.back", "escape", "Back", "Back to where you came from", "back"),
    Command("ledger.search", "slash", "Search", "Show some, by what is said of them", "search"),
    Command("ledger.verify", "v", "Verify", "Check that the ledger is whole", "verify"),
    Command("ledger.reload", "r", "Reload", "Read everything again", "reload", False),
    Command("notices.mark", "space", "Mark", "Mark it, to work on several at once", "mark"),
    Command("notices.reload", "r", "Reload", "Read everything again", "reload", False),
    Command("map.reload", "r", "Reload", "Read everything again", "reload", False),
    Command("requests.search", "slash", "Search", "Show some, by what is said of them", "search"),
    Command("requests.add", "n", "New", "Enter a request that came in", "add", writes=True),
    Command("requests.mark", "space", "Mark", "Mark it, to work on several at once", "mark"),
    Command("requests.mark_ready", "A", "Mark ready", "Mark all that wait only to be carried out",
            "mark_ready", False),
    Command("requests.person", "o", "Person", "Open the person who asks", "person", False),
    Command("requests.identify", "i", "Identify", "Record the check of who asks", "identify",
            writes=True),
    Command("requests.extend", "t", "Extend", "Take two further months, once", "extend", False,
            writes=True),
    Command("requests.refuse", "F", "Refuse", "Refuse it, with the reasons", "refuse", writes=True),
    Command("requests.letter", "w", "Letter", "Write a letter to the person", "letter", False),
    Command("requests.notices", "T", "Tell", "The recipients to be told of what was done",
            "notices"),
    Command("requests.cancel", "C", "Cancel", "Close a request that was taken back", "cancel",
            False, writes=True),
    Command("requests.reload", "r", "Reload", "Read everything again", "reload", False),
    Command("report.before", "left_square_bracket,left", "Before", "The month before", "before"),
    Command("report.after", "right_square_bracket,right", "After", "The month after", "after"),
    Command("report.reload", "r", "Reload", "Read everything again", "reload", False),
)  # fmt: skip


def of(group: str) -> tuple[Command, ...]:
    return tuple(command for command in COMMANDS if command.group == group)


def writing(group: str) -> set[str]:
    """The actions of a group that change the store."""
    return {command.action for command in of(group) if command.writes}


def bindings(group: str) -> list[Binding]:
    """The bindings of one group; their ids let a user choose other keys."""
    return [
        Binding(each.key, each.action, each.label, id=each.id, tooltip=each.help)
        for each in of(group)
    ]


def giving_way(group: str) -> list[str]:
    """The actions that the footer of a screen leaves out for want of room, the first of them
    first."""
    own, shared = ([each for each in of(name) if not each.footer] for name in (group, "app"))
    screens = [each for name in SCREENS for each in COMMANDS if each.id == name]
    return [each.action for each in (*reversed(shared), *reversed(own), *screens)]


SCREENS = ("app.report", "app.people", "app.requests")
"""The screens that are named in the footer, if there is room."""


def pressed(command: Command, keymap: Mapping[str, str] | None = None) -> str:
    """The key as it is printed on the keyboard; that of the `keymap` where it names one."""
    keys = (keymap or {}).get(command.id, command.key)
    return " ".join(_PRINTED.get(key.strip(), key.strip()) for key in keys.split(","))


def key_of(command_id: str, keymap: Mapping[str, str]) -> str:
    """The same of the command with that id."""
    return next(pressed(each, keymap) for each in COMMANDS if each.id == command_id)


_PRINTED = {
    "question_mark": "?",
    "colon": ":",
    "slash": "/",
    "escape": "esc",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "left": "←",
    "right": "→",
}
