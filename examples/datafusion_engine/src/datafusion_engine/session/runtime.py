"""Session construction. The moved profile is imported for use, and so still reachable from here."""

from __future__ import annotations

from datafusion_engine.session.config import DataFusionRuntimeProfile
from datafusion_engine.session.introspection import collect_datafusion_metrics

__all__ = ["DataFusionRuntimeProfile", "build_session", "collect_datafusion_metrics"]


def build_session(profile: DataFusionRuntimeProfile) -> dict[str, object]:
    """A session for a profile."""
    return {"profile": profile}
