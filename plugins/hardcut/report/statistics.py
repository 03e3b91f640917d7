"""Counts by rule and wave."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hardcut.finding import Finding, Severity, State
from hardcut.report.columns import aligned
from hardcut.report.escape import clean
from hardcut.report.view import natural

if TYPE_CHECKING:
    from hardcut.engine.report_data import Report


class RuleCounts(msgspec.Struct):
    """Findings of one rule by severity; contested ones have none and are counted beside."""

    rule: str
    code: str
    error: int = 0
    warning: int = 0
    info: int = 0
    contested: int = 0


class WaveCounts(msgspec.Struct):
    """Findings of one wave; `wave` is None for those about the plan itself."""

    plan: str
    wave: str | None
    state: State
    error: int = 0
    warning: int = 0
    info: int = 0
    contested: int = 0


class Row(msgspec.Struct):
    """Findings of one rule in one wave."""

    rule: str
    code: str
    plan: str
    wave: str | None
    state: State
    error: int = 0
    warning: int = 0
    info: int = 0
    contested: int = 0


def by_rule(report: Report) -> list[RuleCounts]:
    """Counts by rule, by code."""
    table: dict[str, RuleCounts] = {}
    for finding, contested in _each(report):
        row = table.setdefault(finding.code, RuleCounts(finding.rule, finding.code))
        _add(row, finding.severity, contested)
    return [table[code] for code in sorted(table)]


def by_wave(report: Report) -> list[WaveCounts]:
    """Counts by wave, by plan and wave."""
    table: dict[tuple[str, str | None, State], WaveCounts] = {}
    for finding, contested in _each(report):
        key = (finding.plan, finding.wave, finding.state)
        row = table.setdefault(key, WaveCounts(*key))
        _add(row, finding.severity, contested)
    return sorted(table.values(), key=lambda row: (row.plan, natural(row.wave or ""), row.state))


def rows(report: Report) -> list[Row]:
    """Counts by rule and wave, by plan, wave and code."""
    table: dict[tuple[str, str, str, str | None, State], Row] = {}
    for finding, contested in _each(report):
        key = (finding.rule, finding.code, finding.plan, finding.wave, finding.state)
        _add(table.setdefault(key, Row(*key)), finding.severity, contested)
    return sorted(table.values(), key=lambda row: (row.plan, natural(row.wave or ""), row.state, row.code))


def table(report: Report) -> str:
    """A table for people; empty where there is nothing to count."""
    counted = rows(report)
    if not counted:
        return ""
    several = len({row.plan for row in counted}) > 1
    lines = [["plan", "wave", "state", "code", "rule", "errors", "warnings", "info", "contested"]]
    for row in counted:
        names = [clean(row.plan), clean(row.wave or "-"), row.state, row.code, row.rule]
        lines.append([*names, *(f"{n:,}" for n in (row.error, row.warning, row.info, row.contested))])
    if not several:
        lines = [line[1:] for line in lines]
    numbers = len(lines[0]) - 4
    padded = aligned(lines, range(numbers, len(lines[0])))
    return "".join("  ".join(row).rstrip() + "\n" for row in padded)


def _add(row: RuleCounts | WaveCounts | Row, severity: Severity, contested: bool) -> None:
    if contested:
        row.contested += 1
    elif severity == "error":
        row.error += 1
    elif severity == "warning":
        row.warning += 1
    else:
        row.info += 1


def _each(report: Report) -> list[tuple[Finding, bool]]:
    return [(f, False) for f in report.findings] + [(f, True) for f in report.contested]
