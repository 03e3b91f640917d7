"""What a wave still lacks before it can land."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from hardcut.engine.options import Options
from hardcut.engine.report_data import Undetermined
from hardcut.engine.run import check
from hardcut.engine.selftest.run import Tried, selftest
from hardcut.finding import Declared, Finding
from hardcut.plan.decisions import open_decisions
from hardcut.plan.gates import LoadedPlan
from hardcut.plan.label import label
from hardcut.rules.registry import RULES
from hardcut.rules.structure.not_shrunk import RULE as NOT_SHRUNK
from hardcut.rules.structure.not_shrunk import UNKNOWN

Step = Literal["gates", "requires", "decision", "history", "finding", "unchecked", "evidence", "selftest"]
ASKED = frozenset({"CUT805", "CUT904"})
"""Rules whose answers have a step of their own: open decisions, and the order of the waves."""
FULL_HISTORY = (
    "needed: the full history (`fetch-depth: 0` in CI), a `plan.base` that is in this clone, "
    "or `allow_unmatched` on the entry"
)
EVIDENCE = frozenset(rule.code for rule in RULES if rule.family == "evidence") - ASKED


class Lack(msgspec.Struct, frozen=True):
    """One thing that is missing: the step of landing that asks for it, in words, and where the plan does.

    `findings` are those that say so, `more` are further lines.
    """

    step: Step
    said: str
    declared: Declared
    findings: list[Finding] = []
    more: list[str] = []


def lacks(options: Options, plan: LoadedPlan, wave: str) -> list[Lack]:
    """All that keeps a wave of a plan from landing, in the order in which it is best mended.

    Any gate at all, what it requires, open decisions, findings as they would be once it has landed (none
    is compared with a base revision), gates that nobody checks, evidence, and gates that a selftest
    cannot break. Before the findings: entries that match nothing now, where the history cannot tell
    whether they ever did.
    """
    return [
        *_empty(plan, wave),
        *_required(plan, wave),
        *(Lack("decision", one.said, one.gate.declared) for one in open_decisions(plan, wave)),
        *_found(options, plan, wave),
        *_untested(selftest(options, [(plan, wave)])),
    ]


def _empty(plan: LoadedPlan, wave: str) -> list[Lack]:
    """A wave that demands nothing: what it would hold for ever is most likely not written yet."""
    if any(gate.wave == wave for gate in plan.gates):
        return []
    place = next(place for one, place in zip(plan.manifest.wave, plan.waves, strict=True) if one.id == wave)
    said = "it demands nothing: write its gates below it, or take it out of the plan"
    return [Lack("gates", said, place)]


def not_landed(plan: LoadedPlan, wave: str) -> list[tuple[str, str, Declared]]:
    """The waves that one requires and that have not landed: id, state and place of each."""
    needed = next(one.requires for one in plan.manifest.wave if one.id == wave)
    return [
        (one.id, one.state, declared)
        for one, declared in zip(plan.manifest.wave, plan.waves, strict=True)
        if one.id in needed and one.state != "landed"
    ]


def _required(plan: LoadedPlan, wave: str) -> list[Lack]:
    return [
        Lack("requires", f"wave {one} has to land first; it is {state}", declared)
        for one, state, declared in not_landed(plan, wave)
    ]


def _found(options: Options, plan: LoadedPlan, wave: str) -> list[Lack]:
    ahead = msgspec.structs.replace(
        options, waves=frozenset({wave}), ignore=ASKED, assume_landed=frozenset({wave})
    )
    report = check(ahead)
    own = [
        one
        for one in report.findings
        if one.plan == plan.name and one.severity == "error" and _wave_at(plan, one) in (None, wave)
    ]
    unchecked = [
        Lack("unchecked", f"no rule checks `{one.kind}` yet, so that nobody can say it holds", one.declared)
        for one in report.pending
        if one.plan == plan.name
    ]
    rest = [one for one in own if one.code not in EVIDENCE]
    evidence = [one for one in own if one.code in EVIDENCE]
    return [
        *_undetermined([one for one in report.undetermined if one.plan == plan.name]),
        *_by_gate("history", [one for one in report.findings if _is_unknown(one, plan, wave)], plan, wave),
        *_by_gate("finding", rest, plan, wave),
        *unchecked,
        *_by_gate("evidence", [*evidence, *_stale(options, plan, wave)], plan, wave),
    ]


def _is_unknown(one: Finding, plan: LoadedPlan, wave: str) -> bool:
    """Whether a finding of a wave says that a history which is not complete cannot tell."""
    shrunk = one.code == NOT_SHRUNK.code and one.form == UNKNOWN
    return shrunk and one.severity == "warning" and one.plan == plan.name and one.wave == wave


def _undetermined(names: Sequence[Undetermined]) -> list[Lack]:
    """One lack for each entry, with the names in it that match nothing now."""
    by_entry: dict[tuple[Declared, str], list[Undetermined]] = {}
    for one in names:
        by_entry.setdefault((one.declared, one.kind), []).append(one)
    return [
        Lack(
            "history",
            f"{kind} {', '.join(one.subject for one in found)}: matches nothing now, and the history cannot "
            "tell whether it ever did",
            declared,
            more=[found[0].reason, FULL_HISTORY],
        )
        for (declared, kind), found in by_entry.items()
    ]


def _wave_at(plan: LoadedPlan, one: Finding) -> str | None:
    """The wave that a finding is about: its own, or that in whose part of the manifest it stands."""
    if one.wave is not None or one.place.path != plan.path:
        return one.wave
    parts = [(declared.line, wave.id) for declared, wave in zip(plan.waves, plan.manifest.wave, strict=True)]
    rest = [
        (declared.line, None) for declared in (plan.declared, *plan.ignores, *plan.waivers, *plan.revives)
    ]
    before = [part for part in (*parts, *rest) if part[0] <= (one.place.line or 0)]
    return max(before, key=lambda part: part[0])[1] if before else None


def _stale(options: Options, plan: LoadedPlan, wave: str) -> list[Finding]:
    """Evidence that is no longer about the files as they are: asked of a wave that has not landed."""
    gates = [
        msgspec.structs.replace(gate, state="active") if gate.wave == wave else gate for gate in plan.gates
    ]
    active = msgspec.structs.replace(plan, gates=gates)
    plans = [active if one is plan else one for one in options.plans]
    ahead = msgspec.structs.replace(
        options, plans=plans, waves=frozenset({wave}), select=EVIDENCE, cache=False
    )
    return [one for one in check(ahead).findings if one.plan == plan.name and one.form == "stale"]


def _by_gate(step: Step, findings: Sequence[Finding], plan: LoadedPlan, wave: str) -> list[Lack]:
    """One lack for each gate, in the manifest's order; what is about the plan as a whole comes first."""
    grouped: dict[Declared, list[Finding]] = {}
    for one in sorted(findings, key=lambda one: (one.wave is not None, one.declared)):
        grouped.setdefault(one.declared, []).append(one)
    labels = {gate.declared: label(gate) for gate in plan.gates if gate.wave == wave}
    return [
        Lack(
            step,
            labels.get(declared, "the plan as a whole"),
            declared,
            ones,
            [FULL_HISTORY] if step == "history" else [],
        )
        for declared, ones in grouped.items()
    ]


def _untested(tried: Sequence[Tried]) -> list[Lack]:
    return [
        Lack(
            "selftest",
            f"{label(one.gate)}: a planted violation was not found",
            one.gate.declared,
            more=one.said,
        )
        for one in tried
        if one.verdict == "missed"
    ]
