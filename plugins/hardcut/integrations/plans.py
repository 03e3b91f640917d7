"""Plans for integrations that ask once for each file: loaded again only when a manifest has changed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from hardcut.engine.scopes import usable_plans
from hardcut.plan.discover import find_manifests
from hardcut.plan.errors import ManifestError
from hardcut.plan.gates import LoadedPlan, Problem

Stamp = tuple[str, int, int, int]


class Plans:
    """The plans that rule a file, found upward from its folder or named; kept by path and content."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[Path, list[Path]]] = {}
        self._loaded: dict[tuple[str, ...], tuple[list[Stamp], list[LoadedPlan]]] = {}

    def for_file(self, path: str, named: Sequence[str] = (), root: str | None = None) -> list[LoadedPlan]:
        """The plans for a file; none where no manifest lies upward of it.

        `named` are manifests to use instead: a bare name is looked for upward from the file. Plans
        whose manifests have the same bytes as last time are the same objects.

        Raises:
            ManifestError: a manifest is broken, or a named one is not there.
        """
        folder = os.path.dirname(os.path.abspath(path))
        if named:
            files = [_upward(folder, name) for name in named]
            top = Path(os.path.abspath(root)) if root else None
            return self._load(Path(folder), top, files)
        if folder not in self._found:
            self._found[folder] = find_manifests(Path(folder))
        top, files = self._found[folder]
        return self._load(top, Path(os.path.abspath(root)) if root else top, files) if files else []

    def _load(self, start: Path, root: Path | None, files: list[Path]) -> list[LoadedPlan]:
        key = (str(root), *map(str, files))
        stamps = [_stamp(file) for file in files]
        known = self._loaded.get(key)
        if known and known[0] == stamps:
            return known[1]
        plans = usable_plans(start, root, files)
        if known and [plan.digest for plan in known[1]] == [plan.digest for plan in plans]:
            plans = known[1]
        self._loaded[key] = (stamps, plans)
        return plans


def _upward(folder: str, name: str) -> Path:
    if os.path.dirname(name):
        return Path(os.path.abspath(name))
    here = Path(folder)
    for parent in (here, *here.parents):
        if (parent / name).is_file():
            return parent / name
    raise ManifestError([Problem(name, 1, 1, "", f"no such file in {folder} or above")])


def _stamp(file: Path) -> Stamp:
    try:
        found = os.stat(file)
    except OSError:
        return str(file), 0, 0, 0
    return str(file), found.st_mtime_ns, found.st_size, found.st_ino
