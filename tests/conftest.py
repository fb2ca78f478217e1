"""What the tests share: the two layouts, a store of each, and how hypothesis runs."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from data.store import Store
from tests.layouts import LAYOUTS, FixedClock, Layout

settings.register_profile("stable", deadline=None, derandomize=True, database=None)
settings.register_profile("search", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "stable"))

ANA = {"id": "ana-1", "last": "Kowalska", "email": "ana@example.org", "born": "1990-12-31"}
BO = {"id": "bo-2", "last": "Lindqvist", "email": "bo@example.org", "born": "1970-01-01"}
CY = {"id": "cy-3", "last": "Papadopoulos", "email": "cy@example.org", "born": ""}
EVENTS = [
    {"who": "ana-1", "time": "2026-01-01 10:00:00", "what": "home", "platform": "phone"},
    {"who": "ana-1", "time": "2026-01-02 10:00:00", "what": "basket", "platform": "phone"},
    {"who": "bo-2", "time": "2026-01-01 11:00:00", "what": "home", "platform": "desktop"},
]


@pytest.fixture(autouse=True, scope="session")
def configured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What the user of this machine has set does not matter; and the tests see all values."""
    path = tmp_path_factory.mktemp("config") / "config.toml"
    path.write_text("masking = false\n", "utf-8")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("HABEAS_CONFIG", str(path))
        patched.setenv("XDG_STATE_HOME", str(path.parent / "state"))
        yield


@pytest.fixture(params=LAYOUTS, ids=lambda layout: layout.name, scope="session")
def layout(request: pytest.FixtureRequest) -> Layout:
    """Each of the two layouts in turn."""
    chosen: Layout = request.param
    return chosen


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def store(layout: Layout, tmp_path: Path, clock: FixedClock) -> Iterator[Store]:
    """An empty store."""
    with layout.create(tmp_path, clock) as store:
        yield store


@pytest.fixture
def shop(layout: Layout, store: Store) -> Store:
    """A store with three people: two with events, one with none."""
    layout.load(store, people=[ANA, BO, CY], events=EVENTS)
    for person in (ANA, BO):
        layout.further_records(store, person["id"])
    return store
