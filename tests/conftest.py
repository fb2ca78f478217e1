"""What the tests share: the two layouts, a store of each, and how hypothesis runs."""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from data.store import Store
from tests.layouts import LAYOUTS, FixedClock, Layout

settings.register_profile("stable", deadline=None, derandomize=True, database=None)
settings.register_profile("search", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "stable"))

MEMORY, ROOM = Path("/dev/shm"), 2 * 1024**3  # bytes


def pytest_configure() -> None:
    """Stores are synced to the disk with all that is done; to memory, where there is one, fast."""
    unsaid = "TMPDIR" not in os.environ
    if unsaid and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


def pytest_collection_finish() -> None:
    """What was imported stays: to look through it for garbage again and again took a fifth of the
    time of an application's test."""
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


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


class Templates:
    """The folders of what `store` and `shop` are copies of, by layout: to make one takes longer."""

    def __init__(self, folders: pytest.TempPathFactory):
        self._folders = folders
        self._made: dict[tuple[str, str], Path] = {}

    def of(self, layout: Layout, name: str) -> Path:
        if (layout.name, name) not in self._made:
            folder = self._made[layout.name, name] = self._folders.mktemp(name)
            with layout.create(folder) as store:
                if name == "shop":
                    layout.load(store, people=[ANA, BO, CY], events=EVENTS)
                    for person in (ANA, BO):
                        layout.further_records(store, person["id"])
        return self._made[layout.name, name]


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    return Templates(tmp_path_factory)


@pytest.fixture
def store(
    request: pytest.FixtureRequest,
    templates: Templates,
    layout: Layout,
    tmp_path: Path,
    clock: FixedClock,
) -> Iterator[Store]:
    """An empty store; where a test asks for `shop` too, that one."""
    folder = templates.of(layout, "shop" if "shop" in request.fixturenames else "store")
    for each in folder.glob("shop.*"):
        shutil.copy(each, tmp_path)
    with Store.open(tmp_path / "shop.duckdb", clock=clock) as store:
        yield store


@pytest.fixture
def shop(store: Store) -> Store:
    """A store with three people: two with events, one with none."""
    return store
