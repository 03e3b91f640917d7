"""The semantic pipeline: moved names, reached in the old ways."""

from __future__ import annotations

import datafusion_engine.session.runtime as rt
from datafusion_engine.schema import nested_views
from datafusion_engine.schema.registry import extract_schema_for
from datafusion_engine.session.runtime import DataFusionRuntimeProfile, build_session


def run(profile: DataFusionRuntimeProfile) -> dict[str, object]:
    """Run the pipeline."""
    session = build_session(profile)
    session["metrics"] = rt.collect_datafusion_metrics(session)
    session["schema"] = extract_schema_for("ast_nodes")
    session["views"] = nested_views.nested_view_specs()
    return session
