"""The one place where what ended a command is shown, and becomes its exit code."""

import os
import sys
from datetime import date
from difflib import get_close_matches

from cyclopts import (
    Argument,
    CoercionError,
    CycloptsError,
    MissingArgumentError,
    UnknownOptionError,
    UnusedCliTokensError,
)

from data.errors import HabeasError
from tui import crash, output
from tui.cli.overview import SECTIONS

CANNOT_RUN = 2
INTERRUPTED = 130

FORMS: dict[object, str] = {
    date: "no date; write it as 2026-11-23",
    int: "no whole number",
}
"""What a value is not that cannot be read as one of these types."""


def shown(ended: BaseException) -> int:
    """Says to stderr what ended a command, and gives the exit code."""
    match ended:
        case CycloptsError():
            output.note(_usage(ended))
            return CANNOT_RUN
        case HabeasError():
            output.error(ended)
            return ended.exit_code
        case KeyboardInterrupt():
            output.note("habeas: interrupted. What was under way was not kept.")
            return INTERRUPTED
        case BrokenPipeError():
            # The reader of a pipe went away, as `head` does; nothing more can be printed.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return HabeasError.exit_code
        case _:
            # The unforeseen; its message may hold somebody's data.
            output.note(crash.report(ended))
            return crash.EXIT_CODE


def _usage(error: CycloptsError) -> str:
    if isinstance(error, UnusedCliTokensError) and error.unused_tokens:
        typed = error.unused_tokens[0]
        known = [name for commands in SECTIONS.values() for name in commands]
        if typed in {name.split()[0] for name in known}:
            return f"habeas: {typed} comes first, and its options after it. See habeas --help."
        near = get_close_matches(typed, known, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        return f"habeas: {typed} means nothing here.{hint} See habeas --help."
    if isinstance(error, MissingArgumentError) and error.argument is not None:
        return f"habeas: {_missing(error, error.argument)}"
    if isinstance(error, CoercionError) and error.token and error.target_type in FORMS:
        return f"habeas: {error.token.value} is {FORMS[error.target_type]}."
    hint = ""
    if isinstance(error, UnknownOptionError):
        hint = " What begins with a dash and is no option comes after --."
    return f"habeas: {error}{hint}"


def _missing(error: MissingArgumentError, wanted: Argument) -> str:
    """What a command lacks, as its help calls it, or the option that was given without a value."""
    _, meant, near = str(error).partition(" Did you mean ")
    if error.keyword:
        return f"{error.keyword} needs a value.{meant}{near}"
    typed = wanted.field_info.is_positional
    name = wanted.name.removeprefix("--").upper() if typed else wanted.name
    command = " ".join(error.command_chain or ())
    return f"{command} needs {name}.{meant}{near} See habeas {command} --help."
