from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from hardcut.engine.report_data import Report
from hardcut.finding import Finding
from hardcut.report import gitlab
from hardcut.report.view import View
from tests.report.hostile import TEXTS, hostile_report

Make = Callable[..., Finding]
Gather = Callable[..., Report]


def issues(report: Report) -> list[dict[str, Any]]:
    found = json.loads(gitlab.render(report, View(root="/nowhere")))
    assert isinstance(found, list)
    for one in found:
        assert set(one) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert one["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert one["location"]["lines"]["begin"] >= 1
    return found


def test_an_issue(finding: Make, report: Gather) -> None:
    (one,) = issues(report(finding()))
    assert len(one.pop("fingerprint")) == 32
    assert one == {
        "description": "CUT101: shop.legacy_cart is deleted\nhelp: import shop.cart instead",
        "check_name": "deleted-module-import",
        "severity": "major",
        "location": {
            "path": "src/app/main.py",
            "lines": {"begin": 3, "end": 3},
            "positions": {"begin": {"line": 3, "column": 18}, "end": {"line": 3, "column": 29}},
        },
    }


def test_severities_and_what_has_no_line(finding: Make, report: Gather) -> None:
    found = issues(
        report(
            finding("a.py", severity="warning", line=None, column=None),
            finding("b.py", severity="info"),
            contested=[finding("c.py", contested="why")],
        )
    )
    assert [one["severity"] for one in found] == ["minor", "info", "info"]
    assert found[0]["location"] == {"path": "a.py", "lines": {"begin": 1, "end": 1}}


def test_fingerprints_are_unique(finding: Make) -> None:
    found = issues(hostile_report())
    assert len({one["fingerprint"] for one in found}) == len(found) == 2 * len(TEXTS)
