"""The data map is read from its file, and what is wrong with it is said by name and line."""

from pathlib import Path

import pytest

from data import mapfile
from data.datamap import COLUMN_TYPES, Kept
from data.errors import MapError, StoreUnavailable
from data.store import Store
from tests.layouts import BUILT_IN, SECOND, Layout

WHOLE = SECOND.map_text


def fault(text: str) -> str:
    with pytest.raises(MapError) as raised:
        mapfile.parse(text, "shop.map.toml")
    return raised.value.happened


def line_of(text: str, part: str, occurrence: int = 1) -> int:
    lines = [n for n, line in enumerate(text.splitlines(), 1) if line.startswith(part)]
    return lines[occurrence - 1]


def broken(old: str, new: str) -> str:
    assert old in WHOLE
    return WHOLE.replace(old, new, 1)


def test_the_map_that_ships_describes_the_built_in_layout() -> None:
    shipped = mapfile.built_in()
    assert shipped.people.table == "profiles"
    assert [each.name for each in shipped.records] == ["events"]
    assert list(shipped.people.channels) == ["push", "in_app", "sms", "web_push", "email"]
    assert shipped.people.identifying == ("user_id", "first_name", "last_name", "email", "phone")
    assert shipped.people.columns["person_no"] == "BIGINT"


def test_an_empty_map_is_the_built_in_one() -> None:
    assert mapfile.parse("") == mapfile.parse(" \n") == mapfile.built_in()


def test_a_map_that_extends_the_built_in_one_says_only_what_differs() -> None:
    mine = mapfile.parse(
        'extends = "built-in"\n[controller]\nname = "Shop"\n[people.fields.email]\nlabel = "Mail"\n'
        '[recipients.mailer]\nname = "Mailer"\nreceives = ["contact"]\n'
    )
    shipped = mapfile.built_in()
    assert mine.controller.name == "Shop"
    assert mine.controller.timezone == shipped.controller.timezone
    assert mine.people.fields["email"].label == "Mail"
    assert mine.people.fields["email"].type == "email"
    assert list(mine.people.fields) == list(shipped.people.fields)
    assert mine.recipients_of({"contact"}) == ("Mailer",)
    assert mine.records == shipped.records


def test_a_map_of_its_own_has_nothing_of_the_built_in_one() -> None:
    assert "user_id" not in SECOND.map.people.columns
    assert [each.name for each in SECOND.map.records] == ["visits", "ratings", "invoices"]


def test_only_the_built_in_map_can_be_extended() -> None:
    assert 'extends "mine"' in fault('extends = "mine"\n')


def test_what_is_no_toml_is_said_with_its_line() -> None:
    assert "shop.map.toml is not TOML" in fault("version = 1\nname = \n")
    assert "line 2" in fault("version = 1\nname = \n")


