"""A month of the register at a glance."""

from datetime import date
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from data.clock import months_later
from data.cursor import Cursor
from data.register import report
from data.register.report import Figures, Report
from data.register.report_files import ALL, said
from data.store import Store
from tui import sources
from tui.safe import safe
from tui.screens.base import Desk
from tui.widgets.chart import Chart, Part
from tui.widgets.columns import Column
from tui.widgets.rows import Row
from tui.widgets.table import WindowTable
from tui.widgets.topline import TopLine

PARTS = (
    Part("completed", "█", "$text-success"),
    Part("to tell", "▓", "$text-warning"),
    Part("open", "░", "$text-primary"),
    Part("overdue", "!", "$text-error"),
    Part("refused", "x", "$text-secondary"),
    Part("cancelled", "-", "$text-muted"),
)


class Rights(WindowTable):
    """The figures by right. There is nothing to open."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "choose"


class ReportScreen(Desk):
    GROUP: ClassVar[str] = "report"
    CSS_PATH = "report.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._month: date | None = None
        self._current: date | None = None
        self._made: Report | None = None

    def compose_body(self) -> ComposeResult:
        with Container(id="figures"):
            with Vertical(id="counts"):
                yield Rights(
                    Column("right", "Right", 13),
                    *(
                        Column(label, label, len(label), "right")
                        for label in ("Received", "Completed", "To tell", "Open", "Overdue",
                                      "Refused", "Cancelled")
                    ),
                    id="rights",
                )  # fmt: skip
                yield Static(id="answers")
            with VerticalScroll(can_focus=False):
                yield Chart(*PARTS, id="chart")

    def on_mount(self) -> None:
        self.query_one(TopLine).say("Report", self.habeas.path.name)
        self.query_one(WindowTable).focus()

    async def load(self, store: Store) -> None:
        def query(cursor: Cursor) -> tuple[Report, date]:
            return report.monthly(cursor, self._month), cursor.today.replace(day=1)

        made, self._current = await self.read(query)
        self._made, self._month = made, made.month
        self.set_class(not made.all.received, "empty")
        self._show(made)
        self.refresh_bindings()

    def _show(self, made: Report) -> None:
        overdue = made.all.overdue
        self.query_one(TopLine).say(
            "Report",
            made.title,
            self.habeas.path.name,
            f"{made.all.received} received",
            overdue and f"{overdue} OVERDUE",
        )
        rows = [_row(ALL, made.all), *(_row(*each) for each in made.rights.items())]
        table = self.query_one(WindowTable)
        table.empty = (
            f"No requests in {made.title} yet: n on a person's screen enters one, [ goes back."
            if made.month == self._current
            else f"No requests were received in {made.title}: [ and ] go to other months."
        )
        if made.all.received:
            table.styles.height = len(rows) + 1
            sources.renew(table, rows)
        else:
            table.styles.height = None
            table.show(sources.Listed([]), 0)
        self.query_one(Chart).show({right: _parts(each) for right, each in made.rights.items()})

    @on(WindowTable.Highlighted)
    def say_how_long(self, event: WindowTable.Highlighted) -> None:
        """The answers of the right under the cursor, whose bar comes into view."""
        made = self._made
        if event.row is not None and made is not None:
            figures = made.rights.get(event.row.key, made.all)
            self.query_one("#answers", Static).update(Content(_answers(event.row.key, figures)))
            self.query_one(VerticalScroll).scroll_to(y=event.index, animate=False)

    def action_before(self) -> None:
        self._go(-1)

    def action_after(self) -> None:
        self._go(1)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing comes after the current month."""
        if action == "after" and self._month == self._current:
            return None
        return super().check_action(action, parameters)

    def _go(self, months: int) -> None:
        if self._month is not None:
            self._month = months_later(self._month, months)
            self.action_reload()


def _row(right: str, figures: Figures) -> Row:
    counts = (
        figures.received,
        figures.completed,
        figures.to_tell,
        figures.open,
        figures.overdue,
        figures.refused,
        figures.cancelled,
    )
    return Row(right, (right, *counts))


def _parts(figures: Figures) -> tuple[int, ...]:
    """The counts of PARTS, of which none counts what another does."""
    return (
        figures.completed,
        figures.to_tell,
        figures.open - figures.overdue,
        figures.overdue,
        figures.refused,
        figures.cancelled,
    )


def _answers(right: str, figures: Figures) -> str:
    label, answered = safe(right), figures.on_time + figures.late
    if not answered:
        return f"{label}: none answered, {figures.extended} extended\n"
    return (
        f"{label}: {answered} answered, {figures.on_time} on time, {figures.late} late, "
        f"{figures.extended} extended\n"
        f"Days to answer: median {said(figures.median_days)}, "
        f"longest {said(figures.longest_days)}; days paused: {figures.paused_days}"
    )
