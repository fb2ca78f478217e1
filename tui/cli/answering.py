"""habeas requests identify, extend, refuse: the steps between the arrival and the answer."""

from pathlib import Path

from data.errors import BadInput
from data.ledger import By
from data.register import extension, identification, refusal
from data.register.requests import Request
from tui import output
from tui.cli.options import WRITING, Flag, RegisterId, Writing
from tui.config import answers


def identify(
    request_id: RegisterId,
    *,
    confirmed: Flag = False,
    asked: Flag = False,
    failed: Flag = False,
    not_needed: Flag = False,
    how: str,
    person: str = "",
    pause: Flag = False,
    options: Writing = WRITING,
) -> None:
    """Record how the check of who asks stands.

    Parameters
    ----------
    confirmed
        It is the person.
    asked
        Proof was asked for.
    failed
        It could not be shown.
    not_needed
        There is no doubt, and nothing was asked for.
    how
        How it was checked, without naming the person.
    person
        The id of the person who asks, where the register does not have it right.
    pause
        With --asked: the clock stands still until the next outcome.
    """
    given = {
        "confirmed": confirmed,
        "asked": asked,
        "failed": failed,
        "not needed": not_needed,
    }
    outcomes = [name for name, chosen in given.items() if chosen]
    if len(outcomes) != 1:
        raise BadInput("Say which: --confirmed, --asked, --failed or --not-needed.")
    options.check_request(request_id)
    if options.reason:
        raise BadInput("How it was checked is the reason; leave out --reason.")
    with options.opened() as store:
        identified = identification.identify(
            store,
            request_id,
            outcomes[0],
            By(options.by.actor, how),
            person=person,
            pause=pause,
            keep=not options.dry_run,
        )
    output.request(identified, options.format)
    if options.dry_run:
        output.note("This is what would be recorded; nothing was.")


def extend(request_id: RegisterId, *, out: Path | None = None, options: Writing = WRITING) -> None:
    """Take two further months, once, and write the notice to the person.

    Parameters
    ----------
    out
        The folder for the notice.
    """
    options.check_request(request_id)
    with options.opened() as store:
        extended, notice = extension.extend(
            store, request_id, options.by, out or answers(), keep=not options.dry_run
        )
    _print(extended, notice, options)


def refuse(
    request_id: RegisterId,
    *,
    ground: str,
    exception: str = "",
    out: Path | None = None,
    options: Writing = WRITING,
) -> None:
    """Refuse a request, and write to the person why, and what they can do.

    Parameters
    ----------
    ground
        unfounded, excessive, unidentifiable or exception.
    exception
        Which one, with --ground exception; for erasure expression, legal-obligation,
        public-health, archiving or claims, Article 17(3).
    out
        The folder for the letter.
    """
    options.check_request(request_id)
    with options.opened() as store:
        refused, letter = refusal.refuse(
            store,
            request_id,
            ground,
            options.by,
            out or answers(),
            exception=exception,
            keep=not options.dry_run,
        )
    _print(refused, letter, options)


def _print(request: Request, letter: Path, options: Writing) -> None:
    output.request(request, options.format)
    if options.dry_run:
        output.note("This is what would be done; nothing was.")
    else:
        output.note(f"The letter is in {letter}.")
