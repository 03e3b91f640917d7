"""Registration of datasets with a session."""

from __future__ import annotations

from dataclasses import dataclass

# The package facade is not where this lives any more.
from datafusion_engine.schema import extract_schema_for
from datafusion_engine.session.config import DataFusionRuntimeProfile

_PREFIXES = frozenset({"dataset://", "repo://"})


@dataclass(frozen=True)
class DataFusionCachePolicy:
    """When a registered table is kept in memory."""

    max_columns: int = 64


@dataclass(frozen=True)
class DataFusionRegistryOptions:
    """How a table is registered."""

    cache: DataFusionCachePolicy = DataFusionCachePolicy()


@dataclass(frozen=True)
class DataFusionCacheSettings:
    """Listed as dead, but the cache policy's readers take it: contested."""

    enabled: bool = True


def dataset_input_plugin(name: str) -> str:
    """The plugin that reads inputs of this name."""
    return name.partition("://")[0]


def input_plugin_prefixes() -> frozenset[str]:
    """The prefixes of inputs that plugins read."""
    return _PREFIXES


def register_dataset_df(profile: DataFusionRuntimeProfile, name: str) -> object:
    """Register one dataset by name."""
    return profile, extract_schema_for(name)
