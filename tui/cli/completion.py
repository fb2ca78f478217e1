"""habeas completion."""

from typing import Literal

from tui import output
from tui.cli.parser import app


def completion(shell: Literal["bash", "zsh", "fish"]) -> None:
    """Print what makes a shell complete commands and options at TAB.

    Parameters
    ----------
    shell
        Where to put it: ~/.local/share/bash-completion/completions/habeas,
        ~/.config/fish/completions/habeas.fish, for zsh as _habeas in a folder of $fpath.
    """
    output.line(app.generate_completion(shell=shell))
