"""What a run is about: the plans, the root, and the paths below it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from hardcut.hosts.cli.errors import Unusable, of_manifest, plain, why
from hardcut.hosts.paths import relative
from hardcut.plan.errors import ManifestError
from hardcut.plan.gates import LoadedPlan
from hardcut.plan.load import load_plans
from hardcut.source.files import PathError, expand

STDIN = "-"


def plans_of(files: Sequence[str], root: str | None) -> list[LoadedPlan]:
    """The plans in these manifests, or in those found upward from the working directory (or `root`).

    Raises Unusable with every problem in them, or where there is none.
    """
    try:
        start = Path(root) if root is not None else Path.cwd()
        if root is not None and not start.is_dir():
            raise plain(f"no such folder: {root}")
        top = start.absolute()
        plans = load_plans(top, None if root is None else top, [Path(file) for file in files])
    except ManifestError as problem:
        raise of_manifest(problem) from None
    except (OSError, ValueError) as problem:
        raise plain(why(problem) if isinstance(problem, OSError) else str(problem)) from None
    if not plans:
        raise plain("no cutover.toml here or above; `hardcut init` writes one")
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
            raise Unusable(*(f"hardcut: {line}" for line in str(problem).split("\n"))) from None
        wrong = {*problem.missing, *problem.outside}
        return expand(Path(root), [path for path in paths if path not in wrong], globs) or None


def stdin_source(root: str, name: str | None) -> tuple[str, bytes]:
    """What standard input holds, under its path relative to the root.

    Raises Unusable where it cannot be read, or its name lies outside of the root.
    """
    inside = relative(root, name) if name is not None else "stdin.py"
    if inside is None or inside == ".":
        raise plain(f"{name} lies outside of {root}")
    try:
        return inside, sys.stdin.buffer.read()
    except (OSError, AttributeError, ValueError):
        raise plain("cannot read standard input") from None
