"""Telling the recipients, Article 19: who was given data that changed."""

from collections.abc import Iterable

from data.cursor import Cursor


def recipients_of_fields(cursor: Cursor, names: Iterable[str]) -> tuple[str, ...]:
    """The names of the recipients that get any of these fields."""
    fields = cursor.map.people.fields
    return cursor.map.recipients_of({fields[name].category for name in names})


def recipients_of_all(cursor: Cursor) -> tuple[str, ...]:
    """The names of the recipients that get anything about a person."""
    return cursor.map.recipients_of(cursor.map.categories)
