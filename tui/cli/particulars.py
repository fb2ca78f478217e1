"""What a right needs to be carried out; it can be said when a request is added or run."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from cyclopts import Parameter

from data.errors import BadInput
from data.store import Store
from tui.cli.options import pairs


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Particulars:
    """The options that stand for the particulars of the rights."""

    ground: str | None = None
    """For erasure and restriction."""
    channel: Annotated[list[str] | None, Parameter(negative="")] = None
    """For objection and subscription; may be given several times."""
    all_: Annotated[bool, Parameter(name="--all", negative="")] = False
    """Every channel, for objection and subscription."""
    set_: Annotated[list[str] | None, Parameter(name="--set", negative="")] = None
    """FIELD=VALUE for rectification; may be given several times."""
    informed: date | None = None
    """The day the person was told, for lifting."""
    stop: Annotated[bool, Parameter(negative="")] = False
    """For automation."""
    allow: Annotated[bool, Parameter(negative="")] = False
    """For automation."""
    decision: str | None = None
    """For contest: the automated decision, as the data map names it."""
    outcome: str | None = None
    """For contest: confirmed or changed; to decide an opposition: upheld or overridden."""
    despite: str | None = None
    """For a restricted person: consent, claims, another-person or public-interest, 18(2)."""

    def details(self, store: Store) -> dict[str, Any]:
        """Those given, by the names of the rights' fields."""
        if self.stop and self.allow:
            raise BadInput("Say which: --stop or --allow.")
        channels = list(store.map.people.channels) if self.all_ else self.channel
        given = {
            "ground": self.ground,
            "channels": channels,
            "changes": dict(pairs(self.set_, "FIELD=VALUE")) if self.set_ else None,
            "informed": self.informed and self.informed.isoformat(),
            "stop": self.stop if self.stop or self.allow else None,
            "decision": self.decision,
            "outcome": self.outcome,
            "despite": self.despite,
        }
        return {name: value for name, value in given.items() if value is not None}


NO_PARTICULARS = Particulars()
