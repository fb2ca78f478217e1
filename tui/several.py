"""The same deed on several things, each of them whole."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from data import work
from data.errors import HabeasError, Interrupted

T = TypeVar("T")


def on_each(items: Sequence[T], deed: Callable[[T], object], name: Callable[[T], str]) -> None:
    """One after the other; one that fails keeps none of the others back, a stop does.

    Raises what went wrong with the only one, and of several how many are done, and what was
    wrong with the first that is not.
    """
    done, wrong = 0, ""
    for item in items:
        try:
            if len(items) > 1:
                work.reached(done, len(items))
            deed(item)
            done += 1
        except HabeasError as error:
            if len(items) == 1:
                raise
            wrong = wrong or f"{name(item)}: {error.happened}"
            if isinstance(error, Interrupted):
                break
    if wrong:
        raise HabeasError(
            f"{done} of {len(items)} done. {wrong}",
            unchanged="What is not done is as it was.",
        )
