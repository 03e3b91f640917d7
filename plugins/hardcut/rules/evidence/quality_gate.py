"""CUT804: commands that have to succeed for a wave, and whether they did."""

from __future__ import annotations

from collections.abc import Iterator

from hardcut.plan.model import Quality
from hardcut.rules.context import RuleContext
from hardcut.rules.evidence.due import judge
from hardcut.rules.rule import Rule, Violation


def check(run: RuleContext) -> Iterator[Violation]:
    """Each gate's kept evidence; nothing is run."""
    for plan in run.plans:
        for gate in plan.of(Quality):
            yield from judge(plan, gate, run)


RULE = Rule(
    code="CUT804",
    name="quality-gate",
    family="evidence",
    gates=("quality",),
    project=check,
    summary="commands of a wave that were not run, not on these files, or failed",
)
