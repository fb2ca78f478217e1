"""Portability, Article 20: what the person provided and what was observed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import ClassVar

from data.answers import dictionary, portable
from data.answers.bundle import Copied
from data.cursor import Cursor
from data.datamap import Records
from data.people import Person
from data.rights.access import Copy


@dataclass(frozen=True)
class Portability(Copy):
    """What was inferred stays out; it is in the answer of Article 15."""

    name: ClassVar[str] = "portability"
    title: ClassVar[str] = "Portability"
    article: ClassVar[str] = "20"
    kinds: ClassVar[tuple[str, ...]] = ("json", "csv", "parquet")

    @classmethod
    def scope(cls, cursor: Cursor) -> tuple[Sequence[str], Sequence[Records]]:
        return cursor.map.with_origin("provided", "observed")

    @classmethod
    def documents(
        cls, cursor: Cursor, people: Sequence[Person], copy: Sequence[Copied]
    ) -> Iterator[Mapping[str, str]]:
        described = dictionary.describe(cursor.map, *cls.scope(cursor))
        documents = {
            "schema.json": portable.schema(described),
            "dictionary.json": dictionary.document(described),
        }
        return repeat(documents, len(people))
