"""One manifest, loaded as the product loads those that it is given."""

from __future__ import annotations

from pathlib import Path

from hardcut.plan.gates import LoadedPlan
from hardcut.plan.load import load_plans


def load_plan(path: Path, root: Path | None = None) -> LoadedPlan:
    """The plan of a manifest that is named by itself."""
    (plan,) = load_plans(path.parent, root, [path])
    return plan
