"""What is said and written of a bug: where it is, and nothing of anybody's data."""

from pathlib import Path

import pytest

from tests.layouts import FixedClock
from tui import crash

SECRET = "Szabó of Praha, born 1969"


@pytest.fixture
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


def bug() -> Exception:
    try:
        try:
            raise KeyError(SECRET)
        except KeyError as error:
            raise ValueError(f"cannot read {SECRET}") from error
    except ValueError as error:
        return error


def test_it_names_the_error_the_place_and_the_log(logs: Path) -> None:
    said = crash.report(bug(), FixedClock())
    (log,) = logs.rglob("*.log")
    assert said.startswith("habeas: a bug (ValueError at test_crash.py:")
    assert said.endswith(f"is in {log}.")


def test_the_log_is_private_and_says_where_but_not_what(logs: Path) -> None:
    crash.report(bug(), FixedClock())
    (log,) = logs.rglob("*.log")
    text = log.read_text("utf-8")
    assert log.stat().st_mode & 0o777 == 0o600
    assert "ValueError from KeyError" in text
    assert "at        test_crash.py:" in text
    assert "2026-11-23T12:00:00+00:00" in text
    assert "Szabó" not in text


def test_a_log_that_cannot_be_written_is_not_named(logs: Path) -> None:
    logs.write_text("in the way", "utf-8")
    assert crash.report(bug(), FixedClock()).endswith(").")
