"""CUT905: an entry, path or import root of the manifest that matches nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from hardcut.finding import Place, Severity
from hardcut.plan.gates import Gate, LoadedPlan
from hardcut.plan.label import kind_of
from hardcut.plan.model import Entry
from hardcut.rules.context import RuleContext, why
from hardcut.rules.manifest.matching import JUDGED, Matching, MatchState
from hardcut.rules.rule import Rule, Violation, plan_gate

HELP = "correct the name, or remove the entry: a gate that matches nothing can never fail"
UNKNOWN_HELP = "check the spelling; with the full history, or with `plan.base`, this is reported or settled"
MISPLACED_HELP = "a module is written as it is imported, a path relative to the project's root"
UNNEEDED_HELP = "take `allow_unmatched` out: it only holds for an entry that matches nothing at all"


def check(run: RuleContext) -> Iterator[Violation]:
    """Settings of the plan first, then entry by entry; only a whole-project run can judge."""
    if not run.whole:
        return
    by_entry: dict[int, list[Matching]] = {}
    settings: dict[str, list[Matching]] = {}
    for matching in run.matching:
        if type(matching.gate.entry) is Entry and not matching.misplaced:
            settings.setdefault(matching.gate.plan, []).append(matching)
        elif not matching.misplaced:
            by_entry.setdefault(id(matching.gate), []).append(matching)
    for plan in run.plans:
        yield from _settings(plan, run)
        for matching in settings.get(plan.name, ()):
            if matching.state is MatchState.UNMATCHED:
                yield _violation(plan_gate(plan), matching.message, matching.subject, matching.form)
        for matching in run.matching:
            if matching.misplaced and matching.gate.plan == plan.name:
                gate = msgspec.structs.replace(plan_gate(plan), declared=matching.gate.declared)
                yield _violation(
                    gate, matching.message, matching.subject, matching.form, help_=MISPLACED_HELP
                )
        for gate in plan.gates:
            yield from _entry(gate, by_entry.get(id(gate), []))


def _settings(plan: LoadedPlan, run: RuleContext) -> Iterator[Violation]:
    gate = plan_gate(plan)
    for entry in run.unmatched.get(plan.name, ()):
        yield _violation(gate, f"plan.check: `{entry}` matches no file", entry, "check-path")
    for source in plan.manifest.plan.source:
        if not run.project.holds_python(source):
            yield _violation(gate, f"plan.source: `{source}` holds no Python module", source, "source-root")


def _entry(gate: Gate[Any], matchings: list[Matching]) -> Iterator[Violation]:
    """What an entry names and does not find.

    With `allow_unmatched`, only what the entry is about, and only if it finds something else of that.
    """
    allowed = gate.entry.allow_unmatched is not None
    found = [one.subject for one in matchings if one.state is MatchState.MATCHED and not one.aside]
    beside = [one for one in matchings if one.aside and one.state is not MatchState.MATCHED]
    if allowed and not beside and (found or not isinstance(gate.entry, JUDGED)):
        yield _unneeded(gate, found)
    elif allowed and not found:
        return
    for matching in matchings:
        if allowed and matching.aside:
            continue
        if matching.state is MatchState.UNMATCHED:
            yield _violation(gate, matching.message, matching.subject, matching.form)
        elif matching.state is MatchState.UNKNOWN and gate.state != "landed":
            text = f"{matching.message}, and the history cannot tell whether it ever did: {matching.reason}"
            yield _violation(gate, text, matching.subject, matching.form, "warning", UNKNOWN_HELP)


def _unneeded(gate: Gate[Any], found: list[str]) -> Violation:
    kind = kind_of(gate.entry)
    text = f"`allow_unmatched` has no effect here: rules of its own report a `{kind}` that finds nothing"
    if found:
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        text = f"`allow_unmatched` is not needed: the entry matches `{found[0]}`{more}"
    return Violation(
        gate=gate,
        place=_place(gate),
        subject=found[0] if found else kind,
        form="allow-unmatched",
        message=text,
        help=UNNEEDED_HELP,
        severity="warning",
    )


def _violation(
    gate: Gate[Any],
    said: str,
    subject: str,
    form: str,
    severity: Severity | None = None,
    help_: str = HELP,
) -> Violation:
    return Violation(
        gate=gate,
        place=_place(gate),
        subject=subject,
        form=form,
        message=f"this entry matches nothing: {said}{why(gate)}",
        help=help_,
        severity=severity,
    )


def _place(gate: Gate[Any]) -> Place:
    return Place(gate.declared.path, gate.declared.line, 1, gate.declared.line, 1)


RULE = Rule(
    code="CUT905",
    name="unmatched-entry",
    family="manifest",
    gates=("plan",),
    project=check,
    summary="an entry of the manifest that names nothing that is or was there",
)
