"""Stores of any size, of made-up people: the same numbers, the same bytes of data."""

from pathlib import Path

from data import directory
from data.cursor import Cursor
from data.datamap import Records
from data.ledger import By
from data.purge import waiting
from data.purge.purging import purge
from data.schema import order, qualified
from data.sql import ident, idents
from data.store import Store
from data.subject import number_sql

SLICE = 2_000_000
"""Events made at a time: they are sorted in memory, and what is sorted at once must fit there."""

FIRST = "Ana Aoife Björn Chiara Élise Farid Greta Hiro Inês Jörg Luca Małgorzata Noor Petra Søren"
LAST = "Bianchi Horváth Ionescu Jansen Kamau Kowalska Lefèvre Li Lindqvist Nielsen Nowak O’Brien"
EVENTS = "home search product_view add_to_cart checkout purchase newsletter_open"
PLACES = "Amsterdam Athína Berlin Dublin Győr Kraków Lisbon Lyon Milano Praha Riga Stockholm Wien"
COUNTRIES = "NL GR DE IE HU PL PT FR IT CZ LV SE AT"


def subject_id(place: int) -> str:
    """The id of a person, from 1: such as many systems give, all alike in the first bytes."""
    return f"customer-{place:08}"


def make(path: Path, people: int, events: int) -> None:
    """Makes a store in the built-in layout with so many people, and about so many events.

    Rows are in the order in which a load keeps them: people by id, events by the number of the
    person, and by time.
    """
    with Store.create(path) as store:
        with store.transaction() as cursor:
            layout = cursor.map.people
            cursor.run(
                f"INSERT INTO {qualified(layout)} BY NAME {_people()} ORDER BY {ident(layout.key)}",
                people=people,
            )
            directory.enter(cursor, f"SELECT * FROM {qualified(layout)}")
        directory.take_apart(store)
        slices = max(1, events // SLICE)
        each = 2 * events // people
        for place in range(slices if events else 0):
            # One transaction for each: what a transaction adds is in memory until it is kept.
            with store.transaction() as cursor:
                _add_events(cursor, cursor.map.records[0], each, place, slices)


def purge_what_waits(path: Path) -> None:
    """Takes out who was erased by the runs before: what DuckDB reads of them when it opens and
    closes a store, and keeps in memory, grows with each run."""
    with Store.open(path) as store, store.reading() as cursor:
        waits = waiting.of(cursor).count
    if waits:
        purge(path, By("bench"))


def _add_events(cursor: Cursor, records: Records, each: int, place: int, slices: int) -> None:
    """The events, from none to `each` a person, of one slice of the people by number."""
    width = (1 << 60) // slices + 1
    cursor.run(
        f"INSERT INTO {qualified(records)} BY NAME {_events(qualified(cursor.map.people))} "
        f"ORDER BY {idents(order(records))}",
        each=each,
        first=place * width,
        after=(place + 1) * width,
    )


def _people() -> str:
    name = "lower(strip_accents(first_name || '.' || last_name)) || '.' || i"
    return f"""
        SELECT user_id, {number_sql("user_id")} AS person_no, first_name, last_name,
            replace({name}, '’', '') || '@example.org' AS email,
            '+31' || CAST(600000000 + {_random("phone")} % 99999999 AS VARCHAR) AS phone,
            DATE '1945-01-01' + CAST({_random("born")} % 22000 AS INTEGER) AS birth_date,
            {_pick(PLACES, "place")} AS city, {_pick(COUNTRIES, "place")} AS country,
            {_random("push")} % 2 = 0 AS push_opt_in, {_random("sms")} % 3 = 0 AS sms_opt_in,
            {_random("mail")} % 3 > 0 AS email_opt_in,
            TIMESTAMPTZ '2020-01-01' + to_seconds({_random("since")} % 157680000) AS created_at,
            '{{"tier":"' || {_random("tier")} % 3 || '"}}' AS attributes
        FROM (SELECT i, format('customer-{{:08d}}', i) AS user_id,
            {_pick(FIRST, "first")} AS first_name, {_pick(LAST, "last")} AS last_name
            FROM range(1, $people + 1) r(i))"""


def _events(people: str) -> str:
    return f"""
        SELECT user_id, person_no, md5(user_id || '-' || i) AS event_id,
            {_pick(EVENTS, "event")} AS event_name,
            TIMESTAMPTZ '2025-01-01' + to_seconds({_random("time")} % 47304000) AS event_time,
            '{{"value":' || {_random("value")} % 20000 || '}}' AS properties
        FROM (SELECT user_id, person_no, hash(person_no, unnest(range(many))) AS i
            FROM (SELECT user_id, person_no, CAST(hash(user_id) % ($each + 1) AS BIGINT) AS many
                FROM {people} WHERE person_no >= $first AND person_no < $after))"""


def _pick(words: str, salt: str) -> str:
    """One of the words for row `i`, in SQL."""
    listed = words.split()
    return f"list_extract({listed!r}, CAST(1 + {_random(salt)} % {len(listed)} AS INTEGER))"


def _random(salt: str) -> str:
    """A large whole number for row `i`, always the same, in SQL."""
    return f"hash(i, {salt!r})"
