"""What a user may set, and what is said of it where it cannot be meant."""

from datetime import date
from pathlib import Path

import pytest

from tests.app.helpers import a_shop, press, running, text, until_shown
from tests.shop import done, entered, habeas, identified
from tui.app import HabeasApp
from tui.dialogs import Choose
from tui.screens.requests import RequestsScreen

pytest_plugins = ["tests.fixtures"]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file, which is not there yet."""
    path = tmp_path / "set" / "config.toml"
    path.parent.mkdir()
    monkeypatch.setenv("HABEAS_CONFIG", str(path))
    return path


def test_its_place_is_printed_and_nothing_else(settings: Path) -> None:
    assert habeas("config", "path").out == f"{settings}\n"


def test_without_a_file_all_is_as_it_comes(settings: Path) -> None:
    shown = done("config", "show")
    assert (shown["actor"], shown["theme"], shown["export_folder"]) == ("", "habeas", "answers")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("colour = 1", "line 1: colour: is not a key of this file"),
        ("actor = 1", "line 1: actor: must be a text"),
        ('country = "Holland"', "line 1: country: is not two capital letters"),
        ('day_one = "first"', "line 1: day_one: is none of receipt, next"),
        ("actor", "is not TOML"),
    ],
)
def test_what_cannot_be_meant_is_said_with_its_line(settings: Path, line: str, said: str) -> None:
    settings.write_text(line, "utf-8")
    result = habeas("config", "show")
    assert (result.code, said in result.err) == (2, True)
    assert len(result.err.splitlines()) == 1


def test_it_says_who_acts_unless_the_command_does(
    settings: Path, shop_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.write_text('actor = "noor"', "utf-8")
    monkeypatch.delenv("HABEAS_ACTOR")
    done("requests", "cancel", "R1")
    done("unsubscribe", "ana-1", "--channel", "sms", "--actor", "petra")
    assert [each["actor"] for each in done("ledger", "show")[-2:]] == ["noor", "petra"]


def test_it_says_where_answers_are_written(settings: Path, shop_file: Path) -> None:
    settings.write_text('export_folder = "out/for people"', "utf-8")
    done("requests", "run", "R1")
    assert list(Path("out/for people").glob("*/report.html"))


def test_country_and_day_one_hold_where_the_map_is_silent(settings: Path, shop_file: Path) -> None:
    received = ("--right", "objection", "--received", "2026-04-27")
    asked = done("requests", "add", "ana-1", *received)
    assert asked["due"] == "2026-05-27"
    settings.write_text('country = "NL"\nday_one = "next"', "utf-8")
    asked = done("requests", "add", "ana-1", *received)
    assert "counted from Tue 28 Apr 2026" in asked["working"]
    of_the_map = shop_file.with_suffix(".map.toml")
    text = of_the_map.read_text("utf-8")
    of_the_map.write_text(
        text.replace("[controller]", '[controller]\nday_one = "receipt"', 1), "utf-8"
    )
    assert done("requests", "add", "ana-1", *received)["due"] == "2026-05-27"


async def test_keys_are_changed_by_the_id_of_their_command(settings: Path, tmp_path: Path) -> None:
    settings.write_text('[keymap]\n"requests.identify" = "ctrl+y"', "utf-8")
    async with running(a_shop(tmp_path)) as pilot:
        await press(pilot, "2", "i")
        assert isinstance(pilot.app.screen, RequestsScreen)
        await press(pilot, "ctrl+y")
        assert isinstance(pilot.app.screen, Choose)
        assert "Who asks?" in text(pilot)
        await press(pilot, "escape", "question_mark")
        assert f"{'ctrl+y':<20} Record the check of who asks" in text(pilot)
        await press(pilot, "escape", "colon", *"identify")
        await until_shown(pilot, "Record the check of who asks · ctrl+y")


async def test_what_is_next_names_the_keys_that_are_set(settings: Path, shop_file: Path) -> None:
    settings.write_text('[keymap]\n"requests.letter" = "ctrl+y"\n"app.purge" = "ctrl+z"', "utf-8")
    erasure = entered("ana-1", "erasure", "--ground", "child")
    done("requests", "run", identified(erasure), "--confirm", "ana-1")
    for each in done("notices", "list"):
        if each["request"] == erasure:
            done("notices", "done", each["id"], "--on", date.today())
    async with running(shop_file) as pilot:
        await press(pilot, "2", "G")
        assert f"Request: {erasure}" in text(pilot)
        assert "Next: ctrl+y to write the letter" in text(pilot)
        assert "ctrl+z to purge the store" in text(pilot)
        await press(pilot, "V", "tab", "enter")
        await until_shown(pilot, "a purge (ctrl+z) rewrites")


@pytest.mark.parametrize("theme", ["habeas", "habeas-light", "nord"])
async def test_the_theme_is_the_one_that_is_set(settings: Path, tmp_path: Path, theme: str) -> None:
    settings.write_text(f'theme = "{theme}"', "utf-8")
    async with running(a_shop(tmp_path)) as pilot:
        assert pilot.app.theme == theme


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('theme = "mauve"', "theme: mauve is none of"),
        ('[keymap]\n"requests.forget" = "f"', "requests.forget is no command"),
    ],
)
async def test_a_theme_or_command_that_is_none_ends_it_with_2(
    settings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, said: str
) -> None:
    settings.write_text(line, "utf-8")
    app = HabeasApp(store=a_shop(tmp_path))
    async with app.run_test() as pilot:
        await pilot.pause()
    assert app.return_code == 2
    assert app._refused is not None
    assert said in app._refused.happened


class TestDoctor:
    def test_all_is_well_where_the_map_knows_everything(self, tmp_path: Path) -> None:
        found = habeas("doctor", "--store", a_shop(tmp_path), "--format", "json")
        assert {each["what"]: each["well"] for each in found.json} == {
            "versions": "ok", "configuration": "ok", "store": "ok", "ledger": "ok", "purge": "ok",
        }  # fmt: skip
        assert found.code == 0

    def test_a_store_that_is_not_there_is_said_with_what_to_do(self, tmp_path: Path) -> None:
        found = habeas("doctor", "--store", tmp_path / "none.duckdb", "--format", "json")
        assert found.code == 1
        assert "There is no store" in found.json[-1]["found"]
        assert found.json[-1]["well"] == "WRONG"

    def test_what_the_map_does_not_know_is_named(self, tmp_path: Path) -> None:
        shop = a_shop(tmp_path)
        path = shop.with_suffix(".map.toml")
        path.write_text(path.read_text("utf-8").replace('country = "US"', ""), "utf-8")
        found = habeas("doctor", "--store", shop, "--format", "json")
        assert (found.code, "Example Mailer" in found.out) == (1, True)

    def test_a_configuration_that_cannot_be_meant_is_said(
        self, settings: Path, tmp_path: Path
    ) -> None:
        settings.write_text("colour = 1", "utf-8")
        found = habeas("doctor", "--store", a_shop(tmp_path), "--format", "json")
        assert found.code == 1
        assert "colour: is not a key" in found.out
