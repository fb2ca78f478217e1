"""Every error that Habeas raises on purpose, in one tree; each knows its exit code."""


class HabeasError(Exception):
    """Something did not happen: what, what was left as it was, and what to do next.

    The three parts are plain text and may hold an id as the user typed it; whoever shows
    them makes them safe for a terminal.
    """

    exit_code = 1

    def __init__(self, happened: str, *, unchanged: str = "Nothing was changed.", then: str = ""):
        super().__init__(happened)
        self.happened = happened
        self.unchanged = unchanged
        self.then = then

    def __str__(self) -> str:
        return " ".join(part for part in (self.happened, self.unchanged, self.then) if part)


class BadInput(HabeasError):
    """What was given cannot be meant: an unknown field, a date that is no date."""

    exit_code = 2


class MapError(HabeasError):
    """The data map contradicts itself or the store."""

    exit_code = 2


class StoreUnavailable(HabeasError):
    """The store is missing, is no store, or is locked by another process."""

    exit_code = 3


class NotFound(HabeasError):
    """No such person or request."""

    exit_code = 4


class Refused(HabeasError):
    """A rule forbids it."""

    exit_code = 5


class Restored(Refused):
    """The store was restored from a backup, and lacks what was done since."""


class StalePlan(Refused):
    """The data changed after the plan was made."""


class Interrupted(HabeasError):
    """A query was stopped because its answer is no longer wanted."""

    exit_code = 130
