"""The options that commands share, and what follows from them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter, Token

from data.errors import BadInput
from tui import output
from tui.defaults import login, store_at

if TYPE_CHECKING:
    # The database is imported only by a command that opens a store.
    from data.ledger import By
    from data.store import Store

Format = Literal["table", "json", "csv"]
Flag = Annotated[bool, Parameter(negative="")]


def _capital(_: object, tokens: Sequence[Token]) -> str:
    return tokens[0].value.upper()


RegisterId = Annotated[str, Parameter(converter=_capital)]
"""The id of a request or of a notice, R1 or N3, whose letter may be typed small."""


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Where:
    """Which store, and who acts."""

    store: Annotated[Path | None, Parameter(env_var="HABEAS_STORE")] = None
    """The store; else the one in the platform's data folder."""
    actor: Annotated[str | None, Parameter(env_var="HABEAS_ACTOR")] = None
    """Who acts, as the ledger names them; else the login name."""

    @property
    def path(self) -> Path:
        return store_at(self.store)

    @property
    def by(self) -> "By":
        from data.ledger import By
        from tui import config

        return By(self.actor or config.load().actor or login())

    @contextmanager
    def opened(self, *, read_only: bool = False, current: bool = False) -> Iterator["Store"]:
        """The store; what is wrong with its ledger is said. Raises HabeasError, and Refused where
        it must be `current` but was restored from a backup."""
        from data.store import Store
        from tui import config

        with Store.open(self.path, config.datamap(self.path), read_only=read_only) as store:
            if current:
                store.check_current()
            # What writes is refused in a restored store, in the same words.
            if read_only or store.ledger_file.fault:
                warn(store)
            yield store


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Options(Where):
    """What every command takes."""

    format: Format = "table"
    """How results are printed."""


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Writing(Options):
    """What every command that writes takes."""

    dry_run: Flag = False
    """Show the plan and change nothing."""
    reason: str = ""
    """Why, in your words, without naming the person."""
    request: RegisterId = ""
    """The request of the register that this answers."""

    @property
    def by(self) -> "By":
        return replace(super().by, reason=self.reason, request=self.request)

    def check_request(self, request_id: str) -> None:
        """Raises BadInput where the request that is worked on is not the one it is done for."""
        if self.request not in ("", request_id):
            raise BadInput(f"--request says {self.request}, which is not {request_id}.")


def warn(store: "Store") -> None:
    """Says what is wrong with the ledger beside the store, if anything is."""
    if warning := store.ledger_file.warning:
        output.note(f"habeas: {warning}")


WHERE = Where()
READING = Options()
WRITING = Writing()


def pairs(given: list[str], names: str) -> Mapping[str, str]:
    """NAME=VALUE arguments as a mapping. Raises BadInput; `names` says what they look like."""
    found = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not name or not equals:
            raise BadInput(f"{each} is not of the form {names}.")
        if name in found:
            raise BadInput(f"{name} is given twice.")
        found[name] = value
    return found
