"""One entry of the ledger, which carries the SHA-256 of itself and of the one before it."""

import hashlib
import json
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any, Self


@dataclass(frozen=True)
class Entry:
    seq: int
    moment: datetime
    actor: str
    action: str
    article: str
    subject: str
    request: str
    detail: str
    previous: str
    digest: str

    @property
    def facts(self) -> dict[str, Any]:
        """What `detail`, a JSON text, says."""
        facts: dict[str, Any] = json.loads(self.detail)
        return facts

    def computed(self) -> str:
        """The digest that the entry must have, from all that it says and the one before it."""
        text = json.dumps(self._said()[:-1], ensure_ascii=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def line(self) -> str:
        """The entry as one line of JSON, a list of what it says in order."""
        return json.dumps(self._said(), ensure_ascii=True, separators=(",", ":"))

    @classmethod
    def from_line(cls, line: str) -> Self:
        """The entry of such a line. Raises ValueError where it is none."""
        said = json.loads(line)
        if not isinstance(said, list) or len(said) != len(fields(cls)):
            raise ValueError
        if type(said[0]) is not int or not all(isinstance(each, str) for each in said[1:]):
            raise ValueError
        return cls(said[0], datetime.fromisoformat(said[1]), *said[2:])

    def _said(self) -> list[Any]:
        return [
            self.seq,
            self.moment.astimezone(UTC).isoformat(),
            self.actor,
            self.action,
            self.article,
            self.subject,
            self.request,
            self.detail,
            self.previous,
            self.digest,
        ]
