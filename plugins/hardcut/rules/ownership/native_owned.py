"""CUT602: a Python implementation of what the native side owns."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from hardcut.plan.gates import Gate
from hardcut.plan.model import Native
from hardcut.rules.rule import Hit, Rule, place
from hardcut.rules.run import Run, why
from hardcut.source.facts import Facts, Span
from hardcut.source.project import Project

MOST = 60
"""How many classes above one are looked at."""
SAID = {
    "decorator": "made by the decorator",
    "base": "made as a subclass of",
    "call": "made by a call of",
    "name": "defined as",
}


def check(facts: Facts, run: Run) -> Iterator[Hit]:
    """Definitions by their names, then decorators, base classes and calls."""
    module = facts.module
    if module is None or facts.language != "python" or run.project.file(module) != facts.path:
        return
    for plan in run.plans:
        for gate in plan.of(Native):
            if not any(module == one or module.startswith(f"{one}.") for one in gate.entry.within):
                continue
            yield from _names(facts, gate, run)
            wanted = {
                "decorator": gate.entry.decorators,
                "base": gate.entry.bases,
                "call": gate.entry.calls,
            }
            leaves = frozenset(one.rpartition(".")[2] for every in wanted.values() for one in every)
            for one in run.project.made(module, leaves) if leaves else ():
                path = next((path for path in one.paths if _fits(path, wanted[one.kind])), None)
                if path is None and one.kind == "base" and gate.entry.bases:
                    path = _behind(one.paths, gate.entry.bases, leaves, run.project)
                if path is not None:
                    yield _hit(facts, gate, one.span, one.kind, path)


def _behind(paths: list[str], patterns: list[str], leaves: frozenset[str], project: Project) -> str | None:
    """The class above some classes that fits a pattern: by their own bases, and where they come from."""
    waiting, seen = list(paths), set[str]()
    while waiting and len(seen) < MOST:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        if _fits(path, patterns):
            return path
        module, _, name = path.rpartition(".")
        if project.file(module) is None:
            continue
        found = project.defined(module, name)
        waiting += [one.target for one in found if one.kind == "import" and one.target]
        if not found:
            waiting += [f"{star}.{name}" for star in project.starred(module)]
        for one in project.made(module, leaves):
            if one.kind == "base" and one.scope == name:
                waiting += one.paths
    return None


def _names(facts: Facts, gate: Gate[Native], run: Run) -> Iterator[Hit]:
    for name, definition in (run.project.names(facts.module or "") or {}).items():
        fits = "." not in name and any(fnmatchcase(name, pattern) for pattern in gate.entry.names)
        defines = definition.kind in ("function", "class")
        if fits and (defines or _is_lambda(facts, name, definition.span, run)):
            yield _hit(facts, gate, definition.span, "name", name)


def _is_lambda(facts: Facts, name: str, span: Span, run: Run) -> bool:
    """Whether a name is bound to a lambda: a function by another spelling."""
    bodies = run.project.bodies(facts.module or "", name)
    return any(one.kind == "lambda" and one.span == span for one in bodies)


def _fits(path: str, patterns: list[str]) -> bool:
    """Whether a path is what a pattern names; a pattern without a dot names the last part only."""
    leaf = path.rpartition(".")[2]
    return any(fnmatchcase(path if "." in pattern else leaf, pattern) for pattern in patterns)


def _hit(facts: Facts, gate: Gate[Native], span: Span, form: str, path: str) -> Hit:
    what = gate.entry.what
    return Hit(
        gate=gate,
        place=place(facts, span),
        subject=path,
        form=form,
        message=f"a `{what}` is {SAID[form]} `{path}`, but the native side owns every `{what}`{why(gate)}",
        help="implement it natively, and only register it here",
    )


RULE = Rule(
    code="CUT602",
    name="native-owned",
    family="ownership",
    gates=("native",),
    file=check,
    summary="a Python implementation of what the native side owns",
)
