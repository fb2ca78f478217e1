"""The real command in processes of its own: on a terminal, interrupted, killed, piped, locked."""

import errno
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from data.rights.plan import TOGETHER
from tests.layouts import write
from tests.shop import BIDI, C1, COMMAND, IDS, PEOPLE, contents, done, entered, habeas, profiles

pytest_plugins = ["tests.fixtures"]
pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("shop_file")]

PATIENCE = 60.0
MANY = 4000
OWN = re.compile(r"\x1b\[([0-9;]*m|\?25[hl]|1A|2K)|\r")
"""What rich itself writes: styles, and for what is under way the cursor and its own line."""


@dataclass(frozen=True)
class Ended:
    code: int
    text: str


@contextmanager
def terminal(arguments: Sequence[str]) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The command on a terminal of its own, and the side of it that a person looks at."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [COMMAND, *arguments], stdin=theirs, stdout=theirs, stderr=theirs,
        env=os.environ | {"TERM": "xterm-256color", "COLUMNS": "250"},
        preexec_fn=lambda: os.login_tty(theirs),  # so that Ctrl-C is for it
    )  # fmt: skip
    os.close(theirs)
    try:
        yield process, ours
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def read_to_end(ours: int) -> bytes:
    received = b""
    while select.select([ours], [], [], PATIENCE)[0]:
        try:
            part = os.read(ours, 65536)
        except OSError as error:
            if error.errno == errno.EIO:  # what Linux says where the other side is closed
                return received
            raise
        if not part:
            return received
        received += part
    raise TimeoutError(received)


def on_terminal(*arguments: str) -> Ended:
    with terminal(arguments) as (process, ours):
        received = read_to_end(ours)
        return Ended(process.wait(PATIENCE), received.decode("utf-8"))


