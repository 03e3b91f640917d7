"""What a person at a terminal may want to do next: the line below the summary."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hardcut.report.view import Shown, View, is_planned, is_remaining

if TYPE_CHECKING:
    from hardcut.engine.report_data import Report

_MANY = 20
"""More findings than this fill more than a screen."""


def hint(report: Report, shown: Shown, view: View) -> str:
    """One line, or nothing: ask about the commonest rule, count a long list, list what was only counted."""
    if not view.terminal.hints:
        return ""
    rules = Counter(finding.rule for finding in [*shown.findings, *shown.contested])
    if rules:
        rule = min(rules, key=lambda name: (-rules[name], name))
        long = rules.total() > _MANY and not view.statistics
        more = "; `--statistics` counts by wave and rule" if long else ""
        said = f"`hardcut explain {rule}` says why, and what is right{more}"
    elif any(map(is_remaining, report.findings)):
        said = "`--show-remaining` lists what remains"
    elif any(map(is_planned, report.findings)):
        said = "`--show-planned` lists what is planned"
    else:
        return ""
    return view.terminal.paint(f"hint: {said}", "faint") + "\n"
