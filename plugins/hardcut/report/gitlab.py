"""GitLab's code quality report: a list of issues, each with a fingerprint that is its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardcut.finding import Severity
from hardcut.report.escape import tame
from hardcut.report.foreign import Item, items, said
from hardcut.report.plain_json import dump
from hardcut.report.view import View

if TYPE_CHECKING:
    from hardcut.engine.report_data import Report

_SEVERITIES: dict[Severity, str] = {"error": "major", "warning": "minor", "info": "info"}


def render(report: Report, view: View) -> str:
    """The findings that are listed; contested ones have the severity `info`."""
    return dump([_issue(one) for one in items(report, view)])


def _issue(one: Item) -> dict[str, object]:
    finding, span = one.finding, one.span
    first, last = (span.line, span.end_line or span.line) if span else (1, 1)
    location: dict[str, object] = {"path": one.path, "lines": {"begin": first, "end": last}}
    if span is not None and span.column is not None:
        location["positions"] = {
            "begin": {"line": first, "column": span.column},
            "end": {"line": last, "column": span.end_column or span.column},
        }
    return {
        "description": tame(f"{finding.code}: {said(finding)}"),
        "check_name": finding.rule,
        "fingerprint": one.fingerprint,
        "severity": _SEVERITIES[finding.severity] if finding.contested is None else "info",
        "location": location,
    }
