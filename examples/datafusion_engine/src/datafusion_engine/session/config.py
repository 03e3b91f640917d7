"""Configuration of sessions. Here and right, but a small fraction of what the plan gives this file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DataFusionRuntimeProfile:
    """How a session is built."""

    partitions: int = 4
    batch_size: int = 8192


@dataclass(frozen=True)
class SessionConfigOptions:
    """What a session may do."""

    profile: DataFusionRuntimeProfile = DataFusionRuntimeProfile()


def default_extraction_profile() -> DataFusionRuntimeProfile:
    """The profile of the extraction phase."""
    return DataFusionRuntimeProfile(partitions=2)
