"""What a run is about: the plans, the root, and the paths below it."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from hardcut.hosts.cli.errors import of_manifest, plain, why
from hardcut.hosts.paths import relative
from hardcut.plan.errors import ManifestError
from hardcut.plan.gates import LoadedPlan
from hardcut.plan.load import load_plans

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

    A folder stands for the files in it that the plans check. Raises Unusable for a path that is not
    there or lies outside the root; `lenient` (for hooks, which are handed every file) passes over it.
    """
    root = plans[0].root
    files: set[str] = set()
    folders: set[str] = set()
    for path in paths:
        inside, kind = relative(root, path), _kind(path)
        if kind is None or inside is None:
            if lenient:
                continue
            raise plain(
                f"no such file or folder: {path}" if kind is None else f"{path} lies outside of {root}"
            )
        if inside == ".":
            return []
        (files if kind == "file" else folders).add(inside)
    if folders:
        files.update(
            path for path in _checked(plans, exclude) if any(path.startswith(f"{one}/") for one in folders)
        )
    return sorted(files) or (None if paths else [])


def _kind(path: str) -> Literal["file", "folder"] | None:
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):
        return None
    if stat.S_ISDIR(mode):
        return "folder"
    return "file" if stat.S_ISREG(mode) else None


def _checked(plans: Sequence[LoadedPlan], exclude: Sequence[str]) -> Iterator[str]:
    from hardcut.source.files import list_files

    for plan in plans:
        settings = plan.manifest.plan
        yield from list_files(Path(plan.root), settings.check, [*settings.exclude, *exclude]).files


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
