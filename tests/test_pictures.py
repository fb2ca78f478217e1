"""The pictures of the README show the application as it is."""

import runpy
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"


@pytest.mark.slow
def test_every_picture_is_current(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HABEAS_CONFIG", str(tmp_path / "none.toml"))
    drawn = runpy.run_path(str(DOCS / "pictures.py"))["pictures"]()
    kept = {each.stem: each.read_text("utf-8") for each in (DOCS / "screens").glob("*.svg")}
    stale = {name for name in drawn.keys() | kept.keys() if drawn.get(name) != kept.get(name)}
    assert not stale, "draw them anew: make pictures"