def until(condition: Callable[[], object]) -> None:
    """Waits for what another process does."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.001)  # the processor is for the other


SCREENS: dict[str, tuple[str, ...]] = {
    "everybody": ("find", ""),
    "control characters": ("show", "../../etc/passwd"),
    "bidi and C1": ("show", "a b,c\"'; --"),
    "line breaks": ("show", "li-6"),
    "nobody": ("show", "\x1b]52;c;ZXZpbA==\x07"),
    "no command": ("\x1b[2J\x9b31m",),
    "no file": ("import", "--people", "\x1b[2J.csv"),
    "the register": ("requests", "list"),
    "a request": ("requests", "show", "R2"),
    "a queue": ("requests", "run", "--all-ready", "--dry-run"),
    "the ledger": ("ledger", "show"),
    "a plan": ("rectify", "li-6", f"first_name={C1}", f"last_name={BIDI}\x1b[2J", "--dry-run"),
}


@pytest.mark.parametrize("form", ["table", "csv", "json"])
@pytest.mark.parametrize("command", SCREENS.values(), ids=SCREENS)
def test_a_terminal_is_told_nothing_by_a_value(command: tuple[str, ...], form: str) -> None:
    request = ("requests", "add", "../../etc/passwd", "--right", "rectification")
    done(*request, "--set", f"first_name={C1}", "--reason", f"{BIDI}\x1b[2J", "--actor", C1)
    shown = OWN.sub("", on_terminal(*command, "--format", form).text)
    assert shown.strip()
    assert [each for each in shown if each != "\n" and not each.isprintable()] == []


def test_what_is_hostile_is_shown_for_what_it_is() -> None:
    shown = OWN.sub("", on_terminal("find", "").text)
    for literal in ("␛[2J␛[H", "␛]52;c;ZXZpbA==␇", "‹U+202E›gnp.exe", "‹U+009B›31m", "[bold]Red",
                    "[/x]", "../../etc/passwd"):  # fmt: skip
        assert literal in shown
    assert "\\u001b[2J" in on_terminal("find", "etc", "--format", "json").text


def test_a_bar_shows_how_far_a_queue_has_come_and_goes_again() -> None:
    for person in IDS[2:]:
        done("requests", "add", "--right", "automation", "--stop", "--", person)
    ended = on_terminal("requests", "run", "--all-ready")
    assert ended.code == 0
    assert "━" in ended.text
    assert OWN.sub("", ended.text).count("automation") == len(IDS[2:])
    assert ended.text.rindex("━") < ended.text.index("came_to"), "the result comes after it"


@pytest.fixture
def many(shop_file: Path) -> Path:
    """So many people that a load or an export can be caught at it; gives the file of them."""
    path = Path("many.csv")
    write(path, [{"user_id": f"many-{n}", "email": f"many-{n}@example.org"} for n in range(MANY)])
    return path


def test_ctrl_c_in_an_export_exits_130_and_leaves_nothing_half_written(many: Path) -> None:
    done("import", "--people", many)
    out = Path("out")
    Path("ids.txt").write_text("\n".join(f"many-{n}" for n in range(MANY)))
    with terminal(["export", "--from", "ids.txt", "--out", "out"]) as (process, ours):
        # More than are of one transaction, so that one is kept.
        until(lambda: len(list(out.glob("*-access"))) > TOGETHER)
        os.write(ours, b"\x03")
        # The terminal drops what it has not shown yet, half a character too.
        text = read_to_end(ours).decode(errors="replace")
        assert process.wait(PATIENCE) == 130
    assert "habeas: interrupted." in text
    assert "Traceback" not in text
    written = {each.name for each in out.iterdir()}
    assert TOGETHER <= len(written) < MANY
    assert all((out / name / "manifest.json").exists() for name in written)
    exported = {f"{each['subject'][:16]}-access" for each in done("ledger", "show")}
    assert written <= exported
    assert done("ledger", "verify")["chain"] == "whole"
    assert not list(Path().glob("*.wal"))


def test_ctrl_c_in_a_queue_exits_130_and_keeps_what_was_done_whole() -> None:
    for _ in range(3):
        entered("ana-1", "automation", "--stop")
    with python(
        "import os, signal; from data import fulfilment; from tui.cli import main, working\n"
        "print('there', flush=True)\n"
        "work_off = fulfilment.work_off\n"
        "def pressed(store, queue, *given, **named):\n"
        "    if queue[0].id == 'R3':\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "    return work_off(store, queue, *given, **named)\n"
        "fulfilment.work_off, working.TOGETHER = pressed, 1\n"
        "main(['requests', 'run', '--all-ready'])"
    ) as process:
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (130, "")
    assert err == "habeas: interrupted. What was under way was not kept.\n"
    register = {each["id"]: each["status"] for each in done("requests", "list")}
    assert register == {"R1": "completed", "R2": "completed", "R3": "ready", "R4": "ready"}
    assert len(done("requests", "run", "--all-ready")) == 2
    assert done("ledger", "verify")["chain"] == "whole"


@pytest.mark.parametrize(
    ("place", "command"),
    [
        ("finding.best", ["find", "ana"]),
        ("intake.intake_people.choose_new", ["import", "--people", "many.csv"]),
        ("intake.intake_people.update", ["import", "--people", "many.csv"]),
    ],
)
def test_ctrl_c_in_a_long_query_exits_130(
    place: str, command: list[str], many: Path, shop_file: Path
) -> None:
    before = contents(shop_file)
    with python(
        "from data import finding, intake; from tui.cli import main\n"
        "def endless(cursor, *_, **__):\n"
        "    print('there', flush=True)\n"
        "    return cursor.rows('SELECT max(hash(i)) FROM range(1000000000000) r(i)')\n"
        f"{place} = endless\n"
        f"main({command!r})"
    ) as process:
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err[:20]) == (130, "habeas: interrupted.")
    assert contents(shop_file) == before


@contextmanager
def python(code: str) -> Iterator[subprocess.Popen[str]]:
    """Python that has said it is there; it goes when we do."""
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout
        try:
            assert process.stdout.readline() == "there\n"
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("step", ["intake_people.update", "intake_people.add", "ledger.append"])
def test_an_import_that_is_killed_leaves_the_store_as_it_was(
    step: str, many: Path, shop_file: Path
) -> None:
    before = contents(shop_file)
    with python(
        "import os, signal; from data import intake; from tui.cli import main\n"
        "print('there', flush=True)\n"
        f"taken = intake.{step}\n"
        "def killed(*given, **named):\n"
        "    taken(*given, **named)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        f"intake.{step} = killed\n"
        f"main(['import', '--people', {str(many)!r}])"
    ) as process:
        process.communicate(timeout=PATIENCE)
    assert process.returncode == -signal.SIGKILL
    assert habeas("find", "many").err == "0 of 0\n"
    assert contents(shop_file) == before
    assert done("import", "--people", many)[0]["added"] == MANY
    assert len(profiles(shop_file)) == MANY + len(PEOPLE)


@pytest.mark.parametrize("form", ["table", "csv", "json"])
@pytest.mark.parametrize("limit", ["5", "3000"])
def test_a_pipe_that_closes_early_prints_no_traceback(form: str, limit: str, many: Path) -> None:
    done("import", "--people", many)
    process = subprocess.Popen(
        [COMMAND, "find", "", "--limit", limit, "--format", form],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    assert process.wait(PATIENCE) == 1
    assert re.fullmatch(r"([\d,]+ of [\d,]+\n)?", said)


def holding(store: Path, how: str) -> str:
    return (
        "import signal; from data.store import Store\n"
        f"with Store.open({str(store)!r}, {how}):\n"
        "    print('there', flush=True); signal.pause()"
    )


def test_a_store_in_use_exits_3_and_names_the_process(shop_file: Path) -> None:
    with python(holding(shop_file, "read_only=False")) as holder:
        for command in (["find", "ana"], ["automation", "ana-1", "--stop"]):
            result = habeas(*command)
            assert (result.code, result.out) == (3, "")
            assert f"in use by process {holder.pid}" in result.err
    assert habeas("find", "ana").code == 0


def test_several_can_read_at_once(shop_file: Path) -> None:
    with python(holding(shop_file, "read_only=True")):
        assert habeas("find", "ana").code == 0
        assert habeas("automation", "ana-1", "--stop").code == 3


def test_a_bug_exits_70_and_says_where_but_nothing_of_anybody() -> None:
    with python(
        "from data import people; from tui.cli import main\n"
        "print('there', flush=True)\n"
        "def broken(cursor, subject):\n"
        "    secret = cursor.value('SELECT email FROM profiles WHERE user_id = $id', id=subject)\n"
        "    raise ValueError(f'{secret} of {subject}')\n"
        "people.read = broken\n"
        "main(['show', 'ana-1'])"
    ) as process:
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (70, "")
    assert re.fullmatch(
        r"habeas: a bug \(ValueError at [\w.<>: ]+\)\. [\w ,']+ is in \S+\.log\.\n", err
    )
    assert "ana" not in err
