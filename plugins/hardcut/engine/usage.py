"""Whether the project's code needs a name, for the files and import roots of its plans."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from hardcut.engine.listing import listing_of
from hardcut.engine.options import Options
from hardcut.plan.gates import LoadedPlan
from hardcut.plan.model import Keep, Remove
from hardcut.refactor.liveness import Liveness, Usage, Verdict
from hardcut.refactor.references import References
from hardcut.source.layout import import_roots
from hardcut.source.modules import Roots
from hardcut.source.tree import DiskTree


class Ground(msgspec.Struct, frozen=True):
    """Where names are looked for: a root folder, and its plans if there are any."""

    root: str
    plans: list[LoadedPlan]


def liveness_of(ground: Ground, keeps: bool = True) -> Liveness:
    """The references in the files that the plans check; without a plan, in all files of the root.

    With `keeps`, a name that the plans keep is not dead.
    """
    tree = DiskTree(Path(ground.root))
    if ground.plans:
        paths, _ = listing_of(tree, Options(root=ground.root, plans=ground.plans))
        folders = list(dict.fromkeys(entry for plan in ground.plans for entry in plan.manifest.plan.source))
    else:
        paths, folders = tree.listing(["."], []).files, import_roots(tree)
    kept = {
        f"{gate.entry.module}.{name}": f"{gate.declared.path}:{gate.declared.line}"
        for plan in ground.plans
        for gate in plan.of(Keep)
        if gate.entry.module
        for name in gate.entry.symbols
    }
    return Liveness(References(tree, Roots(tree, folders), paths), kept if keeps else {})


def usages_of(liveness: Liveness, name: str) -> list[Usage]:
    """The answer for each definition that a name may mean; none if the code has no such definition.

    A name without a dot is looked for in every module.
    """
    answer = liveness.of(name)
    if answer.verdict is not Verdict.MISSING:
        return [answer]
    return [liveness.of(path) for path in liveness.names_called(name)] if name.isidentifier() else []


def removed_names(plans: Sequence[LoadedPlan], waves: Sequence[str]) -> list[str]:
    """The symbols that some waves remove, in the order of the plans."""
    return list(
        dict.fromkeys(
            f"{gate.entry.module}.{symbol}"
            for plan in plans
            for gate in plan.of(Remove)
            if gate.wave in waves
            for symbol in gate.entry.symbols
        )
    )
