"""How far a plan is: its waves and gates, each with what a run still finds about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from hardcut.engine.report_data import Report
from hardcut.finding import Declared, Finding, State
from hardcut.plan.gates import Gate, LoadedPlan
from hardcut.plan.label import kind_of, subject
from hardcut.plan.model import Entry, Wave

GateState = Literal["open", "contested", "waived", "undecided", "unchecked", "done"]
"""`open`: something is left; `contested`: only what the authors disagree about; `waived`: only what waivers
let pass; `undecided`: nothing, but a question has no answer; `unchecked`: no rule, or none that was asked,
can tell; `done`: nothing is left."""
ASKED = "open-decision"
"""The rule about questions without an answer: they are told as what they are, and not as something left."""


class Written(msgspec.Struct, frozen=True):
    """Where the manifest says something: a path relative to the root, and a line from 1."""

    path: str
    line: int


class GateProgress(msgspec.Struct, frozen=True, kw_only=True):
    """One gate: what it is about, and how many findings are left, in how many files.

    `remaining` counts those that are neither contested (`disputed`) nor `waived`. `decision` is the open
    question that the entry rests on, `contested` why its authors disagree.
    """

    kind: str
    subject: str
    state: GateState
    remaining: int
    errors: int
    disputed: int
    waived: int
    files: int
    decision: str | None
    contested: str | None
    declared: Written


class WaveProgress(msgspec.Struct, frozen=True, kw_only=True):
    """One wave: its gates, the sums over them, and what has to happen before it can land.

    `requires` are the waves that it names; `blocked_by` those of them that have not landed.
    `decisions` counts the open questions, `disputed` the contested findings.
    """

    plan: str
    id: str
    title: str | None
    state: State
    requires: list[str]
    blocked_by: list[str]
    gates: list[GateProgress]
    done: int
    unchecked: int
    decisions: int
    remaining: int
    disputed: int
    declared: Written


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """All waves of all plans, in the manifests' order.

    `plan_findings` counts what is wrong with the plans themselves, by the plan's name.
    """

    waves: list[WaveProgress]
    plan_findings: dict[str, int]
    files: int
    notes: list[str]


def progress(plans: Sequence[LoadedPlan], report: Report, waves: frozenset[str] | None = None) -> Progress:
    """A whole-project run's report as progress; only some waves, where they are named."""
    by_gate: dict[tuple[str, Declared], list[Finding]] = {}
    for finding in [*report.findings, *report.contested]:
        if finding.rule != ASKED:
            by_gate.setdefault((finding.plan, finding.declared), []).append(finding)
    waived: dict[tuple[str, Declared], int] = {}
    for finding in report.waived:
        key = (finding.plan, finding.declared)
        waived[key] = waived.get(key, 0) + 1
    pending = {(one.plan, one.declared) for one in report.pending}
    found: list[WaveProgress] = []
    own: dict[str, int] = {}
    for plan in plans:
        states = {wave.id: wave.state for wave in plan.manifest.wave}
        own[plan.name] = sum(1 for one in report.findings if one.plan == plan.name and one.wave is None)
        for wave, declared in zip(plan.manifest.wave, plan.waves, strict=True):
            if waves is not None and wave.id not in waves:
                continue
            gates = [
                _gate(gate, by_gate.get(key, []), waived.get(key, 0), key in pending)
                for gate in plan.gates
                for key in [(plan.name, gate.declared)]
                if gate.wave == wave.id
            ]
            found.append(_wave(plan.name, wave, declared, gates, states))
    return Progress(waves=found, plan_findings=own, files=report.files, notes=list(report.notes))


def _wave(
    plan: str, wave: Wave, declared: Declared, gates: list[GateProgress], states: dict[str, State]
) -> WaveProgress:
    return WaveProgress(
        plan=plan,
        id=wave.id,
        title=wave.title,
        state=wave.state,
        requires=wave.requires,
        blocked_by=[name for name in wave.requires if states.get(name) != "landed"],
        gates=gates,
        done=sum(1 for one in gates if one.state == "done"),
        unchecked=sum(1 for one in gates if one.state == "unchecked"),
        decisions=sum(1 for one in gates if one.decision is not None),
        remaining=sum(one.remaining for one in gates),
        disputed=sum(one.disputed for one in gates),
        declared=Written(declared.path, declared.line),
    )


def _gate(gate: Gate[Entry], findings: list[Finding], waived: int, pending: bool) -> GateProgress:
    entry = gate.entry
    left = [one for one in findings if one.contested is None]
    disputed = len(findings) - len(left)
    decision = entry.decision
    state: GateState = "done"
    if left:
        state = "open"
    elif disputed or entry.contested:
        state = "contested"
    elif waived:
        state = "waived"
    elif decision is not None and decision.chosen is None:
        state = "undecided"
    elif pending:
        state = "unchecked"
    return GateProgress(
        kind=kind_of(entry),
        subject=subject(entry),
        state=state,
        remaining=len(left),
        errors=sum(1 for one in left if one.severity == "error"),
        disputed=disputed,
        waived=waived,
        files=len({one.place.path for one in findings}),
        decision=decision.question if decision is not None and decision.chosen is None else None,
        contested=entry.contested,
        declared=Written(gate.declared.path, gate.declared.line),
    )
