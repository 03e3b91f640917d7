"""A shop for the tests of the guard."""

from __future__ import annotations

from pathlib import Path

import pytest
from folders import lay
from guarded_shop import FILES


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return lay(tmp_path, FILES)