KEEPS_WHOSE_IT_IS = 'on_erasure = { keep = ["n"], ground = "17(3)(b)", years = 1 }'
FAULTS = [
    # what is written, in place of what; the path that is named; the line it stands in
    ('name = "Kunstverein e. V."', 'nmae = "x"', "controller.nmae", "nmae"),
    ('label = "Mail"', "label = 5", "people.fields.mail.label", "label = 5"),
    ('label = "Born"', 'label = "Born"\nkind = 1', "people.fields.born.kind", "kind = 1"),
    ("identifies = true", 'identifies = "yes"', "people.fields.member.identifies", "identifies ="),
    ("version = 1", 'version = "1"', "version", "version"),
    ("version = 1", "version = true", "version", "version"),
    ("version = 1", "version = 2", "version", "version"),
    ('"Europe/Berlin"', '"Europe/Nowhere"', "controller.timezone", "timezone"),
    ('"Europe/Berlin"', '"Europe"', "controller.timezone", "timezone"),
    ('"Europe/Berlin"', '"../etc/passwd"', "controller.timezone", "timezone"),
    ('country = "DE"', 'country = "de"', "controller.country", 'country = "de"'),
    ('country = "DE"', 'day_one = "first"', "controller.day_one", "day_one"),
    ('["members"]\nidentifies', '["fun"]\nidentifies', "people.fields.surname.purposes",
     'purposes = ["fun"]'),
    ('["visits", "scores"]', '["visits", "x"]', "recipients.analyst.receives", 'receives = ["v'),
    ('receives = ["contact"]', 'receives = "contact"', "recipients.printer.receives", "receives"),
    ('type = "email"', 'type = "mail"', "people.fields.mail.type", 'type = "m'),
    ('origin = "inferred"', 'origin = "guessed"', "people.fields.score.origin", 'origin = "g'),
    ('key = "member"', 'key = "nobody"', "people.key", "key"),
    ('rest = "extra"', 'rest = "nothing"', "people.rest", "rest"),
    ('rest = "extra"', 'rest = "surname"', "people.rest", "rest"),
    ('rest = "extra"', 'rest = "extra"\nupdated = "born"', "people.updated", "updated"),
    ('rest = "extra"', 'rest = "extra"\nmerged_ids = "mail"', "people.merged_ids", "merged_ids"),
    ('rest = "extra"', 'rest = "extra"\ncreated = "mail"', "people.created", "created"),
    ('rest = "extra"', 'rest = "extra"\ncountry = "born"', "people.country", 'country = "b'),
    ('rest = "extra"', 'rest = "extra"\ncountry = "land"', "people.country", 'country = "l'),
    ('name = "visits"', 'name = "Visits!"', "records.0.name", "name = \"V"),
    ('name = "visits"', 'name = "profile"', "records.0.name", 'name = "profile"'),
    ('name = "visits"', 'name = "profiles"', "records.0.name", 'name = "profiles"'),
    ('name = "ratings"', 'name = "visits"', "records.1.name", ("name = \"visits\"", 2)),
    ('"scores"\norigin = "inferred"\n', '"x"\norigin = "in"\n', "people.fields.score.origin",
     'origin = "in"'),
    ('name = "invoices"', 'name = "ratings"', "records.2.name", ("name = \"ratings\"", 2)),
    ('values = ["friend", "patron"]', "", "people.fields.standing.values", "[people.fields.st"),
    ('type = "email"', 'type = "email"\nvalues = ["x"]', "people.fields.mail.values", "values"),
    ('type = "enumeration"\n', "", "people.fields.standing.values", "values"),
    ('"friend", "patron"', '"friend", 5', "people.fields.standing.values.1", "values"),
    ('"number", "amount"', '"number", "weight"', "records.2.on_erasure", "on_erasure"),
    ('"number", "amount"', '"number", "customer"', "records.2.on_erasure", "on_erasure"),
    ('"17(3)(b)"', '"17(1)(b)"', "records.2.on_erasure", "on_erasure"),
    ('"17(3)(b)"', '"17(3)"', "records.2.on_erasure", "on_erasure"),
    ("years = 10", "years = 0", "records.2.on_erasure", "on_erasure"),
    ("years = 10", "years = true", "records.2.on_erasure.years", "on_erasure"),
    (", years = 10", "", "records.2.on_erasure.years", "on_erasure"),
    (", years = 10", ", years = 10, months = 6", "records.2.on_erasure.months", "on_erasure"),
    ('keep = [', 'drop = [', "records.2.on_erasure.drop", "on_erasure"),
    ('on_erasure = {', 'on_erasure = "keep"\n# {', "records.2.on_erasure", "on_erasure"),
    ('label = "Amount"\ntype = "number"', 'label = "Amount"\ntype = "money"',
     "records.2.fields.amount.type", 'type = "money"'),
    ('label = "Address"', 'label = 5', "records.2.fields.address.label", "label = 5"),
    ('label = "Address"', 'title = "Address"', "records.2.fields.address.title", "title"),
    ('number = "n"\n', f'number = "n"\n{KEEPS_WHOSE_IT_IS}\n', "records.1.on_erasure",
     "on_erasure"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "path", "at"), FAULTS, ids=[f"{f[2]} {f[1]!r}" for f in FAULTS]
)
def test_a_fault_is_named_by_path_and_line(
    old: str, new: str, path: str, at: str | tuple[str, int]
) -> None:
    text = broken(old, new)
    line = line_of(text, at) if isinstance(at, str) else line_of(text, *at)
    assert f"shop.map.toml, line {line}: {path}: " in fault(text)


def test_a_fault_in_the_second_table_of_records_is_found_in_its_own_lines() -> None:
    start = WHOLE.index('name = "ratings"')
    text = WHOLE[:start] + WHOLE[start:].replace('origin = "inferred"', 'origin = "guessed"')
    line = line_of(text, 'origin = "guessed"')
    assert f"line {line}: records.1.origin: guessed" in fault(text)


