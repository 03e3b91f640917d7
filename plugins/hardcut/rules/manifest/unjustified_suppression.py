"""CUT901: a comment that would silence a finding, without a waiver in the plan."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from hardcut.finding import Finding, Place
from hardcut.plan.gates import LoadedPlan
from hardcut.plan.waiver import ended
from hardcut.rules.context import RuleContext
from hardcut.rules.manifest.waiving import files_of
from hardcut.rules.rule import Rule, Settled, Violation, plan_gate
from hardcut.source.suppressions import Suppression

OURS = re.compile(r"CUT\d+")


def check(run: RuleContext, settled: Settled) -> Iterator[Violation]:
    """Comments that name a code of ours, and blanket ones on a line that has a finding."""
    standing: dict[tuple[str, int], list[Finding]] = {}
    files: dict[str, Finding] = {}
    for one in settled.findings:
        if one.severity != "info" and one.contested is None and one.place.line is not None:
            standing.setdefault((one.place.path, one.place.line), []).append(one)
            files.setdefault(one.place.path, one)
    found = {(one.place.path, one.place.line) for one in settled.findings}
    waived = {(one.place.path, one.place.line) for one in settled.waived}
    for path, comments in settled.comments.items():
        for comment in comments:
            lines = range(comment.first, comment.last + 1)
            here = [one for line in lines for one in standing.get((path, line), ())]
            ours = [code for code in comment.codes if OURS.fullmatch(code)]
            if ours and (comment.comment or here):
                if not here and any((path, line) in waived for line in lines):
                    continue
                missing = {
                    code: plan for code in ours if (plan := _plan(run, path, code, settled)) is not None
                }
                stale = comment.comment and not comment.whole and all((path, at) not in found for at in lines)
                for code, plan in missing.items():
                    hit = _violation(plan, path, comment, code, "code", f"silences {code}")
                    yield msgspec.structs.replace(hit, fix=dict.fromkeys(missing, "") if stale else None)
            elif comment.blanket and comment.whole and comment.comment and path in files:
                plan = _named(run, files[path].plan)
                yield _violation(plan, path, comment, path, "file", "silences every rule in this file")
            elif comment.blanket and not comment.whole and here:
                plan = _named(run, here[0].plan)
                codes = ", ".join(sorted({one.code for one in here}))
                yield _violation(
                    plan, path, comment, here[0].subject, "blanket", f"silences {codes} with all else"
                )


def _plan(run: RuleContext, path: str, code: str, settled: Settled) -> LoadedPlan | None:
    """The plan that misses a waiver for a code in a file; None where one holds."""
    missing = run.plans[0]
    for plan in run.plans:
        for waiver in plan.manifest.waiver:
            rule = next((one for one in settled.names if waiver.rule.strip().lower() in one), None)
            if rule is not None and code.lower() in rule and files_of(waiver).covers(path):
                if ended(plan, waiver, settled.today) is None:
                    return None
                missing = plan
    return missing


def _named(run: RuleContext, name: str) -> LoadedPlan:
    return next((plan for plan in run.plans if plan.name == name), run.plans[0])


def _violation(
    plan: LoadedPlan, path: str, comment: Suppression, subject: str, form: str, does: str
) -> Violation:
    return Violation(
        gate=plan_gate(plan),
        place=Place(path, comment.line, comment.column, comment.line, comment.end_column),
        subject=subject,
        form=form,
        message=f"this comment {does}, and the plan has no waiver for it",
        help="remove what is found; or take it into the plan as a [[waiver]] with a reason and an end",
    )


RULE = Rule(
    code="CUT901",
    name="unjustified-suppression",
    family="manifest",
    gates=("waiver",),
    after=check,
    summary="a `noqa` comment that would silence a finding, without a waiver",
)
