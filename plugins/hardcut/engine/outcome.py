"""Hits to findings: the rule's data, the wave's state, what is contested, what one place said twice."""

from __future__ import annotations

from collections.abc import Iterable

from hardcut.finding import Finding, Severity, Unfixed
from hardcut.rules.rule import Rule, Violation
from hardcut.rules.targets import STRICT

SEVERITIES: tuple[Severity, ...] = ("info", "warning", "error")


def finding(rule: Rule, hit: Violation) -> Finding:
    """One violation as a finding.

    A planned wave's findings are `info`, others errors unless they are textual references.
    """
    gate = hit.gate
    severity: Severity = "info" if gate.state == "planned" else hit.severity or "error"
    return Finding(
        rule=rule.name,
        code=rule.code,
        plan=gate.plan,
        wave=gate.wave or None,
        state=gate.state,
        severity=severity,
        place=hit.place,
        subject=hit.subject,
        form=hit.form,
        message=hit.message,
        help=hit.help,
        declared=gate.declared,
        fix=hit.fix if isinstance(hit.fix, dict) else None,
        unfixed=hit.fix if isinstance(hit.fix, Unfixed) else None,
        contested=gate.entry.contested,
    )


def ordered(findings: Iterable[Finding], replaces: bool = True) -> list[Finding]:
    """Findings by place and code, each place and code once: the most severe, of several the first.

    Where one gate's finding may not replace another's, each gate has one of its own.
    """
    kept: dict[tuple[object, ...], Finding] = {}
    for one in findings:
        place = one.place
        key = (
            (one.code, place.path, place.cell, place.line, place.column)
            if place.line is not None
            else (
                one.code,
                place.path,
                one.subject,
                one.declared,
            )
        )
        if one.code in ("CUT905", "CUT906", "CUT907", "CUT908"):
            key = (*key, one.subject, one.message)
        if not replaces:
            key = (*key, one.plan, one.declared)
        before = kept.get(key)
        if before is None or _weight(one) > _weight(before):
            kept[key] = one
    return sorted(kept.values(), key=_order)


def _weight(one: Finding) -> tuple[bool, int, int]:
    """Which of several findings at one place speaks: agreed before contested, then the most severe."""
    return one.contested is None, SEVERITIES.index(one.severity), STRICT[one.state]


def _order(one: Finding) -> tuple[object, ...]:
    place = one.place
    return (
        place.path,
        place.cell or 0,
        place.line or 0,
        place.column or 0,
        one.code,
        one.subject,
        one.message,
    )
