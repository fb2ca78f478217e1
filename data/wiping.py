"""Files that held personal data: overwritten, then taken away.

What a file system keeps of them besides, in snapshots or in blocks that a disk has put aside,
nobody can overwrite by their name.
"""

import errno
import os
from pathlib import Path

from data.errors import HabeasError

BLOCK = 1 << 20  # bytes


def wipe(path: Path) -> bool:
    """Overwrites the file and takes it away; whether it was overwritten.

    One that has a second name is only taken away: its content is somebody's copy too. Raises
    HabeasError where it cannot be.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_NOFOLLOW)
        try:
            state = os.fstat(handle)
            alone = state.st_nlink == 1
            if alone:
                _overwrite(handle, state.st_size)
        finally:
            os.close(handle)
        path.unlink()
    except FileNotFoundError:
        # Whoever made it was just about to take it away.
        return True
    except OSError as error:
        raise HabeasError(
            f"{path} held personal data and cannot be overwritten: {error.strerror}.",
            unchanged="",
            then="Delete it.",
        ) from None
    return alone


def wipe_folder(folder: Path) -> None:
    """Overwrites every file in the folder and takes all of it away; nothing where it is not.

    What a process that has not yet noticed its end still puts there goes too.
    """
    while folder.is_dir():
        for at, folders, files in os.walk(folder, topdown=False):
            for name in files:
                wipe(Path(at, name))
            for name in folders:
                _remove(Path(at, name))
        _remove(folder)


def _remove(folder: Path) -> None:
    """Takes a folder away, unless something was put into it meanwhile."""
    try:
        folder.rmdir()
    except FileNotFoundError:
        return
    except OSError as error:
        if error.errno != errno.ENOTEMPTY:
            raise HabeasError(
                f"{folder} cannot be taken away: {error.strerror}.", unchanged="", then="Delete it."
            ) from None


def _overwrite(handle: int, size: int) -> None:
    nothing = bytes(BLOCK)
    for start in range(0, size, BLOCK):
        os.pwrite(handle, nothing[: size - start], start)
    os.fsync(handle)
