"""One JSON object for programs; docs/json.md describes it and holds it stable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hardcut import __version__
from hardcut.finding import Baseline, Finding, Severity, State
from hardcut.report.plain_json import dump
from hardcut.report.statistics import Row, RuleCounts, WaveCounts, by_rule, by_wave, rows
from hardcut.report.view import View, in_order, natural

if TYPE_CHECKING:
    from hardcut.engine.report_data import Report

SCHEMA_VERSION = 1


class JsonDeclared(msgspec.Struct):
    """The manifest entry behind a finding."""

    path: str
    line: int


class JsonFinding(msgspec.Struct, kw_only=True):
    """One finding, flat."""

    rule: str
    code: str
    plan: str
    wave: str | None
    state: State
    severity: Severity
    path: str
    line: int | None
    column: int | None
    end_line: int | None
    end_column: int | None
    cell: int | None
    subject: str
    form: str
    message: str
    help: str
    fix: dict[str, str] | None
    unfixed: str | None
    declared: JsonDeclared
    contested: str | None
    baseline: Baseline | None


class JsonPending(msgspec.Struct, kw_only=True):
    """A gate that no rule checks yet."""

    kind: str
    plan: str
    wave: str
    declared: JsonDeclared


class Severities(msgspec.Struct):
    """Findings by severity, contested ones left out."""

    error: int
    warning: int
    info: int


class JsonUncovered(msgspec.Struct):
    """Python code that no plan checks or excludes: a folder with a `/` at its end, or a file."""

    path: str
    files: int


class JsonSummary(msgspec.Struct, kw_only=True):
    """The counts of a run."""

    files: int
    read: int
    whole: bool
    severity: Severities
    contested: int
    waived: int
    ignored: int
    ignoring: int
    pending: int
    fixable: int
    rules: list[RuleCounts]
    waves: list[WaveCounts]
    statistics: list[Row]
    uncovered: list[JsonUncovered]


class JsonReport(msgspec.Struct, kw_only=True):
    """The whole object."""

    schema_version: int
    version: str
    findings: list[JsonFinding]
    contested: list[JsonFinding]
    waived: list[JsonFinding]
    ignored: list[JsonFinding]
    pending: list[JsonPending]
    notes: list[str]
    base: str | None
    summary: JsonSummary


def render(report: Report, view: View) -> str:
    """The report as indented JSON with a line end; every string can be encoded and printed."""
    return dump(to_json(report))


def to_json(report: Report) -> JsonReport:
    """A report in the documented shape."""
    pending = sorted(report.pending, key=lambda p: (p.plan, natural(p.wave), p.kind, p.declared))
    severities = [finding.severity for finding in report.findings]
    return JsonReport(
        schema_version=SCHEMA_VERSION,
        version=__version__,
        findings=[finding_to_json(finding) for finding in in_order(report.findings)],
        contested=[finding_to_json(finding) for finding in in_order(report.contested)],
        waived=[finding_to_json(finding) for finding in in_order(report.waived)],
        ignored=[finding_to_json(finding) for finding in in_order(report.ignored)],
        pending=[
            JsonPending(
                kind=p.kind, plan=p.plan, wave=p.wave, declared=JsonDeclared(p.declared.path, p.declared.line)
            )
            for p in pending
        ],
        notes=list(report.notes),
        base=report.base,
        summary=JsonSummary(
            files=report.files,
            read=report.read,
            whole=report.whole,
            severity=Severities(*(severities.count(name) for name in ("error", "warning", "info"))),
            contested=len(report.contested),
            waived=len(report.waived),
            ignored=len(report.ignored),
            ignoring=report.ignoring,
            pending=len(pending),
            fixable=report.fixable,
            rules=by_rule(report),
            waves=by_wave(report),
            statistics=rows(report),
            uncovered=[JsonUncovered(one.path, one.files) for one in report.uncovered],
        ),
    )


def finding_to_json(finding: Finding) -> JsonFinding:
    """A finding in the documented shape."""
    place = finding.place
    return JsonFinding(
        rule=finding.rule,
        code=finding.code,
        plan=finding.plan,
        wave=finding.wave,
        state=finding.state,
        severity=finding.severity,
        path=place.path,
        line=place.line,
        column=place.column,
        end_line=place.end_line,
        end_column=place.end_column,
        cell=place.cell,
        subject=finding.subject,
        form=finding.form,
        message=finding.message,
        help=finding.help,
        fix=finding.fix,
        unfixed=finding.unfixed.value if finding.unfixed is not None else None,
        declared=JsonDeclared(finding.declared.path, finding.declared.line),
        contested=finding.contested,
        baseline=finding.baseline,
    )
