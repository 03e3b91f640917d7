"""CUT805: a question that the plan's authors have not answered."""

from __future__ import annotations

from collections.abc import Iterator

from hardcut.finding import Place
from hardcut.plan.decisions import Open, open_decisions
from hardcut.rules.context import RuleContext
from hardcut.rules.rule import Rule, Violation

HELP = {
    "question": "write the answer as `chosen` into the entry's decision, or take the entry out",
    "contested": "agree, and take `contested` out, or the entry",
}


def check(run: RuleContext) -> Iterator[Violation]:
    """Every entry with a decision without an answer, and every contested one."""
    for plan in run.plans:
        yield from map(_violation, open_decisions(plan))


def _violation(one: Open) -> Violation:
    declared = one.gate.declared
    return Violation(
        gate=one.gate,
        place=Place(declared.path, declared.line, 1, declared.line, 1),
        subject=f"{one.gate.wave}:{one.about}",
        form=one.kind,
        message=f"wave {one.gate.wave} rests on an open decision, {one.said}",
        help=HELP[one.kind],
    )


RULE = Rule(
    code="CUT805",
    name="open-decision",
    family="evidence",
    gates=("plan",),
    project=check,
    summary="a decision without an answer, or an entry that the authors disagree about",
)
