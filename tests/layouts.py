"""The two layouts every test of `data` runs over, under one set of names.

A test speaks of `id`, `last`, `email`, `born`, and of an event's `who`, `ref`, `time`, `what`;
the layout says which column of its map that is.
"""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from data import intake, mapfile
from data.cursor import Row
from data.datamap import DataMap
from data.directory import EVERY_PART
from data.ledger import By
from data.schema import HABEAS_TABLES, PARTS, qualified
from data.sql import ident, idents
from data.store import Store
from data.subject import number

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""A Monday; the 23rd in both layouts' zones."""

BY = By("handler")

Snapshot = dict[str, list[Row]]


@dataclass
class FixedClock:
    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True)
class Layout:
    """A data map and what its columns are called in the tests.

    `channels` are two of the map; `kept` says that their choices stand in habeas.choices only.
    """

    name: str
    map_text: str
    person: Mapping[str, str]
    event: Mapping[str, str]
    channels: tuple[str, str]
    kept: bool

    @cached_property
    def map(self) -> DataMap:
        return mapfile.parse(self.map_text)

    @property
    def id(self) -> str:
        return self.map.people.key

    @property
    def events(self) -> str:
        """The name of the first table of records."""
        return self.map.records[0].name

    @property
    def people_table(self) -> str:
        return qualified(self.map.people)

    @property
    def events_table(self) -> str:
        return qualified(self.map.records[0])

    def create(self, folder: Path, clock: FixedClock | None = None) -> Store:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "shop.duckdb"
        path.with_suffix(".map.toml").write_text(self.map_text, "utf-8")
        return Store.create(path, clock=clock or FixedClock())

    def as_person(self, row: Mapping[str, Any]) -> dict[str, Any]:
        return {self.person.get(name, name): value for name, value in row.items()}

    def as_event(self, row: Mapping[str, Any]) -> dict[str, Any]:
        return {self.event.get(name, name): value for name, value in row.items()}

    def people_file(
        self, folder: Path, rows: Sequence[Mapping[str, Any]], name: str = "people.csv"
    ) -> Path:
        return write(folder / name, [self.as_person(row) for row in rows])

    def events_file(
        self, folder: Path, rows: Sequence[Mapping[str, Any]], name: str = "events.csv"
    ) -> Path:
        return write(folder / name, [self.as_event(row) for row in rows])

    def load(
        self,
        store: Store,
        *,
        people: Sequence[Mapping[str, Any]] = (),
        events: Sequence[Mapping[str, Any]] = (),
    ) -> intake.Loaded:
        """Loads these rows from CSV files of this layout."""
        return intake.load(
            store,
            BY,
            people=self.people_file(store.path.parent, people) if people else None,
            records=self.events_file(store.path.parent, events) if events else None,
        )

    def further_records(self, store: Store, subject_id: str, **given: Any) -> None:
        """A row in each further table of records, where there is one; no import fills them.

        Columns that are not given hold something, by their type.
        """
        for each in self.map.records[1:]:
            with store.transaction() as cursor:
                row = {
                    **{name: _anything(kind, subject_id) for name, kind in each.columns.items()},
                    each.key: subject_id,
                    each.id: f"{each.name}-of-{subject_id}",
                    each.label: "good",
                    each.time: cursor.now,
                    **({each.number: number(subject_id)} if each.number else {}),
                }
                row |= {name: value for name, value in given.items() if name in row}
                cursor.run(
                    f"INSERT INTO {qualified(each)} ({idents(row)}) "
                    f"VALUES ({', '.join(f'${name}' for name in row)})",
                    **row,
                )


def _anything(kind: str, subject_id: str) -> Any:
    return {"DOUBLE": 12.5, "VARCHAR": f"of {subject_id}"}.get(kind)


BUILT_IN = Layout(
    name="built-in",
    map_text='extends = "built-in"\n',
    person={"id": "user_id", "last": "last_name", "email": "email", "born": "birth_date",
            "rest": "attributes"},
    event={"who": "user_id", "ref": "event_id", "time": "event_time", "what": "event_name",
           "more": "properties"},
    channels=("email", "push"),
    kept=False,
)  # fmt: skip

FULL = replace(
    BUILT_IN,
    name="full",
    map_text=Path(__file__).with_name("full_map.toml").read_text("utf-8"),
)
"""The built-in layout of a controller whose map lacks nothing."""

SECOND = Layout(
    name="second",
    map_text=Path(__file__).with_name("second_map.toml").read_text("utf-8"),
    person={"id": "member", "last": "surname", "email": "mail", "born": "born", "rest": "extra"},
    event={"who": "who", "ref": "ref", "time": "at_time", "what": "what", "more": "more"},
    channels=("email", "post"),
    kept=True,
)

LAYOUTS = (BUILT_IN, SECOND)


def write(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    """Rows as a CSV file; a dict or a list in a cell as JSON."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows([_cell(row.get(name)) for name in names] for row in rows)
    return path


def _cell(value: Any) -> str:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)


DIRECTORY = f"""SELECT person_no, line, (SELECT list(part ORDER BY part)
    FROM ({EVERY_PART}) p WHERE p.place = d.place) FROM habeas.directory d ORDER BY line"""
"""Each person in the directory with their parts."""


def snapshot(store: Store) -> Snapshot:
    """Every row of every table and view, in the order in which it is stored; of the directory
    only what stands in it, wherever."""
    views = ["processable_profiles", "reachable", "decidable_profiles"]
    views += [f"processable_{each.name}" for each in store.map.records]
    names = {
        **{each.table: qualified(each) for each in store.map.tables},
        **{f"habeas.{name}": f"habeas.{ident(name)}" for name in [*HABEAS_TABLES, *views]},
    }
    for each in PARTS:
        del names[f"habeas.{each}"]
    names["habeas.directory"] = f"({DIRECTORY})"
    with store.reading() as cursor:
        return {name: cursor.rows(f"SELECT * FROM {table}") for name, table in names.items()}


def changed(before: Snapshot, after: Snapshot) -> set[str]:
    """The tables and views that are not as they were."""
    return {name for name in before if before[name] != after[name]}


def held(rows: Iterable[Row], value: str) -> bool:
    """Whether any of these rows holds the value anywhere."""
    return any(value in str(cell) for row in rows for cell in row)
