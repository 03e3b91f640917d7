"""CUT902: a waiver that has come to its end."""

from __future__ import annotations

from collections.abc import Iterator

from hardcut.finding import Place
from hardcut.plan.waiver import ended
from hardcut.rules.context import RuleContext
from hardcut.rules.rule import Rule, Settled, Violation, plan_gate


def check(run: RuleContext, settled: Settled) -> Iterator[Violation]:
    """Each waiver whose wave has landed, or whose last day is over."""
    for plan in run.plans:
        for number, waiver in enumerate(plan.manifest.waiver):
            since = ended(plan, waiver, settled.today)
            if since is None:
                continue
            declared = plan.waivers[number] if number < len(plan.waivers) else plan.declared
            what = f"{waiver.rule} in `{waiver.path}`"
            still = (plan.name, number) in settled.used
            yield Violation(
                gate=plan_gate(plan),
                place=Place(declared.path, declared.line, 1, declared.line, 1),
                subject=f"{waiver.rule} {waiver.path}",
                form="still-needed" if still else "no-longer-needed",
                message=f"the waiver for {what} holds no longer, {since} (given because: {waiver.reason})",
                help=(
                    "fix what it suppressed and remove the waiver, or give it a later end"
                    if still
                    else "remove it: nothing that it suppressed is left"
                ),
            )


RULE = Rule(
    code="CUT902",
    name="expired-waiver",
    family="manifest",
    gates=("waiver",),
    after=check,
    summary="a waiver whose wave has landed, or whose date is over",
)
