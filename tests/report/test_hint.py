from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hardcut.engine.report_data import Report
from hardcut.finding import Finding
from hardcut.report.hint import hint
from hardcut.report.terminal import Terminal
from hardcut.report.view import View, arrange

Make = Callable[..., Finding]
Gather = Callable[..., Report]


def said(report: Report, **asked: Any) -> str:
    view = View(root=".", terminal=Terminal(hints=True), **asked)
    return hint(report, arrange(report, view), view)


def test_the_commonest_rule_is_explained(finding: Make, report: Gather) -> None:
    found = [finding(), finding(rule="over-ceiling"), finding(rule="over-ceiling")]
    assert said(report(*found)) == "hint: `hardcut explain over-ceiling` says why, and what is right\n"


def test_a_long_list_can_be_counted(finding: Make, report: Gather) -> None:
    found = report(*[finding()] * 21)
    assert "`--statistics`" in said(found)
    assert "`--statistics`" not in said(found, statistics=True)
    assert "`--statistics`" not in said(report(*[finding()] * 20))


@pytest.mark.parametrize(
    ("option", "asked", "state"),
    [
        ("--show-planned", "planned", {"state": "planned", "severity": "info"}),
        ("--show-remaining", "remaining", {"state": "active", "severity": "info", "baseline": "unchanged"}),
    ],
)
def test_what_is_only_counted_can_be_listed(
    option: str, asked: str, state: dict[str, str], finding: Make, report: Gather
) -> None:
    counted = report(finding(**state))
    assert f"`{option}`" in said(counted)
    assert "explain" in said(counted, **{asked: True})
    assert "explain" in said(report(finding(**state), finding()))


def test_nothing_is_said_without_findings_or_a_reader(finding: Make, report: Gather) -> None:
    assert said(report()) == ""
    view = View(root=".")
    assert hint(report(finding()), arrange(report(finding()), view), view) == ""
