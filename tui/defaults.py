"""What holds where the user says nothing: which store, how many made-up people, and who acts."""

import getpass
import os
from pathlib import Path

from data.errors import BadInput

DEMO_PEOPLE = 1000


def default_store(name: str = "habeas") -> Path:
    """The store of that name in the platform's data folder."""
    from platformdirs import user_data_path

    return user_data_path("habeas", appauthor=False) / f"{name}.duckdb"


def store_at(given: Path | str | None) -> Path:
    """The store that was given, else the default one. Raises BadInput where it names no file."""
    if not given:
        return default_store()
    if not (path := Path(given)).name:
        raise BadInput("The path of the store names no file.")
    return path


def login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


PURGED = "HABEAS_PURGED"
"""The environment's name for what the application is to say of a purge that it begins after."""
