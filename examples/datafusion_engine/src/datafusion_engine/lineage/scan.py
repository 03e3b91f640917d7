"""Scans of plans, planned to go in wave 5."""

from __future__ import annotations


def scanned(plan: object) -> list[str]:
    """The scans of a plan."""
    return [str(plan)]
