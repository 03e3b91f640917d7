"""CUT805: a question that the plan's authors have not answered."""

from __future__ import annotations

from collections.abc import Iterator

from hardcut.finding import Place
from hardcut.plan.decisions import Open, open_decisions
from hardcut.rules.rule import Hit, Rule
from hardcut.rules.run import Run

HELP = {
    "question": "write the answer as `chosen` into the entry's decision, or take the entry out",
    "contested": "agree, and take `contested` out, or the entry",
}


def check(run: Run) -> Iterator[Hit]:
    """Every entry with a decision without an answer, and every contested one."""
    for plan in run.plans:
        yield from map(_hit, open_decisions(plan))


def _hit(one: Open) -> Hit:
    declared = one.gate.declared
    return Hit(
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
