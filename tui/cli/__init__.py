"""The command `habeas`. Each command is imported only when it is called."""

import io
import os
import sys
from typing import TYPE_CHECKING

from cyclopts import App

from data.errors import BadInput
from tui.cli.options import READING, Flag, Options

if TYPE_CHECKING:
    from collections.abc import Sequence

app = App(
    name="habeas",
    help="Answer data subjects' requests under the GDPR. Without a command: the application.",
    version=lambda: _version(),
    help_format="plaintext",
    version_flags=["--version"],
    help_flags=["--help"],
    exit_on_error=False,
    print_error=False,
    suppress_keyboard_interrupt=False,
)
requests = App(name="requests", help="The register of requests.")
notices = App(name="notices", help="Who is to be told of what was changed or erased.")
config = App(name="config", help="What you may set.")
ledger = App(name="ledger", help="What was done, by whom, under which article.")

app.command("tui.cli.loading:demo", help="Try everything on a made-up store.")
app.command("tui.cli.loading:import_", name="import", help="Load files of people and events.")
app.command("tui.cli.reading:find", help="Find people by id, name, email or phone.")
app.command("tui.cli.reading:show", help="Show what is held on a person.")
app.command("tui.cli.rights:export", help="Write a person's data: access, portability.")
app.command("tui.cli.rights:rectify", help="Correct or complete fields.")
app.command("tui.cli.rights:restrict", help="Restrict processing.")
app.command("tui.cli.rights:lift", help="Lift a restriction.")
app.command("tui.cli.rights:unsubscribe", help="Stop reaching a person on channels.")
app.command("tui.cli.rights:subscribe", help="Reach a person on a channel again.")
app.command("tui.cli.rights:object_", name="object", help="Record an objection to processing.")
app.command("tui.cli.rights:automation", help="Stop or allow automated decisions.")
app.command("tui.cli.rights:contest", help="Record the outcome of a contested decision.")
app.command("tui.cli.rights:erase", help="Erase a person, for good.")
app.command(requests)
app.command(notices)
app.command(ledger)
app.command("tui.cli.report:month", name="report", help="The requests of a month.")
app.command(config)
app.command("tui.cli.setup:doctor", help="Look for what is wrong, and say it.")
config.command("tui.cli.setup:path", help="Print where the configuration is.")
config.command("tui.cli.setup:show", help="Show what is set.")
requests.command("tui.cli.register:add", help="Enter a request.")
requests.command("tui.cli.register:list_", name="list", help="List them by due date.")
requests.command("tui.cli.register:show", help="Show one, with its receipt.")
requests.command("tui.cli.answering:identify", help="Record the check of who asks.")
requests.command("tui.cli.working:run", help="Carry one out, or all that are ready.")
requests.command("tui.cli.answering:extend", help="Take two further months.")
requests.command("tui.cli.answering:refuse", help="Refuse one, with the reasons.")
requests.command("tui.cli.register:cancel", help="Close one that was taken back.")
requests.command("tui.cli.register:assign", help="Give one to another handler.")
requests.command("tui.cli.register:letter", help="Write a letter to the person.")
requests.command("tui.cli.dialects:import_", name="import", help="Take in requests from others.")
requests.command("tui.cli.report:export", help="Write the register to a file.")
notices.command("tui.cli.notices:list_", name="list", help="List them, the open ones first.")
notices.command("tui.cli.notices:write", help="Write the messages.")
notices.command("tui.cli.notices:done", help="Record that a recipient was told.")
notices.command("tui.cli.notices:impossible", help="Record why one cannot be told.")
ledger.command("tui.cli.ledger:show", help="Show the ledger.")
ledger.command("tui.cli.ledger:verify", help="Check that it is whole.")


@app.default
def application(*, read_only: Flag = False, options: Options = READING) -> None:
    """Answer data subjects' requests under the GDPR. Without a command: the application.

    Parameters
    ----------
    read_only
        Look, and change nothing; others can look at the same time.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise BadInput("The application needs a terminal.", unchanged="", then="See habeas --help.")
    from tui.app import HabeasApp

    sys.exit(
        HabeasApp(options.path, actor=options.by.actor, read_only=read_only).run_to_exit_code()
    )


def main(arguments: "Sequence[str] | None" = None) -> None:
    """Runs a command and exits with its code."""
    os.umask(0o077)
    # DuckDB looks for pandas at every value it binds: a third of the time of an export, in
    # which Ctrl-C is lost.
    sys.modules.setdefault("pandas", None)  # type: ignore[arg-type]
    _prepare_stdout()
    try:
        app(_readable(sys.argv[1:] if arguments is None else arguments))
    except (KeyboardInterrupt, Exception) as ended:
        from tui.cli import failing

        sys.exit(failing.shown(ended, list(app)))
    finally:
        if sys.modules.get("pandas") is None:
            sys.modules.pop("pandas", None)


def _prepare_stdout() -> None:
    """What goes to a program is UTF-8; a terminal that has no such letter is told its code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        encoding = None if sys.stdout.isatty() else "utf-8"
        sys.stdout.reconfigure(encoding=encoding, errors="backslashreplace")


def _readable(arguments: "Sequence[str]") -> "Sequence[str]":
    """The arguments, none of which can hold bytes that are no text. Raises BadInput."""
    try:
        "".join(arguments).encode()
    except UnicodeEncodeError:
        raise BadInput("An argument is not UTF-8.") from None
    return arguments


def _version() -> str:
    from importlib.metadata import version

    return version("habeas")
