"""habeas verify: whether anything is left of a person."""

import sys
from typing import Annotated, Any

from cyclopts import Parameter

from data.errors import BadInput, HabeasError
from data.verification import verify as verification
from data.verification.verify import Verification
from tui import output, verified
from tui.cli.options import READING, Flag, Options


def verify(
    *user_id: str,
    also: Annotated[list[str] | None, Parameter(negative="")] = None,
    all_erased: Flag = False,
    options: Options = READING,
) -> None:
    """Look for a person in every value of the store, and in every byte of its files.

    It exits with 1 where anything is found. What is deleted stays in the file of a store until
    that is purged.

    Parameters
    ----------
    also
        What else the person is known by, such as an email address; may be given several times.
        It is not in the store any more once they are erased.
    all_erased
        Look for all who were erased. Their ids are known as keyed hashes only, so in the files
        they are found where they stand apart.
    """
    if bool(user_id) == all_erased or (also and all_erased):
        raise BadInput("Say who: ids, with --also VALUE, or --all-erased.", unchanged="")
    with output.waiting("searching"):
        with options.opened(read_only=True) as store, store.reading() as cursor:
            decoded = (
                verification.erased_in_tables(cursor)
                if all_erased
                else verification.in_tables(cursor, user_id, also or ())
            )
        # The store is closed: its files are read by a process of their own.
        found = verification.in_files(options.path, decoded)
    output.record(_said(found, options), options.format)
    for note in verified.notes(found, "habeas purge"):
        output.note(note)
    if not found.clean:
        sys.exit(HabeasError.exit_code)


def _said(found: Verification, options: Options) -> dict[str, Any]:
    folder = options.path.parent
    if options.format != "table":
        return verified.facts(found, folder)
    return {"result": verified.verdict(found), **verified.words(found, folder)}
