"""Contracts of tables, with a relative and a late import that the split missed."""

from __future__ import annotations

# A codemod's slip: the module is called nested_views.
from datafusion_engine.schema.nested_view import nested_path_for

# Another one: the module is right, the name exists neither here nor at the old home.
from datafusion_engine.schema.extraction_schemas import extract_schemas_for


def contract_for(table: str) -> tuple[object, ...]:
    """What a table promises."""
    from . import registry

    return registry.extract_schema_for(table), nested_path_for(table), extract_schemas_for(table)
