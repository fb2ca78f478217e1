"""Whom the keyed hashes of the ledger stand for, among all ids that the store knows."""

from collections.abc import Iterable, Iterator

from data.cursor import Cursor
from data.datamap import DataMap
from data.identities import further
from data.schema import PERSONAL, qualified
from data.sql import ident
from data.subject import pseudonym_sql


def find(cursor: Cursor, subjects: Iterable[str]) -> dict[str, str]:
    """The id for each of these keyed hashes; without those that no id of the store has."""
    return dict(
        cursor.rows(
            f"SELECT * FROM (SELECT {pseudonym_sql('id')} AS subject, id FROM "
            f"(SELECT DISTINCT id FROM ({' UNION ALL '.join(_known(cursor.map))}))) "
            "WHERE subject IN (SELECT unnest($subjects))",
            keyed=cursor.keyed,
            subjects=list(subjects),
        )
    )


def _known(datamap: DataMap) -> Iterator[str]:
    """Selects of every id: of people, of their records, merged ones, and those of who asked."""
    for each in datamap.tables:
        key = ident(each.key)
        yield f"SELECT {key} AS id FROM {qualified(each)} WHERE {key} IS NOT NULL"
    if datamap.people.merged_ids:
        yield f"SELECT text AS id FROM ({further(datamap)})"
    for name in (*PERSONAL, "requests"):
        yield f"SELECT user_id AS id FROM habeas.{name} WHERE user_id IS NOT NULL"
