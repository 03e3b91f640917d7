"""Whether evidence for a gate is there, is about the files as they are, and says that it passed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hardcut.finding import Place, Severity
from hardcut.plan.evidence import KINDS, demand, path_of
from hardcut.plan.gates import Gate, LoadedPlan
from hardcut.rules.context import RuleContext, why
from hardcut.rules.rule import Violation
from hardcut.source.evidence import LEFT_OUT, Evidence


def due(gate: Gate[Any]) -> Severity | None:
    """How bad it is that something has not been shown yet: a warning until the wave has landed."""
    return "warning" if gate.state == "active" else None


def judge(plan: LoadedPlan, gate: Gate[Any], run: RuleContext) -> Iterator[Violation]:
    """What is wrong with a gate's evidence: none, unreadable, for another demand, failed, stale.

    A landed wave's evidence was asked for when it landed; it does not go stale with later commits.
    """
    path = path_of(plan, gate)
    command = f"hardcut gate run {KINDS[type(gate.entry)]}:{gate.wave}"
    kept = run.project.evidence(path)
    evidence = kept.evidence
    if kept.problem:
        yield _violation(
            gate, path, "unreadable", f"`{path}` {kept.problem}", f"take it anew: `{command}`", None
        )
    elif evidence is None:
        yield _violation(gate, path, "missing", "nothing was run for it yet", f"run `{command}`", due(gate))
    elif _other(evidence, plan, gate):
        text = f"`{path}` was taken for something else than the plan asks for now"
        yield _violation(gate, path, "other-demand", text, f"run `{command}`", due(gate))
    elif not evidence.passed:
        yield from _failed(gate, path, evidence, command)
    elif gate.state == "active" and evidence.tree != run.tree(plan.name):
        text = f"`{path}` is stale: the checked files have changed since {evidence.taken}"
        yield _violation(gate, path, "stale", text, f"run `{command}` again", "warning")


def judge_run(plan: LoadedPlan, gate: Gate[Any], run: RuleContext) -> Iterator[Violation]:
    """The same for a gate that has files to judge too: evidence is asked for if the plan names a command."""
    if gate.entry.run is not None or run.project.evidence(path_of(plan, gate)).evidence is not None:
        yield from judge(plan, gate, run)


def hit(
    helps: Mapping[str, str],
    gate: Gate[Any],
    place: Place,
    subject: str,
    form: str,
    text: str,
    severity: Severity | None = None,
) -> Violation:
    """What is wrong with a file that a gate is judged by; `helps` has the way out by form, "" for others."""
    return Violation(
        gate=gate,
        place=place,
        subject=subject,
        form=form,
        message=f"{text}{why(gate)}",
        help=helps.get(form, helps[""]),
        severity=severity,
    )


def _failed(gate: Gate[Any], path: str, evidence: Evidence, command: str) -> Iterator[Violation]:
    left_out = sum(one.said == LEFT_OUT for one in evidence.steps)
    wrong = [one for one in evidence.steps if not one.passed and one.said != LEFT_OUT]
    for step in wrong[:1] or evidence.steps[-1:]:
        end = f" ({step.said})" if step.said else ""
        more = f", and {len(wrong) - 1} more" if len(wrong) > 1 else ""
        rest = f"; {left_out} after it {'was' if left_out == 1 else 'were'} not run" if left_out else ""
        text = f"`{step.what}` failed{end}{more}, on {evidence.taken}{rest}; the output is in `{path}`"
        yield _violation(gate, path, "failed", text, f"fix it, and run `{command}` again", None)
    if not evidence.steps:
        yield _violation(
            gate, path, "failed", f"`{path}` holds no step that passed", f"run `{command}`", None
        )


def _other(evidence: Evidence, plan: LoadedPlan, gate: Gate[Any]) -> bool:
    about = (evidence.plan, evidence.wave, evidence.kind)
    return about != (plan.name, gate.wave, KINDS[type(gate.entry)]) or evidence.asked != demand(gate.entry)


def _violation(
    gate: Gate[Any], path: str, form: str, said: str, help: str, severity: Severity | None
) -> Violation:
    line = gate.declared.line
    return Violation(
        gate=gate,
        place=Place(gate.declared.path, line, 1, line, 1),
        subject=path,
        form=form,
        message=f"wave {gate.wave} has no passing {KINDS[type(gate.entry)]} evidence: {said}{why(gate)}",
        help=help,
        severity=severity,
    )
