"""What a store is made of: the layout of the data map, and the schema habeas.

Only what a DuckDB file, DuckLake and PostgreSQL share is used: no keys, no checks, no
sequences. Views name no database, so that other programs can open the file and read them.
"""

from collections.abc import Iterator

from data.datamap import DataMap, People, Records
from data.sql import ident, literal, table

VERSION = "5"

PARTS = tuple(f"directory_parts_{n}" for n in range(8))
"""The tables of the parts of the directory: in which of them a part is, its first byte says. DuckDB
goes by every 122,880 rows of a table for each look at it: were it one, of 10M people, for a
millisecond (measured)."""

HABEAS_TABLES = {
    "settings": "name VARCHAR NOT NULL, value VARCHAR NOT NULL",
    "ledger": """seq BIGINT NOT NULL, moment TIMESTAMPTZ NOT NULL, actor VARCHAR NOT NULL,
        action VARCHAR NOT NULL, article VARCHAR NOT NULL, subject VARCHAR, request VARCHAR,
        detail VARCHAR NOT NULL, previous VARCHAR NOT NULL, digest VARCHAR NOT NULL""",
    "reasons": "seq BIGINT NOT NULL, subject VARCHAR NOT NULL, reason VARCHAR NOT NULL",
    "requests": """id VARCHAR NOT NULL, right_asked VARCHAR NOT NULL, subject VARCHAR NOT NULL,
        user_id VARCHAR, details VARCHAR, received DATE NOT NULL, came_by VARCHAR NOT NULL,
        handler VARCHAR NOT NULL, identity VARCHAR NOT NULL, due DATE NOT NULL,
        working VARCHAR NOT NULL, paused_since DATE, paused_days INTEGER NOT NULL,
        extended DATE, status VARCHAR NOT NULL, ground VARCHAR, closed_at TIMESTAMPTZ,
        receipt VARCHAR, origin VARCHAR, content VARCHAR""",
    "notices": """id VARCHAR NOT NULL, entry BIGINT NOT NULL, request VARCHAR,
        subject VARCHAR NOT NULL, recipient VARCHAR NOT NULL, right_done VARCHAR NOT NULL,
        article VARCHAR NOT NULL, fields VARCHAR NOT NULL, person VARCHAR, since DATE NOT NULL,
        status VARCHAR NOT NULL, settled DATE""",
    "restrictions": """person_no BIGINT NOT NULL, user_id VARCHAR NOT NULL,
        person VARCHAR NOT NULL, ground VARCHAR NOT NULL, since TIMESTAMPTZ NOT NULL""",
    "choices": """person_no BIGINT NOT NULL, user_id VARCHAR NOT NULL, channel VARCHAR NOT NULL,
        opted_in BOOLEAN NOT NULL, since TIMESTAMPTZ NOT NULL""",
    "automation_stops": """person_no BIGINT NOT NULL, user_id VARCHAR NOT NULL,
        since TIMESTAMPTZ NOT NULL""",
    "corrections": """person_no BIGINT NOT NULL, user_id VARCHAR NOT NULL,
        field VARCHAR NOT NULL, wrong VARCHAR NOT NULL""",
    "directory": "place BIGINT NOT NULL, person_no BIGINT NOT NULL, line VARCHAR NOT NULL",
    **dict.fromkeys(PARTS, "part BIGINT NOT NULL, place BIGINT NOT NULL"),
    "erased": "subject VARCHAR NOT NULL, since TIMESTAMPTZ NOT NULL",
}
"""Habeas's own tables.

requests keeps in `origin` the id another system gave a request, in `content` a keyed hash of
what it said. notices keeps in `person` what a recipient knows the person by, until the
recipient was told. restrictions has a row for every id of a restricted person, `person` being
the key. choices holds what the person said about a channel; an import never overrules it.
corrections holds keyed hashes of values found wrong, so that an import does not bring them back.
directory has a line for each person, a JSON list of their id and what else identifies them,
PARTS the pieces of those to search by: see data.directory.
erased holds the keyed hashes of the ids of erased people, for the same reason.
"""

ORDERS = {"directory": ["place"], **{each: ["part", "place"] for each in PARTS}}
"""The columns in whose order tables of the schema habeas are kept; others are in any."""

PERSONAL = ("restrictions", "choices", "automation_stops", "corrections")
"""The tables of the schema habeas whose rows go with the person."""


def statements(datamap: DataMap) -> Iterator[str]:
    """The statements that make an empty store; the people's tables only where missing."""
    for each in datamap.tables:
        if "." in each.table:
            yield f"CREATE SCHEMA IF NOT EXISTS {ident(each.table.split('.')[0])}"
        columns = ", ".join(f"{ident(name)} {kind}" for name, kind in each.columns.items())
        yield f"CREATE TABLE IF NOT EXISTS {qualified(each)} ({columns})"
    yield "CREATE SCHEMA habeas"
    for name, columns in HABEAS_TABLES.items():
        yield f"CREATE TABLE habeas.{ident(name)} ({columns})"
    yield from views(datamap)


def qualified(each: People | Records) -> str:
    """The quoted table with its schema; `main` where the map names none."""
    return table(each.table if "." in each.table else f"main.{each.table}")


def order(each: People | Records) -> list[str]:
    """The columns in whose order the rows of a table are kept, so that a person's are together.

    Where there is a number, the key beside it makes the sort of a load a tenth longer (measured).
    """
    if isinstance(each, People):
        return [each.key]
    return [each.number or each.key, each.time, each.id]


def views(datamap: DataMap) -> Iterator[str]:
    """The views that jobs downstream read, so that restriction and objection hold there."""
    people = datamap.people
    yield _view("processable_profiles", _unrestricted(people))
    for records in datamap.records:
        yield _view(f"processable_{records.name}", _unrestricted(records))
    yield _view("reachable", " UNION ALL ".join(_reachable(people)) or _NOBODY)
    yield _view(
        "decidable_profiles",
        f"SELECT * FROM habeas.processable_profiles WHERE {ident(people.key)} NOT IN "
        "(SELECT user_id FROM habeas.automation_stops)",
    )


_NOBODY = "SELECT '' AS user_id, '' AS channel WHERE false"


def _view(name: str, select: str) -> str:
    return f"CREATE OR REPLACE VIEW habeas.{ident(name)} AS {select}"


def _unrestricted(each: People | Records) -> str:
    return (
        f"SELECT * FROM {qualified(each)} WHERE {ident(each.key)} IS NOT NULL "
        f"AND {ident(each.key)} NOT IN (SELECT user_id FROM habeas.restrictions)"
    )


def _reachable(people: People) -> Iterator[str]:
    """For each channel those who opted in: nobody is reachable by having said nothing."""
    for name, channel in people.channels.items():
        key = f"p.{ident(people.key)}"
        source = (
            f"SELECT {key} AS user_id, {literal(name)} AS channel "
            "FROM habeas.processable_profiles p"
        )
        if channel.column:
            yield f"{source} WHERE p.{ident(channel.column)}"
        else:
            yield (
                f"{source} JOIN habeas.choices c ON c.user_id = {key} "
                f"WHERE c.channel = {literal(name)} AND c.opted_in"
            )
