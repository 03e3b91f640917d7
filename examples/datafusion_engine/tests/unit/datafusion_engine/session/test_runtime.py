"""Tests of the session, which patch a moved class at its old home."""

from __future__ import annotations

from unittest import mock

from datafusion_engine.session import runtime


def test_build() -> None:
    with mock.patch("datafusion_engine.session.runtime.DataFusionRuntimeProfile") as profile:
        assert runtime.build_session(profile)["profile"] is profile
