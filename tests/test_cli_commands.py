"""Each command that does something for a person, and what it leaves behind."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from tests.layouts import write
from tests.shop import IDS, PEOPLE, contents, done, files, habeas, profiles

pytest_plugins = ["tests.fixtures"]
pytestmark = pytest.mark.usefixtures("shop_file")


def demo(store: str, *, people: int) -> Any:
    return done("demo", "--people", people, "--store", store)


def test_the_demo_is_the_same_for_the_same_number_of_people() -> None:
    made = demo("one.duckdb", people=40)
    assert (made["people"], made["requests"]) == (40, 6)
    assert made == demo("two.duckdb", people=40) | {"store": "one.duckdb"}
    one, two = contents(Path("one.duckdb")), contents(Path("two.duckdb"))
    tables = ('"main"."profiles"', '"main"."events"')
    assert all(one[each] and one[each] == two[each] for each in tables)
    assert done("ledger", "verify", "--store", "one.duckdb")["chain"] == "whole"


@pytest.mark.parametrize("present", ["shop.duckdb", "new.duckdb", "new.map.toml"])
def test_the_demo_takes_the_place_of_no_file_of_yours(present: str) -> None:
    path = Path(present)
    path.touch()
    before = path.read_bytes()
    result = habeas("demo", "--store", path.with_name(f"{path.name.split('.')[0]}.duckdb"))
    assert (result.code, path.read_bytes()) == (3, before)


def test_the_demo_without_a_path_is_made_anew_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HABEAS_STORE")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    for people in (3, 4):
        made = done("demo", "--people", people)
        assert made["store"] == str(tmp_path / "habeas" / "demo.duckdb")
        assert len(done("find", "", "--store", made["store"])) == people


def test_a_demo_that_fails_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    before = files(Path())
    monkeypatch.setattr("data.demo._ask", lambda _: 1 / 0)
    assert habeas("demo", "--store", "new.duckdb").code == 70
    assert files(Path()) == before


def test_an_import_makes_the_store_and_counts_what_became_of_each_row() -> None:
    people = [{"user_id": "a"}, {"user_id": "b"}, {"user_id": ""}, {"user_id": "b"}]
    result = habeas(
        "import", "--people", write(Path("p.csv"), people), "--store", "deep/er/new.duckdb",
        "--format", "json",
    )  # fmt: skip
    assert result.json == [
        {"file": "people", "read": 4, "added": 2, "changed": 0, "repeated": 1, "rejected": 1,
         "withheld_erased": 0, "withheld_restricted": 0}
    ]  # fmt: skip
    assert "could not be read is in deep/er/new-rejects-" in result.err
    assert len(list(Path("deep/er").glob("new-rejects-*.csv"))) == 1


def test_columns_of_a_file_can_be_named() -> None:
    people = write(Path("p.csv"), [{"key": "new-1", "alias": "Noor"}])
    columns = ("--column", "user_id=key", "--column", "first_name=alias")
    assert done("import", "--people", people, *columns)[0]["added"] == 1
    assert done("show", "new-1")["first_name"] == "Noor"


@pytest.mark.parametrize("further", [["--strict"], ["--column", "x=y"], ["--events", "none.csv"]])
def test_a_load_that_fails_leaves_no_store_behind(further: list[str]) -> None:
    people = write(Path("p.csv"), [{"user_id": "a"}, {"user_id": ""}])
    before = files(Path())
    assert habeas("import", "--people", people, "--store", "new.duckdb", *further).code in (2, 5)
    assert files(Path()) == before


def test_a_dry_run_of_a_first_import_leaves_no_store_behind() -> None:
    people = write(Path("p.csv"), [{"user_id": "a"}, {"user_id": ""}])
    before = files(Path())
    counted = done("import", "--people", people, "--store", "new.duckdb", "--dry-run")
    assert (counted[0]["added"], counted[0]["rejected"]) == (1, 1)
    assert files(Path()) == before


def test_find_prints_as_many_as_asked_and_says_how_many_there_are() -> None:
    result = habeas("find", "", "--limit", 2, "--format", "json")
    assert len(result.json) == 2
    assert result.err == f"2 of {len(IDS)}\n"
    found = done("find", "KOWAL ana")
    assert [each["user_id"] for each in found] == ["ana-1"]
    assert done("find", "nobody") == []


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        (("--restricted",), ["bo-2"]),
        (("--asking",), ["ana-1"]),
        (("ana", "--restricted"), []),
        (("--unsubscribed", "sms"), ["li-6"]),
        (("--country", "pl"), ["ana-1"]),
        (("--created-from", "2025-03-30"), ["ana-1", "li-6"]),
        (("--created-until", "2025-03-30"), ["ana-1"]),
        (("li", "--created-from", "2025-03-31", "--created-until", "2025-03-31"), ["li-6"]),
    ],
    ids=" ".join,
)
def test_find_narrows_by_how_things_stand(options: tuple[str, ...], ids: list[str]) -> None:
    people = [
        {"user_id": "ana-1", "country": "PL", "created_at": "2025-03-30T12:00:00Z"},
        {"user_id": "li-6", "country": "SE", "created_at": "2025-03-31T12:00:00Z"},
    ]
    done("import", "--people", write(Path("p.csv"), people))
    done("unsubscribe", "li-6", "--channel", "sms")
    assert [each["user_id"] for each in done("find", *options)] == ids
    assert habeas("find", *options).err == f"{len(ids)} of {len(ids)}\n"


def test_show_has_fields_choices_records_and_requests() -> None:
    shown = done("show", "ana-1")
    assert shown["attributes"] == {"tier": "gold"}
    assert shown["channels"]["email"] is True
    assert shown["records"] == {"events": 2}
    assert shown["requests"] == ["R1 access ready"]
    assert done("show", "bo-2")["restriction"]["ground"] == "claims"


def test_show_copes_with_json_beyond_what_python_reads() -> None:
    values = {"long": '{"n":' + "9" * 5000 + "}", "deep": '{"n":' + "[" * 3000 + "]" * 3000 + "}"}
    people = write(Path("p.csv"), [{"user_id": k, "attributes": v} for k, v in values.items()])
    done("import", "--people", people)
    for name, value in values.items():
        assert done("show", name)["attributes"] == value


def test_values_reach_a_program_as_they_are(shop_file: Path) -> None:
    for person in PEOPLE:
        shown = done("show", "--", person["user_id"])
        assert (shown["first_name"], shown["last_name"]) == (
            person["first_name"], person["last_name"]
        )  # fmt: skip
    raw = habeas("find", "", "--format", "json").out
    assert all(each.isprintable() for each in raw.split("\n"))
    assert '"one\rline"' in habeas("find", "li-6", "--format", "csv").out


def test_export_goes_on_past_a_person_who_is_not_there_and_says_so() -> None:
    Path("ids.txt").write_bytes("\ufeffana-1\r\n\r\nnobody\n-rf\n".encode())
    command = ("export", "bo-2", "ana-1", "--from", "ids.txt", "--out", "out", "--format", "json")
    planned = habeas(*command, "--dry-run")
    assert planned.code == 4
    assert not Path("out").exists()
    result = habeas(*command)
    assert result.code == 4
    assert "1 of 4 are not in the store: nobody." in result.err
    assert [each["user_id"] for each in result.json] == ["bo-2", "ana-1", "-rf"]
    assert [each["events"] for each in result.json] == [1, 2, 0]
    assert {Path(each["folder"]) for each in result.json} == set(Path("out").iterdir())
    assert planned.json == result.json


def test_an_export_can_be_read_back() -> None:
    (exported,) = done("export", "ana-1", "--out", "out")
    folder = Path(exported["folder"])
    (profile,) = pq.read_table(folder / "profile.parquet").to_pylist()
    assert profile["last_name"] == json.loads((folder / "profile.json").read_text())["last_name"]
    assert json.loads((folder / "manifest.json").read_text())["right"] == "access"


def test_portability_is_the_right_that_is_asked_for() -> None:
    (exported,) = done("export", "ana-1", "--out", "out", "--right", "portability")
    manifest = json.loads(Path(exported["folder"], "manifest.json").read_text())
    assert (manifest["right"], manifest["article"]) == ("portability", "20")
    assert done("ledger", "show")[-1]["action"] == "portability"


def test_rectify_corrects_completes_and_empties_fields() -> None:
    receipt = done("rectify", "ana-1", "city=", "company=A=B", "birth_date=1990-12-31")
    assert receipt["fields"] == ["city", "company", "birth_date"]
    shown = done("show", "ana-1")
    assert (shown["city"], shown["company"], shown["birth_date"]) == (None, "A=B", "1990-12-31")


def test_a_dry_run_shows_the_old_value_and_the_new() -> None:
    plan = done("rectify", "ana-1", "city=Utrecht", "--dry-run")
    assert plan["changes"] == [{"field": "city", "old": "Kraków", "new": "Utrecht"}]
    assert "City: Kraków → Utrecht" in habeas("rectify", "ana-1", "city=Utrecht", "--dry-run").out


def test_restrict_and_lift_hold_in_the_views() -> None:
    def processed() -> set[str]:
        with duckdb.connect("shop.duckdb", read_only=True) as connection:
            rows = connection.execute("SELECT user_id FROM habeas.processable_profiles").fetchall()
        return {user_id for (user_id,) in rows}

    done("restrict", "ana-1", "--ground", "accuracy")
    assert processed() == {*IDS} - {"ana-1", "bo-2"}
    done("lift", "ana-1", "--informed", date.today() - timedelta(days=1))
    assert processed() == {*IDS} - {"bo-2"}


def test_unsubscribe_and_subscribe_hold_per_channel() -> None:
    assert done("unsubscribe", "ana-1", "--all")["fields"] == [
        "push", "in_app", "sms", "web_push", "email"
    ]  # fmt: skip
    done("subscribe", "ana-1", "--channel", "sms", "--channel", "push")
    channels = done("show", "ana-1")["channels"]
    assert [name for name, chosen in channels.items() if chosen] == ["push", "sms"]
    assert not any(opted_in is None for opted_in in channels.values())


def test_automation_stops_and_allows() -> None:
    done("automation", "ana-1", "--stop")
    assert done("show", "ana-1")["automated decisions"] == "stopped"
    done("automation", "ana-1", "--allow")
    assert done("show", "ana-1")["automated decisions"] == "allowed"


def test_erase_takes_the_person_and_nobody_else(shop_file: Path) -> None:
    before = profiles(shop_file)
    receipt = done("erase", "ana-1", "--ground", "consent-withdrawn", "--confirm", "ana-1")
    assert (receipt["article"], receipt["rows"]) == ("17(1)(b)", {"profiles": 1, "events": 2})
    assert profiles(shop_file) == {k: row for k, row in before.items() if k != "ana-1"}
    for notice in (3, 4):
        done("notices", "done", f"N{notice}", "--on", "2020-01-31")
    assert all("ana" not in str(rows).lower() for rows in contents(shop_file).values())


def test_the_ledger_names_nobody_and_a_table_of_it_cuts_the_hash() -> None:
    entries = done("ledger", "show")
    assert [each["action"] for each in entries] == [
        "import", "request received", "identity checked", "restriction"
    ]  # fmt: skip
    assert len(entries[-1]["subject"]) == 64
    table = habeas("ledger", "show").out
    assert entries[-1]["subject"][:16] in table
    assert entries[-1]["subject"] not in table


def test_a_ledger_that_was_tampered_with_exits_1_and_says_where(shop_file: Path) -> None:
    with duckdb.connect(str(shop_file)) as connection:
        connection.execute("UPDATE habeas.ledger SET actor = 'nobody' WHERE seq = 2")
    result = habeas("ledger", "verify", "--format", "json")
    assert result.code == 1
    assert result.json == {
        "entries": 4,
        "chain": "broken",
        "breaks": ["entry 2 was altered", "shop.ledger: entry 2 is not that of the store"],
    }


@pytest.mark.parametrize("person", PEOPLE, ids=range(len(PEOPLE)))
def test_any_id_can_be_found_shown_exported_and_erased(person: dict[str, str]) -> None:
    subject = person["user_id"]
    assert subject in [row["user_id"] for row in done("find", "")]
    assert done("show", "--", subject)["first_name"] == person["first_name"]
    (exported,) = done("export", "--out", "out", "--", subject)
    assert [Path(exported["folder"])] == list(Path("out").iterdir())
    assert done("erase", "--ground", "child", f"--confirm={subject}", "--", subject)
    assert habeas("show", "--", subject).code == 4


@pytest.mark.parametrize("command", [("find", ""), *(("show", "--", each) for each in IDS)])
def test_a_table_shows_no_control_character_and_takes_no_value_for_markup(
    command: tuple[str, ...],
) -> None:
    out = habeas(*command).out
    assert all(each.isprintable() for each in out.split("\n"))
    if "-rf" in out:
        assert "[bold]Red" in out
        assert "[/x]" in out
