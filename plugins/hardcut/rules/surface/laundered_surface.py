"""CUT305: a module of the project's own that hands a banned surface on under an allowed name."""

from __future__ import annotations

from collections.abc import Iterator

from hardcut.plan.gates import Gate
from hardcut.plan.model import Surface
from hardcut.rules.rule import Hit, Rule, place
from hardcut.rules.run import Run, why
from hardcut.rules.surface.surfaces import advice, banned, in_scope
from hardcut.source.facts import Facts, Span


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
                yield _hit(
                    facts,
                    gate,
                    definition.span,
                    module,
                    "star-import" if definition.name == "*" else "public-name",
                    f"`{facts.module}` hands `{module}` on as `{definition.name}`",
                )
        if "__getattr__" in names:
            yield _hit(
                facts,
                gate,
                names["__getattr__"].span,
                module,
                "module-getattr",
                f"`{facts.module}` hands `{module}` on through its `__getattr__`",
            )
        elif facts.module.rsplit(".", 1)[-1] == gate.entry.only.rsplit(".", 1)[-1]:
            yield _hit(
                facts,
                gate,
                first,
                module,
                "same-name",
                f"`{facts.module}` bears the allowed surface's name and reaches `{module}`",
            )
    for entry in facts.imports:
        if entry.module is None or entry.name in (None, "*") or run.targets.banned_by(entry.path) is not None:
            continue
        for path in run.leads_to(entry.path):
            found = banned(path, facts, run)
            if found is not None:
                yield _hit(
                    facts,
                    found[1],
                    entry.span,
                    found[0],
                    "use",
                    f"`{entry.path}` is `{path}` under another name",
                )
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


def _hit(facts: Facts, gate: Gate[Surface], span: Span, module: str, form: str, said: str) -> Hit:
    return Hit(
        gate=gate,
        place=place(facts, span),
        subject=module,
        form=form,
        help=advice(gate),
        message=f"{said}, so that its users look clean{why(gate)}",
    )


RULE = Rule(
    code="CUT305",
    name="laundered-surface",
    family="surface",
    gates=("surface",),
    file=check,
    summary="a module of the project's own hands a banned surface on under an allowed name",
)
