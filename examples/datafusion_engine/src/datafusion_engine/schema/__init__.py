"""Schemas. Grown back into a facade of lazy re-exports, which the plan forbids."""

from __future__ import annotations

import importlib

__all__ = ["AST_VIEW_NAMES", "extract_schema_for", "nested_views"]

_EXPORTS = {
    "AST_VIEW_NAMES": ("datafusion_engine.schema.extraction_schemas", "AST_VIEW_NAMES"),
    "SCHEMA_META_NAME": ("arrow_utils.core.schema_constants", "SCHEMA_META_NAME"),
    "extract_schema_for": ("datafusion_engine.schema.extraction_schemas", "extract_schema_for"),
}


def __getattr__(name: str) -> object:
    if name == "nested_views":
        return importlib.import_module("datafusion_engine.schema.nested_views")
    if name in _EXPORTS:
        module_name, attribute = _EXPORTS[name]
        return getattr(importlib.import_module(module_name), attribute)
    raise AttributeError(name)
