"""CUT908: the plan asks for less than it did at the base revision."""

from __future__ import annotations

from collections.abc import Iterator

from hardcut.finding import Declared, Place
from hardcut.plan.gates import LoadedPlan
from hardcut.plan.records import Records, lines_of, lines_of_gone
from hardcut.plan.weakening import Weakening, landed_deletions, revivals, weakenings
from hardcut.rules.context import RuleContext
from hardcut.rules.rule import Rule, Violation, plan_gate

RECORD = "take the change back, or record it in {}, with your reason:\n{}"
REVIEW = "say why in the review: a plan that is weakened wherever it is hard to keep has no effect"


def check(run: RuleContext) -> Iterator[Violation]:
    """Everything that plans no longer ask for: an error where it had landed and no record covers it."""
    records = {
        plan.name: Records(run.earlier.get(plan.name), plan)
        for plan in run.plans
        if plan.name in run.earlier or plan.name in run.fresh
    }

    def is_folder(path: str) -> bool:
        return run.project.tree.kind(path) == "folder"

    # A plan that did not change is not among the earlier ones: it is what it was.
    unchanged = [one for one in run.plans if one.name not in run.earlier and one.name not in run.fresh]
    deleted = landed_deletions([*run.earlier.values(), *run.gone, *unchanged])
    for plan in run.plans:
        before = run.earlier.get(plan.name)
        if before is not None:
            others = [one for one in run.plans if one is not plan]
            found = weakenings(before, plan, deleted, is_folder, others)
        elif plan.name in run.fresh:
            found = revivals(None, plan, deleted)
        else:
            continue
        for weakening in found:
            yield _weakened(plan, weakening, records[plan.name])
    names = {plan.name for plan in run.plans}
    for gone in run.gone:
        yield _gone(run.plans[0], gone, list(records.values()), names)
    for plan in run.plans:
        for declared, said in records[plan.name].stale() if plan.name in records else ():
            place = _place(declared)
            help_ = "remove it, or name the change exactly: a record is no permission for later changes"
            yield _violation(
                plan, place, f"weakened {declared.line}", "unused-record", said, help_, failing=True
            )


def _weakened(plan: LoadedPlan, weakening: Weakening, records: Records) -> Violation:
    covered = records.cover(weakening)
    what = "what has landed" if weakening.landed else "the plan"
    said = f"this change weakens {what}: {weakening.said}"
    recorded = weakening.recorded or covered.left is None
    help_ = REVIEW
    if covered.left is None:
        said += f" ({'; '.join(covered.reasons)})"
    elif weakening.landed and not recorded:
        help_ = RECORD.format(plan.path, lines_of(weakening, covered.left, not plan.has_file))
    failing = weakening.landed and not recorded
    form = weakening.key or "removed"
    return _violation(plan, _place(weakening.declared), weakening.subject, form, said, help_, failing)


def _gone(plan: LoadedPlan, gone: LoadedPlan, records: list[Records], names: set[str]) -> Violation:
    landed = any(gate.state == "landed" for gate in gone.gates)
    what = "what has landed" if landed else "the plan"
    said = f"this change weakens {what}: the whole plan `{gone.name}` is gone, no manifest has it any more"
    if gone.name in names:
        said = f"this change weakens {what}: the plan moved here from `{gone.path}`, and cannot be compared"
    place = _place(plan.declared) if gone.path.startswith("../") else Place(gone.path)
    reason = next(filter(None, (one.gone(gone.name) for one in records)), None)
    if reason is not None:
        return _violation(plan, place, gone.name, "gone", f"{said} ({reason})", REVIEW, failing=False)
    help_ = RECORD.format(plan.path, lines_of_gone(gone.name, not plan.has_file)) if landed else REVIEW
    return _violation(plan, place, gone.name, "gone", said, help_, failing=landed)


def _place(declared: Declared) -> Place:
    return Place(declared.path, declared.line, 1, declared.line, 1)


def _violation(
    plan: LoadedPlan, place: Place, subject: str, form: str, message: str, help_: str, failing: bool
) -> Violation:
    return Violation(
        gate=plan_gate(plan),
        place=place,
        subject=subject,
        form=form,
        message=message,
        help=help_,
        severity="error" if failing else "warning",
    )


RULE = Rule(
    code="CUT908",
    name="weakened-plan",
    family="manifest",
    gates=("plan",),
    project=check,
    summary="the plan asks for less than it did at the base revision",
)
