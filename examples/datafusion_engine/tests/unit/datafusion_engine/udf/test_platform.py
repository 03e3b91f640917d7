"""Tests of the UDF platform."""

from __future__ import annotations

from unittest import mock

from datafusion_engine.udf import platform


def test_soft_fail() -> None:
    with mock.patch("datafusion_engine.udf.platform._SOFT_FAIL_LOGGED", {}):
        assert platform.RustUdfPlatformOptions().function_factory is False
