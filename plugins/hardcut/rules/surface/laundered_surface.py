"""CUT305: a module of the project's own that hands a banned surface on under an allowed name."""

from __future__ import annotations

from collections.abc import Iterator

from hardcut.plan.gates import Gate
from hardcut.plan.model import Surface
from hardcut.rules.rule import Hit, Rule
from hardcut.rules.run import Run
from hardcut.rules.surface.surfaces import banned, hit, in_scope
from hardcut.source.facts import Facts, Span

HIDDEN = ", so that its users look clean"


def check(facts: Facts, run: Run) -> Iterator[Hit]:
    """The launderer's public names, star imports and `__getattr__`; then imports that go through one."""
    if facts.module is None:
        return
    touched = _touched(facts, run)
    if touched is not None:
        module, gate, first = touched
        names = run.project.names(facts.module) or {}
        listed = set(facts.exports)
        for definition in facts.bound():
            found = banned(definition.target or "", facts, run)
            public = not definition.name.startswith("_") or definition.name in listed
            handed = (
                definition.name in listed or facts.is_package or definition.kind in ("star", "alias", "lazy")
            )
            if found is not None and public and handed:
                form = "star-import" if definition.name == "*" else "public-name"
                said = f"`{facts.module}` hands `{module}` on as `{definition.name}`{HIDDEN}"
                yield hit(facts, (module, gate), definition.span, form, said)
        if "__getattr__" in names:
            said = f"`{facts.module}` hands `{module}` on through its `__getattr__`{HIDDEN}"
            yield hit(facts, (module, gate), names["__getattr__"].span, "module-getattr", said)
        elif facts.module.rsplit(".", 1)[-1] == gate.entry.only.rsplit(".", 1)[-1]:
            said = f"`{facts.module}` bears the allowed surface's name and reaches `{module}`{HIDDEN}"
            yield hit(facts, (module, gate), first, "same-name", said)
    for entry in facts.imports:
        if entry.module is None or entry.name in (None, "*") or run.targets.banned_by(entry.path) is not None:
            continue
        for path in run.leads_to(entry.path):
            found = banned(path, facts, run)
            if found is not None:
                said = f"`{entry.path}` is `{path}` under another name{HIDDEN}"
                yield hit(facts, found, entry.span, "use", said)
                break


def _touched(facts: Facts, run: Run) -> tuple[str, Gate[Surface], Span] | None:
    """The first banned module that a file's code really reaches, and where."""
    for entry in facts.imports:
        if entry.module is not None and (found := run.targets.banned_by(entry.path)) is not None:
            return (found[0], found[1], entry.span) if in_scope(facts, found[1]) else None
    for reference in facts.references:
        if (found := banned(reference.path, facts, run)) is not None:
            return found[0], found[1], reference.span
    for text in facts.texts:
        path = text.value if text.sinks else text.pair
        if path is not None and (found := banned(path, facts, run)) is not None:
            return found[0], found[1], text.span
    return None


RULE = Rule(
    code="CUT305",
    name="laundered-surface",
    family="surface",
    gates=("surface",),
    file=check,
    summary="a module of the project's own hands a banned surface on under an allowed name",
)
