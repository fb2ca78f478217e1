"""The sample files of a shop, 600 people and 31,106 events, against Python's own csv module."""

import csv
import gzip
import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from data import events, finding, intake, ledger, people
from data.finding import Wanted
from data.intake import Counts
from data.rights.access import Access
from data.rights.erasure import Erasure
from data.rights.plan import apply, propose
from data.store import Store
from tests.layouts import BY, Layout, changed, held, snapshot

SAMPLES = Path(__file__).parents[2] / "shared" / "samples"
PEOPLE, EVENTS = SAMPLES / "people.csv", SAMPLES / "ecom.csv.gz"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not beside the checkout"),
]

Row = dict[str, str]


def rows_of_people() -> list[Row]:
    with PEOPLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rows_of_events() -> list[Row]:
    with gzip.open(EVENTS, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def sample(layout: Layout, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with both files, for tests that change nothing."""
    with layout.create(tmp_path_factory.mktemp("sample")) as store:
        intake.load(store, BY, people=PEOPLE, records=EVENTS)
        yield store


@pytest.fixture
def own(layout: Layout, tmp_path: Path) -> Iterator[Store]:
    """A store with both files, for a test that changes it."""
    with layout.create(tmp_path) as store:
        intake.load(store, BY, people=PEOPLE, records=EVENTS)
        yield store


def digest(store: Store) -> str:
    return hashlib.sha256(repr(snapshot(store)).encode()).hexdigest()


def test_all_rows_arrive_and_twelve_people_are_known_by_their_events_alone(
    layout: Layout, tmp_path: Path
) -> None:
    with layout.create(tmp_path) as store:
        loaded = intake.load(store, BY, people=PEOPLE, records=EVENTS)
        assert loaded.people == Counts(read=600, added=600)
        assert loaded.records == Counts(read=31_106, added=31_106)
        assert loaded.by_records_alone == 12
        assert loaded.rejects is None
        with store.reading() as cursor:
            assert finding.count(cursor) == 612


def test_everybody_has_as_many_events_as_the_file(layout: Layout, sample: Store) -> None:
    expected = Counter(row["user_id"] for row in rows_of_events())
    with sample.reading() as cursor:
        found = cursor.rows(
            f"SELECT {layout.event['who']}, count(*) FROM {layout.events_table} GROUP BY 1"
        )
    assert dict(found) == expected


def test_everybody_reads_back_with_the_values_of_the_file(layout: Layout, sample: Store) -> None:
    columns = {"last_name": layout.person["last"], "email": layout.person["email"]}
    with sample.reading() as cursor:
        for row in rows_of_people():
            person = people.read(cursor, row["user_id"])
            rest = str(person.fields[layout.person["rest"]] or "")
            for name, value in row.items():
                if column := columns.get(name):
                    assert (person.fields[column] or "") == value
                elif name in person.fields and name != "created_at":
                    assert str(person.fields[name] or "") == value
                elif name == "loyalty_tier" and value:
                    assert f'"loyalty_tier":"{value}"' in rest
            if layout.kept:
                continue
            assert person.fields["created_at"].isoformat() == row["created_at"].replace(
                "Z", "+00:00"
            )
            for channel in person.channels:
                assert str(person.channels[channel]).lower() == row[f"{channel}_opt_in"]


def test_the_events_of_a_person_read_back_as_they_are_in_the_file(
    layout: Layout, sample: Store
) -> None:
    expected = Counter(
        (row["timestamp"], row["event"])
        for row in rows_of_events()
        if row["user_id"] == "user_0042"
    )
    with sample.reading() as cursor:
        person = people.read(cursor, "user_0042")
        found = events.timeline(cursor, person, limit=10_000)
        assert sum(events.counts(cursor, person).values()) == len(found) == expected.total()
    assert expected == Counter(
        (f"{each.time:%Y-%m-%d %H:%M:%S}", each.label) for each in found if each.time
    )
    assert [each.time for each in found] == sorted([e.time for e in found if e.time], reverse=True)


def test_the_same_files_again_change_nothing(layout: Layout, own: Store) -> None:
    before = digest(own)
    for _ in range(2):
        loaded = intake.load(own, BY, people=PEOPLE, records=EVENTS)
        assert loaded.people == Counts(read=600)
        assert loaded.records == Counts(read=31_106)
    assert digest(own) == before


def test_events_before_people_come_to_the_same(layout: Layout, own: Store, tmp_path: Path) -> None:
    # All but the time of the last change, which is then one of an update.
    updated = layout.map.people.updated
    exclude = f"EXCLUDE ({updated})" if updated else ""
    selects = [f"* {exclude} FROM {layout.people_table}", f"* FROM {layout.events_table}"]
    with layout.create(tmp_path / "other") as other:
        intake.load(other, BY, records=EVENTS)
        intake.load(other, BY, people=PEOPLE)
        with own.reading() as one, other.reading() as two:
            for select in selects:
                assert one.rows(f"SELECT {select} ORDER BY ALL") == two.rows(
                    f"SELECT {select} ORDER BY ALL"
                )


def test_people_are_found_by_their_words(sample: Store) -> None:
    with sample.reading() as cursor:

        def found(text: str) -> list[str]:
            return [each.id for each in finding.best(cursor, text, 50)[0]]

        assert found("YUSUF.nielsen.0@EXAMPLE") == ["user_0000"]
        assert finding.count(cursor, Wanted("[bold red]")) == len(found("[bold red]"))
        assert found("'; DROP TABLE profiles; --") == []
        assert found("$(touch") == ["$(touch pwned)"]


def test_everybody_with_a_hostile_id_can_be_answered_and_erased(
    layout: Layout, own: Store, tmp_path: Path
) -> None:
    out = tmp_path / "answers" / "out"
    hostile = [row["user_id"] for row in rows_of_people() if "user_0" not in row["user_id"]]
    hostile.append("user_0001 ")
    assert len(hostile) == 12
    for each in hostile:
        apply(own, propose(own, Access(str(out)), each), BY)
    assert len(list(out.iterdir())) == 12
    assert [path.name for path in out.parent.iterdir()] == ["out"]
    for each in hostile:
        apply(own, propose(own, Erasure("consent-withdrawn"), each), BY)
    with own.reading() as cursor:
        assert finding.count(cursor) == 600
        assert people.read(cursor, "user_0001").id == "user_0001"
        assert ledger.verify(cursor) == []


def test_an_erased_person_does_not_come_back_with_the_files(layout: Layout, own: Store) -> None:
    apply(own, propose(own, Erasure("consent-withdrawn"), "user_0042"), BY)
    before = snapshot(own)
    loaded = intake.load(own, BY, people=PEOPLE, records=EVENTS)
    assert loaded.people
    assert loaded.records
    assert (loaded.people.erased, loaded.records.erased > 0) == (1, True)
    assert changed(before, snapshot(own)) == set()
    # A notice keeps the id until its recipient was told.
    kept = {name for name, rows in before.items() if held(rows, "user_0042")}
    assert kept <= {"habeas.notices"}
