"""CUT908: the plan asks for less than it did at the base revision."""

from __future__ import annotations

from collections.abc import Iterator

from hardcut.finding import Place
from hardcut.plan.demands import loosened
from hardcut.plan.gates import LoadedPlan
from hardcut.rules.rule import Hit, Rule, plan_gate
from hardcut.rules.run import Run


def check(run: Run) -> Iterator[Hit]:
    """Everything that plans no longer demand, or demand less strictly, as a warning."""
    for plan in run.plans:
        before = run.earlier.get(plan.name)
        for one in loosened(before, plan) if before is not None else ():
            place = Place(one.declared.path, one.declared.line, 1, one.declared.line, 1)
            yield _hit(plan, place, one.subject, one.form, f"the plan got looser in this change: {one.said}")
    for plan in run.gone:
        text = f"this change takes the whole plan `{plan.name}` away: no manifest has it any more"
        yield _hit(run.plans[0], Place(plan.path), plan.name, "gone", text)


def _hit(plan: LoadedPlan, place: Place, subject: str, form: str, message: str) -> Hit:
    return Hit(
        gate=plan_gate(plan),
        place=place,
        subject=subject,
        form=form,
        message=message,
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
