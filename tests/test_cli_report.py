"""A month in figures, and the register in a file, on the command line."""

import csv
import io
import json
import stat
from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.shop import contents, done, habeas

pytest_plugins = ["tests.fixtures"]
pytestmark = pytest.mark.usefixtures("shop_file")


def test_a_months_requests_are_counted_by_right() -> None:
    for right in ("access", "erasure"):
        done("requests", "add", "bo-2", "--right", right, "--received", "2020-01-31")
    done("requests", "cancel", "R3")
    made = done("report", "--month", "2020-01")
    assert made["month"] == "2020-01"
    assert list(made["rights"]) == ["access", "erasure"]
    assert (made["rights"]["access"]["open"], made["rights"]["access"]["overdue"]) == (1, 1)
    assert (made["rights"]["erasure"]["cancelled"], made["all"]["received"]) == (1, 2)


def test_without_a_month_it_is_the_current_one() -> None:
    made = done("report")
    assert made["month"] == f"{date.today():%Y-%m}"
    assert made["rights"]["access"]["open"] == made["all"]["received"] == 1


def test_a_table_is_for_eyes_and_csv_for_programs() -> None:
    done("requests", "add", "bo-2", "--right", "erasure", "--received", "2020-01-31")
    shown = habeas("report", "--month", "2020-01").out
    assert "Jan 2020" in shown
    for words in ("completed", "tell", "overdue", "on", "median", "days", "erasure", "all"):
        assert words in shown
    made = habeas("report", "--month", "2020-01", "--format", "csv").out
    rows = list(csv.DictReader(io.StringIO(made)))
    assert [(row["month"], row["right"]) for row in rows] == [
        ("2020-01", "erasure"),
        ("2020-01", "all"),
    ]
    assert (rows[0]["overdue"], rows[0]["median_days"]) == ("1", "")


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_an_empty_month_is_a_report_that_says_so(form: str) -> None:
    result = habeas("report", "--month", "2020-02", "--format", form)
    assert result.code == 0
    assert "0" in result.out
    assert result.err == "No requests were received in Feb 2020.\n"


@pytest.mark.parametrize("month", ["november", "2026-13", "2026-11-01", ""])
def test_what_is_no_month_exits_2(month: str) -> None:
    result = habeas("report", "--month", month)
    assert (result.code, result.out) == (2, "")
    assert "is no month" in result.err


def test_a_month_that_has_not_begun_exits_2() -> None:
    ahead = date.today().replace(day=1) + timedelta(days=32)
    result = habeas("report", "--month", f"{ahead:%Y-%m}")
    assert (result.code, result.out) == (2, "")
    assert "has not begun" in result.err


def test_a_report_goes_to_a_private_file() -> None:
    written = done("report", "--out", "november.json")
    assert written == {"file": "november.json", "requests": 1}
    path = Path("november.json")
    assert json.loads(path.read_text("utf-8")) == done("report")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_register_goes_to_a_private_file(shop_file: Path) -> None:
    before = contents(shop_file)
    for kind in ("csv", "json", "parquet"):
        path = Path(f"register.{kind}")
        written = done("requests", "export", "--out", path)
        assert written == {"file": str(path), "requests": 1}
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert pq.read_table("register.parquet").to_pylist()[0]["user_id"] == "ana-1"
    assert contents(shop_file) == before


@pytest.mark.parametrize(
    ("command", "suffixes"),
    [(("report",), ".json, .csv, .md"), (("requests", "export"), ".csv, .json, .parquet")],
)
def test_a_name_without_a_format_exits_2(command: tuple[str, ...], suffixes: str) -> None:
    result = habeas(*command, "--out", "register.pdf")
    assert (result.code, result.out) == (2, "")
    assert f"register.pdf names no format: its suffix is one of {suffixes}." in result.err
    assert not Path("register.pdf").exists()
