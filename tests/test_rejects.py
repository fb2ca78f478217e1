"""Rows that cannot be read go to a private file with their line and the reason; the rest loads."""

import csv
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from data import intake
from data.cursor import Cursor
from data.errors import Interrupted, Refused
from data.intake import Counts
from data.rights.erasure import Erasure
from data.rights.plan import apply, propose
from data.store import Store
from tests.layouts import BUILT_IN, BY, Layout, snapshot

HUNDRED_AND_ONE = "x" * 101


def rejected(path: Path | None) -> list[tuple[str, int, str]]:
    """File, line and reason of each reject."""
    assert path
    with path.open(encoding="utf-8", newline="") as file:
        return [(row["file"], int(row["line"]), row["reason"]) for row in csv.DictReader(file)]


def load(store: Store, name: str, content: str | bytes, kind: str = "people") -> intake.Loaded:
    path = store.path.parent / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    if kind == "people":
        return intake.load(store, BY, people=path)
    return intake.load(store, BY, records=path)


def people_ids(layout: Layout, store: Store) -> list[str]:
    with store.reading() as cursor:
        rows = cursor.rows(f"SELECT {layout.id} FROM {layout.people_table}")
    return [row[0] for row in rows]


def test_people_without_a_usable_id_or_date_are_rejected(layout: Layout, store: Store) -> None:
    born = layout.person["born"]
    done = load(
        store,
        "p.csv",
        f"{layout.id},{born}\n"
        "good,1990-12-31\n"
        ",1990-12-31\n"
        "   ,1990-12-31\n"
        f"{HUNDRED_AND_ONE},1990-12-31\n"
        f"{HUNDRED_AND_ONE[1:]},1990-12-31\n"
        "a,2026-02-29\n"
        "b,31/12/1990\n"
        "c,12000-01-01\n"
        "d,infinity\n",
    )
    assert done.people == Counts(read=9, added=2, rejected=7)
    assert rejected(done.rejects) == [
        ("p.csv", 3, "no id"),
        ("p.csv", 4, "no id"),
        ("p.csv", 5, "an id of more than 100 characters"),
        ("p.csv", 7, f"{born} is no date"),
        ("p.csv", 8, f"{born} is no date"),
        ("p.csv", 9, f"{born} is no date"),
        ("p.csv", 10, f"{born} is no date"),
    ]
    assert people_ids(layout, store) == ["good", HUNDRED_AND_ONE[1:]]


def test_an_id_is_measured_in_characters_not_in_bytes(layout: Layout, store: Store) -> None:
    done = load(store, "p.csv", f"{layout.id}\n{'é' * 100}\n{'🜂' * 101}\n")
    assert rejected(done.rejects) == [("p.csv", 3, "an id of more than 100 characters")]


def test_events_without_a_usable_time_are_rejected(layout: Layout, store: Store) -> None:
    who, time, what = (layout.event[name] for name in ("who", "time", "what"))
    bad = ["soon", "2026-13-01", "12000-01-01", "infinity", "1", "2026-01-01T25:00:00Z"]
    rows = "".join(f"a,{each},x\n" for each in bad)
    done = load(store, "e.csv", f"{who},{time},{what}\na,2026-01-01,x\na,,x\n{rows}", "events")
    assert done.records == Counts(read=8, added=1, rejected=7)
    assert rejected(done.rejects) == [
        ("e.csv", 3, f"no {time}"),
        *(("e.csv", 4 + n, f"{time} is no time") for n in range(len(bad))),
    ]


def test_attributes_that_are_no_object_are_rejected(layout: Layout, store: Store) -> None:
    rest = layout.person["rest"]
    done = load(store, "p.csv", f'{layout.id},{rest}\na,"{{}}"\nb,[1]\nc,5\nd,"{{"\ne,\n')
    assert done.people == Counts(read=5, added=2, rejected=3)
    assert {row[1:] for row in rejected(done.rejects)} == {
        (line, f"{rest} is no JSON object") for line in (3, 4, 5)
    }


@pytest.mark.parametrize("number", ["NaN", "inf", "-Infinity", "1e400", "many"])
def test_a_number_that_is_none_is_rejected(tmp_path: Path, number: str) -> None:
    text = BUILT_IN.map_text + '[people.fields.points]\nlabel = "Points"\ntype = "number"\n'
    text += 'category = "points"\norigin = "observed"\n'
    with replace(BUILT_IN, map_text=text).create(tmp_path) as store:
        done = load(store, "p.csv", f"user_id,points\na,1.5\nb,{number}\n")
        assert rejected(done.rejects) == [("p.csv", 3, "points is no number")]


def test_lines_that_are_no_rows_are_rejected(layout: Layout, store: Store) -> None:
    header = f"{layout.id},{layout.person['last']}\n"
    rows = ["a,x", "b,x,y", "c", ",x", "d,x", "e,x", ",x", "f,x,y,z", "g,x", 'h,"x']
    done = load(store, "p.csv", header + "\n".join(rows) + "\n")
    assert done.people == Counts(read=10, added=4, rejected=6)
    assert rejected(done.rejects) == [
        ("p.csv", 3, "too many columns"),
        ("p.csv", 4, "too few columns"),
        ("p.csv", 5, "no id"),
        ("p.csv", 8, "no id"),
        ("p.csv", 9, "too many columns"),
        ("p.csv", 11, "a quote that does not end"),
    ]
    assert people_ids(layout, store) == ["a", "d", "e", "g"]


def test_a_line_that_is_not_utf_8_is_rejected(layout: Layout, store: Store) -> None:
    done = load(store, "p.csv", f"{layout.id},hat\na,\n".encode() + b"b,\xff\xfe\nc,\n")
    assert rejected(done.rejects) == [("p.csv", 3, "not UTF-8")]
    assert people_ids(layout, store) == ["a", "c"]


