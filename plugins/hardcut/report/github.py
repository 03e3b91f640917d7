"""Annotations on GitHub: one workflow command a finding, as the runner reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardcut.finding import Severity
from hardcut.report.escape import tame
from hardcut.report.foreign import Item, items, said
from hardcut.report.summary import ending
from hardcut.report.view import View

if TYPE_CHECKING:
    from hardcut.engine.report_data import Report

_COMMANDS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "notice"}


def render(report: Report, view: View) -> str:
    """A line for each finding that is listed; contested ones are notices."""
    return "".join(f"{_line(one)}\n" for one in items(report, view))


def aside(report: Report, view: View) -> str:
    """The notes and the summary, in which the runner finds no command."""
    return ending(report).replace("##[", "## [")


def _line(one: Item) -> str:
    finding, span = one.finding, one.span
    values: dict[str, object] = {"file": one.path}
    if span is not None:
        values["line"] = span.line
        if span.end_line in (None, span.line):  # GitHub takes columns on one line only
            values |= {"col": span.column, "endLine": span.line, "endColumn": span.end_column}
        else:
            values["endLine"] = span.end_line
    values["title"] = f"{finding.code} {finding.rule}"
    listed = ",".join(f"{key}={_property(str(value))}" for key, value in values.items() if value is not None)
    command = _COMMANDS[finding.severity] if finding.contested is None else "notice"
    return f"::{command} {listed}::{_data(said(finding))}"


def _data(text: str) -> str:
    return tame(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
