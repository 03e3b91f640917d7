"""Where `hardcut why` looks for names: the plans found upward, or the project without a plan."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hardcut.api.draft_sides import project_root
from hardcut.api.errors import plain, unusable
from hardcut.api.inputs import plans_of
from hardcut.engine.usage import Ground
from hardcut.plan.discover import find_manifests
from hardcut.plan.errors import ManifestError


def ground_of(files: Sequence[str], root: str | None) -> Ground:
    """The root and its plans; no plans if none were named and none are found upward.

    Raises:
        Unusable: a manifest cannot be used, or the folder does not exist.
    """
    start = Path(root) if root is not None else Path.cwd()
    if not start.is_dir():
        raise plain(f"no such folder: {root}")
    try:
        has_plan = bool(files) or bool(find_manifests(start).files)
    except ManifestError as problem:
        raise unusable(problem) from None
    if not has_plan:
        return Ground(str(start.absolute() if root is not None else project_root(start)), [])
    plans = plans_of(files, root)
    return Ground(plans[0].root, plans)
