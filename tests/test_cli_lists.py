"""Rights of many people from the command line: a list of ids, or a list of corrections."""

from pathlib import Path
from typing import Any

import pytest

from tests.shop import IDS, contents, done, habeas, profiles

pytest_plugins = ["tests.fixtures"]
pytestmark = pytest.mark.usefixtures("shop_file")


def listed(*ids: str) -> Path:
    path = Path("ids.txt")
    path.write_text("\n".join(ids))
    return path


def of(*ids: str) -> list[Any]:
    return [done("show", "--", each) for each in ids]


def test_several_are_restricted_and_released_together() -> None:
    found = done("restrict", "ana-1", "--from", listed("li-6", "ana-1"), "--ground", "accuracy")
    assert [(each["user_id"], each["fields"]) for each in found] == [
        ("ana-1", ["restriction"]), ("li-6", ["restriction"])
    ]  # fmt: skip
    assert [each["restriction"]["ground"] for each in of("ana-1", "li-6")] == ["accuracy"] * 2
    done("lift", "ana-1", "li-6", "--informed", "2026-01-01")
    assert [each["restriction"] for each in of("ana-1", "li-6")] == [None, None]


def test_several_objections_and_choices(shop_file: Path) -> None:
    before = profiles(shop_file)
    done("unsubscribe", "--from", listed(*IDS[:2]), "--channel", "email")
    after = profiles(shop_file)
    assert [before[each] != after[each] for each in IDS[:2]] == [True, True]
    assert [each["action"] for each in done("ledger", "show")[-2:]] == ["objection"] * 2
    done("object", "ana-1", "li-6")
    assert [each["restriction"]["ground"] for each in of("ana-1", "li-6")] == ["objection"] * 2


CORRECTIONS = """user_id,field,value
ana-1,city,Riga
ana-1,company,
li-6,city,"Praha, 1"
"""


def test_corrections_come_from_a_file(shop_file: Path) -> None:
    Path("right.csv").write_text(CORRECTIONS)
    done("rectify", "--from", "right.csv")
    ana, li = of("ana-1", "li-6")
    assert (ana["city"], li["city"]) == ("Riga", "Praha, 1")
    entries = done("ledger", "show")[-2:]
    assert [each["action"] for each in entries] == ["rectification"] * 2
    assert habeas("rectify", "--from", "right.csv").code == 5, "nothing is left to be corrected"
    Path("right.csv").write_text(CORRECTIONS.replace("Riga", "Brno"))
    assert [each["user_id"] for each in done("rectify", "--from", "right.csv")] == ["ana-1"]
    assert len(done("ledger", "show")) == entries[-1]["seq"] + 1


@pytest.mark.parametrize(
    "text",
    ["", "user_id,field\nana-1,city\n", CORRECTIONS + "ana-1,city,Berlin\n",
     CORRECTIONS + "ana-1,city\n", CORRECTIONS + 'li-6,city,"open\n', "user_id,field,value\n"],
)  # fmt: skip
def test_a_file_that_says_nothing_clear_changes_nothing(shop_file: Path, text: str) -> None:
    before = contents(shop_file)
    Path("wrong.csv").write_text(text)
    assert habeas("rectify", "--from", "wrong.csv").code == 2
    assert contents(shop_file) == before


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (("restrict", "ana-1", "nobody", "--ground", "accuracy"), 4),
        (("restrict", "ana-1", "bo-2", "--ground", "accuracy"), 5),
        (("restrict", "--ground", "accuracy"), 2),
        (("rectify",), 2),
        (("rectify", "ana-1", "--from", "right.csv"), 2),
        (("rectify", "--from", "right.csv", "--request", "R1"), 2),
        (("object", "ana-1", "li-6", "--dry-run"), 0),
        (("rectify", "--from", "right.csv", "--dry-run"), 0),
    ],
)
def test_what_cannot_be_done_to_one_is_done_to_none(
    shop_file: Path, command: tuple[str, ...], code: int
) -> None:
    Path("right.csv").write_text(CORRECTIONS)
    before = contents(shop_file)
    assert habeas(*command).code == code
    assert contents(shop_file) == before
