"""Files that are whole or not there: written under another name, and renamed."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from data.cursor import Cursor
from data.errors import BadInput, HabeasError

T = TypeVar("T")


def by_suffix(path: Path, formats: Mapping[str, T]) -> T:
    """The format that the file's name asks for, by its suffix. Raises BadInput."""
    suffix = path.suffix.lower()
    if suffix not in formats:
        raise BadInput(f"{path} names no format: its suffix is one of {', '.join(formats)}.")
    return formats[suffix]


def write(path: Path, fill: Callable[[Path], object], cursor: Cursor | None = None) -> Path:
    """Has `fill` write a file under another name, and puts it in place of an earlier one.

    `cursor` is what was asked for personal data in it: should its transaction fail, a file that
    was not there before is taken away again. Raises HabeasError where it cannot be written, and
    Refused where the store was restored from a backup.
    """
    if cursor is not None:
        cursor.check_current()
    unfinished = path.with_name(f".{path.name}.new")
    try:
        new = not path.exists()
        path.parent.mkdir(parents=True, exist_ok=True)
        fill(unfinished)
        unfinished.replace(path)
    except OSError as error:
        _discard(unfinished)
        raise HabeasError(f"{path} cannot be written: {error.strerror}.") from None
    except BaseException:
        _discard(unfinished)
        raise
    if cursor is not None and new:
        cursor.if_rolled_back(lambda: path.unlink(missing_ok=True))
    return path


def write_text(path: Path, text: str, cursor: Cursor | None = None) -> Path:
    """The same with a text, in UTF-8."""
    return write(path, lambda unfinished: unfinished.write_text(text, "utf-8"), cursor)


def _discard(unfinished: Path) -> None:
    # Where there can be no such file there is none, and what went wrong is said already.
    with suppress(OSError):
        unfinished.unlink()
