"""CUT903: a waiver, or an entry of `plan.ignore`, that suppresses nothing."""

from __future__ import annotations

from collections.abc import Iterator

from hardcut.finding import Place
from hardcut.plan.errors import nearest
from hardcut.plan.gates import LoadedPlan
from hardcut.plan.model import Waiver
from hardcut.plan.waiver import ended
from hardcut.rules.context import RuleContext
from hardcut.rules.manifest.waiving import UNWAIVED, files_of
from hardcut.rules.rule import Rule, Settled, Violation, plan_gate


def check(run: RuleContext, settled: Settled) -> Iterator[Violation]:
    """Each waiver that holds and ignored path, about no finding; only a run over everything can tell."""
    if not settled.everything:
        return
    for plan in run.plans:
        yield from _ignored(plan, settled)
        for number, waiver in enumerate(plan.manifest.waiver):
            if (plan.name, number) in settled.used or ended(plan, waiver, settled.today) is not None:
                continue
            declared = plan.waivers[number] if number < len(plan.waivers) else plan.declared
            what, help = _nothing(waiver, plan, settled)
            yield Violation(
                gate=plan_gate(plan),
                place=Place(declared.path, declared.line, 1, declared.line, 1),
                subject=f"{waiver.rule} {waiver.path}",
                form="matches-nothing",
                message=f"this waiver lets nothing pass: {what}",
                help=help,
            )


def _ignored(plan: LoadedPlan, settled: Settled) -> Iterator[Violation]:
    """The entries of `plan.ignore` that are about no finding."""
    for number, entry in enumerate(plan.manifest.plan.ignore):
        if (plan.name, number) not in settled.ignoring:
            declared = plan.ignores[number]
            about = f" about `{entry.subject}`" if entry.subject else ""
            yield Violation(
                gate=plan_gate(plan),
                place=Place(declared.path, declared.line, 1, declared.line, 1),
                subject=f"{entry.rule} {entry.path}",
                form="ignores-nothing",
                message=f"this entry of `plan.ignore` ignores nothing: no finding of {entry.rule} in "
                f"`{entry.path}`{about}",
                help="remove it, or correct its path or subject",
            )


def _nothing(waiver: Waiver, plan: LoadedPlan, settled: Settled) -> tuple[str, str]:
    """Why a waiver suppresses nothing, and what to do about it."""
    named = waiver.rule.strip().lower()
    code = next((names[0].upper() for names in settled.names if named in names), None)
    if code is None:
        near = nearest(named, [name for names in settled.names for name in names])
        help_ = f"did you mean `{near}`?" if near else "`hardcut explain` lists the rules"
        return f"there is no rule `{waiver.rule}`", help_
    if code in UNWAIVED:
        return f"no waiver suppresses {code}", f"{UNWAIVED[code]}; and remove the waiver"
    what = f"no finding of {waiver.rule} in `{waiver.path}`"
    what += f" about `{waiver.subject}`" if waiver.subject else ""
    others = [one for one in settled.findings if one.code == code and one.plan == plan.name]
    here = [one.subject for one in others if files_of(waiver).covers(one.place.path)]
    if here:
        return what, f"findings there are about {_few(here)}: correct `subject`, or remove the waiver"
    if others:
        paths = _few([one.place.path for one in others])
        return what, f"findings of {code} are in {paths}: correct `path`, or remove the waiver"
    return what, f"remove it: there is no finding of {code} left that no other waiver suppresses"


def _few(names: list[str]) -> str:
    """Some names for a message: two of them, and how many more."""
    known = list(dict.fromkeys(names))
    shown = " and ".join(f"`{name}`" for name in known[:2])
    return f"{shown} and {len(known) - 2} more" if len(known) > 2 else shown


RULE = Rule(
    code="CUT903",
    name="stale-waiver",
    family="manifest",
    gates=("waiver",),
    after=check,
    summary="a waiver, or an entry of `plan.ignore`, that matches no finding",
)
