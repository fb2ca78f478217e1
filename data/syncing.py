"""What was written reaches the disk."""

import os
from pathlib import Path


def sync(path: Path) -> None:
    """Syncs a file, or what a folder has in it, to the disk. Raises OSError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
