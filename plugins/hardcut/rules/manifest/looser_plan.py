"""CUT908: the plan asks for less than it did at the base revision."""

from __future__ import annotations

from collections.abc import Iterator

from hardcut.finding import Place
from hardcut.plan.demands import loosened
from hardcut.rules.rule import Hit, Rule, plan_gate
from hardcut.rules.run import Run


def check(run: Run) -> Iterator[Hit]:
    """Everything that a plan no longer demands, or demands less strictly, as a warning."""
    for plan in run.plans:
        before = run.earlier.get(plan.name)
        for one in loosened(before, plan) if before is not None else ():
            yield Hit(
                gate=plan_gate(plan),
                place=Place(one.declared.path, one.declared.line, 1, one.declared.line, 1),
                subject=one.subject,
                form=one.form,
                message=f"the plan got looser in this change: {one.said}",
                help="say why in the review; a plan that gives way where it is hard to keep is none",
                severity="warning",
            )


RULE = Rule(
    code="CUT908",
    name="looser-plan",
    family="manifest",
    gates=("plan",),
    project=check,
    summary="the plan asks for less than it did at the base revision",
)
