"""The drill: erased and purged, then a backup of before is restored, and it all holds again."""

import shutil
from pathlib import Path

import pytest

from data import ledger
from data.errors import Refused
from data.replay import counted, replay
from data.rights.erasure import Erasure
from data.rights.restriction import Restriction
from tests.acts import exercise
from tests.layouts import BUILT_IN, BY, Snapshot, snapshot
from tests.purged import compression, found, load, opened, purged, somebody  # noqa: F401

pytestmark = pytest.mark.slow

ERASED, RESTRICTED, OTHERS = 30, 10, 10
OF_THE_LEDGER = {"habeas.ledger", "habeas.settings"}


def held(path: Path) -> Snapshot:
    with opened(path) as store:
        return {name: rows for name, rows in snapshot(store).items() if name not in OF_THE_LEDGER}


def test_a_backup_that_is_restored_forgets_the_same_people_again(
    tmp_path: Path, compression: str  # noqa: F811
) -> None:  # fmt: skip
    path = tmp_path / "store" / "shop.duckdb"
    BUILT_IN.create(path.parent).close()
    people = [*somebody(7, ERASED + RESTRICTED + OTHERS)]
    gone, held_back = people[:ERASED], people[ERASED:-OTHERS]
    with opened(path, compression) as store:
        load(store, tmp_path, people)
    backup = Path(shutil.copy(path, tmp_path / "backup.duckdb"))
    with opened(path, compression) as store:
        for each in gone:
            exercise(store, Erasure("child"), of=each.id)
        for each in held_back:
            exercise(store, Restriction("accuracy"), of=each.id)
    purged(path)
    never_restored = held(path)

    shutil.copy(backup, path)
    with opened(path, compression) as store:
        for refused in (
            lambda: exercise(store, Restriction("claims"), of=people[-1].id),
            lambda: load(store, tmp_path, gone),
        ):
            with pytest.raises(Refused, match="30 × erasure, 10 × restriction"):
                refused()
    with pytest.raises(Refused, match="replay"):
        purged(path)
    with opened(path, compression) as store:
        again = replay(store, BY)
        assert [each.entry.action for each in again.left] == ["purge"]
        assert counted(again.done) == {"erasure": ERASED, "restriction": RESTRICTED}
        load(store, tmp_path, gone)
    purged(path)

    assert held(path) == never_restored
    with opened(path) as store, store.reading() as cursor:
        assert ledger.verify(cursor) == []
        assert store.ledger_file.lost == ()
    for each in gone:
        assert found(path.parent, each.markers) == []
