"""A store of one's own comes through a purge as it was: every kind of thing DuckDB can hold."""

from pathlib import Path

import duckdb
import pytest

from data.errors import Refused
from data.purge import catalogue
from data.rights.erasure import Erasure
from tests.acts import exercise
from tests.layouts import BUILT_IN
from tests.purged import compression, found, load, opened, purged, somebody  # noqa: F401

OWN = """
CREATE SCHEMA billing;
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TYPE billing.point AS STRUCT(x INTEGER, y VARCHAR);
CREATE SEQUENCE numbers START 5 INCREMENT 3;
CREATE TABLE parents (id INTEGER PRIMARY KEY, "na""me" VARCHAR NOT NULL DEFAULT 'x', m mood,
    CHECK (id > 0));
CREATE TABLE children (id INTEGER DEFAULT nextval('numbers'), p INTEGER REFERENCES parents (id),
    twice INTEGER GENERATED ALWAYS AS (p * 2) VIRTUAL, nested STRUCT(a INTEGER, b VARCHAR[]),
    pairs MAP(VARCHAR, INTEGER), either UNION(i INTEGER, s VARCHAR), point billing.point,
    three INTEGER[3], UNIQUE (id));
CREATE TABLE billing.invoices ("we""ird" VARCHAR COLLATE NOCASE, amount DECIMAL(18, 3), h HUGEINT,
    uh UHUGEINT, u UUID, bits BIT, raw BLOB, t TIME, ttz TIMETZ, ts TIMESTAMP, tsz TIMESTAMPTZ,
    tns TIMESTAMP_NS, i INTERVAL, d DATE, j JSON, f FLOAT, dbl DOUBLE, b BOOLEAN, tiny TINYINT,
    ub UBIGINT);
CREATE TABLE nothing (n INTEGER);
CREATE INDEX amounts ON billing.invoices (amount);
CREATE UNIQUE INDEX names ON parents ("na""me");
CREATE VIEW looked_at AS SELECT * FROM parents;
CREATE VIEW billing.before_it AS
    SELECT v.id, c.twice FROM looked_at v JOIN children c ON c.p = v.id;
CREATE MACRO added(a, b := 2) AS a + b;
CREATE MACRO those(x) AS TABLE SELECT * FROM parents WHERE id = x;
COMMENT ON TABLE parents IS 'it''s the parents';
COMMENT ON COLUMN parents."na""me" IS 'what they are called';
COMMENT ON VIEW looked_at IS 'a view';
COMMENT ON COLUMN looked_at.id IS 'of a view';
COMMENT ON INDEX names IS 'an index';
COMMENT ON SEQUENCE numbers IS 'a sequence';
COMMENT ON MACRO added IS 'a macro';
COMMENT ON MACRO TABLE those IS 'a macro of a table';
COMMENT ON TYPE mood IS 'a type';
INSERT INTO parents VALUES (1, 'a', 'sad'), (2, 'b', NULL);
INSERT INTO children (p, nested, pairs, either, point, three) VALUES
    (1, {a: 1, b: ['x', NULL]}, MAP {'k': 1}, union_value(s := 'hi'), {x: 1, y: 'z'}, [1, 2, 3]),
    (2, NULL, NULL, union_value(i := 3), NULL, NULL);
INSERT INTO billing.invoices VALUES
    ('A', 1.5, 170141183460469231731687303715884105727, 340282366920938463463374607431768211455,
     '5c9e0a4e-6b7c-4a31-8d22-2d9c1cf2a9b1', '0101', '\\x00\\xff', '10:00', '10:00:00+01',
     '2020-01-01', '2020-01-01 10:00:00+00', '2020-01-01 10:00:00.123456789',
     INTERVAL '1 month 2 days 3 seconds', '2020-01-01', '{"a": 1}', 1.5, 'nan', true, 1,
     18446744073709551615),
    (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'infinity', '-infinity', NULL, NULL,
     'infinity', NULL, NULL, 'inf', NULL, NULL, NULL);
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with two people and much of its own."""
    folder = tmp_path / "store"
    BUILT_IN.create(folder).close()
    path = folder / "shop.duckdb"
    with opened(path) as store:
        load(store, tmp_path, somebody(1, 2))
    with duckdb.connect(str(path)) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(OWN)
    return path


def everything(path: Path) -> tuple[dict[str, str], dict[str, list[str]]]:
    """What the database is made of, and the rows of each table of its own."""
    with duckdb.connect(str(path), read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        made = catalogue.described(lambda sql: connection.execute(sql).fetchall())
        tables = connection.execute(
            "SELECT schema_name || '.' || table_name FROM duckdb_tables() "
            "WHERE schema_name <> 'habeas'"
        ).fetchall()
        rows = {
            table: sorted(map(repr, connection.execute(f"FROM {table}").fetchall()))
            for (table,) in tables
        }
    return made, rows


def test_all_that_it_is_made_of_is_as_before(path: Path) -> None:
    before = everything(path)
    assert {each.split()[0] for each in before[0]} == {
        "column", "constraint", "index", "macro", "schema", "sequence", "table", "type", "view"
    }  # fmt: skip
    purged(path)
    assert everything(path) == before
    with duckdb.connect(str(path)) as connection:
        assert connection.execute("SELECT nextval('numbers'), added(1)").fetchone() == (11, 3)
        assert connection.execute("FROM those(2)").fetchall() == [(2, "b", None)]
        assert connection.execute("SELECT twice FROM billing.before_it").fetchall() == [(2,), (4,)]
        with pytest.raises(duckdb.ConstraintException):
            connection.execute("INSERT INTO children (p) VALUES (3)")


def test_a_person_in_it_is_purged_all_the_same(path: Path, compression: str) -> None:  # noqa: F811
    gone = next(somebody(1, 2))
    with opened(path, compression) as store:
        exercise(store, Erasure("child"), of=gone.id)
    purged(path)
    assert found(path.parent, gone.markers) == []


@pytest.mark.parametrize(
    ("broken", "named"),
    [
        ("CREATE TABLE a (n INTEGER); CREATE VIEW v AS FROM a; DROP TABLE a", "CREATE VIEW v"),
        (
            "CREATE TABLE t (a INTEGER PRIMARY KEY, b INTEGER REFERENCES t (a)); \
            INSERT INTO t VALUES (2, NULL); INSERT INTO t VALUES (1, 2)",
            "main.t",
        ),
    ],
    ids=["a view on nothing", "rows that need later ones"],
)
def test_what_cannot_be_carried_is_named_and_nothing_is_changed(
    path: Path, broken: str, named: str
) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute(broken)
    before = everything(path)
    with pytest.raises(Refused) as refused:
        purged(path)
    assert named in refused.value.happened
    assert everything(path) == before
