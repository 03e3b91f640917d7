"""Feature gates of sessions."""

from __future__ import annotations

from dataclasses import dataclass

from datafusion_engine.session.config import SessionConfigOptions


@dataclass(frozen=True)
class FeatureGateSnapshot:
    """Which features are on."""

    cdf: bool = False


def resolve_feature_gates(options: SessionConfigOptions) -> FeatureGateSnapshot:
    """The gates for a configuration."""
    return FeatureGateSnapshot(cdf=options.profile.partitions > 1)
