"""Staged people into the table of people: known ones brought up to date, new ones added.

A field without a value in the file is left as it is. What the person had corrected, objected
to or restricted is not undone by a file that does not know of it.
"""

from data import directory
from data.cursor import Cursor
from data.datamap import People
from data.intake.staging import Staged
from data.schema import qualified
from data.sql import ident, idents, literal
from data.subject import number_sql, pseudonym_sql

NEW = "habeas_new_people"
"""The temporary table of people to be added, in order of their id."""


def choose_new(cursor: Cursor, staged: Staged | None, records: Staged | None) -> tuple[int, int]:
    """Makes the table of people to be added: how many of a file, and how many by records alone.

    The latter have nothing but their id.
    """
    people = cursor.map.people
    columns, key = idents(people.columns), ident(people.key)
    sources = [f"SELECT {columns} FROM {qualified(people)} LIMIT 0"]
    of_file = 0
    if staged:
        new = f"FROM {staged.name} WHERE {key} NOT IN (SELECT {key} FROM {qualified(people)})"
        of_file = cursor.value(f"SELECT count(*) {new}")
        sources.append(f"SELECT {columns} {new}")
    if records:
        sources.append(_by_records(people, staged, records))
    every = " UNION ALL BY NAME ".join(f"({each})" for each in sources)
    cursor.run(f"CREATE TEMP TABLE {NEW} AS SELECT * FROM ({every}) ORDER BY {key}")
    return of_file, cursor.value(f"SELECT count(*) FROM {NEW}") - of_file


def _by_records(people: People, staged: Staged | None, records: Staged) -> str:
    """The people whom nothing but these records tells of, in SQL."""
    key, tables = ident(people.key), [qualified(people), *([staged.name] if staged else [])]
    known = [f"SELECT {key} FROM {table}" for table in tables]
    if people.merged_ids:
        merged = f"unnest(from_json({ident(people.merged_ids)}, '[\"VARCHAR\"]'))"
        known += [
            f"SELECT {merged} FROM {table} WHERE {ident(people.merged_ids)} IS NOT NULL"
            for table in tables
        ]
    number = f", {number_sql('id')} AS {ident(people.number)}" if people.number else ""
    return (
        f"SELECT id AS {key}{number} FROM "
        f"(SELECT DISTINCT {ident(records.table.key)} AS id FROM {records.name}) "
        f"WHERE id NOT IN ({' UNION ALL '.join(known)})"
    )


def add(cursor: Cursor) -> None:
    """Adds those chosen. People are kept in order of their key, so where the new ones do not
    all come after those there are, the table is written anew."""
    people = cursor.map.people
    table, key = qualified(people), ident(people.key)
    last = cursor.value(f"SELECT max({key}) FROM {table}")
    first = cursor.value(f"SELECT min({key}) FROM {NEW}")
    if first is None:
        return
    if last is None or first > last:
        cursor.run(f"INSERT INTO {table} BY NAME SELECT * FROM {NEW}")
    else:
        cursor.run(
            f"CREATE TEMP TABLE habeas_everyone AS SELECT * FROM {table} "
            f"UNION ALL BY NAME SELECT * FROM {NEW}"
        )
        cursor.run(f"DELETE FROM {table}")
        cursor.run(f"INSERT INTO {table} BY NAME SELECT * FROM habeas_everyone ORDER BY {key}")
        cursor.run("DROP TABLE habeas_everyone")
    directory.enter_in_order(cursor, NEW)


def update(cursor: Cursor, staged: Staged) -> int:
    """Brings the known people up to date with what the file says; how many changed."""
    people = cursor.map.people
    given = [name for name in people.columns if name in staged.given and name != people.key]
    if not given:
        return 0
    key, table = ident(people.key), qualified(people)
    guards = {name: guard for name, guard in _guards(cursor, people).items() if name in given}
    news = [f"{_new_value(people, name, guards.get(name))} AS {ident(name)}" for name in given]
    cursor.run(
        f"CREATE TEMP TABLE habeas_changed AS SELECT i.* FROM "
        f"(SELECT p.{key}, {', '.join(news)} FROM {staged.name} i JOIN {table} p "
        f"ON i.{key} = p.{key}) i JOIN {table} p ON i.{key} = p.{key} "
        f"WHERE {' OR '.join(f'i.{ident(n)} IS DISTINCT FROM p.{ident(n)}' for n in given)}",
        **({"keyed": cursor.keyed} if any("$keyed" in guard for guard in guards.values()) else {}),
    )
    settings = [f"{ident(name)} = c.{ident(name)}" for name in given]
    values = {}
    if people.updated and people.updated not in given:
        settings.append(f"{ident(people.updated)} = $now")
        values["now"] = cursor.now
    changed = cursor.run(
        f"UPDATE {table} AS p SET {', '.join(settings)} FROM habeas_changed c "
        f"WHERE p.{key} = c.{key}",
        **values,
    )
    if {*given} & {*people.identifying}:
        changed_ids = f"SELECT {key} AS id FROM habeas_changed"
        directory.leave(cursor, directory.lines(changed_ids))
        directory.enter(cursor, f"SELECT * FROM {table} WHERE {key} IN ({changed_ids})")
    cursor.run("DROP TABLE habeas_changed")
    return changed


def _new_value(people: People, name: str, guard: str | None) -> str:
    """The value a known person `p` has after row `i` of the file, in SQL."""
    old, new = f"p.{ident(name)}", f"i.{ident(name)}"
    value = f"coalesce({new}, {old})"
    if name == people.rest:
        merged = f"json_merge_patch({old}, {new})"
        value = (
            f"CASE WHEN {new} IS NULL OR {_members(merged)} = {_members(old)} THEN {old} "
            f"WHEN {old} IS NULL THEN {new} ELSE {merged} END"
        )
    elif name == people.merged_ids:
        both = " || ".join(
            f"coalesce(from_json({each}, '[\"VARCHAR\"]'), [])" for each in (old, new)
        )
        value = (
            f"CASE WHEN {new} IS NULL OR {new} = {old} THEN {old} "
            f"ELSE to_json(list_sort(list_distinct({both}))) END"
        )
    return f"CASE WHEN {guard} THEN {old} ELSE {value} END" if guard else value


def _members(value: str) -> str:
    """What a JSON object holds, in whatever order it stands there, in SQL."""
    return f"list_sort(map_entries(TRY_CAST({value} AS MAP(VARCHAR, JSON))))"


def _guards(cursor: Cursor, people: People) -> dict[str, str]:
    """For each column that the law holds fast for somebody: when row `i` must not change it."""
    guards = {}
    for (name,) in cursor.rows("SELECT DISTINCT field FROM habeas.corrections"):
        field = f"field = {literal(name)}"
        if people.columns[name] == "JSON":
            # A JSON value is merged on the way in, so a wrong part could come back in a whole.
            held = f"(SELECT user_id FROM habeas.corrections WHERE {field})"
            guards[name] = f"i.{ident(people.key)} IN {held}"
        else:
            wrong = pseudonym_sql(f"CAST(i.{ident(name)} AS VARCHAR)")
            held = f"(SELECT user_id, wrong FROM habeas.corrections WHERE {field})"
            guards[name] = f"(i.{ident(people.key)}, {wrong}) IN {held}"
    for name, channel in people.channels.items():
        if channel.column:
            held = f"(SELECT user_id FROM habeas.choices WHERE channel = {literal(name)})"
            guards[channel.column] = f"i.{ident(people.key)} IN {held}"
    return guards
