"""CUT102: an import function that is given the name of a deleted module."""

from __future__ import annotations

from collections.abc import Iterator

from hardcut.finding import Unfixed
from hardcut.rules.context import RuleContext, why
from hardcut.rules.deleted.deletion import advice, fate, is_own, named_instead
from hardcut.rules.rule import Rule, Violation, place
from hardcut.source.facts import Computed, Facts, Sink


def check(facts: Facts, run: RuleContext) -> Iterator[Violation]:
    """Strings that reach an import function, written whole or put together."""
    for text in facts.texts:
        if text.kind != "string" or text.value is None:
            continue
        called = (
            text.sinks[0].function if text.sinks else text.callee if run.imports_its_argument(text) else None
        )
        name = text.value.replace(":", ".")
        for module, gate in run.targets.deletions(name) if called else ():
            if is_own(facts, module) or _is_asserted(facts, text.sinks, run):
                continue
            yield Violation(
                gate=gate,
                place=place(facts, text.span),
                subject=name,
                form=text.sinks[0].way if text.sinks else "wrapper",
                message=f"`{called}` is given `{name}`, but `{module}` is {fate(gate)}{why(gate)}",
                help=advice(gate, run),
                fix=named_instead(text, module, gate, facts, run),
            )
    for computed in facts.computed:
        if computed.sinks:
            yield from _computed(facts, computed, run)


def _computed(facts: Facts, computed: Computed, run: RuleContext) -> Iterator[Violation]:
    """A string that is put together; of one that is not known to its end, the head has to name the module."""
    name = computed.value.replace(":", ".")
    shown = name if computed.exact else f"{name}..."
    called = computed.sinks[0].function
    for module, gate in run.targets.deletions(name if computed.exact else name.rstrip(".")):
        if (
            is_own(facts, module)
            or not (computed.exact or name.startswith(module + "."))
            or _is_asserted(facts, computed.sinks, run)
        ):
            continue
        yield Violation(
            gate=gate,
            place=place(facts, computed.span),
            subject=shown,
            form=computed.sinks[0].way,
            message=f"`{called}` is given `{shown}`, but `{module}` is {fate(gate)}{why(gate)}",
            help=advice(gate, run),
            fix=Unfixed.COMPOSED,
        )


def _is_asserted(facts: Facts, sinks: list[Sink], run: RuleContext) -> bool:
    """Whether wherever a name is imported, a test asserts that this fails."""
    return bool(sinks) and all(run.project.asserts_absence(facts.path, sink.span, True) for sink in sinks)


RULE = Rule(
    code="CUT102",
    name="deleted-module-dynamic-import",
    family="deleted",
    gates=("delete", "move"),
    file=check,
    exempts_absence=True,
    summary="an import function that is given the name of a deleted module",
)
