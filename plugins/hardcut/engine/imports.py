"""What a plan says about imports that happen while code runs, for an integration that watches them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import TypeGuard, cast

import msgspec

from hardcut.engine.cache import Cache
from hardcut.engine.gather import Sources
from hardcut.engine.scope import covers
from hardcut.plan.gates import Gate, LoadedPlan
from hardcut.plan.model import Delete, Surface
from hardcut.plan.waiver import ended
from hardcut.plan.waiver import speaks_of as waives
from hardcut.rules.context import why
from hardcut.rules.deleted import module_dynamic_import, module_import
from hardcut.rules.deleted.deletion import advice as gone
from hardcut.rules.manifest.waiving import files_of
from hardcut.rules.surface import banned_import, banned_probe
from hardcut.rules.surface.surfaces import advice as allowed
from hardcut.rules.surface.surfaces import only, speaks_of
from hardcut.rules.targets import Targets
from hardcut.source.tree import DiskTree

Forbidding = Gate[Delete] | Gate[Surface]
"""A gate that an import can break."""


class Imports:
    """The modules that the active and landed waves of some plans forbid, deleted or banned.

    Contested entries forbid nothing, as their findings fail nothing.
    """

    def __init__(self, plans: Sequence[LoadedPlan]) -> None:
        self.root = plans[0].root
        self._plans = {plan.name: plan for plan in plans}
        folders = list(dict.fromkeys(one for plan in plans for one in plan.manifest.plan.source))
        project = Sources(DiskTree(Path(self.root)), folders, Cache(Path(self.root), False)).project
        self._roots = project.roots
        self._today = datetime.date.today()
        self._targets = Targets([_in_force(plan) for plan in plans], project)

    @property
    def forbidden(self) -> frozenset[str]:
        """The deleted and banned modules; what lies below one is forbidden too."""
        banned = (one for gate in self._targets.surfaces for one in gate.entry.banned)
        return frozenset([*self._targets.deleted, *banned])

    def gates(self, module: str) -> tuple[Forbidding, ...]:
        """The gates that forbid a module, each for the files that it speaks of."""
        deleted = self._targets.deleted_by(module)
        banning = [
            gate
            for gate in self._targets.surfaces
            if any(f"{module}.".startswith(f"{one}.") for one in gate.entry.banned)
        ]
        return (*([deleted[1]] if deleted is not None else []), *banning)

    def checked(self, path: str) -> bool:
        """Whether a plan checks a file, by its path relative to the root."""
        return any(covers(plan, path) for plan in self._plans.values())

    def file(self, module: str) -> str | None:
        """The file that holds a module of the project, relative to the root."""
        return self._roots.find(module)

    def holds(self, gate: Forbidding, path: str, module: str) -> bool:
        """Whether a gate speaks about a file that imports a module, and no waiver lets it pass.

        Its plan checks the file, and a surface's limits name it.
        """
        plan = self._plans[gate.plan]
        if not covers(plan, path) or (
            is_surface(gate) and not speaks_of(path, self._roots.module_of(path)[0], gate)
        ):
            return False
        rules = (banned_import, banned_probe) if is_surface(gate) else (module_import, module_dynamic_import)
        return not any(
            any(waives(one, rule.RULE.code, rule.RULE.name, module) for rule in rules)
            and files_of(one).covers(path)
            and ended(plan, one, self._today) is None
            for one in plan.manifest.waiver
        )


def is_surface(gate: Forbidding) -> TypeGuard[Gate[Surface]]:
    """Whether a gate bans a surface; any other one deletes a module."""
    return isinstance(gate.entry, Surface)


def told(gate: Forbidding, module: str) -> tuple[str, str]:
    """What is wrong with an import of a module, and the legal ways out."""
    if is_surface(gate):
        return f"imports `{module}`, {only(gate)}{why(gate)}", allowed(gate)
    delete = cast("Gate[Delete]", gate)
    return f"imports `{module}`, but `{delete.entry.module}` is deleted{why(gate)}", gone(delete, None)


def _in_force(plan: LoadedPlan) -> LoadedPlan:
    """A plan without its planned and contested entries."""
    gates = [gate for gate in plan.gates if gate.state != "planned" and gate.entry.contested is None]
    return msgspec.structs.replace(plan, gates=gates)