def test_bad_lines_of_ndjson_are_rejected(layout: Layout, store: Store) -> None:
    key = layout.id
    good = [f'{{"{key}": "{each}"}}' for each in "ab"]
    bad = ["not json", "[1]", f'{{"{key}": null}}', '{"hat": 1}', '"x"']
    done = load(store, "p.ndjson", "\n".join([good[0], *bad, good[1]]))
    assert done.people == Counts(read=7, added=2, rejected=5)
    assert rejected(done.rejects) == [
        ("p.ndjson", 2, "no JSON"),
        ("p.ndjson", 3, "no JSON object"),
        ("p.ndjson", 4, "no id"),
        ("p.ndjson", 5, "no id"),
        ("p.ndjson", 6, "no JSON object"),
    ]


def test_bad_members_of_a_json_list_are_rejected(layout: Layout, store: Store) -> None:
    done = load(store, "p.json", f'[{{"{layout.id}": "a"}}, 5, {{"{layout.id}": ""}}]')
    assert [row[1:] for row in rejected(done.rejects)] == [(2, "no JSON object"), (3, "no id")]


def test_both_files_of_one_load_are_named(layout: Layout, store: Store) -> None:
    folder = store.path.parent
    (folder / "p.csv").write_text(f"{layout.id},hat\na,1,2\n,1\nb,1\n")
    who, time = layout.event["who"], layout.event["time"]
    (folder / "e.csv").write_text(f"{who},{time}\na,soon\na,2026-01-01,1\na\na,2026-01-01\n")
    done = intake.load(store, BY, people=folder / "p.csv", records=folder / "e.csv")
    assert rejected(done.rejects) == [
        ("e.csv", 2, f"{time} is no time"),
        ("e.csv", 3, "too many columns"),
        ("e.csv", 4, "too few columns"),
        ("p.csv", 2, "too many columns"),
        ("p.csv", 3, "no id"),
    ]


def test_a_reject_keeps_the_row_so_that_it_can_be_mended(layout: Layout, store: Store) -> None:
    done = load(store, "p.csv", f"{layout.id},hat\n,a seven\n,1,2\n")
    assert done.rejects
    with done.rejects.open(encoding="utf-8", newline="") as file:
        rows = [row["row"] for row in csv.DictReader(file)]
    assert "a seven" in rows[0]
    assert rows[1] == ",1,2"


def test_the_rejects_are_private_and_stand_beside_the_store(layout: Layout, store: Store) -> None:
    done = load(store, "p.csv", f"{layout.id}\n ,\n")
    assert done.rejects
    assert done.rejects.parent == store.path.parent
    assert done.rejects.name == "shop-rejects-20261123T120000000000Z.csv"
    assert stat.S_IMODE(done.rejects.stat().st_mode) == 0o600
    assert not list(store.path.parent.glob(".*new"))


def test_rejects_that_are_stopped_while_they_are_written_leave_no_part_of_them(
    layout: Layout, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Cursor.run

    def stopped(cursor: Cursor, sql: str, **values: Any) -> int:
        done = real(cursor, sql, **values)
        if sql.startswith("COPY"):
            raise Interrupted("It was stopped.")
        return done

    monkeypatch.setattr(Cursor, "run", stopped)
    with pytest.raises(Interrupted):
        load(store, "p.csv", f"{layout.id}\n ,\n")
    assert not [each for each in store.path.parent.iterdir() if "rejects" in each.name]


def test_a_file_without_rejects_leaves_no_file_of_them(layout: Layout, store: Store) -> None:
    assert load(store, "p.csv", f"{layout.id}\na\n").rejects is None
    assert not list(store.path.parent.glob("*rejects*"))


def test_a_long_file_keeps_count_of_its_lines(layout: Layout, store: Store) -> None:
    rows = [f"p{n:06},{'x' * 40}" for n in range(60_000)]
    rows[30_000], rows[45_000], rows[59_998] = "p,x,y", ",x", "p,x,y"
    done = load(store, "p.csv", "\n".join([f"{layout.id},hat", *rows]))
    assert rejected(done.rejects) == [
        ("p.csv", 30_002, "too many columns"),
        ("p.csv", 45_002, "no id"),
        ("p.csv", 60_000, "too many columns"),
    ]
    assert done.people == Counts(read=60_000, added=59_997, rejected=3)


def test_strict_shows_the_first_rejects_without_their_rows(layout: Layout, store: Store) -> None:
    path = store.path.parent / "p.csv"
    path.write_text(f"{layout.id},hat\n" + ",secret\n" * 5)
    with pytest.raises(Refused) as raised:
        intake.load(store, BY, people=path, strict=True)
    shown = "p.csv line 2: no id; p.csv line 3: no id; p.csv line 4: no id; …"
    assert raised.value.happened == f"5 rows cannot be read ({shown})."
    assert snapshot(store)[layout.map.people.table] == []


def test_a_file_with_a_header_alone_is_empty(layout: Layout, store: Store) -> None:
    assert load(store, "p.csv", f"{layout.id}\n").people == Counts()


def test_an_empty_line_is_no_row_of_a_file_with_several_columns(
    layout: Layout, store: Store
) -> None:
    done = load(store, "p.csv", f"{layout.id},hat\na,1\n\nb,1\n\n")
    assert done.people == Counts(read=2, added=2)


def test_nothing_of_an_erased_person_is_written_to_the_rejects(layout: Layout, shop: Store) -> None:
    apply(shop, propose(shop, Erasure("child"), "ana-1"), BY)
    done = load(shop, "p.csv", f"{layout.id},{layout.person['born']}\nana-1,no date\n")
    assert done.people == Counts(read=1, erased=1)
    assert done.rejects is None
