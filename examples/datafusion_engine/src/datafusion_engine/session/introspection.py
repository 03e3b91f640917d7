"""What a session knows."""

from __future__ import annotations


def registered_tables(ctx: dict[str, object]) -> frozenset[str]:
    """Names of the tables."""
    return frozenset(ctx)


def table_schema(ctx: dict[str, object], name: str) -> object:
    """The schema of one table."""
    return ctx[name]


def registered_udfs(ctx: dict[str, object]) -> frozenset[str]:
    """Names of the functions."""
    return frozenset(name for name in ctx if name.startswith("udf_"))


def collect_datafusion_metrics(ctx: dict[str, object]) -> dict[str, int]:
    """How much a session holds."""
    return {"tables": len(ctx)}
