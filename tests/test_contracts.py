"""What may import what, and when: measured in processes of their own."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.every import ELSEWHERE, EVERY

ROOT = Path(__file__).parents[1]
DATA = sorted((ROOT / "data").rglob("*.py"))
TUI = sorted((ROOT / "tui").rglob("*.py"))
SOURCES = DATA + TUI

INTERFACE = {"textual", "rich", "cyclopts", "tui"}
"""What the data does not know of."""

HEADLESS = {
    "find": ["find", ""],
    "show": ["show", "-rf"],
    "export": ["export", "customer-00000001", "--out", "out"],
    "rectify": ["rectify", "customer-00000001", "city=Utrecht"],
    "erase": ["erase", "customer-00000002", "--ground", "child", "--confirm", "customer-00000002"],
    "requests": ["requests", "list"],
    "queue": ["requests", "run", "--all-ready"],
    "notices": ["notices", "write"],
    "ledger": ["ledger", "verify"],
    "verify": ["verify", "customer-00000002"],
    "demo": ["demo", "--people", "2", "--store", "another.duckdb"],
    "none": [],
}


def module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {module(path) for path in SOURCES}


def imported(nodes: Iterator[ast.AST]) -> Iterator[str]:
    """The full names of what these nodes import, submodules of a package too."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            name = str(node.module)
            inner = [f"{name}.{each.name}" for each in node.names]
            yield from (each if each in NAMES else name for each in inner)


def on_loading(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes that run when a module is loaded: not in functions, not for types alone."""
    for node in ast.iter_child_nodes(tree):
        only_types = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        if not (isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or only_types):
            yield node
            yield from on_loading(node)


def loaded_by(code: str, cwd: Path) -> set[str]:
    """The top-level modules and those of ours that are there after the code has run."""
    said = "import json, sys; print(json.dumps([*sys.modules]), file=sys.stderr)"
    ran = subprocess.run(
        [sys.executable, "-c", f"try:\n    {code}\nfinally:\n    {said}"],
        cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return set(json.loads(ran.stderr.splitlines()[-1]))


@pytest.mark.parametrize("path", SOURCES, ids=module)
def test_every_file_says_what_it_is_for(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not text or ast.get_docstring(ast.parse(text))


@pytest.mark.parametrize("path", DATA, ids=module)
def test_no_file_of_data_knows_an_interface(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    assert not {name.split(".")[0] for name in imported(ast.walk(tree))} & INTERFACE


@pytest.mark.parametrize("path", DATA, ids=module)
def test_no_file_of_data_prints(path: Path) -> None:
    names = {
        node.id
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Name)
    }
    assert not names & {"print", "input", "breakpoint"}


def test_data_loads_no_interface(tmp_path: Path) -> None:
    everything = ", ".join(module(path) for path in DATA)
    loaded = loaded_by(f"import {everything}", tmp_path)
    assert {module(path) for path in DATA} <= loaded
    assert not loaded & (INTERFACE | {"pyarrow", "pandas", "numpy"})


def test_modules_do_not_import_each_other_in_a_circle() -> None:
    needs: dict[str, set[str]] = {}
    for path in SOURCES:
        found = imported(on_loading(ast.parse(path.read_text("utf-8"))))
        needs[module(path)] = {name for name in found if name in NAMES}
    while leaves := {name for name, needed in needs.items() if not needed & needs.keys()}:
        needs = {name: needed for name, needed in needs.items() if name not in leaves}
    assert not needs, f"in a circle, or above one: {needs}"


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made-up")
    assert "data.demo" in loaded_by(
        main(["demo", "--people", "3", "--store", "shop.duckdb"]), folder
    )
    return folder


def main(arguments: list[str]) -> str:
    return f"from tui.cli import main; main({arguments!r})"


@pytest.mark.parametrize("arguments", HEADLESS.values(), ids=HEADLESS)
def test_a_command_without_a_terminal_loads_nothing_that_it_does_not_need(
    arguments: list[str], made_up: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HABEAS_STORE", str(made_up / "shop.duckdb"))
    loaded = loaded_by(main(arguments), made_up)
    assert "tui.output" in loaded
    # Of DuckDB the database alone: its package takes twice as long again.
    assert not loaded & {"textual", "duckdb", "pyarrow", "pandas", "numpy", "tui.app"}


def test_no_help_loads_textual(tmp_path: Path) -> None:
    helps = [[*each.split(), "--help"] for each in (*EVERY, *ELSEWHERE)]
    loaded = loaded_by(
        f"import contextlib, io; from tui.cli import main\n"
        f"    for each in {helps!r}:\n"
        "        with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):\n"
        "            main(each)",
        tmp_path,
    )
    assert {"tui.cli.answering", "tui.cli.notices", "tui.cli.working"} <= loaded
    assert not loaded & {"textual", "pyarrow", "tui.app"}


NO_STORE = [
    ["--help"], ["requests", "--help"], ["notices", "--help"], ["--version"], ["finnd"], []
]  # fmt: skip


@pytest.mark.parametrize("arguments", NO_STORE, ids=str)
def test_what_needs_no_store_does_not_load_the_database(
    arguments: list[str], tmp_path: Path
) -> None:
    loaded = loaded_by(main(arguments), tmp_path)
    assert "tui.cli" in loaded
    assert not loaded & {"textual", "_duckdb", "pyarrow"}


def test_the_application_paints_before_it_loads_the_database(tmp_path: Path) -> None:
    loaded = loaded_by("import tui.app", tmp_path)
    assert "data.store" in loaded
    assert not loaded & {"_duckdb", "cyclopts", "jinja2", "cryptography"}


def test_the_overview_loads_nothing_that_it_does_not_print(tmp_path: Path) -> None:
    loaded = loaded_by(main(["--help"]), tmp_path)
    assert "tui.cli.overview" in loaded
    assert not loaded & {"cyclopts", "rich", "textual", "_duckdb"}


def test_what_opens_the_store_while_the_application_is_not_there_needs_none_of_it(
    tmp_path: Path,
) -> None:
    loaded = loaded_by("import tui.launch", tmp_path)
    assert "data.store" in loaded
    assert not loaded & {"textual", "_duckdb", "cyclopts", "tui.app"}


def test_the_first_screen_loads_nothing_that_it_does_not_show(tmp_path: Path) -> None:
    loaded = loaded_by("import tui.app", tmp_path)
    assert "tui.screens.people" in loaded
    assert not loaded & {
        "data.rights", "data.purge.purging", "data.intake", "data.answers",
        "tui.dialogs", "tui.exercising", "tui.importing", "tui.screens.person",
    }  # fmt: skip
