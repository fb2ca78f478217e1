"""A report in a file: JSON, CSV or Markdown, whole or not there."""

import csv
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from data.errors import BadInput, HabeasError
from data.register import report_files
from data.register.report import Figures, Report

OBJECTION = Figures(
    received=4, completed=2, to_tell=0, open=1, overdue=1, refused=1, cancelled=0, extended=0,
    on_time=2, late=1, median_days=10.5, longest_days=32, paused_days=3,
)  # fmt: skip
ACCESS = Figures(
    received=1, completed=0, to_tell=1, open=0, overdue=0, refused=0, cancelled=0, extended=0,
    on_time=0, late=0, median_days=None, longest_days=None, paused_days=0,
)  # fmt: skip
ALL = Figures(
    received=5, completed=2, to_tell=1, open=1, overdue=1, refused=1, cancelled=0, extended=0,
    on_time=2, late=1, median_days=10.5, longest_days=32, paused_days=3,
)  # fmt: skip
MADE = Report(date(2026, 10, 1), ALL, {"objection": OBJECTION, "access": ACCESS})


def from_json(path: Path) -> dict[str, dict[str, object]]:
    read = json.loads(path.read_text("utf-8"))
    assert read["month"] == "2026-10"
    return {**read["rights"], "all": read["all"]}


def from_csv(path: Path) -> dict[str, dict[str, object]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = [
            {name: json.loads(cell or "null") if name not in ("month", "right") else cell
             for name, cell in row.items()}
            for row in csv.DictReader(file)
        ]  # fmt: skip
    assert {row.pop("month") for row in rows} == {"2026-10"}
    return {str(row.pop("right")): row for row in rows}


def from_markdown(path: Path) -> dict[str, dict[str, object]]:
    title, _, heading, line, *rows = path.read_text("utf-8").splitlines()
    assert title == "# Requests received in Oct 2026"
    assert set(line) == set("|-: ")
    cells = [[cell.strip() for cell in row.split("|")[1:-1]] for row in (heading, *rows)]
    return {
        right: {
            name.replace(" ", "_"): None if cell == "–" else json.loads(cell)
            for (name, *_), cell in zip(cells[1:], column, strict=True)
        }
        for right, *column in list(zip(*cells, strict=True))[1:]
    }


@pytest.mark.parametrize(
    ("name", "read"),
    [("r.json", from_json), ("r.CSV", from_csv), ("r.md", from_markdown)],
)
def test_a_report_in_a_file_says_the_same(
    tmp_path: Path, name: str, read: Callable[[Path], dict[str, dict[str, object]]]
) -> None:
    path = tmp_path / "reports" / name
    report_files.write(MADE, path)
    wanted = {right: vars(each) for right, each in MADE.rights.items()} | {"all": vars(MADE.all)}
    assert read(path) == wanted
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("name", ["report", "report.pdf", "report.json.gz", ".csv"])
def test_another_suffix_is_no_format(tmp_path: Path, name: str) -> None:
    path = tmp_path / "reports" / name
    with pytest.raises(BadInput, match=r"its suffix is one of \.json, \.csv, \.md"):
        report_files.write(MADE, path)
    assert not path.parent.exists()


def test_a_report_takes_the_place_of_an_earlier_one_and_of_no_folder(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    path.write_text("earlier")
    report_files.write(MADE, path)
    assert path.read_text("utf-8").startswith("month,right,received,")
    folder = tmp_path / "folder.csv"
    folder.mkdir()
    with pytest.raises(HabeasError, match="cannot be written: Is a directory"):
        report_files.write(MADE, folder)
    assert list(folder.iterdir()) == []
    assert not list(tmp_path.glob(".*.new"))
