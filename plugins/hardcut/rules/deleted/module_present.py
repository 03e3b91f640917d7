"""CUT104: the file, package, stub or leftover folder of a deleted module is there (again)."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any

from hardcut.finding import Place
from hardcut.plan.gates import Gate
from hardcut.plan.model import Absent, Delete
from hardcut.rules.context import RuleContext, why
from hardcut.rules.deleted.deletion import fate
from hardcut.rules.rule import Rule, Violation


def check(run: RuleContext) -> Iterator[Violation]:
    """Every file below a deleted module, every listed path that must be gone, and folders left empty."""
    for module, gate in ((module, gate) for module, gates in run.targets.deletes.items() for gate in gates):
        found = run.project.leftover(module, gate.entry.submodules_only)
        folders = {posixpath.dirname(path) for path in found}
        folders |= {above for folder in folders for above in _above(folder)}
        for path in found:
            if path in folders or _is_revived(path, run):
                continue
            yield Violation(
                gate=gate,
                place=Place(path, 1, 1, 1, 1),
                subject=module,
                form="present",
                message=f"`{path}` is there, but `{module}` is {fate(gate)}{why(gate)}",
                help=f"delete it{_or(gate, run)}",
            )
        for path in run.project.hollow(module):
            text = f"`{path}` is left without a file in it, and `import {module}` still succeeds"
            yield _left(gate, path, module, text)
    for plan in run.plans:
        for absent in plan.of(Absent):
            for pattern in absent.entry.paths:
                bare: set[str] = set()
                for path in run.project.matching(pattern):
                    if run.project.is_bare(path):
                        bare.add(path)
                        if posixpath.dirname(path) not in bare:
                            text = f"`{path}` is left without a file in it, but the plan wants it gone"
                            yield _left(absent, path, pattern, text)
                        continue
                    yield Violation(
                        gate=absent,
                        place=Place(path, 1, 1, 1, 1),
                        subject=pattern,
                        form="listed-path",
                        message=f"`{path}` is there, but the plan wants it gone{why(absent)}",
                        help="delete it",
                    )


def _left(gate: Gate[Any], path: str, subject: str, text: str) -> Violation:
    """An empty folder: git has none, so that it is one of this working tree alone, and no error."""
    return Violation(
        gate=gate,
        place=Place(path),
        subject=subject,
        form="leftover-folder",
        message=f"{text}{why(gate)}",
        help="delete the folder, with the `__pycache__` in it",
        severity="warning",
    )


def _above(folder: str) -> Iterator[str]:
    """The folders above a folder."""
    while "/" in folder:
        folder = posixpath.dirname(folder)
        yield folder


def _or(gate: Gate[Delete], run: RuleContext) -> str:
    """What goes with the deletion, or what to do instead of it."""
    home = run.targets.last_home(gate.entry.to) if gate.entry.to else None
    if home is not None:
        return f", and use `{home}` instead"
    return "; if it has to come back, add a `[[revive]]` entry with a reason"


def _is_revived(path: str, run: RuleContext) -> bool:
    """Whether a file is a module that comes back, one below it, or the `__init__` of a package above it."""
    module, is_package = run.project.roots.module_of(path)
    if module is None or not run.targets.revived:
        return False
    above = is_package and any(one.startswith(f"{module}.") for one in run.targets.revived)
    return above or run.targets.deleted_by(module) is None


RULE = Rule(
    code="CUT104",
    name="deleted-module-present",
    family="deleted",
    gates=("delete", "move", "absent"),
    project=check,
    summary="the file, package, stub, leftover folder or listed path is there (again)",
)
