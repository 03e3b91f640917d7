"""SARIF 2.1.0, for code scanning and for editors that read it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import quote

from hardcut import __version__
from hardcut.finding import Declared, Place, Severity
from hardcut.report.escape import tame
from hardcut.report.foreign import Item, below_repository, items, said
from hardcut.report.plain_json import dump
from hardcut.report.summary import not_covered
from hardcut.report.view import View
from hardcut.rules.registry import RULES
from hardcut.rules.rule import Rule

if TYPE_CHECKING:
    from hardcut.engine.report_data import Pending, Report

_ROOT = "%SRCROOT%"
_LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}
_INDEX = {rule.code: number for number, rule in enumerate(RULES)}


def render(report: Report, view: View) -> str:
    """One run: every rule with its page, and the findings that are listed."""
    prefix = below_repository(view.root)
    driver = {"name": "hardcut", "version": __version__, "rules": [_rule(rule) for rule in RULES]}
    told = [_pending(one, prefix) for one in report.pending]
    told += [
        {"level": "note", "message": _message(note)} for note in (*report.notes, not_covered(report)) if note
    ]
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": told}],
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The top of the repository."}}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, prefix) for one in items(report, view)],
    }
    if report.base is not None:
        run["properties"] = {"base": tame(report.base)}
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return dump({"$schema": schema, "version": "2.1.0", "runs": [run]})


def _rule(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.summary},
        "help": {"text": f"{rule.summary}\nhardcut explain {rule.name}", "markdown": rule.page()},
        "defaultConfiguration": {"level": "error"},
        "properties": {"tags": [rule.family]},
    }


def _result(one: Item, prefix: str) -> dict[str, object]:
    finding = one.finding
    result: dict[str, object] = {"ruleId": finding.code}
    if finding.code in _INDEX:
        result["ruleIndex"] = _INDEX[finding.code]
    result["level"] = _LEVELS[finding.severity]
    if finding.baseline is not None:
        result["baselineState"] = finding.baseline
    result["message"] = _message(said(finding))
    result["locations"] = [_location(one.path, one.span)]
    declared = _declared(finding.declared, prefix)
    if declared:
        result["relatedLocations"] = [declared | {"message": {"text": "the plan"}}]
    result["partialFingerprints"] = {"hardcutFinding/v1": one.fingerprint}
    if finding.contested is not None:
        why = {"kind": "external", "status": "underReview", "justification": tame(finding.contested)}
        result["suppressions"] = [why]
    change = one.edit
    if change is not None:
        where = Place(one.path, change.line, change.column, change.end_line, change.end_column)
        text = {"deletedRegion": _region(where), "insertedContent": {"text": change.text}}
        edits = [{"artifactLocation": _artifact(one.path), "replacements": [text]}]
        result["fixes"] = [{"description": {"text": tame(change.title)}, "artifactChanges": edits}]
    result["properties"] = {
        "plan": finding.plan,
        "wave": finding.wave,
        "state": finding.state,
        "subject": finding.subject,
        "form": finding.form,
    }
    return result


def _pending(one: Pending, prefix: str) -> dict[str, object]:
    text = f"not checked yet: {one.kind} of wave {one.wave} in plan {one.plan}"
    declared = _declared(one.declared, prefix)
    where: dict[str, object] = {"locations": [declared]} if declared else {}
    return {"level": "warning", "message": _message(text)} | where


def _declared(declared: Declared, prefix: str) -> dict[str, object] | None:
    if os.path.isabs(declared.path):
        return None
    return _location(prefix + declared.path, Place(declared.path, declared.line))


def _location(path: str, span: Place | None) -> dict[str, object]:
    region = {"region": _region(span)} if span is not None else {}
    return {"physicalLocation": {"artifactLocation": _artifact(path)} | region}


def _artifact(path: str) -> dict[str, object]:
    return {"uri": quote(os.fsencode(path) if _is_name(path) else tame(path)), "uriBaseId": _ROOT}


def _is_name(path: str) -> bool:
    try:
        os.fsencode(path)
    except UnicodeEncodeError:
        return False
    return True


def _region(span: Place) -> dict[str, int | None]:
    values = {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column if span.column is not None else None,
    }
    return {key: value for key, value in values.items() if value is not None}


def _message(text: str) -> dict[str, object]:
    """Text in which nothing is a link, as `[text](target)` would be."""
    text = tame(text)
    return {"text": text.replace("[", "\\[").replace("]", "\\]") if "](" in text else text}
