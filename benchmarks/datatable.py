"""Textual's own table with so many rows in it, the way its documentation fills one."""

import sys

from textual.app import App, ComposeResult
from textual.widgets import DataTable


class Tabled(App[None]):
    def compose(self) -> ComposeResult:
        yield DataTable(cursor_type="row")

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        table.add_columns("id", "first name", "last name", "email", "phone")
        table.add_rows(
            (f"customer-{n:08}", "Noor", "Jansen", f"noor.jansen.{n}@example.org", f"+316{n:08}")
            for n in range(1, int(sys.argv[1]) + 1)
        )


Tabled().run()
