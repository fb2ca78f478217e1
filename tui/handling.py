"""What the screens ask of the application: the store, and to carry out what the handler decides."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

from textual import work
from textual.app import App
from textual.reactive import reactive

from data import fulfilment, people
from data.clock import Clock, utc_now
from data.errors import HabeasError
from data.ledger import By
from data.people import Person
from data.register import reasons
from data.register.requests import Request
from data.rights import named
from data.rights.plan import Plan, propose
from data.store import Store
from tui import asking, config
from tui.defaults import login
from tui.dialogs import Confirm
from tui.safe import safe

LONGEST_SAID = 300
"""Characters of each part of a message."""


class Handling(App[None]):
    """An application on one store. `store` is None until it is open, `chain_whole` until the
    ledger was checked."""

    chain_whole: reactive[bool | None] = reactive(None, bindings=False)
    read_only: reactive[bool] = reactive(False, bindings=True)

    def __init__(
        self, store: Path | str, *, actor: str | None = None, clock: Clock = utc_now
    ) -> None:
        super().__init__()
        self.path = Path(store)
        self.actor = actor or config.load().actor or login()
        self.clock = clock
        self.store: Store | None = None

    def by(self, reason: str = "", request: str = "") -> By:
        return By(self.actor, reason, request)

    async def attempt(self, deed: Callable[[], Any], done: str) -> bool:
        """Does something in a thread and says so, or says why it did not happen.

        It goes on, and is told of, even where the screen that asked for it was left.
        """
        return await asyncio.shield(self._attempt(deed, done).wait())

    @work(group="deed")
    async def _attempt(self, deed: Callable[[], Any], done: str) -> bool:
        try:
            await asyncio.to_thread(deed)
        except HabeasError as error:
            self.tell(error)
            return False
        self.hint(done)
        return True

    async def person(self, subject_id: str) -> Person | None:
        """The person, read in a thread; None, and said so, where there is none."""
        store = self.opened()

        def read() -> Person:
            with store.reading() as cursor:
                return people.read(cursor, subject_id)

        try:
            return await asyncio.to_thread(read)
        except HabeasError as error:
            self.tell(error)
            return None

    async def exercise(self, right: str, person: Person, given: Mapping[str, Any]) -> bool:
        """Asks for what the right needs, shows the plan, and applies it; whether it did."""
        store = self.opened()
        try:
            store.check_writable()
            details = await asking.particulars(self, store, right, person, given)
            if details is None:
                return False
            plan = await asyncio.to_thread(
                propose, store, named(right).from_details(details), person.id
            )
        except HabeasError as error:
            self.tell(error)
            return False
        return await self._apply(plan)

    async def answer(self, request: Request) -> bool:
        """The same for a request of the register, or the decision that it waits for."""
        store = self.opened()
        try:
            store.check_writable()
            person = await asyncio.to_thread(fulfilment.person, store, request)
            if request.awaits_decision:
                details = await asking.decision(self, store, person)
            else:
                details = await asking.particulars(
                    self, store, request.right, person, request.details
                )
            if details is None:
                return False
            plan = await asyncio.to_thread(fulfilment.plan, store, request.id, details)
        except HabeasError as error:
            self.tell(error)
            return False
        return await self._apply(plan, request.id)

    async def _apply(self, plan: Plan, request: str = "") -> bool:
        store = self.opened()
        layout = store.map.people
        reason = await self.push_screen_wait(
            Confirm(plan, lambda text: reasons.check(layout, plan.person, text))
        )
        if reason is None:
            return False
        return await self.attempt(
            lambda: fulfilment.carry_out(store, plan, self.by(reason, request)),
            f"{plan.right.title}: done, Article {plan.article}.",
        )

    def tell(self, error: HabeasError) -> None:
        """The one place where an error is shown: what happened, what did not, what to do."""
        parts = (error.happened, error.unchanged, error.then)
        self._say("\n".join(safe(part, limit=LONGEST_SAID) for part in parts if part), "error")

    def hint(self, text: str) -> None:
        self._say(safe(text, limit=LONGEST_SAID), "information")

    def _say(self, text: str, severity: Literal["information", "error"]) -> None:
        self.clear_notifications()
        self.notify(text, severity=severity, timeout=10, markup=False)

    def opened(self) -> Store:
        """The store, which is open by the time that anything can be done."""
        assert self.store is not None  # noqa: S101  screens act only once it is open
        return self.store
