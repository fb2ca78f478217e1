"""A made-up store to try things on: the same number of people, the same bytes of data."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from data import beside, directory, finding, fulfilment
from data.clock import Clock, utc_now
from data.intake import load
from data.ledger import By
from data.rights.objection import Objection
from data.rights.plan import apply, propose
from data.rights.restriction import Restriction
from data.store import Store
from data.subject import number_sql

ACTOR = By("demo")
EVENTS_EACH = 40
"""Most events of one person; they have from none to this many."""

FIRST = "Ana Aoife Björn Chiara Élise Farid Greta Hiro Inês Jörg Luca Małgorzata Noor Petra Søren "
FIRST += "Tünde Ulla Václav Wanjiru Xin Yusuf Zoë"
LAST = "Bianchi Horváth Ionescu Jansen Kamau Kowalska Lefèvre Li Lindqvist Nielsen Nowak O’Brien "
LAST += "Öztürk Papadopoulos Petraitis Rossi Silva Szabó Tanaka Volkov Weiß Wójcik"
PLACES = "Amsterdam:NL Athína:GR Berlin:DE Dublin:IE Győr:HU Kraków:PL Lisbon:PT Lyon:FR Milano:IT "
PLACES += "Praha:CZ Riga:LV Stockholm:SE Wien:AT"
EVENTS = "home search product_view product_view add_to_cart checkout purchase newsletter_open"
PLATFORMS = "desktop android ios"
TIERS = "bronze silver gold"

ASKED: tuple[tuple[int, str, int, dict[str, Any]], ...] = (
    (3, "access", 26, {}),
    (7, "erasure", 33, {"ground": "consent-withdrawn"}),
    (11, "objection", 2, {"channels": ["email", "sms"]}),
    (19, "portability", 11, {}),
    (23, "rectification", 5, {"changes": {"city": "Utrecht", "country": "NL"}}),
    (31, "automation", 0, {"stop": True}),
)
"""Requests in the register: the place of the person, the right, days since receipt, details."""


@dataclass(frozen=True)
class Made:
    people: int
    events: int
    requests: int


def make(path: Path, count: int, *, clock: Clock = utc_now) -> Made:
    """Makes a store of `count` made-up people, with its data map beside it.

    Raises StoreUnavailable where there is a file already. What fails leaves none behind.
    """
    Store.check_absent(path)
    Store.check_absent(path.with_suffix(beside.MAP))
    try:
        return _made(path, count, clock)
    except BaseException:
        remove(path)
        raise


def make_anew(path: Path, count: int, *, clock: Clock = utc_now) -> Made:
    """The same, in place of a made-up store that is there. Raises StoreUnavailable where that is
    in use, or is no store."""
    if path.exists():
        Store.open(path).close()
    remove(path)
    return make(path, count, clock=clock)


def remove(path: Path) -> None:
    """Takes away a made-up store and its data map, where they are there."""
    Store.remove(path)
    path.with_suffix(beside.MAP).unlink(missing_ok=True)


def _made(path: Path, count: int, clock: Clock) -> Made:
    text = Path(__file__).with_name("demo_map.toml").read_text("utf-8")
    with TemporaryDirectory(dir=_folder(path)) as folder:
        path.with_suffix(beside.MAP).write_text(text, "utf-8")
        with Store.create(path, clock=clock) as store:
            files = {name: Path(folder) / f"{name}.parquet" for name in ("people", "events")}
            with store.reading() as cursor:
                for name, select in (("people", _people()), ("events", _events())):
                    cursor.run(
                        f"COPY ({select}) TO $path (FORMAT PARQUET)",
                        count=count,
                        path=str(files[name]),
                    )
            loaded = load(store, ACTOR, people=files["people"], records=files["events"])
            directory.take_apart(store)
            requests = _ask(store)
            return Made(count, loaded.records.added if loaded.records else 0, requests)


def _folder(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.parent


def _ask(store: Store) -> int:
    """Some requests that wait, and two people whose requests were carried out."""
    with store.reading() as cursor:
        ids = [each.id for each in finding.find(cursor, limit=50)]
        today = cursor.today
    asked = [each for each in ASKED if each[0] < len(ids)]
    for place, right, days, details in asked:
        received = today - timedelta(days=days)
        fulfilment.receive(store, ids[place], right, ACTOR, details=details, received=received)
    for place, done in ((13, Restriction("accuracy")), (17, Objection(("email",)))):
        if place < len(ids):
            apply(store, propose(store, done, ids[place]), ACTOR)
    return len(asked)


def _pick(words: str, salt: str) -> str:
    """One of the words for row `i`, in SQL."""
    listed = words.split()
    return f"list_extract({listed!r}, CAST(1 + {_random(salt)} % {len(listed)} AS INTEGER))"


def _random(salt: str) -> str:
    """A large whole number for row `i`, always the same, in SQL."""
    return number_sql(f"'{salt}-' || i")


def _people() -> str:
    name = "lower(strip_accents(first_name || '.' || last_name)) || '.' || i"
    return f"""
        SELECT user_id, first_name, last_name,
            regexp_replace({name}, '[^a-z0-9.]', '', 'g') || '@example.org' AS email,
            '+31' || CAST(600000000 + {_random("phone")} % 99999999 AS VARCHAR) AS phone,
            DATE '1945-01-01' + CAST({_random("born")} % 22000 AS INTEGER) AS birth_date,
            split_part(place, ':', 1) AS city, split_part(place, ':', 2) AS country,
            {_random("push")} % 2 = 0 AS push_opt_in, {_random("app")} % 2 = 0 AS in_app_opt_in,
            {_random("sms")} % 3 = 0 AS sms_opt_in, {_random("web")} % 3 = 0 AS web_push_opt_in,
            {_random("mail")} % 3 > 0 AS email_opt_in,
            TIMESTAMPTZ '2020-01-01' + to_seconds({_random("since")} % 157680000) AS created_at,
            {_pick(TIERS, "tier")} AS loyalty_tier
        FROM (SELECT i, 'customer-' || lpad(CAST(i AS VARCHAR), 8, '0') AS user_id,
            {_pick(FIRST, "first")} AS first_name, {_pick(LAST, "last")} AS last_name,
            {_pick(PLACES, "place")} AS place FROM range(1, $count + 1) r(i))"""


def _events() -> str:
    return f"""
        SELECT user_id, {_pick(EVENTS, "event")} AS event_name,
            TIMESTAMPTZ '2025-01-01' + to_seconds({_random("time")} % 47304000) AS event_time,
            {_pick(PLATFORMS, "platform")} AS platform, {_random("value")} % 20000 / 100 AS value
        FROM (SELECT 'customer-' || lpad(CAST(p AS VARCHAR), 8, '0') AS user_id,
            CAST(p AS VARCHAR) || '-' || e AS i FROM range(1, $count + 1) r(p),
            range({EVENTS_EACH}) s(e) WHERE e < {number_sql("'many-' || p")} % {EVENTS_EACH + 1})"""
