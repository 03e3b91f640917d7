"""CUT602: a Python implementation of what the native side owns."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from fnmatch import fnmatchcase

from hardcut.plan.gates import Gate
from hardcut.plan.model import Native
from hardcut.rules.context import RuleContext, why
from hardcut.rules.rule import Rule, Violation, place
from hardcut.source.facts import Facts, Span
from hardcut.source.project import Project

SAID = {
    "decorator": "made by the decorator",
    "base": "made as a subclass of",
    "call": "made by a call of",
    "name": "defined as",
}


def check(facts: Facts, run: RuleContext) -> Iterator[Violation]:
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
            behind = _Behind(gate.entry.bases, leaves, run.project)
            for one in run.project.made(module, leaves) if leaves else ():
                path = next((path for path in one.paths if _fits(path, wanted[one.kind])), None)
                if path is None and one.kind == "base" and gate.entry.bases:
                    path = behind.first(one.paths)
                if path is not None:
                    yield _violation(facts, gate, one.span, one.kind, path)


class _Behind:
    """Finds the class above others that fits a pattern: by their own bases, and where they come from."""

    def __init__(self, patterns: list[str], leaves: frozenset[str], project: Project) -> None:
        self._patterns = patterns
        self._leaves = leaves
        self._project = project
        self._known: dict[str, str | None] = {}
        self._bases: dict[str, dict[str, list[str]]] = {}

    def first(self, paths: list[str]) -> str | None:
        """The nearest such class; what is above a class is looked up once."""
        waiting, seen = deque(paths), set[str]()
        found: str | None = None
        while waiting and found is None:
            path = waiting.popleft()
            if path in self._known:
                found = self._known[path]
            elif path not in seen:
                seen.add(path)
                found = path if _fits(path, self._patterns) else None
                waiting += self._above(path)
        # What one path leads to is known for it; without a find, nothing is above any that was passed.
        if found is None or len(paths) == 1:
            self._known.update(dict.fromkeys(paths if found is not None else seen, found))
        return found

    def _above(self, path: str) -> list[str]:
        module, _, name = path.rpartition(".")
        if self._project.file(module) is None:
            return []
        definitions = self._project.defined(module, name)
        found = [one.target for one in definitions if one.kind == "import" and one.target]
        if not definitions:
            found += [f"{star}.{name}" for star in self._project.starred(module)]
        if module not in self._bases:
            bases = self._bases[module] = {}
            for one in self._project.made(module, self._leaves):
                if one.kind == "base":
                    bases.setdefault(one.scope, []).extend(one.paths)
        return [*found, *self._bases[module].get(name, ())]


def _names(facts: Facts, gate: Gate[Native], run: RuleContext) -> Iterator[Violation]:
    for name, definition in (run.project.names(facts.module or "") or {}).items():
        fits = "." not in name and any(fnmatchcase(name, pattern) for pattern in gate.entry.names)
        defines = definition.kind in ("function", "class")
        if fits and (defines or _is_lambda(facts, name, definition.span, run)):
            yield _violation(facts, gate, definition.span, "name", name)


def _is_lambda(facts: Facts, name: str, span: Span, run: RuleContext) -> bool:
    """Whether a name is bound to a lambda: a function by another spelling."""
    bodies = run.project.bodies(facts.module or "", name)
    return any(one.kind == "lambda" and one.span == span for one in bodies)


def _fits(path: str, patterns: list[str]) -> bool:
    """Whether a path is what a pattern names; a pattern without a dot names the last part only."""
    leaf = path.rpartition(".")[2]
    return any(fnmatchcase(path if "." in pattern else leaf, pattern) for pattern in patterns)


def _violation(facts: Facts, gate: Gate[Native], span: Span, form: str, path: str) -> Violation:
    what = gate.entry.what
    return Violation(
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
