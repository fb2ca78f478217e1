"""Files that are whole or not there: written under another name, and renamed."""

from collections.abc import Callable
from pathlib import Path

from data.errors import HabeasError
from data.store import Cursor


def write(path: Path, fill: Callable[[Path], object], cursor: Cursor | None = None) -> Path:
    """Has `fill` write a file under another name, and puts it in place of an earlier one.

    Should the transaction of `cursor` fail, a file that was not there before is taken away
    again. Raises HabeasError where it cannot be written.
    """
    unfinished = path.with_name(f".{path.name}.new")
    new = not path.exists()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fill(unfinished)
        unfinished.replace(path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise HabeasError(f"{path} cannot be written: {error.strerror}.") from None
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    if cursor is not None and new:
        cursor.if_rolled_back(lambda: path.unlink(missing_ok=True))
    return path


def write_text(path: Path, text: str, cursor: Cursor | None = None) -> Path:
    """The same with a text, in UTF-8."""
    return write(path, lambda unfinished: unfinished.write_text(text, "utf-8"), cursor)
