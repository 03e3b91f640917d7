"""Look-alikes only: nothing in this file is a finding."""

from __future__ import annotations

import logging

from opentelemetry._logs import _internal as otel_internal

from datafusion_engine.extract import registry

# A logger's name is no module.
workload_log = logging.getLogger("datafusion_engine.workload")
schema_log = logging.getLogger("datafusion_engine.schema.registry")

# Names that only begin or end alike.
ARTIFACT = "workload_classification_v1"
SIBLING = "datafusion_engine.workloads"
FACADE = "datafusion_engine.schema.registry_facade"


def report(flag_default: bool) -> dict[str, object]:
    """A local name like a removed function; the workload of a shard in a sentence."""
    nested_role_for = "reader" if flag_default else "writer"
    return {"role": nested_role_for, "extractors": registry.EXTRACTORS, "otel": otel_internal}


def config(section: str) -> str:
    """A kept name in a module of its own."""
    return section
