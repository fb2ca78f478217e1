"""Drives the application as a handler does: keys go in, what the screen says comes out."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import cache
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar
from unittest.mock import patch

from textual.pilot import Pilot
from textual.screen import Screen
from textual.worker import Worker

from data import demo, fulfilment, ledger, people
from data.cursor import Cursor
from data.entry import Entry
from data.ledger import By
from data.people import Person
from data.register import identification, requests
from data.register.requests import Request
from data.store import Store
from tests.layouts import BY, NOON, FixedClock
from tui.app import HabeasApp
from tui.dialogs import Dialog
from tui.keys import InTurn
from tui.safe import safe
from tui.screens.person import PersonScreen
from tui.screens.welcome import Welcome
from tui.widgets.table import WindowTable
from tui.widgets.topline import TopLine
from tui.working import Working

WIDE, ROOMY, NARROW = (160, 40), (120, 34), (80, 24)
PEOPLE = 40
CALM = 2
"""Rounds through every queue in which nothing is left to do: in the first, a handler that was under
way when it was asked may send what the second finds."""

DEADLINE = 90  # seconds; only a test that fails waits for it, or one on a busy machine

FOREVER = "SELECT count(*) FROM range(100_000_000_000) a(i) WHERE hash(i) = 1"
"""A query that only an interrupt ends."""

GRETA = "customer-00000001"
"""Of whom nothing was asked yet; she lives in Praha, and 18 events are hers."""

INES = "customer-00000014"
"""Restricted, because the accuracy of her data is contested."""

T = TypeVar("T")


@cache
def _demo() -> dict[str, bytes]:
    with TemporaryDirectory() as folder:
        demo.make(Path(folder) / "shop.duckdb", PEOPLE, clock=FixedClock())
        return {each.name: each.read_bytes() for each in Path(folder).iterdir()}


def a_shop(folder: Path) -> Path:
    """The made-up store, a copy of one's own: 40 people, 6 requests that wait, on 2026-11-23."""
    for name, content in _demo().items():
        (folder / name).write_bytes(content)
    return folder / "shop.duckdb"


def asked(
    shop: Path,
    right: str,
    subject_id: str = GRETA,
    details: Mapping[str, Any] | None = None,
    *,
    known: bool = True,
) -> str:
    """Enters a request, received so long ago that it stands first; its id.

    That it is the person who asks is confirmed where they are `known`.
    """
    with Store.open(shop, clock=FixedClock()) as store:
        received = NOON.date() - timedelta(days=60)
        entered = fulfilment.receive(
            store, subject_id, right, BY, details=details, received=received
        )
    if known:
        confirm(shop, entered.id)
    return entered.id


def confirm(shop: Path, request_id: str) -> None:
    with Store.open(shop, clock=FixedClock()) as store:
        identification.identify(store, request_id, "confirmed", By("handler", "passport seen"))


@asynccontextmanager
async def running(
    store: Path, size: tuple[int, int] = ROOMY, clock: FixedClock | None = None
) -> AsyncIterator[Pilot[None]]:
    """The application on this store, with all that it shows at first."""
    app = HabeasApp(store=store, actor="handler", clock=clock or FixedClock())
    app.animation_level = "none"
    app.patience, app.rest = DEADLINE, 0
    with (
        patch("textual.app.wait_for_idle", _no_wait),
        patch("textual.pilot.wait_for_idle", _no_wait),
        patch("textual.screen.UPDATE_PERIOD", 0.25),
    ):
        async with app.run_test(size=size, notifications=True) as pilot:
            await settled(pilot)
            yield pilot


async def _no_wait(min_sleep: float = 0, max_sleep: float = 0) -> None:
    """`settled` waits for the work itself, not for a processor that is idle."""
    await asyncio.sleep(0)


@asynccontextmanager
async def person(
    store: Path, subject_id: str, size: tuple[int, int] = ROOMY
) -> AsyncIterator[Pilot[None]]:
    """The screen of one person."""
    async with running(store, size) as pilot:
        await pilot.app.push_screen(PersonScreen(subject_id))
        await settled(pilot)
        assert subject_id in top_line(pilot)
        yield pilot


