"""One finding a line, for editors and grep: `path:line:col: CUT101 deleted-module-import: message; help`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardcut.finding import Finding, Place
from hardcut.report.escape import clean
from hardcut.report.summary import ending
from hardcut.report.view import View, arrange

if TYPE_CHECKING:
    from hardcut.engine.report_data import Report


def render(report: Report, view: View) -> str:
    """The findings; contested ones are not among them, planned ones only where asked for."""
    shown = arrange(report, view)
    return "".join(f"{line(finding)}\n" for finding in shown.findings)


def aside(report: Report, view: View) -> str:
    """What goes to standard error beside the findings: notes, statistics, the summary."""
    if not view.statistics:
        return ending(report)
    from hardcut.report.statistics import table

    return table(report) + ending(report)


def line(finding: Finding) -> str:
    """One finding on one line."""
    return f"{where(finding.place)}: {clean(f'{finding.code} {finding.rule}: {finding.sentence}')}"


def where(place: Place) -> str:
    """A place as `path:line:col`; without line or column where there is none, with a notebook's cell."""
    cell = None if place.cell is None else f"cell {place.cell}"
    parts = (cell, place.line, place.column if place.line is not None else None)
    return ":".join([clean(place.path), *(str(part) for part in parts if part is not None)])
