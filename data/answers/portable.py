"""A JSON Schema of a copy, so that another service can read it without asking."""

import json
from collections.abc import Sequence
from typing import Any

from data.answers.dictionary import Described

DRAFT = "https://json-schema.org/draft/2020-12/schema"

_TYPES: dict[str, dict[str, Any]] = {
    "date": {"type": ["string", "null"], "format": "date"},
    "timestamp": {"type": ["string", "null"], "format": "date-time"},
    "boolean": {"type": ["boolean", "null"]},
    "integer": {"type": ["integer", "null"]},
    "number": {"type": ["number", "null"]},
    "json": {},
}
"""Types of the data map that are no text; a stored text is described by its label only, since
nothing holds it to what an email address or one of a few values should look like."""


def schema(described: Sequence[Described]) -> str:
    """The schema as a JSON text: a line of NAME.json is what `#/$defs/NAME` describes."""
    fields: dict[str, dict[str, Any]] = {}
    for each in described:
        kind = _TYPES.get(each.type, {"type": ["string", "null"]})
        fields.setdefault(each.file, {})[each.name] = {"title": each.label, **kind}
    whole = {
        "$schema": DRAFT,
        "title": "A line of a file of this folder",
        "anyOf": [{"$ref": f"#/$defs/{name}"} for name in fields],
        "$defs": {
            name: {
                "title": f"A line of {name}.json",
                "type": "object",
                "properties": properties,
                "required": list(properties),
                "additionalProperties": False,
            }
            for name, properties in fields.items()
        },
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"
