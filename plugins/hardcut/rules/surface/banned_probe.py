"""CUT302: a banned module reached at run time: by an import function, getattr, sys.modules or a name test."""

from __future__ import annotations

from collections.abc import Iterator

from hardcut.rules.context import RuleContext
from hardcut.rules.rule import Rule, Violation
from hardcut.rules.surface.dual import is_candidate
from hardcut.rules.surface.surfaces import bans, hit, only
from hardcut.source.facts import Facts, Text


def check(facts: Facts, run: RuleContext) -> Iterator[Violation]:
    """Chains through a constant getattr, then strings that are probed or imported."""
    for reference in facts.references:
        if reference.form != "getattr" or run.targets.banned_by(reference.imported) is not None:
            continue
        for found in bans(reference.path, facts, run):
            said = f"`{reference.path}` is looked up by name, {only(found[1])}"
            yield hit(facts, found, reference.span, "getattr", said)
    for text in facts.texts:
        if not is_probe(text, run):
            continue
        for found in bans((text.value or "").replace(":", "."), facts, run):
            if not is_candidate(text, found[1]):
                way = text.sinks[0].way if text.sinks else text.role
                said = f"`{text.value}` is {_said(text)}, {only(found[1])}"
                yield hit(facts, found, text.span, way, said)
    for computed in facts.computed:
        for found in bans(computed.value, facts, run) if computed.sinks else ():
            sink = computed.sinks[0]
            said = f"`{sink.function}` is given `{computed.value}`, {only(found[1])}"
            yield hit(facts, found, computed.span, sink.way, said)


def is_probe(text: Text, run: RuleContext) -> bool:
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


RULE = Rule(
    code="CUT302",
    name="banned-surface-probe",
    family="surface",
    gates=("surface",),
    file=check,
    exempts_absence=True,
    summary="a banned module reached by an import function, getattr, sys.modules or a name test",
)
