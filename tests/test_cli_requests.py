"""The register on the command line: a request is entered, carried out once, or cancelled."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.shop import contents, done, entered, habeas, identified, profiles

pytest_plugins = ["tests.fixtures"]
pytestmark = pytest.mark.usefixtures("shop_file")

PARTICULARS: dict[str, tuple[str, ...]] = {
    "rectification": ("--set", "city=Utrecht", "--set", "country=NL"),
    "restriction": ("--ground", "accuracy"),
    "objection": ("--channel", "email", "--channel", "sms"),
    "subscription": ("--all",),
    "automation": ("--stop",),
    "erasure": ("--ground", "child"),
}
"""What each right needs to be carried out, beside a folder for an answer."""

rights = pytest.mark.parametrize(("right", "particulars"), PARTICULARS.items(), ids=PARTICULARS)


ASK_IDENTITY = ("rectification", "erasure")
"""Those of them that wait for the check of who asks."""


def final(right: str) -> tuple[str, ...]:
    return ("--confirm", "ana-1") if right == "erasure" else ()


def ready(user_id: str, right: str, *particulars: str) -> str:
    """Enters a request that waits for nothing else; its id."""
    request_id = entered(user_id, right, *particulars)
    return identified(request_id) if right in ASK_IDENTITY else request_id


def test_a_request_is_due_in_a_month() -> None:
    received = date.today() - timedelta(days=40)
    came = ("--received", received, "--came-by", "post")
    added = done("requests", "add", "bo-2", "--right", "access", *came)
    assert (added["id"], added["status"], added["handler"]) == ("R2", "received", "handler")
    assert (added["received"], added["came_by"]) == (received.isoformat(), "post")
    assert date.fromisoformat(added["due"]) < date.today()
    assert "one month" in added["working"]


def test_the_list_has_what_is_due_first_and_what_is_closed_last() -> None:
    received = date.today() - timedelta(days=10)
    done("requests", "add", "bo-2", "--right", "erasure", "--received", received)
    done("requests", "add", "li-6", "--right", "access")
    done("requests", "cancel", "R3")
    listed = done("requests", "list")
    assert [each["id"] for each in listed] == ["R2", "R1", "R3"]
    assert [each["person"] for each in listed] == ["bo-2", "ana-1", "li-6"]
    assert listed[0]["days_left"] < listed[1]["days_left"]
    assert listed[2]["days_left"] is None


@rights
def test_particulars_can_be_said_when_the_request_is_added(
    right: str, particulars: tuple[str, ...]
) -> None:
    ready("ana-1", right, *particulars)
    assert done("requests", "run", "R2", *final(right))["status"] == "completed"


@rights
def test_particulars_can_be_said_when_it_is_run_and_must_be_said_once(
    right: str, particulars: tuple[str, ...], shop_file: Path
) -> None:
    ready("ana-1", right)
    before = contents(shop_file)
    lacking = habeas("requests", "run", "R2", *final(right))
    assert (lacking.code, contents(shop_file)) == (2, before)
    assert "needs its" in lacking.err
    ran = done("requests", "run", "R2", *particulars, *final(right))
    assert (ran["status"], ran["receipt"]["right"]) == ("completed", right)


def test_particulars_of_another_right_exit_2() -> None:
    result = habeas("requests", "run", "R1", "--out", "out", "--ground", "child")
    assert result.code == 2
    assert "takes no ground" in result.err


def test_an_answer_is_written_to_a_folder() -> None:
    done("requests", "run", "R1")
    (folder,) = Path("answers").iterdir()
    assert {each.name for each in folder.iterdir()} == {
        "manifest.json", "answer.json", "report.html", "dictionary.json",
        "profile.json", "profile.parquet", "events.json", "events.parquet",
    }  # fmt: skip
    assert "Ana" in (folder / "report.html").read_text("utf-8")
    done("requests", "run", identified(entered("bo-2", "access")), "--out", "out")
    (folder,) = Path("out").iterdir()
    assert (folder / "manifest.json").exists()


def test_a_lifting_needs_the_day_on_which_the_person_was_told() -> None:
    done("requests", "add", "bo-2", "--right", "lifting")
    assert done("requests", "run", "R2", "--informed", "2020-01-31")["status"] == "completed"
    assert done("show", "bo-2")["restriction"] is None


def test_run_twice_is_done_once(shop_file: Path) -> None:
    first = habeas("requests", "run", "R1", "--out", "out", "--format", "json")
    after = contents(shop_file)
    again = habeas("requests", "run", "R1", "--out", "elsewhere", "--format", "json")
    assert (again.code, again.json) == (0, first.json)
    (folder,) = Path("out").iterdir()
    assert first.err.splitlines()[-1] == f"The answer is in {folder}."
    assert again.err == "R1 was carried out before; nothing was done now.\n"
    assert contents(shop_file) == after
    assert not Path("elsewhere").exists()


def test_the_receipt_is_in_the_register_and_names_the_ledger_entry() -> None:
    done("requests", "run", "R1", "--out", "out", "--reason", "by letter")
    receipt = done("requests", "show", "R1")["receipt"]
    entry = done("ledger", "show")[-1]
    assert (entry["seq"], entry["digest"]) == (receipt["ledger_entry"], receipt["ledger_digest"])
    assert (entry["request"], entry["reason"]) == ("R1", "by letter")


@pytest.mark.parametrize("confirm", [(), ("--confirm", "bo-2")])
def test_erasure_asks_for_the_id_once_more(confirm: tuple[str, ...], shop_file: Path) -> None:
    ready("ana-1", "erasure", "--ground", "child")
    before = contents(shop_file)
    assert habeas("requests", "run", "R2", *confirm).code in (2, 5)
    assert contents(shop_file) == before


def test_the_register_forgets_whom_it_erased_but_not_that_it_did() -> None:
    ready("ana-1", "erasure", "--ground", "child")
    done("requests", "run", "R2", "--confirm", "ana-1")
    shown = done("requests", "show", "R2")
    assert (shown["user_id"], shown["details"], shown["status"]) == ("", {}, "completed")
    assert shown["receipt"]["article"] == "17(1)(f)"
    (listed, _) = sorted(done("requests", "list"), key=lambda each: each["id"], reverse=True)
    assert listed["person"] == shown["subject"][:16]


def test_a_cancelled_request_is_not_carried_out(shop_file: Path) -> None:
    assert done("requests", "cancel", "R1")["status"] == "cancelled"
    before = contents(shop_file)
    for command in (("cancel", "R1"), ("run", "R1", "--out", "out")):
        result = habeas("requests", *command)
        assert result.code == 5
        assert "cancelled already" in result.err
    assert contents(shop_file) == before


@rights
def test_a_command_can_answer_a_request_of_the_register(
    right: str, particulars: tuple[str, ...], shop_file: Path
) -> None:
    commands: dict[str, tuple[str, ...]] = {
        "rectification": ("rectify", "ana-1", "city=Utrecht"),
        "restriction": ("restrict", "ana-1", *particulars),
        "objection": ("unsubscribe", "ana-1", *particulars),
        "subscription": ("subscribe", "ana-1", "--channel", "push"),
        "automation": ("automation", "ana-1", *particulars),
        "erasure": ("erase", "ana-1", *particulars, "--confirm", "ana-1"),
    }
    ready("ana-1", right)
    ready("bo-2", right)
    before = profiles(shop_file)
    for other in ("R1", "R3"):
        refused = habeas(*commands[right], "--request", other)
        assert refused.code == 5
        assert "another person's" in refused.err or "is for access" in refused.err
    assert habeas(*commands[right], "--request", "R9").code == 4
    assert profiles(shop_file) == before
    done(*commands[right], "--request", "R2")
    assert done("requests", "show", "R2")["status"] == "completed"


def test_an_export_can_answer_a_request_of_one_person() -> None:
    entered("bo-2", "access")
    assert habeas("export", "ana-1", "--out", "out", "--request", "R2").code == 5
    assert habeas("export", "ana-1", "bo-2", "--out", "out", "--request", "R1").code == 2
    assert not list(Path().glob("out/*"))
    done("export", "ana-1", "--out", "out", "--request", "R1")
    assert done("requests", "show", "R1")["status"] == "completed"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("nobody", "--right", "access"), 4),
        (("ana-1", "--right", "revenge"), 2),
        (("ana-1",), 2),
        (("ana-1", "--right", "access", "--received", "2999-01-01"), 2),
        (("ana-1", "--right", "access", "--received", "yesterday"), 2),
        (("ana-1", "--right", "rectification", "--set", "city"), 2),
        (("ana-1", "--right", "automation", "--stop", "--allow"), 2),
        (("ana-1", "--right", "access", "--came-by", "pigeon"), 2),
        (("ana-1", "--right", "access", "--request", "R1"), 2),
    ],
)
def test_a_request_that_cannot_be_meant_is_not_entered(
    arguments: tuple[str, ...], code: int, shop_file: Path
) -> None:
    before = contents(shop_file)
    assert habeas("requests", "add", *arguments).code == code
    assert contents(shop_file) == before