def app_of(pilot: Pilot[None]) -> HabeasApp:
    assert isinstance(pilot.app, HabeasApp)
    return pilot.app


async def settled(pilot: Pilot[None]) -> None:
    """Until nothing is under way but a dialog that waits for its answer."""
    async with asyncio.timeout(DEADLINE):
        calm = 0
        while calm < CALM:
            if isinstance(pilot.app, InTurn):
                pilot.app._follow_up()  # at once: nobody looks at the frame that it leaves out
            if working := _at_work(pilot):
                await asyncio.sleep(0.001)
            else:
                await pilot._wait_for_screen()
            screen = pilot.app.screen
            painted = not (screen._callbacks or (_unpainted(screen) and not working))
            if not (painted or _unheard(pilot)):
                screen._on_timer_update()
            calm = 0 if working or not painted or _unheard(pilot) else calm + 1


def _at_work(pilot: Pilot[None]) -> bool:
    """Whether a worker is, or a key waits for its turn."""
    keys = isinstance(pilot.app, InTurn) and pilot.app._keys
    return bool(keys) or any(_busy(pilot, each) for each in pilot.app.workers)


def _unheard(pilot: Pilot[None]) -> bool:
    """Whether a message waits in any queue."""
    screens = (each.walk_children(with_self=True) for each in pilot.app.screen_stack)
    return any(
        each.message_queue_size or each._next_callbacks
        for each in chain([pilot.app], chain.from_iterable(screens))
    )


def _unpainted(screen: Screen[object]) -> bool:
    return bool(
        screen._layout_required
        or screen._scroll_required
        or screen._repaint_required
        or screen._recompose_required
        or screen._dirty_widgets
    )


