"""The deleted package's test, which skips itself for ever after."""

from __future__ import annotations

import pytest

classifier = pytest.importorskip("datafusion_engine.workload.classifier")


def test_interactive() -> None:
    assert classifier.classify_workload("select 1") == "interactive"
