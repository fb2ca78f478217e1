"""The store that the application's tests begin with."""

from pathlib import Path

import pytest

from tests.app.helpers import a_shop


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The made-up store, in the working directory. Of its six requests, R1 to R6, two came in
    October: R2, an erasure, stands first and is due today, R1, an access, is due on the 30th."""
    monkeypatch.chdir(tmp_path)
    return a_shop(tmp_path)
