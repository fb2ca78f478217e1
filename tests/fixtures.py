"""The fixtures of the tests of the command line; a module asks for them by `pytest_plugins`."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from data import beside
from tests.layouts import write
from tests.shop import EVENTS, MAP, PEOPLE, habeas


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ana asked for access, and it is she; Bo is restricted, since long ago.

    Of the restriction two recipients are still to be told.
    """
    folder = tmp_path_factory.mktemp("made")
    store = folder / "shop.duckdb"
    store.with_suffix(".map.toml").write_text(MAP, "utf-8")
    people = write(folder / "people.csv", PEOPLE)
    events = write(folder / "events.csv", EVENTS)
    mine = ("--store", store, "--actor", "handler")
    for command in (
        ("import", "--people", people, "--events", events),
        ("requests", "add", "ana-1", "--right", "access"),
        ("requests", "identify", "R1", "--confirmed", "--how", "passport seen"),
        ("restrict", "bo-2", "--ground", "claims"),
    ):
        assert habeas(*command, *mine).code == 0
    with duckdb.connect(str(store)) as connection:
        for table in ("restrictions", "notices"):
            connection.execute(f"UPDATE habeas.{table} SET since = '2020-01-01'")
    return store


@pytest.fixture
def shop_file(made_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A store of one's own, which commands find by the environment, in the working directory."""
    store = tmp_path / "shop.duckdb"
    for each in (*beside.made_with(store), store.with_suffix(beside.MAP)):
        shutil.copy(made_once.with_name(each.name), each)
    monkeypatch.setenv("HABEAS_STORE", str(store))
    monkeypatch.setenv("HABEAS_ACTOR", "handler")
    monkeypatch.chdir(tmp_path)
    before = os.umask(0o022)
    yield store
    os.umask(before)
