"""CUT806: names that a native module has to export, and whether it did when it was asked."""

from __future__ import annotations

from collections.abc import Iterator

from hardcut.plan.model import EntryPoint
from hardcut.rules.context import RuleContext
from hardcut.rules.evidence.due import judge
from hardcut.rules.rule import Rule, Violation


def check(run: RuleContext) -> Iterator[Violation]:
    """Each gate's kept evidence; nothing is imported."""
    for plan in run.plans:
        for gate in plan.of(EntryPoint):
            yield from judge(plan, gate, run)


RULE = Rule(
    code="CUT806",
    name="missing-entrypoint",
    family="evidence",
    gates=("entrypoint",),
    project=check,
    summary="names that a native module was not asked for, or does not export",
)
