"""What a user may set: a TOML file, by default in the platform's folder for configuration."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from data import mapfile, typedtoml
from data.datamap import DataMap
from data.errors import BadInput
from data.typedtoml import FaultError


@dataclass(frozen=True)
class Config:
    """`keymap` gives keys by the id of a command, e.g. {"requests.identify": "i"}; `masking`
    hides personal data in lists; `country` and `day_one` hold where the data map says nothing.
    """

    actor: str = ""
    theme: str = "habeas"
    masking: bool = True
    export_folder: str = "answers"
    country: str = ""
    day_one: str = ""
    keymap: Mapping[str, str] = field(default_factory=dict)


def path() -> Path:
    """The file named by HABEAS_CONFIG, else the platform's."""
    if given := os.environ.get("HABEAS_CONFIG"):
        return Path(given)
    from platformdirs import user_config_path

    return user_config_path("habeas", appauthor=False) / "config.toml"


def load() -> Config:
    """The configuration, all by default where there is no file. Raises BadInput."""
    file = path()
    text = ""
    try:
        text = file.read_text("utf-8")
        config = typedtoml.build(Config, typedtoml.loads(text))
        mapfile.check_counting(config.country, config.day_one)
    except FileNotFoundError:
        return Config()
    except (OSError, UnicodeDecodeError):
        raise BadInput(f"{file} is no readable UTF-8 text.", unchanged="") from None
    except FaultError as fault:
        raise BadInput(fault.said(str(file), text), unchanged="") from None
    return config


def answers() -> Path:
    """The folder for what is written for people to get."""
    return Path(load().export_folder).expanduser()


def datamap(store: Path) -> DataMap:
    """The data map beside the store; where it names no country, or no day one, what is set holds.

    Raises MapError, BadInput.
    """
    found, given = mapfile.beside(store), load()
    controller = replace(
        found.controller,
        country=found.controller.country or given.country,
        day_one=found.controller.day_one or given.day_one,
    )
    return replace(found, controller=controller)
