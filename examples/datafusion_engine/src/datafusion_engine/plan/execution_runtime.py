"""Plan execution in Python, planned to go in wave 5."""

from __future__ import annotations


def execute(plan: object) -> object:
    """Run a plan."""
    return plan
