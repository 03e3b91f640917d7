"""View specifications, with a function that somebody has not finished typing."""

from __future__ import annotations

from datafusion_engine.schema.registry import nested_view_specs

VIEWS = nested_view_specs()


def spec_for(name: str, *, strict: bool =
