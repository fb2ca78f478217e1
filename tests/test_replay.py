"""A store that was restored from a backup is made what it was, but for what no ledger may hold."""

from pathlib import Path

import pytest

from data import ledger, people
from data.errors import Refused
from data.ledger import By
from data.register import notices, requests
from data.register.extension import extend
from data.register.identification import identify
from data.register.refusal import refuse
from data.replay import replay
from data.rights.automation import Automation
from data.rights.erasure import Erasure
from data.rights.objection import Objection, Opposition, Subscription
from data.rights.rectification import Rectification
from data.rights.restriction import Lifting, Restriction
from data.store import Store
from tests.acts import exercise, receive, receive_known, request, run
from tests.conftest import ANA, BO, CY
from tests.layouts import BY, FixedClock, Layout, changed, snapshot
from tests.restoring import back_up, entries, held, replayed, restore

WHY = By("handler", "as the file says")


def crowd(layout: Layout, store: Store, size: int = 60) -> list[str]:
    """People with an event each; their ids."""
    ids = [f"p-{number:02}" for number in range(size)]
    layout.load(
        store,
        people=[{"id": each, "last": "x", "email": f"{each}@example.org"} for each in ids],
        events=[{"who": each, "time": "2026-01-01", "what": "home"} for each in ids],
    )
    for each in ids[:40]:
        layout.further_records(store, each)
    return ids


def test_the_drill(layout: Layout, store: Store) -> None:
    """Thirty erased and ten restricted since the backup: as if it had never been restored."""
    ids = crowd(layout, store)
    exercise(store, Restriction("claims"), of=ids[45])
    backup = back_up(store)
    for each in ids[:30]:
        exercise(store, Erasure("child"), of=each)
    for each in ids[30:40]:
        exercise(store, Restriction("accuracy"), of=each)
    exercise(store, Objection(layout.channels), of=ids[40])
    exercise(store, Subscription([layout.channels[0]]), of=ids[41])
    exercise(store, Automation(True), of=ids[42])
    exercise(store, Opposition(), of=ids[43])
    exercise(store, Lifting("2026-11-23"), of=ids[45])
    before, written = held(store), entries(store)

    store = restore(store, backup)
    with pytest.raises(Refused, match="30 × erasure, 10 × restriction"):
        exercise(store, Restriction("claims"), of=ids[50])
    done = replayed(store)

    assert done.left == []
    assert done.done["erasure"] == 30
    assert held(store) == before
    *again, last = entries(store)
    assert again == written
    assert (last.action, last.article) == ("replay", "5(2)")
    assert last.facts["done"] == done.done
    with store.reading() as cursor:
        assert ledger.verify(cursor) == []
        assert list(store.ledger_file.entries()) == entries(store)
    exercise(store, Restriction("claims"), of=ids[50])
    store.close()


def test_no_import_brings_back_who_was_erased_since(layout: Layout, shop: Store) -> None:
    backup = back_up(shop)
    exercise(shop, Erasure("child"))
    store = restore(shop, backup)
    replayed(store)
    loaded = layout.load(store, people=[ANA])
    assert loaded.people
    assert (loaded.people.added, loaded.people.erased) == (0, 1)
    store.close()
