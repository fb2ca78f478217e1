"""Telling the recipients: who is still to be told, the messages, and how it ended."""

import stat
from pathlib import Path
from typing import Any

import pytest

from tests.shop import contents, done, entered, habeas, identified

pytest_plugins = ["tests.fixtures"]
pytestmark = pytest.mark.usefixtures("shop_file")

TOLD = ("--on", "2020-01-31")


def listed(*options: str) -> list[tuple[Any, ...]]:
    found = done("notices", "list", *options)
    return [(each["id"], each["status"], each["recipient"]) for each in found]


def rectified() -> str:
    """Ana's city was corrected on her request, of which the mailer is to be told; the request."""
    request_id = identified(entered("ana-1", "rectification", "--set", "last_name=Kowal"))
    done("requests", "run", request_id)
    return request_id


def test_who_is_to_be_told_is_listed_the_open_first() -> None:
    assert listed() == [("N1", "open", "Mailer Ltd"), ("N2", "open", "Depot GmbH")]
    done("notices", "done", "N1", *TOLD)
    assert listed() == [("N2", "open", "Depot GmbH"), ("N1", "done", "Mailer Ltd")]
    assert listed("--open") == [("N2", "open", "Depot GmbH")]
    request_id = rectified()
    assert listed("--request", request_id) == [("N3", "open", "Mailer Ltd")]
    assert listed("--request", "R1") == []


def test_the_letter_of_an_id_may_be_small() -> None:
    request_id = rectified().lower()
    assert request_id == "r2"
    assert listed("--request", request_id) == [("N3", "open", "Mailer Ltd")]
    done("notices", "write", "n3", "n1")
    done("notices", "done", "n3", *TOLD, "--request", request_id)
    assert done("requests", "show", request_id)["id"] == "R2"
    assert done("requests", "assign", "r1", "bob")["id"] == "R1"


def test_the_message_says_whom_it_is_about_and_what_was_done() -> None:
    rectified()
    (written,) = done("notices", "write", "N3")
    message = Path(written["message"])
    assert (written["notice"], message) == ("N3", Path("answers/N3-recipient.txt"))
    assert stat.S_IMODE(message.stat().st_mode) == 0o600
    words = message.read_text("utf-8")
    for part in ("To Mailer Ltd", "ana-1", "ana@example.org", "Last name: Kowal", "N3",
                 "Article 19"):  # fmt: skip
        assert part in words


def test_without_an_id_all_that_are_open_are_written(shop_file: Path) -> None:
    done("notices", "done", "N1", *TOLD)
    rectified()
    before = contents(shop_file)
    written = done("notices", "write", "--out", "post")
    assert [each["notice"] for each in written] == ["N2", "N3"]
    assert {Path(each["message"]) for each in written} == set(Path("post").iterdir())
    assert contents(shop_file) == before
    assert habeas("notices", "write", "N1").code == 5, "it no longer says who is meant"


def test_the_register_says_how_many_are_still_to_be_told() -> None:
    request_id = rectified()
    assert done("requests", "show", request_id)["to_tell"] == 1
    done("notices", "done", "N3", "--on", "2020-01-31")
    shown = done("requests", "show", request_id)
    assert (shown["to_tell"], shown["status"]) == (0, "completed")
    assert shown["history"][-1]["step"] == "notice done"


def test_that_telling_one_is_impossible_is_recorded_with_the_reason() -> None:
    (settled,) = done("notices", "impossible", "N2", "--reason", "the firm is wound up")
    assert (settled["status"], settled["recipient"]) == ("impossible", "Depot GmbH")
    entry = done("ledger", "show")[-1]
    assert (entry["action"], entry["article"]) == ("notice impossible", "19")
    assert entry["reason"] == "the firm is wound up"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (("done", "N1"), 2),
        (("done", "N1", "--on", "2999-01-01"), 2),
        (("done", "N1", "--on", "yesterday"), 2),
        (("done", "N1", *TOLD, "--reason", "Lindqvist was named"), 5),
        (("impossible", "N1"), 2),
        (("impossible", "N1", "--reason", " "), 2),
        (("impossible", "N1", "--reason", "nobody knows bo@example.org"), 5),
    ],
)
def test_what_is_not_so_is_not_recorded(
    command: tuple[str, ...], code: int, shop_file: Path
) -> None:
    before = contents(shop_file)
    result = habeas("notices", *command)
    assert (result.code, result.out) == (code, "")
    assert contents(shop_file) == before


@pytest.mark.parametrize("again", [("done", *TOLD), ("impossible", "--reason", "gone")])
def test_it_is_settled_once(again: tuple[str, ...]) -> None:
    done("notices", "done", "N1", *TOLD)
    result = habeas("notices", again[0], "N1", *again[1:])
    assert result.code == 5
    assert "done already" in result.err


def test_an_erased_person_is_known_by_nothing_once_all_were_told(shop_file: Path) -> None:
    done("erase", "bo-2", "--ground", "child", "--confirm", "bo-2")
    assert [each[1] for each in listed()] == ["open", "open", "overtaken", "overtaken"]
    (written, *_) = done("notices", "write")
    assert "bo@example.org" in Path(written["message"]).read_text("utf-8")
    for notice in ("N3", "N4"):
        done("notices", "done", notice, *TOLD)
    assert not any(
        "bo-2" in str(rows) or "bo@" in str(rows) for rows in contents(shop_file).values()
    )
