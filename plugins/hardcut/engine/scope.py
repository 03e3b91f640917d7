"""Which files a plan checks, asked of one path."""

from __future__ import annotations

from hardcut.plan.gates import LoadedPlan
from hardcut.source.files import is_excluded, is_named


def covers(plan: LoadedPlan, path: str) -> bool:
    """Whether a file is one that a plan checks."""
    settings = plan.manifest.plan
    return is_named(path, settings.check) and not is_excluded(path, settings.exclude)
