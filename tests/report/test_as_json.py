from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hardcut import __version__
from hardcut.engine.report_data import Pending, Report
from hardcut.finding import Declared, Finding
from hardcut.report import as_json, fixes
from hardcut.report.view import View

Make = Callable[..., Finding]
Gather = Callable[..., Report]
DOC = Path(__file__).parents[2] / "docs" / "json.md"
KEYS = [
    *("rule", "code", "plan", "wave", "state", "severity"),
    *("path", "line", "column", "end_line", "end_column", "cell"),
    *("subject", "form", "message", "help", "fix", "unfixed", "declared", "contested", "baseline"),
]


def rendered(report: Report) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(as_json.render(report, View(root="/nowhere")))
    return loaded


def test_a_finding_has_exactly_its_keys(finding: Make, report: Gather) -> None:
    (one,) = rendered(report(finding(fix={"replace": "shop.cart"})))["findings"]
    assert list(one) == KEYS
    assert one == {
        "rule": "deleted-module-import",
        "code": "CUT101",
        "plan": "shop",
        "wave": "0",
        "state": "landed",
        "severity": "error",
        "path": "src/app/main.py",
        "line": 3,
        "column": 18,
        "end_line": 3,
        "end_column": 29,
        "cell": None,
        "subject": "shop.legacy_cart",
        "form": "from-parent",
        "message": "shop.legacy_cart is deleted",
        "help": "import shop.cart instead",
        "fix": {"replace": "shop.cart"},
        "unfixed": None,
        "declared": {"path": "cutover.toml", "line": 14},
        "contested": None,
        "baseline": None,
    }


def test_what_is_missing_has_a_path_and_no_line(finding: Make, report: Gather) -> None:
    (one,) = rendered(report(finding(line=None, column=None, wave=None)))["findings"]
    assert one["path"] == "src/app/main.py"
    assert [one[key] for key in ("line", "column", "end_line", "end_column", "wave", "fix")] == [None] * 6


def test_the_whole_object(finding: Make, report: Gather) -> None:
    found = rendered(
        report(
            finding("b.py", severity="warning"),
            finding("a.py"),
            finding("a.py", wave="4", state="planned", severity="info"),
            contested=[finding("c.py", contested="why")],
            pending=[
                Pending("ceiling", "10", "shop", Declared("p.toml", 9)),
                Pending("align", "9", "shop", Declared("p.toml", 3)),
            ],
            notes=["no git here"],
        )
    )
    assert list(found) == [
        "schema_version",
        "version",
        "findings",
        "contested",
        "waived",
        "ignored",
        "pending",
        "notes",
        "base",
        "summary",
    ]
    assert (found["schema_version"], found["version"]) == (1, __version__)
    assert [(one["path"], one["wave"]) for one in found["findings"]] == [
        ("a.py", "0"),
        ("a.py", "4"),
        ("b.py", "0"),
    ]
    assert [list(one) for one in found["contested"]] == [KEYS]
    assert found["contested"][0]["contested"] == "why"
    assert found["pending"] == [
        {"kind": "align", "plan": "shop", "wave": "9", "declared": {"path": "p.toml", "line": 3}},
        {"kind": "ceiling", "plan": "shop", "wave": "10", "declared": {"path": "p.toml", "line": 9}},
    ]
    assert found["notes"] == ["no git here"]
    name = {"rule": "deleted-module-import", "code": "CUT101"}
    first, second = (
        {"plan": "shop", "wave": "0", "state": "landed"},
        {"plan": "shop", "wave": "4", "state": "planned"},
    )
    assert found["summary"] == {
        "files": 1109,
        "read": 201,
        "whole": True,
        "severity": {"error": 1, "warning": 1, "info": 1},
        "contested": 1,
        "waived": 0,
        "ignored": 0,
        "ignoring": 0,
        "pending": 2,
        "fixable": 0,
        "rules": [name | {"error": 1, "warning": 1, "info": 1, "contested": 1}],
        "waves": [
            first | {"error": 1, "warning": 1, "info": 0, "contested": 1},
            second | {"error": 0, "warning": 0, "info": 1, "contested": 0},
        ],
        "uncovered": [],
        "statistics": [
            name | first | {"error": 1, "warning": 1, "info": 0, "contested": 1},
            name | second | {"error": 0, "warning": 0, "info": 1, "contested": 0},
        ],
    }


def test_surrogates_and_control_characters_do_not_break_it(finding: Make, report: Gather) -> None:
    text = as_json.render(
        report(finding("caf\udce9.py", message="\ud800 \x1b \x7f \x9b é", fix={"\udc80": "x"})),
        View(root="/nowhere"),
    )
    assert not set(text.encode().decode()) & set("\x1b\x7f\x9b")
    (one,) = json.loads(text)["findings"]
    assert one["path"] == "caf\\xe9.py"
    assert one["message"] == "\\ud800 \x1b \x7f \x9b é"
    assert one["fix"] == {"\\x80": "x"}


def test_the_same_findings_give_the_same_bytes(finding: Make, report: Gather) -> None:
    found = [
        finding("b.py"),
        finding("a.py", message="z"),
        finding("a.py", message="y"),
        finding("a.py", cell=1),
    ]
    contested = [finding("d.py", contested="w"), finding("c.py", contested="w")]
    view = View(root="/nowhere")
    one = as_json.render(report(*found, contested=contested), view)
    assert one == as_json.render(report(*reversed(found), contested=contested[::-1]), view)
    assert one.endswith("}\n")


def test_the_documentation_names_every_key_and_no_other() -> None:
    documented = set(re.findall(r"^\| `([a-z_.]+)` \|", DOC.read_text(encoding="utf-8"), re.MULTILINE))
    parts = {
        "": as_json.JsonReport,
        "findings.": as_json.JsonFinding,
        "declared.": as_json.JsonDeclared,
        "pending.": as_json.JsonPending,
        "summary.": as_json.JsonSummary,
        "summary.severity.": as_json.Severities,
        "summary.rules.": as_json.RuleCounts,
        "summary.waves.": as_json.WaveCounts,
        "summary.statistics.": as_json.Row,
        "summary.uncovered.": as_json.JsonUncovered,
        "fix.": fixes.JsonFixes,
        "fix.summary.": fixes.JsonFixSummary,
        "fix.summary.reasons.": fixes.JsonReason,
    }
    keys = {prefix + key for prefix, part in parts.items() for key in part.__struct_fields__}
    assert documented == keys - {"fix.schema_version", "fix.version"}
