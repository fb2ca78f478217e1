"""What stands on the terminal before the application does, and that it never stays behind."""

import fcntl
import os
import pty
import select
import struct
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.helpers import a_shop
from tests.app.terminal import COLUMNS, LINES, changed, terminal
from tui import early
from tui.early import Start


@pytest.fixture
def on_terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A terminal that it takes for its own; the side of it that a person looks at."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    monkeypatch.setattr(early, "IN", theirs)
    monkeypatch.setattr(early, "OUT", theirs)
    for name in ("TEXTUAL_DRIVER", "HABEAS_STORE", "HABEAS_ACTOR"):
        monkeypatch.delenv(name, raising=False)
    yield ours
    os.close(ours)
    os.close(theirs)


def modes() -> list[object]:
    """How the terminal takes what is typed."""
    return [*termios.tcgetattr(early.IN)]


def sent(ours: int) -> str:
    """All that has come."""
    received = b""
    while select.select([ours], [], [], 0.1)[0]:
        received += os.read(ours, 4096)
    return received.decode()


def fail() -> None:
    raise ZeroDivisionError


@pytest.mark.parametrize(
    ("arguments", "start"),
    [
        ([], Start()),
        (["--store", "shop.duckdb", "--read-only"], Start("shop.duckdb", read_only=True)),
        (["--store=shop.duckdb", "--actor", "ana"], Start("shop.duckdb", "ana")),
        (["--store=", "--actor", "ana"], None),
        (["--store"], None),
        (["--format", "csv"], None),
        (["find", "ana"], None),
        (["--store", "shop.duckdb", "find", "ana"], None),
        (["--help"], None),
        (["--version"], None),
    ],
    ids=str,
)
@pytest.mark.usefixtures("on_terminal")
def test_only_the_application_begins_so(arguments: list[str], start: Start | None) -> None:
    assert early.plain_start(arguments) == start


@pytest.mark.usefixtures("on_terminal")
def test_what_the_environment_says_holds_where_nothing_is_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HABEAS_STORE", "shop.duckdb")
    monkeypatch.setenv("HABEAS_ACTOR", "ana")
    assert early.plain_start([]) == Start("shop.duckdb", "ana")
    assert early.plain_start(["--actor", "eva"]) == Start("shop.duckdb", "eva")


def test_what_is_no_terminal_is_not_begun_so() -> None:
    assert early.plain_start([]) is None


def test_nor_is_a_page_in_a_browser(on_terminal: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTUAL_DRIVER", "tui.web.driver:PageDriver")
    assert early.plain_start([]) is None


def test_where_the_start_fails_the_terminal_is_as_it_was(on_terminal: int) -> None:
    before = modes()
    with pytest.raises(ZeroDivisionError), early.first_line():
        fail()
    assert modes() == before
    came = sent(on_terminal)
    assert came.startswith("\x1b[?1049h")
    assert "Habeas · People" in came
    assert came.endswith("\x1b[?1049l\x1b[?25h")


def test_the_application_has_the_terminal_to_itself(on_terminal: int) -> None:
    before = modes()
    with early.first_line():
        assert modes() != before, "what is typed meanwhile would be seen"
        early.put_back()
        assert modes() == before, "once it has ended"
    assert "\x1b[?1049l" not in sent(on_terminal)


@pytest.mark.slow
def test_it_is_there_first_and_nothing_of_it_is_left(tmp_path: Path) -> None:
    with terminal(a_shop(tmp_path)) as screen:
        screen.until("Habeas · People")
        assert b"\x1b[?2026$p" not in screen.received, "Textual came first"
        screen.until("customer-00000001", gone="Opening the store")
        screen.calm()
        assert screen.text.count("Habeas") == 1
        screen.press("q")
        assert screen.exit_code() == 0


WAITING = """
    import select
    from tui.app import HabeasApp
    begin = HabeasApp.on_load
    def wait_for_a_key(app):
        select.select([0], [], [])
        begin(app)
    HabeasApp.on_load = wait_for_a_key
"""


@pytest.mark.slow
def test_a_key_that_is_pressed_before_the_application_listens_acts_once_it_does(
    tmp_path: Path,
) -> None:
    with terminal(a_shop(tmp_path), changed(tmp_path, WAITING)) as screen:
        screen.until("customer-00000001")
        screen.press("\r")
        screen.until("PROCESSING")
        screen.press("q")
        assert screen.exit_code() == 0


@pytest.mark.slow
def test_a_setting_that_is_wrong_is_told_on_the_terminal_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config.toml"
    config.write_text("theme = 1\n")
    monkeypatch.setenv("HABEAS_CONFIG", str(config))
    with terminal(a_shop(tmp_path)) as screen:
        assert screen.exit_code() == 2
        last = screen.received.rpartition(b"\x1b[?1049l")[2]
        assert b"theme" in last


@pytest.mark.slow
@pytest.mark.parametrize(("columns", "lines"), [(80, 24), (120, 34), (160, 60)], ids=str)
def test_the_first_people_stand_where_the_application_has_them(
    tmp_path: Path, columns: int, lines: int
) -> None:
    with terminal(a_shop(tmp_path), columns=columns, lines=lines) as screen:
        screen.until(f"customer-{min(lines - 6, 40):08}")
        assert b"\x1b[?2026$p" not in screen.received, "Textual came first"
        before = screen.text.splitlines()
        screen.until("Quit")
        screen.calm()
        after = screen.text.splitlines()
    table = slice(early.TOP, lines - 1)
    people = [each.rstrip() for each in before[table]]
    assert len([each for each in people if "customer-" in each]) == min(lines - 6, 40)
    for was, each in zip(people, after[table], strict=True):
        assert each.startswith(was)
