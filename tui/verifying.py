"""Looks for what is left of somebody: asks who it is, searches, and shows what was found."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Label, Static

from data.errors import BadInput
from data.verification import verify
from data.verification.verify import Verification
from tui import verified
from tui.dialogs import LONGEST_SHOWN, LONGEST_TITLE, Dialog
from tui.handling import Handling
from tui.safe import safe
from tui.widgets.line import Line
from tui.widgets.moving import Text

BETWEEN = ";"
"""Stands between values; it is in no address and in no number."""


class Sought(NamedTuple):
    """An id, "" for all who were erased, and what else the person is known by."""

    id: str
    also: tuple[str, ...]

    @property
    def who(self) -> str:
        return self.id or "those who were erased"


async def look(app: Handling, subject_id: str) -> None:
    """Looks for whom the handler names, at first that person, and shows what is left of them.
    Raises HabeasError, Interrupted."""
    store = app.opened()
    sought = await app.push_screen_wait(Whom(subject_id))
    if sought is None:
        return

    def search() -> Verification:
        with store.reading() as cursor:
            decoded = (
                verify.in_tables(cursor, [sought.id], sought.also)
                if sought.id
                else verify.erased_in_tables(cursor)
            )
        return verify.in_files(store.path, decoded)

    found = await app.work_on(f"Looking for what is left of {sought.who}", search)
    app.push_screen(Result(found, store.path.parent, app.key("app.purge")))


class Whom(Dialog[Sought]):
    """An id, and what else the person is known by. An id that is typed counts without the blanks
    around it: with them it would be found nowhere."""

    def __init__(self, subject_id: str) -> None:
        super().__init__("What is left of whom?")
        self.subject_id = subject_id

    def compose_body(self) -> ComposeResult:
        yield Line(self.subject_id, placeholder="all who were erased", id="who")
        yield Line(placeholder=f"an email address{BETWEEN} a number", id="also")
        yield Label(_ASKED, id="about", markup=False)
        yield Label("", id="wrong", markup=False)
        yield Label("enter: look    tab: next line    esc: cancel", id="keys", markup=False)

    @on(Input.Submitted)
    def answer(self) -> None:
        typed, also = (self.query_one(each, Line).value for each in ("#who", "#also"))
        who = typed if typed == self.subject_id else typed.strip()
        values = tuple(filter(None, map(str.strip, also.split(BETWEEN))))
        try:
            if values and not who:
                raise BadInput("Whose is that? Give the id as well, or that in its place.")
            verify.check([who, *values] if who else ())
        except BadInput as wrong:
            self.query_one("#wrong", Label).update(safe(wrong.happened, limit=LONGEST_TITLE))
        else:
            self.dismiss(Sought(who, values))


_ASKED = (
    "The id as the request has it, and what else the person is known by, with "
    f"{BETWEEN} between: of one who was erased the store has that no more. Without an id all are "
    "looked for who were erased."
)


class Result(Dialog[None]):
    """What was found of somebody, or that nothing was."""

    def __init__(self, found: Verification, folder: Path, purge: str) -> None:
        super().__init__(verified.verdict(found))
        self.found = found
        self.parts = dict(_parts(found, folder, f"a purge ({purge})"))

    def compose_body(self) -> ComposeResult:
        with Text():
            for heading, lines in self.parts.items():
                yield Label(heading, classes="heading", markup=False)
                for each in lines:
                    with Horizontal(classes="said"):
                        yield Label("·")
                        yield Static(Content(safe(each, limit=LONGEST_SHOWN)))
        yield Label("esc: back", id="keys", markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        clean = "unknown" if self.found.unknown else "clean"
        self.query_one("#title").add_class(clean if self.found.clean else "found")


def _parts(found: Verification, folder: Path, purge: str) -> Iterator[tuple[str, list[str]]]:
    """What there is to read, below headings; a `purge` is called that."""
    said = verified.words(found, folder)
    stands = [
        *said.get("people", ()),
        *said.get("erased", ()),
        *verified.notes(found, purge),
    ]
    for heading, lines in (
        ("Where, and in which form", said.get("found")),
        ("How things stand", stands),
        ("What was searched", said.get("searched")),
        ("Looked for in the tables alone", said.get("tables_only")),
        ("What no search sees", said.get("unseen")),
    ):
        if lines:
            yield heading, lines
