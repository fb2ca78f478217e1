"""Made-up stores and files to measure on: the same numbers, the same data."""

from pathlib import Path

import duckdb

from data import directory
from data.schema import order, qualified
from data.sql import idents
from data.store import Store
from data.subject import number_sql


def user_id(place: int) -> str:
    return f"customer-{place:08}"


_ID = "'customer-' || lpad(CAST(i AS VARCHAR), 8, '0')"


def people(count: int) -> str:
    """So many people, as a select."""
    return f"""SELECT {_ID} AS user_id, 'First' || i % 97 AS first_name,
        'Last' || i % 1009 AS last_name, 'p' || i || '@example.org' AS email,
        '+316' || lpad(CAST(i AS VARCHAR), 8, '0') AS phone,
        DATE '1950-01-01' + CAST(i % 20000 AS INTEGER) AS birth_date, 'City' || i % 50 AS city,
        'NL' AS country, i % 2 = 0 AS push_opt_in, i % 3 = 0 AS sms_opt_in,
        i % 3 > 0 AS email_opt_in,
        TIMESTAMPTZ '2020-01-01' + to_seconds(i * 37 % 157680000) AS created_at
        FROM range(1, {count + 1}) r(i)"""


def events(count: int, each: int, *, of_one: int = 0) -> str:
    """So many events of each of so many people, as a select; the first has `of_one`."""
    return f"""SELECT user_id, md5(user_id || '-' || e) AS event_id,
        list_extract(['home', 'search', 'product_view', 'add_to_cart', 'purchase'],
            CAST(1 + hash(e) % 5 AS INTEGER)) AS event_name,
        TIMESTAMPTZ '2025-01-01' + to_seconds(CAST(hash(user_id, e) % 47304000 AS BIGINT))
            AS event_time,
        json_object('platform', list_extract(['desktop', 'android', 'ios'],
            CAST(1 + hash(e, 2) % 3 AS INTEGER)), 'value', CAST(hash(e, 3) % 20000 AS INTEGER))
            AS properties
        FROM (SELECT {_ID} AS user_id,
            unnest(range(CASE WHEN i = 1 THEN {of_one or each} ELSE {each} END)) AS e
            FROM range(1, {count + 1}) r(i))"""


def store(path: Path, count: int, each: int, *, of_one: int = 0) -> None:
    """A store of so many people and their events, in order, as an import leaves it."""
    with Store.create(path) as made:
        with made.transaction() as cursor:
            for table, rows in (
                (cursor.map.people, people(count)),
                (cursor.map.records[0], events(count, each, of_one=of_one)),
            ):
                cursor.run(
                    f"INSERT INTO {qualified(table)} BY NAME "
                    f"SELECT {number_sql('user_id')} AS person_no, * "
                    f"FROM ({rows}) ORDER BY {idents(order(table))}"
                )
            directory.enter(cursor, "SELECT * FROM main.profiles")
        directory.take_apart(made)


def file(path: Path, rows: str) -> Path:
    """The rows as a file, of the format that its name says."""
    form = {".csv": "CSV, HEADER", ".ndjson": "JSON", ".parquet": "PARQUET"}[path.suffix]
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({rows}) TO '{path}' (FORMAT {form})")
    return path
