"""The questions the application asks. Escape always answers "no"."""

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Generic, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label, OptionList, Static
from textual.widgets.option_list import Option

from data.errors import BadInput, Refused
from tui.leaving import Leaving
from tui.safe import safe
from tui.widgets.line import Line
from tui.widgets.moving import Options, Text

LONGEST_SHOWN = 2_000
"""Characters of one value in a dialog."""

LONGEST_TITLE = 200


Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer | None], Leaving[Answer | None], Generic[Answer]):
    """A box in the middle; escape closes it without an answer."""

    # Those that are elsewhere look beside their own module for what is named without a folder.
    CSS_PATH = Path(__file__).with_name("dialogs.tcss")

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Cancel")]

    VERTICAL_BREAKPOINTS = [(0, "short"), (20, "tall")]  # noqa: RUF012

    def __init__(self, title: str):
        super().__init__()
        self.title_text = title

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Label(safe(self.title_text, limit=LONGEST_TITLE), id="title", markup=False)
            yield from self.compose_body()

    def compose_body(self) -> ComposeResult:
        yield from ()

    def on_mount(self) -> None:
        # What was said before would lie over the buttons.
        self.app.clear_notifications()


class Ask(Dialog[str]):
    """One line of text. What `check` refuses is said below it, and the dialog stays."""

    def __init__(
        self,
        title: str,
        *,
        value: str = "",
        hint: str = "",
        check: Callable[[str], object] = lambda text: None,
    ):
        super().__init__(title)
        self.value = value
        self.hint = hint
        self.check = check

    def compose_body(self) -> ComposeResult:
        yield Line(self.value, placeholder=safe(self.hint))
        yield Label("", id="wrong", markup=False)
        yield Label("enter: go on    esc: cancel", id="keys", markup=False)

    @on(Input.Submitted)
    def answer(self, event: Input.Submitted) -> None:
        try:
            self.check(event.value)
        except BadInput as wrong:
            self.query_one("#wrong", Label).update(safe(wrong.happened, limit=LONGEST_TITLE))
        else:
            self.dismiss(event.value)


class Choose(Dialog[str]):
    """One of several; the answer is the key of the option, which is none of those `closed`."""

    def __init__(self, title: str, options: Mapping[str, str], *, closed: Collection[str] = ()):
        super().__init__(title)
        self.options = options
        self.closed = closed

    def compose_body(self) -> ComposeResult:
        yield Options(
            *(
                Option(Content(safe(label)), id=key, disabled=key in self.closed)
                for key, label in self.options.items()
            )
        )
        yield Label("enter: choose    esc: cancel", id="keys", markup=False)

    @on(OptionList.OptionSelected)
    def answer(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)


class Read(Dialog[bool]):
    """A longer text to read. Where something is on `offer`, enter takes it: the answer is True.
    Escape goes `back`, which may have another name."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "accept", "Go on", show=False)]

    def __init__(self, title: str, text: str, offer: str = "", back: str = "back"):
        super().__init__(title)
        self.text = text
        self.offer = offer
        self.back = back

    def compose_body(self) -> ComposeResult:
        lines = "\n".join(safe(line, limit=LONGEST_SHOWN) for line in self.text.split("\n"))
        with Text():
            yield Static(Content(lines))
        offered = f"enter: {self.offer}    " if self.offer else ""
        yield Label(f"{offered}esc: {self.back}", id="keys", markup=False)

    def action_accept(self) -> None:
        if self.offer:
            self.dismiss(True)


class Agree(Dialog[str]):
    """Safe lines, and a button to go on from there; the answer is "" once it is pressed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pageup", "turn(-1)", "Page up", show=False),
        Binding("pagedown", "turn(1)", "Page down", show=False),
    ]

    first = "#apply"
    """What has the focus at first."""

    def __init__(self, title: str, lines: Sequence[str], go: str):
        super().__init__(title)
        self.lines_text = "\n".join(lines)
        self.go = go

    def compose_body(self) -> ComposeResult:
        with VerticalScroll(can_focus=False, id="plan"):
            yield Static(Content(self.lines_text))
        yield from self.compose_questions()
        with Horizontal(id="buttons"):
            yield Label("tab: next    esc: cancel", id="keys", markup=False)
            yield Button("Cancel", id="cancel", compact=True)
            yield Button(self.go, id="apply", variant="primary", compact=True)

    def compose_questions(self) -> ComposeResult:
        yield from ()

    def on_mount(self) -> None:
        self.query_one(self.first).focus()
        self.call_after_refresh(self._say_more)

    def _say_more(self) -> None:
        """How to read on, where the lines have no room."""
        if self.query_one("#plan").max_scroll_y:
            self.query_one("#keys", Label).update("pgdn: more  tab: next  esc: cancel")

    def action_turn(self, pages: int) -> None:
        plan = self.query_one("#plan")
        plan.scroll_relative(y=pages * plan.size.height, animate=False)

    @on(Button.Pressed, "#apply")
    def press_apply(self) -> None:
        self.agree()

    def agree(self) -> None:
        self.dismiss("")

    @on(Button.Pressed, "#cancel")
    def cancel(self) -> None:
        self.dismiss(None)


class Confirm(Agree):
    """A plan to be applied or not. The answer is the reason given, which may be empty; one that
    `check` refuses is said below it, and the dialog stays.

    What cannot be undone starts on Cancel, and one of the words `typed` must be, as the line
    `to_type` says.
    """

    def __init__(
        self,
        title: str,
        lines: Sequence[str],
        check: Callable[[str], object],
        *,
        typed: Sequence[str] = (),
        to_type: str = "",
    ):
        super().__init__(title, lines, "Erase for good" if typed else "Apply")
        self.check = check
        self.typed = typed
        self.to_type = to_type
        if typed:
            self.first = "#cancel"

    def compose_questions(self) -> ComposeResult:
        if self.typed:
            yield Line(placeholder=self.to_type, id="typed", select_on_focus=False)
        yield Line(placeholder="Reason, without naming the person (optional)", id="reason")
        yield Label("", id="wrong", markup=False)

    def on_mount(self) -> None:
        if self.typed:
            go = self.query_one("#apply", Button)
            go.variant, go.disabled = "error", True

    def on_key(self, event: events.Key) -> None:
        """What is typed on a button goes to the line that waits for it."""
        if self.typed and event.is_printable and isinstance(self.focused, Button):
            line = self.query_one("#typed", Input)
            line.focus()
            line.insert_text_at_cursor(event.character or "")
            event.stop()

    @on(Input.Changed, "#typed")
    def unlock(self, event: Input.Changed) -> None:
        self.query_one("#apply").disabled = event.value not in self.typed

    @on(Input.Submitted)
    def submit(self) -> None:
        apply = self.query_one("#apply", Button)
        if apply.disabled:
            self.query_one("#wrong", Label).update(self.to_type)
            self.query_one("#typed").focus()
        else:
            apply.press()

    def agree(self) -> None:
        reason = self.query_one("#reason", Input)
        try:
            self.check(reason.value)
        except Refused as refused:
            self.query_one("#wrong", Label).update(safe(refused.happened, limit=LONGEST_TITLE))
            reason.focus()
        else:
            self.dismiss(reason.value)
