"""The plans as the base had them: what they asked for, and which of them are no more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from hardcut.engine.history.compare import Comparison
from hardcut.plan.discover import listed
from hardcut.plan.errors import ManifestError
from hardcut.plan.gates import LoadedPlan
from hardcut.plan.load import load_text


class Before(msgspec.Struct):
    """Plans of the base: `earlier` states of today's by name, those that are `gone`, and notes."""

    earlier: dict[str, LoadedPlan] = {}
    gone: list[LoadedPlan] = []
    notes: list[str] = []


def before(comparison: Comparison, plans: Sequence[LoadedPlan]) -> Before:
    """The base's plans, where their manifests were others than today's.

    A plan is known again by its name, else by its manifest's path. It is gone only where this run is
    about every plan that the project has now.
    """
    found = Before()
    now = comparison.now
    here = _listed(now.read, now.project.matching)  # Always, so that a kept answer knows of it.
    changed = comparison.changed if comparison.base.commit is not None else frozenset()
    if changed is not None and not any(path.endswith(".toml") for path in changed):
        return found
    past = comparison.past
    by_path = {plan.path: plan for plan in plans}
    names = {plan.name for plan in plans}
    there = _listed(past.tree.read, past.tree.matching)
    for path in dict.fromkeys([*by_path, *there]):
        data = past.tree.read(path)
        if not data or (path in by_path and data == now.read(path)):
            continue
        root = Path(now.root)
        try:
            old = load_text(root / path, root, data)
        except ManifestError:
            found.notes.append(f"{path} is no usable manifest at the base: not compared")
            continue
        if old.name in names:
            found.earlier.setdefault(old.name, old)
        elif path in by_path:
            found.earlier.setdefault(by_path[path].name, old)
        elif path not in here and by_path.keys() >= set(here):
            found.gone.append(old)
    return found


def _listed(read: Callable[[str], bytes], matching: Callable[[str], list[str]]) -> list[str]:
    try:
        return listed(read, matching)
    except ManifestError:
        return []
