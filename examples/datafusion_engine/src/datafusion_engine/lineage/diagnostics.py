"""Lineage diagnostics, an observability concern that stays."""

from __future__ import annotations


def describe(tables: list[str]) -> str:
    """One line about the tables that a plan reads."""
    return ", ".join(sorted(tables))
