"""CUT904: a wave is under way before the waves that it requires have landed."""

from __future__ import annotations

from collections.abc import Iterator

from hardcut.finding import Place
from hardcut.rules.context import RuleContext
from hardcut.rules.rule import Rule, Violation, plan_gate


def check(run: RuleContext) -> Iterator[Violation]:
    """Each active wave, with what it waits for; a landed one that does is no usable manifest."""
    for plan in run.plans:
        states = {wave.id: wave.state for wave in plan.manifest.wave}
        for wave, declared in zip(plan.manifest.wave, plan.waves, strict=True):
            waits = [one for one in wave.requires if states.get(one, "landed") != "landed"]
            if wave.state == "planned" or not waits:
                continue
            needed = " and ".join(f"wave {one}" for one in waits)
            told = " and ".join(f"wave {one}, which is {states[one]}" for one in waits)
            yield Violation(
                gate=plan_gate(plan),
                place=Place(declared.path, declared.line, 1, declared.line, 1),
                subject=f"wave {wave.id}",
                form=wave.state,
                message=f"wave {wave.id} is {wave.state}, but requires {told}",
                help=f"land {needed} first, or take it out of `requires`",
            )


RULE = Rule(
    code="CUT904",
    name="wave-order",
    family="manifest",
    gates=("wave",),
    project=check,
    summary="a wave is under way before the waves that it requires have landed",
)