async def until(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    """Until this holds, where something else is still under way."""
    async with asyncio.timeout(DEADLINE):
        while not holds():
            await pilot.pause()


async def until_shown(pilot: Pilot[None], words: str) -> None:
    """Until the screen says this, where a timer brings it there and nothing to wait for."""
    async with asyncio.timeout(DEADLINE):
        while words not in text(pilot):
            await settled(pilot)


def _busy(pilot: Pilot[None], worker: Worker[object]) -> bool:
    front = pilot.app.screen
    asks = isinstance(front, Dialog) and not isinstance(front, Working | Welcome)
    waits = worker.group == "deed" and asks
    return not worker.is_finished and not waits


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Presses the keys, each once what the one before began is done."""
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


async def begin(pilot: Pilot[None], words: str) -> None:
    """Presses enter, until the dialog of what that begins says this."""
    app_of(pilot).patience = 0
    await pilot.press("enter")
    await until(pilot, lambda: words in text(pilot))
    assert isinstance(pilot.app.screen, Working)


async def leave(pilot: Pilot[None], *keys: str) -> None:
    """Presses q, or these keys, until the application has ended, whatever is under way."""
    await pilot.press(*(keys or ("q",)))
    async with asyncio.timeout(DEADLINE):
        while pilot.app.return_code is None:
            await asyncio.sleep(0)


async def type_in(pilot: Pilot[None], text: str, *keys: str) -> None:
    """Types into the line that has the focus, in place of what stands there; then these keys."""
    await press(pilot, "home", "ctrl+k", *text, *keys)


async def point_at(pilot: Pilot[None], label: str, table: str = "#profile") -> None:
    """Moves the cursor down to the row that begins with this label."""
    await press(pilot, "g")
    for _ in range(40):
        row = pilot.app.screen.query_one(table, WindowTable).cursor_row
        if row and str(row.cells[0]).strip() == label:
            return
        await press(pilot, "down")
    raise AssertionError(f"no row {label}")


async def choose(pilot: Pilot[None], label: str) -> None:
    """Moves to the option that begins with this label, and takes it."""
    for _ in range(20):
        marked = [line for line in text(pilot).splitlines() if label in line]
        assert marked, f"no option {label} in\n{text(pilot)}"
        if _highlighted(pilot).startswith(label):
            break
        await press(pilot, "down")
    await press(pilot, "enter")


async def nothing_is_asked(pilot: Pilot[None], why: str) -> None:
    """No key of what changes the store does anything but say why, on any screen."""
    for before, keys in (("2", "niFtCP"), ("1", "mIx"), ("enter", "ectaxpnE")):
        await press(pilot, before)
        if before == "enter":
            await point_at(pilot, "City")
        for key in keys:
            pilot.app.clear_notifications()
            await press(pilot, key)
            assert not isinstance(pilot.app.screen, Dialog), key
            assert why in said(pilot), key


def _highlighted(pilot: Pilot[None]) -> str:
    from textual.widgets import OptionList

    options = pilot.app.screen.query_one(OptionList)
    assert options.highlighted is not None
    return str(options.get_option_at_index(options.highlighted).prompt)


def text(pilot: Pilot[None], part: str = "") -> str:
    """What the screen in front says, or a part of it, line by line."""
    strips = pilot.app.screen._compositor.render_strips()
    if part:
        region = pilot.app.screen.query_one(part).region
        strips = [each.crop(region.x, region.right) for each in strips[region.y : region.bottom]]
    return "\n".join(strip.text for strip in strips)


def top_line(pilot: Pilot[None]) -> str:
    return str(pilot.app.screen.query_one(TopLine).render())


def said(pilot: Pilot[None]) -> str:
    """The message that is shown, if there is one."""
    return "\n".join(each.message for each in pilot.app._notifications)


def focused(pilot: Pilot[None]) -> str | None:
    return pilot.app.focused.id if pilot.app.focused else None


def ask(pilot: Pilot[None], query: Callable[[Cursor], T]) -> T:
    """What the store says, past the screen."""
    store = app_of(pilot).store
    assert store is not None
    with store.reading() as cursor:
        return query(cursor)


def register(pilot: Pilot[None], request_id: str) -> Request:
    return ask(pilot, lambda cursor: requests.get(cursor, request_id))


def listed(pilot: Pilot[None]) -> list[tuple[object, ...]]:
    """The rows of the table in front, from the first to the last."""
    table = pilot.app.screen.query_one(WindowTable)
    rows = (table.row(index) for index in range(table.total))
    return [row.cells for row in rows if row]


def stored(pilot: Pilot[None], subject_id: str) -> Person:
    return ask(pilot, lambda cursor: people.read(cursor, subject_id))


def entries(pilot: Pilot[None], subject_id: str = GRETA) -> list[Entry]:
    """What the ledger has of a person."""
    return ask(pilot, lambda cursor: ledger.entries(cursor, subject=cursor.pseudonym(subject_id)))


async def begin_edit(pilot: Pilot[None], label: str = "City") -> None:
    await point_at(pilot, label)
    await press(pilot, "e")


def harmless(pilot: Pilot[None]) -> None:
    """Nothing on the screen is more than text, and no text is obeyed by a terminal."""
    for strip in pilot.app.screen._compositor.render_strips():
        for segment in strip:
            ink = segment.text.rstrip(" ")
            assert safe(ink) == ink
            assert segment.control is None
            assert segment.style is None or not segment.style.link
            assert segment.style is None or "@click" not in segment.style.meta


def shows(pilot: Pilot[None], *expected: str, part: str = "") -> None:
    """The screen, or a part of it, is harmless and says this, wherever its lines break."""
    harmless(pilot)
    said = squeezed(text(pilot, part))
    for each in expected:
        assert squeezed(each) in said


def squeezed(words: str) -> str:
    """Without frames, breaks of lines and spaces, of whatever kind they are."""
    return re.sub(r"[\s␠│▏▌▊▎]", "", words)


def head(value: str, prefix: str = "") -> str:
    """How the value begins where it is shown, by so much as fits the narrowest place."""
    return prefix + safe(value.split("\n")[0], limit=200)[:7]
