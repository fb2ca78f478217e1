"""What the tests of a purge share: people made of markers, and a search for them in every byte."""

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from data.purge import writing
from data.purge.purging import Certificate, purge
from data.store import Store
from data.subject import number
from tests.layouts import BUILT_IN, BY, FixedClock

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
EVENTS = 12
LONG = 300  # characters


@dataclass(frozen=True)
class Marked:
    """A person every value of whom is found nowhere else. `corrected` is what first_name,
    last_name and city become."""

    person: Mapping[str, Any]
    events: Sequence[Mapping[str, Any]]
    corrected: Mapping[str, str]
    markers: Mapping[str, bytes]

    @property
    def id(self) -> str:
        return str(self.person["id"])


def marked(random: Random, place: int) -> Marked:
    """Somebody with two hundred markers: short and long texts, JSON, nested, numbers and times;
    the id, email and phone; what was wrong before it was corrected."""

    def token(what: str, size: int = 12) -> str:
        letters = "".join(random.choices("bcdfghjklmnpqrstvwxz", k=size))
        return f"{what}{letters}{place}"

    subject_id = token("id")
    texts = {name: token(name) for name in ("first", "last", "company", "city", "nested", "deep")}
    texts |= {"short": token("", 7), "long": token("long", LONG)}
    corrected = {name: token(f"new{name}") for name in ("first_name", "last_name", "city")}
    number_in_json = str(random.randrange(10**16, 10**17))
    events, times = [], {}
    for n in range(EVENTS):
        time = EPOCH + random.randrange(10**15, 2 * 10**15) * MICROSECOND
        times[f"time{n}"] = struct.pack("<q", (time - EPOCH) // MICROSECOND)
        for name in ("ref", "what", "page", "where"):
            texts[f"{name}{n}"] = token(name)
        texts[f"value{n}"] = str(random.randrange(10**14, 10**15))
        properties = {texts[f"page{n}"]: {"in": [texts[f"where{n}"], int(texts[f"value{n}"])]}}
        events.append(
            {"who": subject_id, "ref": texts[f"ref{n}"], "time": time.isoformat(),
             "what": texts[f"what{n}"], "more": properties}
        )  # fmt: skip
    email, phone = f"{token('mail')}@example.org", f"+{random.randrange(10**13, 10**14)}"
    person = {
        "id": subject_id, "first_name": texts["first"], "last": texts["last"], "email": email,
        "phone": phone, "company": texts["company"], "city": texts["city"],
        "rest": {"nested": {texts["nested"]: [texts["deep"], texts["short"]]},
                 "note": texts["long"], "number": int(number_in_json)},
    }  # fmt: skip
    said = {**texts, "id": subject_id, "email": email, "phone": phone, "number": number_in_json}
    said |= {f"corrected {name}": value for name, value in corrected.items()}
    markers = {name: value.encode() for name, value in said.items()}
    markers |= times | {"person_no": struct.pack("<q", number(subject_id))}
    # Each event has the person's number, so the many places of a text are found in many forms.
    markers |= {f"{name} in capitals": value.upper().encode() for name, value in texts.items()}
    markers |= {f"{name} in UTF-16": value.encode("utf-16-le") for name, value in texts.items()}
    return Marked(person, events, corrected, markers)


def found(folder: Path, markers: Mapping[str, bytes]) -> list[str]:
    """Which of these stand in which files of the folder."""
    return [
        f"{name} in {each.name}"
        for each in sorted(folder.rglob("*"))
        if each.is_file()
        # What a file is padded with takes most of the time, and none of them has more than this.
        for content in (each.read_bytes().replace(bytes(64), bytes(16)),)
        for name, marker in markers.items()
        if marker in content
    ]


@pytest.fixture(params=["default", "uncompressed"])
def compression(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """As DuckDB packs values, and without: then a text stands in the file as it is."""
    chosen: str = request.param
    if chosen != "default":
        forced = {**writing.SETTINGS, "force_compression": chosen}
        monkeypatch.setattr(writing, "SETTINGS", forced)
    return chosen


def opened(path: Path, compression: str = "default") -> Store:
    """The store, which packs what is written to it in this way."""
    store = Store.open(path, clock=FixedClock())
    if compression != "default":
        store._connection.execute(f"SET force_compression = '{compression}'")
    return store


def load(store: Store, folder: Path, people: Iterable[Marked]) -> None:
    """Loads them from files in another folder than the store's."""
    from data import intake

    listed = sorted(people, key=lambda each: each.id)
    intake.load(
        store,
        BY,
        people=BUILT_IN.people_file(folder, [each.person for each in listed]),
        records=BUILT_IN.events_file(folder, [row for each in listed for row in each.events]),
    )


def purged(path: Path) -> Certificate:
    return purge(path, BY, clock=FixedClock())


def somebody(seed: int, count: int) -> Iterator[Marked]:
    random = Random(seed)
    for place in range(count):
        yield marked(random, place)
