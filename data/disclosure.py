"""Personal data that was shown where it is hidden by default: who saw whose, Article 5(2)."""

from collections.abc import Sequence

from data import ledger
from data.ledger import By
from data.store import Store


def record(store: Store, subject_ids: Sequence[str], by: By) -> None:
    """One ledger entry that the data of these people was revealed, by their keyed hashes."""
    with store.transaction() as cursor:
        people = [cursor.pseudonym(each) for each in subject_ids]
        ledger.append(cursor, by, "data revealed", article="5(2)", detail={"people": people})
