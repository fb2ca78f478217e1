"""Asks for a file: a line to type or paste a path, over the files of a folder that can be read."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from rich.filesize import decimal
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, Label

from data.errors import BadInput
from data.intake.sources import FORMATS, PACKED, format_of, readable
from tui.dialogs import LONGEST_TITLE, Dialog
from tui.safe import safe
from tui.sources import Listed
from tui.widgets.columns import Column
from tui.widgets.line import Line
from tui.widgets.rows import Row
from tui.widgets.table import WindowTable

UP = ".."


class Pick(Dialog[str]):
    """The answer is the path of a file of people or events; "" for none, where it is `optional`.

    It begins in the folder, with the path `value` in the line.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("down", "enter_files", show=False)]

    def __init__(self, title: str, folder: Path, value: str = "", *, optional: bool = True):
        super().__init__(title)
        self.folder = folder
        self.value = value
        self.optional = optional

    def compose_body(self) -> ComposeResult:
        none = ", or leave empty for none" if self.optional else ""
        yield Line(self.value, placeholder=f"Type or paste a path, ↓ to the files{none}")
        yield Label("", id="folder", markup=False)
        yield WindowTable(Column("name", "Name"), Column("size", "Size", 9, "right"), id="files")
        yield Label(f"{' '.join(FORMATS)}, also {' '.join(PACKED)}", id="formats", markup=False)
        yield Label("", id="wrong", markup=False)
        yield Label("enter: choose    tab: path or files    esc: back", id="keys", markup=False)

    def on_mount(self) -> None:
        self.query_one(Input).focus()
        self._choose(self.folder)

    def action_enter_files(self) -> None:
        self.query_one(WindowTable).focus()

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        if event.value:
            self._choose(_meant(self.folder, event.value))
        elif self.optional:
            self.dismiss("")
        else:
            self._refuse("Give a file of people, of events, or both.")

    @on(WindowTable.Chosen)
    def choose(self, event: WindowTable.Chosen) -> None:
        name = event.row.key
        self._choose(self.folder.parent if name == UP else self.folder / name)

    @work(exclusive=True, group="files")
    async def _choose(self, path: Path) -> None:
        """Goes to a folder; a file that can be read is the answer."""
        try:
            found = await asyncio.to_thread(_look_at, path)
        except BadInput as wrong:
            self._refuse(wrong.happened)
            return
        if found is None:
            self.dismiss(str(path))
        else:
            self._show(*found)

    def _show(self, folder: Path, rows: list[Row]) -> None:
        left, self.folder = self.folder, folder
        table, line = self.query_one(WindowTable), self.query_one(Input)
        table.show(Listed(rows), len(rows))
        # Back at the folder that one came up from, else past the way up.
        names = [each.key for each in rows]
        table.move_to(names.index(left.name) if folder == left.parent and left.name in names else 1)
        self.query_one("#folder", Label).update(safe(folder, limit=LONGEST_TITLE))
        self._refuse("")
        if line.value != self.value:
            line.value = ""
            table.focus()

    def _refuse(self, why: str) -> None:
        self.query_one("#wrong", Label).update(safe(why, limit=LONGEST_TITLE))


def _meant(folder: Path, text: str) -> Path:
    """The path that was typed, from the folder on; "~" is the home of somebody there is."""
    try:
        return folder / Path(text).expanduser()
    except RuntimeError:
        return folder / text


def _look_at(path: Path) -> tuple[Path, list[Row]] | None:
    """A folder and what can be chosen in it; None for a file that can be read. Raises BadInput."""
    try:
        if path.is_dir():
            folder = path.resolve()
            return folder, _listed(folder)
    except OSError as error:
        raise BadInput(f"That cannot be opened: {error.strerror}.") from None
    format_of(path)
    return None


def _listed(folder: Path) -> list[Row]:
    """The way up, the folders, and the files that can be read, but for the hidden ones."""
    up = [Row(UP, (UP, ""))] if folder != folder.parent else []
    folders, files = [], []
    for each in folder.iterdir():
        # What nobody may look at cannot be chosen either.
        with suppress(OSError):
            if each.name.startswith("."):
                continue
            if each.is_dir():
                folders.append(Row(each.name, (f"{each.name}/", "")))
            elif readable(each) and each.is_file():
                files.append(Row(each.name, (each.name, decimal(each.stat().st_size))))
    return [*up, *sorted(folders, key=_in_order), *sorted(files, key=_in_order)]


def _in_order(row: Row) -> str:
    return row.key.casefold()
