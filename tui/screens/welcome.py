"""The first screen where nobody is in the store yet: what Habeas is, and what to begin with."""

from typing import ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Label, OptionList
from textual.widgets.option_list import Option

from data import demo
from data.errors import HabeasError
from tui.defaults import DEMO_PEOPLE, default_store
from tui.dialogs import Dialog
from tui.handling import Handling
from tui.importing import load_files, report
from tui.safe import safe
from tui.screens.base import deed
from tui.widgets.moving import Options

WHAT_IT_IS = (
    "Answers the requests that people make about their data under the GDPR, on this machine, "
    "and keeps a record of every step."
)

NAME = 25  # cells


class Welcome(Dialog[None]):
    """Stays until there are people to show. Nothing is made before one of its options is taken."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave"),
        Binding("q", "app.quit", "Quit"),
    ]

    def __init__(self) -> None:
        super().__init__("Habeas")

    @property
    def habeas(self) -> Handling:
        return cast("Handling", self.app)

    def compose_body(self) -> ComposeResult:
        yield Label(WHAT_IT_IS, id="what", markup=False)
        yield Options(
            _option("demo", "Look around", f"among {DEMO_PEOPLE:,} made-up people"),
            _option("files", "Load people and events", "from files of your own"),
            _option("quit", "Quit"),
        )
        stores = {"Your store": self.habeas.path, "Made-up store": default_store("demo")}
        places = "\n".join(f"{name:<{NAME}}{safe(path)}" for name, path in stores.items())
        yield Label(places, id="stores", markup=False)
        leaving = "quit" if self.habeas.store is None else "look at the empty store"
        yield Label(f"enter: choose    esc: {leaving}", id="keys", markup=False)

    def on_screen_suspend(self) -> None:
        self.query_one("#box").visible = False

    def on_screen_resume(self) -> None:
        self.query_one("#box").visible = True

    def action_leave(self) -> None:
        if self.habeas.store is None:
            self.app.exit()
        else:
            self.dismiss(None)

    def tell(self, error: HabeasError) -> None:
        self.habeas.tell(error)

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        match event.option_id:
            case "demo":
                self._look_around()
            case "files":
                self._load_files()
            case _:
                self.app.exit()

    @deed
    async def _look_around(self) -> None:
        """In a made-up store, in place of one made before."""
        app, path = self.habeas, default_store("demo")
        await app.work_on(
            "Making people up", lambda: demo.make_anew(path, DEMO_PEOPLE, clock=app.clock)
        )
        await app.turn_to(path)
        self.dismiss(None)
        app.hint("None of these people is real. What they ask for waits for you: 2.")

    @deed
    async def _load_files(self) -> None:
        loaded = await load_files(self.habeas)
        if loaded is not None:
            self.dismiss(None)
            report(self.habeas, loaded)


def _option(key: str, label: str, more: str = "") -> Option:
    return Option(Content.assemble((f"{label:<{NAME}}", "bold"), more), id=key)
