"""habeas requests import: what it prints, and that a faulty file leaves the register as it was."""

import json
from pathlib import Path

import pytest

from tests.dialects import EMAIL, ID, NAMES, OTHER_ID, a_file, hashed, written
from tests.mutations import LONG, TEXTS, faults_of
from tests.shop import CLEAR, CLIPBOARD, Done, contents, done, habeas

pytest_plugins = ["tests.fixtures"]
pytestmark = pytest.mark.usefixtures("shop_file")

in_each_dialect = pytest.mark.parametrize("dialect", NAMES)

LONGEST_MESSAGE = 600
"""Characters of the message about any fault: a place, a key, and all that there may be."""


def imported(file: Path, *options: str) -> Done:
    return habeas("requests", "import", file, *options)


def check_refused(result: Done, place: str, fault: str) -> None:
    """One clear line, and nothing else."""
    assert result.code == 2, fault
    assert (result.out, result.err.count("\n")) == ("", 1), fault
    assert result.err.startswith(f"habeas: {place}"), (fault, result.err)
    assert result.err.endswith(". Nothing was registered.\n"), (fault, result.err)
    assert len(result.err) < LONGEST_MESSAGE, (fault, result.err)


@in_each_dialect
def test_a_faulty_request_is_said_with_its_place_and_nothing_is_registered(
    dialect: str, shop_file: Path
) -> None:
    before = contents(shop_file)
    for fault, change in faults_of(dialect).items():
        faulty = written(dialect)
        change(faulty, dialect)
        result = imported(a_file(Path(), written(dialect, id=OTHER_ID), faulty))
        check_refused(result, "requests.ndjson, line 2: ", fault)
        assert LONG[:70] not in result.err
    assert contents(shop_file) == before


@in_each_dialect
def test_a_file_that_is_none_is_said_and_nothing_is_registered(
    dialect: str, shop_file: Path
) -> None:
    before = contents(shop_file)
    file = Path("requests.json")
    for fault, change in TEXTS.items():
        file.write_bytes(change(json.dumps(written(dialect))))
        check_refused(imported(file), "requests.json", fault)
    assert contents(shop_file) == before


@in_each_dialect
def test_what_is_no_fault_finds_the_person(dialect: str, shop_file: Path) -> None:
    email = EMAIL[1]
    asked = written(dialect)
    variations = [
        *(written(dialect, identities=[("email", hashed(form, email), form)])
          for form in ("sha256", "sha1", "md5")),
        written(dialect, identities=[("email", hashed("md5", email).upper(), "md5")]),
        written(dialect, identities=[("email", f" {email.upper()} ", "raw")]),
        written(dialect, submitted="2026-01-30t23:30:60.123456789+05:30"),
        dict(reversed(asked.items())),
        {**asked, "unknown": {"a": [None, 1.5, True]}, "extensions": {}},
        {**asked, "status_callback_urls": ["https://example.org/told"]},
    ]  # fmt: skip
    before = contents(shop_file)
    for each in variations:
        (entered,) = done("requests", "import", a_file(Path(), each), "--dry-run")
        assert (entered["person"], entered["origin"]) == ("ana-1", ID)
    assert contents(shop_file) == before


def test_the_requests_that_were_entered_are_listed_and_counted(shop_file: Path) -> None:
    nobody = ("email", "gone@example.org", "raw")
    file = a_file(
        Path(),
        written("OpenDSR 2.0"),
        written("OpenDSR 2.0", id=OTHER_ID, identities=[nobody]),
        written("WebEngage", id="w-1", kind="restriction", submitted=""),
        written("OpenDSR 2.0"),
    )
    result = imported(file, "--format", "json")
    assert result.code == 0
    assert [
        (each["id"], each["right"], each["person"], each["origin"]) for each in result.json
    ] == [
        ("R2", "access", "ana-1", ID),
        ("R3", "access", "gone@example.org", OTHER_ID),
        ("R4", "restriction", "ana-1", "w-1"),
    ]
    assert list(result.json[0]) == ["due", "days_left", "id", "right", "person", "status",
                                    "received", "origin"]  # fmt: skip
    assert result.err.splitlines() == [
        "R3: nobody found: say who with habeas requests identify R3 --person USER_ID.",
        "R4: when it was submitted is not said: received today.",
        "3 requests entered, 1 known already; recognised: OpenDSR 2.0 (3), WebEngage (1)",
    ]
    again = imported(file)
    assert again.err == (
        "0 requests entered, 4 known already; recognised: OpenDSR 2.0 (3), WebEngage (1)\n"
    )
    assert len(done("requests", "list")) == 4


def test_a_trial_keeps_nothing(shop_file: Path) -> None:
    before = contents(shop_file)
    result = imported(a_file(Path(), written("MoEngage")), "--dry-run")
    assert "1 request entered" in result.err
    assert result.err.endswith("This is what would be entered; nothing was.\n")
    assert contents(shop_file) == before


def test_what_a_value_or_a_file_is_called_is_shown_and_not_obeyed() -> None:
    name = "\x1b[2J[bold].json"
    a_file(Path(), written("OpenGDPR 1.0", kind=f"{CLEAR}\n{CLIPBOARD}"), name=name)
    result = imported(Path(name))
    assert result.code == 2
    assert "␛[2J[bold].json" in result.err
    assert result.err.count("\n") == 1
    assert "\x1b" not in result.err


def test_a_file_that_cannot_be_read_exits_2(shop_file: Path) -> None:
    before = contents(shop_file)
    large = Path("large.json")
    with large.open("wb") as file:
        file.truncate(100_000_001)
    for path in (Path("nowhere.json"), Path(), large, Path("/dev/zero"), Path("x" * 300)):
        result = imported(path)
        assert (result.code, result.err.count("\n")) == (2, 1)
    assert contents(shop_file) == before


def test_an_import_answers_no_request() -> None:
    result = imported(a_file(Path(), written("AppsFlyer")), "--request", "R1")
    assert result.code == 2
    assert "leave out --request" in result.err