def test_what_an_erasure_keeps_is_said_in_the_map() -> None:
    kept = {each.name: each.on_erasure for each in SECOND.map.records}
    assert kept == {
        "visits": None,
        "ratings": None,
        "invoices": Kept(("number", "amount", "issued_at"), "17(3)(b)", 10),
    }


def test_what_an_erasure_deletes_may_be_said_too() -> None:
    text = broken("on_erasure = {", 'on_erasure = "delete"\n# {')
    assert mapfile.parse(text).records[2].on_erasure is None


def test_further_columns_of_a_table_of_records_have_a_type() -> None:
    columns = SECOND.map.records[2].columns
    assert (columns["amount"], columns["address"]) == ("DOUBLE", "VARCHAR")


def test_a_missing_key_is_named_with_the_line_of_its_table() -> None:
    text = broken('type = "date"\ncategory = "identity"\n', 'type = "date"\n')
    line = line_of(text, "[people.fields.born]")
    assert f"line {line}: people.fields.born.category: is missing" in fault(text)
    text = broken('time = "made"\n', "")
    assert f"line {line_of(text, '[[records]]', 2)}: records.1.time: is missing" in fault(text)


def test_a_missing_table_is_named() -> None:
    assert "people: is missing" in fault("version = 1\nrecords = []\n[controller]\n")


def test_a_list_is_checked_member_by_member() -> None:
    text = broken('["visits", "scores"]', '["visits", 5]')
    line = line_of(text, 'receives = ["visits"')
    assert f"line {line}: recipients.analyst.receives.1: must be a text" in fault(text)


def test_a_map_without_records_is_refused() -> None:
    text = WHOLE[: WHOLE.index("[[records]]")].replace("version = 1", "version = 1\nrecords = []")
    assert "records: is empty" in fault(text)


def test_a_fault_of_an_overlay_is_named_by_its_own_line() -> None:
    assert "line 4: people.fields.email.origin: sold is none of" in fault(
        'extends = "built-in"\n\n[people.fields.email]\norigin = "sold"\n'
    )


def test_every_type_of_a_field_has_a_column_type() -> None:
    for kind in COLUMN_TYPES:
        values = '\nvalues = ["x"]' if kind == "enumeration" else ""
        text = broken('type = "date"', f'type = "{kind}"{values}')
        assert mapfile.parse(text).people.columns["born"] == COLUMN_TYPES[kind]


def test_the_map_beside_a_store_is_the_stores_map(tmp_path: Path) -> None:
    path = tmp_path / "shop.duckdb"
    assert mapfile.beside(path) == mapfile.built_in()
    (tmp_path / "shop.map.toml").write_text(WHOLE, "utf-8")
    assert mapfile.beside(path) == SECOND.map


@pytest.mark.parametrize("content", [b"\xff\xfe", b"version = '\xe9'"])
def test_a_map_beside_a_store_that_is_not_utf_8_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "shop.map.toml").write_bytes(content)
    with pytest.raises(MapError, match=r"shop\.map\.toml"):
        mapfile.beside(tmp_path / "shop.duckdb")


def test_a_store_is_opened_with_the_map_beside_it(layout: Layout, tmp_path: Path) -> None:
    layout.create(tmp_path).close()
    with Store.open(tmp_path / "shop.duckdb") as store:
        assert store.map == layout.map


def test_a_map_with_a_column_the_store_lacks_is_refused(layout: Layout, tmp_path: Path) -> None:
    layout.create(tmp_path).close()
    table = layout.map.people.table
    text = layout.map_text + "\n[people.fields.shoe_size]\n"
    text += 'label = "x"\ncategory = "x"\norigin = "provided"\n'
    with pytest.raises(MapError, match=f"{table} does not have: shoe_size"):
        Store.open(tmp_path / "shop.duckdb", mapfile.parse(text))


def test_a_map_with_a_table_the_store_lacks_is_refused(tmp_path: Path) -> None:
    BUILT_IN.create(tmp_path).close()
    with pytest.raises(MapError, match=r"names the table crm\.members; the store has none"):
        Store.open(tmp_path / "shop.duckdb", SECOND.map)


def test_a_store_of_the_wrong_map_is_left_free_for_others(tmp_path: Path) -> None:
    BUILT_IN.create(tmp_path).close()
    with pytest.raises(MapError):
        Store.open(tmp_path / "shop.duckdb", SECOND.map)
    with pytest.raises(StoreUnavailable):
        Store.create(tmp_path / "shop.duckdb", BUILT_IN.map)
    Store.open(tmp_path / "shop.duckdb", BUILT_IN.map).close()
