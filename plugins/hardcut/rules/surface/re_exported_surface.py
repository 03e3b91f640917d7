"""CUT305: a module of the project's own that hands a banned surface on under an allowed name."""

from __future__ import annotations

from collections.abc import Iterator

from hardcut.finding import Declared
from hardcut.plan.gates import Gate
from hardcut.plan.model import Surface
from hardcut.rules.context import RuleContext
from hardcut.rules.rule import Rule, Violation
from hardcut.rules.surface.surfaces import banned, bans, hit
from hardcut.source.facts import Facts, Span
from hardcut.source.files import is_excluded

HIDDEN = ", so that its users look clean"


def check(facts: Facts, run: RuleContext) -> Iterator[Violation]:
    """What a module re-exports of a banned surface; then imports that go through such a module."""
    if facts.module is None:
        return
    for module, gate, first in _touched(facts, run):
        yield from _re_exports(facts, module, gate, first, run)
    for entry in facts.imports:
        if entry.module is None or entry.name in (None, "*") or run.targets.banned_by(entry.path) is not None:
            continue
        path = next((one for one in run.leads_to(entry.path) if banned(one, facts, run)), None)
        for found in bans(path, facts, run) if path is not None else ():
            if not _is_by_allowed(entry.path, found[1], run):
                said = f"`{entry.path}` is `{path}` under another name{HIDDEN}"
                yield hit(facts, found, entry.span, "use", said)


def _is_by_allowed(path: str, gate: Gate[Surface], run: RuleContext) -> bool:
    """Whether one of the modules that re-export a name is the allowed one, or in an allowed path."""
    seen: set[str] = set()
    while path not in seen:
        seen.add(path)
        home, _, name = path.rpartition(".")
        file = run.project.file(home)
        if home == gate.entry.only or (file is not None and is_excluded(file, gate.entry.allow)):
            return True
        definition = (run.project.names(home) or {}).get(name)
        path = definition.target if definition is not None and definition.target else path
    return False


def _re_exports(
    facts: Facts, module: str, gate: Gate[Surface], first: Span, run: RuleContext
) -> Iterator[Violation]:
    """What a file that reaches a banned module offers of it; `first` is where it does."""
    own = facts.module or ""
    names = run.project.names(own) or {}
    listed = set(run.project.exports(own))
    for definition in facts.bound():
        targets = bans(definition.target or "", facts, run)
        public = not definition.name.startswith("_") or definition.name in listed
        handed = definition.name in listed or facts.is_package or definition.kind in ("star", "alias", "lazy")
        if public and handed and any(other.declared == gate.declared for _, other in targets):
            form = "star-import" if definition.name == "*" else "public-name"
            said = f"`{own}` hands `{module}` on as `{definition.name}`{HIDDEN}"
            yield hit(facts, (module, gate), definition.span, form, said)
    if "__getattr__" in names:
        said = f"`{own}` hands `{module}` on through its `__getattr__`{HIDDEN}"
        yield hit(facts, (module, gate), names["__getattr__"].span, "module-getattr", said)
    elif own.rsplit(".", 1)[-1] == gate.entry.only.rsplit(".", 1)[-1]:
        said = f"`{own}` bears the allowed surface's name and reaches `{module}`{HIDDEN}"
        yield hit(facts, (module, gate), first, "same-name", said)


def _touched(facts: Facts, run: RuleContext) -> list[tuple[str, Gate[Surface], Span]]:
    """The first banned module of each gate that a file's code really reaches, and where."""
    found: dict[Declared, tuple[str, Gate[Surface], Span]] = {}
    paths = [(entry.path, entry.span) for entry in facts.imports if entry.module is not None]
    paths += [(reference.path, reference.span) for reference in facts.references]
    for text in facts.texts:
        path = text.value if text.sinks else text.pair
        paths += [(path, text.span)] if path is not None else []
    for path, span in paths:
        for module, gate in bans(path, facts, run):
            found.setdefault(gate.declared, (module, gate, span))
    return list(found.values())


RULE = Rule(
    code="CUT305",
    name="re-exported-surface",
    family="surface",
    gates=("surface",),
    file=check,
    summary="a module of the project's own hands a banned surface on under an allowed name",
)
