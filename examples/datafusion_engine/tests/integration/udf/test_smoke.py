"""A function of the extension, end to end: nothing to find."""

from __future__ import annotations

import pytest

datafusion_ext = pytest.importorskip("datafusion_ext")


def test_span_id() -> None:
    assert datafusion_ext.span_id("a.py", 1, 2)
