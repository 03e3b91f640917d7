"""The plans as the base had them: what they asked for, and which of them are no more."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from hardcut.engine.history.compare import Comparison
from hardcut.plan.discover import MANIFEST, PROJECT, listed
from hardcut.plan.errors import ManifestError
from hardcut.plan.gates import LoadedPlan
from hardcut.plan.load import digest_of, load_text
from hardcut.plan.weakening import is_asked_by
from hardcut.source.git import git
from hardcut.source.revision import RevisionTree
from hardcut.source.tree import DiskTree

UNJUDGED = "whether this change weakens the plan could not be judged, for there is no base: {}"


class Before(msgspec.Struct):
    """Plans of the base: `earlier` states of today's by name, and those that are `gone`.

    `fresh` are the names of today's plans that the base does not have.
    """

    earlier: dict[str, LoadedPlan] = {}
    gone: list[LoadedPlan] = []
    notes: list[str] = []
    fresh: frozenset[str] = frozenset()


def before(comparison: Comparison, plans: Sequence[LoadedPlan]) -> Before:
    """The base's plans, where their manifests were others than today's.

    A plan is known again by its name, else by its manifest's path. It is gone only where this run is
    about every plan that the project has now.
    """
    found = Before()
    now = comparison.now
    here = _listed(now.read, now.project.matching)  # Always, so that a kept answer knows of it.
    if comparison.base.commit is None:
        if comparison.base.lacks_history:
            found.notes.append(UNJUDGED.format(comparison.base.said))
        return found
    changed = comparison.changed
    by_path = {plan.path: plan for plan in plans}
    outside = [path for path in by_path if os.path.isabs(path)]
    toml = changed is None or any(path.endswith(".toml") or path in by_path for path in changed)
    if not toml and not outside:
        return found
    past = comparison.past
    names = {plan.name for plan in plans}
    there = _listed(past.tree.read, past.tree.matching)
    fresh = set(names)
    everything = by_path.keys() >= set(here)
    for path in dict.fromkeys([*by_path, *there]):
        data = _outside(path, comparison.base.commit) if path in outside else past.tree.read(path)
        if data and path in by_path and digest_of(data) == by_path[path].digest:
            fresh.discard(by_path[path].name)
        elif data:
            old = _loaded(path, Path(now.root), data)
            if old is None:
                found.notes.append(f"{path} is no usable manifest at the base: not compared")
                fresh -= {by_path[path].name} if path in by_path else names
            elif old.name in names or path in by_path:
                name = old.name if old.name in names else by_path[path].name
                found.earlier.setdefault(name, old)
                fresh.discard(name)
            elif path not in here and everything:
                found.gone.append(old)
    found.fresh = frozenset(fresh)
    # A plan that was split into others is not gone.
    found.gone = [old for old in found.gone if not is_asked_by(old, plans)]
    if everything and fresh == names and not there:
        found.gone += [*_below(comparison), *_above(comparison)]
    return found


def _outside(path: str, commit: str) -> bytes:
    """A manifest at the base that is not below the root; empty where the same repository does not have it."""
    folder, name = os.path.split(path)
    return git(folder, "cat-file", "blob", f"{commit}:./{name}") or b""


def _below(comparison: Comparison) -> Iterator[LoadedPlan]:
    """Plans of folders below the root whose manifests this change takes away."""
    now, past = comparison.now, comparison.past
    for path in sorted(comparison.changed or ()):
        name = path.rpartition("/")[2]
        if name not in (MANIFEST, PROJECT) or now.tree.kind(path) is not None:
            continue
        data = past.tree.read(path)
        if data and (name == MANIFEST or b"hardcut" in data):
            yield from filter(None, [_loaded(path, Path(now.root), data)])


def _above(comparison: Comparison) -> Iterator[LoadedPlan]:
    """Plans of the nearest folder above the root that had any, if this change takes their manifests away."""
    root = Path(comparison.now.root)
    prefix = os.fsdecode(git(root, "rev-parse", "--show-prefix") or b"").strip().strip("/")
    folder = root
    for _ in filter(None, prefix.split("/")):
        folder = folder.parent
        past, now = RevisionTree(folder, comparison.base.commit or "HEAD"), DiskTree(folder)
        there = _listed(past.read, past.matching)
        if not there:
            continue
        here = _listed(now.read, now.matching)
        for path in there:
            if path not in here and (old := _loaded(path, folder, past.read(path))) is not None:
                shown = os.path.relpath(folder / path, root).replace(os.sep, "/")
                yield msgspec.structs.replace(old, path=shown)
        return


def _loaded(path: str, root: Path, data: bytes) -> LoadedPlan | None:
    try:
        return load_text(root / path, root, data)
    except ManifestError:
        return None


def _listed(read: Callable[[str], bytes], matching: Callable[[str], list[str]]) -> list[str]:
    try:
        return listed(read, matching)
    except ManifestError:
        return []
