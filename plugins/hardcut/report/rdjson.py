"""reviewdog's diagnostic format; its columns count bytes of UTF-8."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardcut.finding import Place, Severity
from hardcut.fix.edit import Edit
from hardcut.report.escape import tame
from hardcut.report.foreign import Item, items, said
from hardcut.report.plain_json import dump
from hardcut.report.snippet import Lines
from hardcut.report.view import View

if TYPE_CHECKING:
    from hardcut.engine.report_data import Report

_SEVERITIES: dict[Severity, str] = {"error": "ERROR", "warning": "WARNING", "info": "INFO"}


def render(report: Report, view: View) -> str:
    """The findings that are listed; contested ones have the severity `INFO`."""
    lines = Lines(view.root, view.sources)
    diagnostics = [_diagnostic(one, lines) for one in items(report, view)]
    return dump({"source": {"name": "hardcut"}, "diagnostics": diagnostics})


def _diagnostic(one: Item, lines: Lines) -> dict[str, object]:
    finding = one.finding
    location: dict[str, object] = {"path": one.path}
    if one.span is not None:
        location["range"] = _range(one.span, one.source, lines)
    found: dict[str, object] = {
        "message": tame(said(finding)),
        "location": location,
        "severity": _SEVERITIES[finding.severity] if finding.contested is None else "INFO",
        "code": {"value": finding.code},
    }
    if one.edit is not None:
        found["suggestions"] = [_suggestion(one.edit, finding.place.path, lines)]
    return found


def _range(span: Place, first: str, lines: Lines) -> dict[str, object]:
    start: dict[str, object] = {"line": span.line}
    if span.column is None:
        return {"start": start}
    start["column"] = _bytes(first, span.column)
    if span.end_line is None or span.end_column is None:
        return {"start": start}
    last = first if span.end_line == span.line else lines.line(Place(span.path, span.end_line)) or ""
    return {"start": start, "end": {"line": span.end_line, "column": _bytes(last, span.end_column)}}


def _suggestion(change: Edit, path: str, lines: Lines) -> dict[str, object]:
    ends = (change.line, change.column), (change.end_line, change.end_column)
    start, end = (
        {"line": line, "column": _bytes(lines.line(Place(path, line)) or "", column)} for line, column in ends
    )
    return {"range": {"start": start, "end": end}, "text": change.text}


def _bytes(line: str, column: int) -> int:
    """A column in bytes of UTF-8; what lies beyond the line counts one byte a character."""
    return len(line[: column - 1].encode("utf-8", "surrogatepass")) + max(0, column - 1 - len(line)) + 1
