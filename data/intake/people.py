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
"""The temporary table of people to be added, with all columns of the map."""


def prepare(cursor: Cursor) -> None:
    """An empty table of people to be added."""
    people = cursor.map.people
    cursor.run(
        f"CREATE TEMP TABLE {NEW} AS SELECT {idents(people.columns)} FROM {qualified(people)} "
        "LIMIT 0"
    )


def choose_new(cursor: Cursor, staged: Staged) -> int:
    """Marks those who are not in the store yet to be added; how many."""
    people = cursor.map.people
    key = ident(people.key)
    return cursor.run(
        f"INSERT INTO {NEW} SELECT {idents(people.columns)} FROM {staged.name} "
        f"WHERE {key} NOT IN (SELECT {key} FROM {qualified(people)})"
    )


def choose_unknown(cursor: Cursor, staged: Staged) -> int:
    """Marks the people known by these records alone to be added with their id; how many."""
    people = cursor.map.people
    key = ident(people.key)
    known = f"SELECT {key} FROM {qualified(people)} UNION ALL SELECT {key} FROM {NEW}"
    if people.merged_ids:
        merged = f"unnest(from_json({ident(people.merged_ids)}, '[\"VARCHAR\"]'))"
        known += "".join(
            f" UNION ALL SELECT {merged} FROM {table} WHERE {ident(people.merged_ids)} IS NOT NULL"
            for table in (qualified(people), NEW)
        )
    number = (ident(people.number), number_sql("id")) if people.number else None
    columns, values = zip(*filter(None, [number, (key, "id")]), strict=True)
    return cursor.run(
        f"INSERT INTO {NEW} ({', '.join(columns)}) SELECT {', '.join(values)} FROM "
        f"(SELECT DISTINCT {ident(staged.table.key)} AS id FROM {staged.name}) "
        f"WHERE id NOT IN ({known})"
    )


def add(cursor: Cursor) -> None:
    """Adds those marked. People are kept in order of their key, so where the new ones do not
    all come after those there are, the table is written anew."""
    people = cursor.map.people
    table, key = qualified(people), ident(people.key)
    last = cursor.value(f"SELECT max({key}) FROM {table}")
    first = cursor.value(f"SELECT min({key}) FROM {NEW}")
    if first is None:
        return
    everyone = NEW
    if last is not None and first <= last:
        everyone = "habeas_everyone"
        cursor.run(
            f"CREATE TEMP TABLE {everyone} AS SELECT * FROM {table} "
            f"UNION ALL BY NAME SELECT * FROM {NEW}"
        )
        cursor.run(f"DELETE FROM {table}")
    cursor.run(f"INSERT INTO {table} BY NAME SELECT * FROM {everyone} ORDER BY {key}")
    if everyone != NEW:
        cursor.run(f"DROP TABLE {everyone}")
    directory.enter(cursor, f"SELECT * FROM {NEW}")


def update(cursor: Cursor, staged: Staged) -> int:
    """Brings the known people up to date with what the file says; how many changed."""
    people = cursor.map.people
    given = [name for name in people.columns if name in staged.given and name != people.key]
    if not given:
        return 0
    key, table = ident(people.key), qualified(people)
    guards = _guards(cursor, people)
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
