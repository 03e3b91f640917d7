"""CUT903: a waiver that lets nothing pass."""

from __future__ import annotations

from collections.abc import Iterator

from hardcut.finding import Place
from hardcut.plan.errors import nearest
from hardcut.plan.waiver import ended
from hardcut.rules.rule import Hit, Rule, Settled, plan_gate
from hardcut.rules.run import Run


def check(run: Run, settled: Settled) -> Iterator[Hit]:
    """Each waiver that still holds and is about no finding; only a run over everything can tell."""
    if not settled.everything:
        return
    for plan in run.plans:
        for number, waiver in enumerate(plan.manifest.waiver):
            if (plan.name, number) in settled.used or ended(plan, waiver, settled.today) is not None:
                continue
            declared = plan.waivers[number] if number < len(plan.waivers) else plan.declared
            known = [name for names in settled.names for name in names]
            what = f"no finding of {waiver.rule} in `{waiver.path}`"
            what += f" about `{waiver.subject}`" if waiver.subject else ""
            help = "take it out: what it let pass is gone"
            if waiver.rule.strip().lower() not in known:
                what = f"there is no rule `{waiver.rule}`"
                near = nearest(waiver.rule.strip().lower(), known)
                help = f"did you mean `{near}`?" if near else "`hardcut explain` lists the rules"
            yield Hit(
                gate=plan_gate(plan),
                place=Place(declared.path, declared.line, 1, declared.line, 1),
                subject=f"{waiver.rule} {waiver.path}",
                form="matches-nothing",
                message=f"this waiver lets nothing pass: {what}",
                help=help,
            )


RULE = Rule(
    code="CUT903",
    name="stale-waiver",
    family="manifest",
    gates=("waiver",),
    after=check,
    summary="a waiver that matches no finding",
)
