"""What a run is about: the plans, the root, and the paths below it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from hardcut.api.errors import plain, unusable
from hardcut.api.paths import relative
from hardcut.engine.scopes import usable_plans
from hardcut.plan.errors import ManifestError
from hardcut.plan.gates import LoadedPlan
from hardcut.plan.load import load_plans
from hardcut.source.files import PathError, expand

NO_PLAN = (
    "no cutover.toml here or above; `hardcut init` writes one, `hardcut draft` writes one from a change, "
    "and `hardcut check --draft` checks a change without one"
)


def plans_of(files: Sequence[str], root: str | None, scopes: bool = True) -> list[LoadedPlan]:
    """The plans in these manifests, or in those found upward from the working directory (or `root`).

    Without `scopes`, the project's files are not looked at: a plan may cover none of them.

    Raises Unusable with every problem in them, or where there is none.
    """
    try:
        start = Path(root) if root is not None else Path.cwd()
        if root is not None and not start.is_dir():
            raise plain(f"no such folder: {root}")
        top = start.absolute()
        load = usable_plans if scopes else load_plans
        plans = load(top, None if root is None else top, [Path(file) for file in files])
    except (ManifestError, OSError, ValueError) as problem:
        raise unusable(problem) from None
    if not plans:
        raise plain(NO_PLAN)
    return plans


def below(
    plans: Sequence[LoadedPlan], paths: Sequence[str], exclude: Sequence[str], lenient: bool
) -> list[str] | None:
    """The files at these paths, relative to the root; empty for the whole project, None for no file.

    Raises Unusable for paths that are not there or lie outside the root; `lenient` (for hooks, which
    are handed every file) passes over them.
    """
    root = plans[0].root
    if not paths or any(relative(root, path) == "." for path in paths):
        return []
    globs = [*exclude, *(glob for plan in plans for glob in plan.manifest.plan.exclude)]
    try:
        return expand(Path(root), paths, globs) or None
    except PathError as problem:
        if not lenient:
            raise plain(*str(problem).split("\n")) from None
        wrong = {*problem.missing, *problem.outside}
        return expand(Path(root), [path for path in paths if path not in wrong], globs) or None


def inside(root: str, path: str) -> str:
    """The path of one file relative to the root.

    Raises Unusable where it lies outside of the root, or is the root.
    """
    found = relative(root, path)
    if found is None or found == ".":
        raise plain(f"{path} lies outside of {root}")
    return found


def texts(paths: str | os.PathLike[str] | Sequence[str | os.PathLike[str]]) -> list[str]:
    """One path or several as strings."""
    several = [paths] if isinstance(paths, str | os.PathLike) else paths
    return [os.fspath(path) for path in several]
