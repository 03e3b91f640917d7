"""CUT302: a banned module reached at run time: by an import function, getattr, sys.modules or a name test."""

from __future__ import annotations

from collections.abc import Iterator

from hardcut.rules.rule import Hit, Rule, place
from hardcut.rules.run import Run, why
from hardcut.rules.surface.dual import is_candidate
from hardcut.rules.surface.surfaces import advice, banned
from hardcut.source.facts import Facts, Span, Text


def check(facts: Facts, run: Run) -> Iterator[Hit]:
    """Chains through a constant getattr, then strings that are probed or imported."""
    for reference in facts.references:
        found = banned(reference.path, facts, run)
        if (
            found is None
            or reference.form != "getattr"
            or run.targets.banned_by(reference.imported) is not None
        ):
            continue
        yield _hit(
            facts, run, found[0], reference.span, "getattr", f"`{reference.path}` is looked up by name"
        )
    for text in facts.texts:
        if not is_probe(text, run):
            continue
        found = banned((text.value or "").replace(":", "."), facts, run)
        if found is not None and not is_candidate(text, found[1]):
            way = text.sinks[0].way if text.sinks else text.role
            yield _hit(facts, run, found[0], text.span, way, f"`{text.value}` is {_said(text)}")
    for computed in facts.computed:
        found = banned(computed.value, facts, run) if computed.sinks else None
        if found is not None:
            yield _hit(
                facts,
                run,
                found[0],
                computed.span,
                computed.sinks[0].way,
                f"`{computed.sinks[0].function}` is given `{computed.value}`",
            )


def is_probe(text: Text, run: Run) -> bool:
    """Whether a string is imported, looked up in sys.modules, or compared with a module's name."""
    if text.kind != "string" or text.value is None:
        return False
    if text.sinks or run.imports_its_argument(text):
        return True
    if text.role == "subscript":
        return text.callee == "sys.modules"
    if text.callee == "sys.modules.get":
        return text.argument == "0"
    if text.role == "compare":
        return any(one.endswith("__name__") or one == "sys.modules" for one in text.siblings)
    return False


def _said(text: Text) -> str:
    if text.sinks:
        return f"given to `{text.sinks[0].function}`"
    if text.role == "compare":
        return "compared with a module's name"
    return "looked up in `sys.modules`" if text.role == "subscript" else f"given to `{text.callee}`"


def _hit(facts: Facts, run: Run, module: str, span: Span, form: str, said: str) -> Hit:
    found = run.targets.banned_by(module)
    assert found is not None
    gate = found[1]
    return Hit(
        gate=gate,
        place=place(facts, span),
        subject=module,
        form=form,
        help=advice(gate),
        message=f"{said}, but `{gate.entry.only}` is the only allowed surface{why(gate)}",
    )


RULE = Rule(
    code="CUT302",
    name="banned-surface-probe",
    family="surface",
    gates=("surface",),
    file=check,
    summary="a banned module reached by an import function, getattr, sys.modules or a name test",
)
