"""Portability, Article 20: what the person provided and what was observed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from data.answers import dictionary, portable
from data.cursor import Cursor
from data.datamap import Records
from data.rights.access import Copy
from data.rights.plan import Plan


@dataclass(frozen=True)
class Portability(Copy):
    """What was inferred stays out; it is in the answer of Article 15."""

    name: ClassVar[str] = "portability"
    title: ClassVar[str] = "Portability"
    article: ClassVar[str] = "20"
    kinds: ClassVar[tuple[str, ...]] = ("json", "csv", "parquet")

    def scope(self, cursor: Cursor) -> tuple[Sequence[str], Sequence[Records]]:
        return cursor.map.with_origin("provided", "observed")

    def documents(self, cursor: Cursor, plan: Plan) -> Mapping[str, str]:
        described = dictionary.describe(cursor.map, *self.scope(cursor))
        return {
            "schema.json": portable.schema(described),
            "dictionary.json": dictionary.document(described),
        }
