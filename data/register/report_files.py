"""A report as a file, to keep or to send on."""

import csv
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from data import files
from data.register.report import Report

ALL = "all"
"""What stands for every right together where figures are listed by right."""


def nested(report: Report) -> dict[str, Any]:
    """The report as one object: the month, the figures of all, and those of each right."""
    return {
        "month": f"{report.month:%Y-%m}",
        "all": asdict(report.all),
        "rights": {right: asdict(each) for right, each in report.rights.items()},
    }


def rows(report: Report) -> list[dict[str, Any]]:
    """The report as a table: a row a right, then one for all, each with the month."""
    return [
        {"month": f"{report.month:%Y-%m}", "right": right, **asdict(figures)}
        for right, figures in (*report.rights.items(), (ALL, report.all))
    ]


def write(report: Report, path: Path) -> None:
    """Writes JSON, CSV or Markdown, as the suffix says, in place of an earlier file.

    Raises BadInput where the suffix is another, HabeasError where it cannot be written.
    """
    fill = files.by_suffix(path, _FORMATS)
    files.write(path, lambda unfinished: fill(report, unfinished))


def said(value: float | None) -> str:
    """A figure as a person reads it."""
    return "–" if value is None else f"{value:g}"


def _json(report: Report, path: Path) -> None:
    path.write_text(json.dumps(nested(report), indent=2, ensure_ascii=False) + "\n", "utf-8")


def _csv(report: Report, path: Path) -> None:
    listed = rows(report)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, listed[0].keys())
        writer.writeheader()
        writer.writerows(listed)


def _markdown(report: Report, path: Path) -> None:
    """The figures down, the rights across, so that a line stays short."""
    columns = {**report.rights, ALL: report.all}
    lines = [
        f"# Requests received in {report.title}",
        "",
        _line("", *columns),
        _line("---", *("---:" for _ in columns)),
        *(
            _line(name.replace("_", " "), *(said(asdict(each)[name]) for each in columns.values()))
            for name in asdict(report.all)
        ),
    ]
    path.write_text("\n".join(lines) + "\n", "utf-8")


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


_FORMATS: Mapping[str, Callable[[Report, Path], None]] = {
    ".json": _json,
    ".csv": _csv,
    ".md": _markdown,
}
