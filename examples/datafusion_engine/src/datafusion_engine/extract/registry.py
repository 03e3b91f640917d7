"""Registry of extractors. Same last name as the split schema module, another package: no finding."""

from __future__ import annotations

from datafusion_engine.extract.templates import template

EXTRACTORS = ("ast", "bytecode", "cst")


def extractor_templates() -> dict[str, object]:
    """Every extractor with its template."""
    schema_registry = {name: template(name) for name in EXTRACTORS}
    return schema_registry
