"""CUT906: the manifest contradicts itself."""

from __future__ import annotations

from collections.abc import Iterator

from hardcut.finding import Place
from hardcut.rules.rule import Hit, Rule, plan_gate
from hardcut.rules.run import Run


def check(run: Run) -> Iterator[Hit]:
    """Each contradiction found while the plan was loaded."""
    for plan in run.plans:
        for problem in plan.contradictions:
            yield Hit(
                gate=plan_gate(plan),
                place=Place(problem.path, problem.line, problem.column, problem.line, problem.column),
                subject=problem.key,
                form="contradiction",
                message=problem.message,
                help='decide which entry holds, or mark it with `contested = "why"` until its authors have',
            )


RULE = Rule(
    code="CUT906",
    name="contradiction",
    family="manifest",
    gates=("plan",),
    project=check,
    summary="the manifest contradicts itself",
)
