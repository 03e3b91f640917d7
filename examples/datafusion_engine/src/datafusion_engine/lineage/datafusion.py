"""Lineage of plans, planned to go in wave 5."""

from __future__ import annotations

from datafusion_engine.lineage.scan import scanned


def referenced_tables(plan: object) -> list[str]:
    """The tables that a plan reads."""
    return scanned(plan)
