"""Tests of the registration. The blocked name is data here, but it is still the banned one."""

from __future__ import annotations

import sys

import pytest


def test_registers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "datafusion._internal", None)
    from datafusion_engine.udf.runtime import register_rust_udfs

    assert register_rust_udfs(object()) is None
