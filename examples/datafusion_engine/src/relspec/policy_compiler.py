"""Policies of scans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datafusion_engine.schema import SCHEMA_META_NAME

if TYPE_CHECKING:
    from datafusion_engine.delta.scan_policy_inference import ScanPolicyOverride


def compile_policy(overrides: tuple[ScanPolicyOverride, ...]) -> dict[bytes, int]:
    """A policy for the overrides."""
    return {SCHEMA_META_NAME: len(overrides)}
