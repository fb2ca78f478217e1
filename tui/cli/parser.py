"""What understands the command line. Each command is imported only when it is called."""

import os
import sys

from cyclopts import App

from data.errors import BadInput
from tui.cli.options import READING, Flag, Options
from tui.cli.overview import GROUPS, SECTIONS, SUMMARY


def _version() -> str:
    from importlib.metadata import version

    return version("habeas")


app = App(
    name="habeas",
    help=SUMMARY,
    version=_version,
    help_format="plaintext",
    version_flags=["--version"],
    help_flags=["--help"],
    exit_on_error=False,
    print_error=False,
    suppress_keyboard_interrupt=False,
)
groups = {name: App(name=name, help=said) for name, said in GROUPS.items()}

for _group in groups.values():
    app.command(_group)
for _commands in SECTIONS.values():
    for _name, (_place, _said) in _commands.items():
        _group_name, _, _last = _name.rpartition(" ")
        _owner = groups[_group_name] if _group_name else app
        _owner.command(f"tui.cli.{_place}", name=_last, help=_said)


@app.default
def application(*, read_only: Flag = False, options: Options = READING) -> None:
    """Answer data subjects' requests under the GDPR. Without a command: the application.

    Parameters
    ----------
    read_only
        Look, and change nothing; others can look at the same time.
    """
    # A page in a browser drives it in place of a terminal.
    paged = "TEXTUAL_DRIVER" in os.environ
    if not paged and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise BadInput("The application needs a terminal.", unchanged="", then="See habeas --help.")
    from tui.launch import launch

    launch(options.path, options.actor, read_only=read_only)
