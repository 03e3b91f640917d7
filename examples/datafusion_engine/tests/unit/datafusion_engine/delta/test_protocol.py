"""Tests of the protocol gate: nothing to find."""

from __future__ import annotations

import pytest

from datafusion_engine.delta.protocol import validate_delta_protocol


def test_too_new() -> None:
    with pytest.raises(ValueError, match="protocol"):
        validate_delta_protocol(99, 99)
