"""habeas completion: what a shell offers at TAB."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.shop import habeas
from tui.cli.overview import SECTIONS

NAMES = {part for commands in SECTIONS.values() for name in commands for part in name.split()}


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("completion") / "habeas"
    path.write_text(habeas("completion", "bash").out)
    return path


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash to complete")
@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("req", ["requests"]),
        ("e", ["erase", "export"]),
        ("requests id", ["identify"]),
        ("erase --gr", ["--ground"]),
        ("find --format ", ["csv", "json", "table"]),
        ("requests letter R1 conf", ["confirmation"]),
        ("completion z", ["zsh"]),
        ("requests zz", []),
    ],
)
def test_bash_offers_what_can_be_meant(typed: str, offered: list[str], script: Path) -> None:
    words = ["habeas", *typed.split(" ")]
    asked = (
        f"source {shlex.quote(str(script))}; complete -p habeas >/dev/null || exit\n"
        f"COMP_WORDS=({shlex.join(words)}); COMP_CWORD={len(words) - 1}; _habeas\n"
        '((${#COMPREPLY[@]})) && printf "%s\\n" "${COMPREPLY[@]}" || true'
    )
    ran = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, check=True)
    assert (sorted(ran.stdout.split()), ran.stderr) == (offered, "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_command_is_offered(shell: str) -> None:
    result = habeas("completion", shell)
    assert (result.code, result.err) == (0, "")
    assert {*re.findall(r"[\w-]+", result.out)} >= NAMES


def test_another_shell_is_refused() -> None:
    result = habeas("completion", "tcsh")
    assert (result.code, result.out) == (2, "")
    assert "tcsh" in result.err
