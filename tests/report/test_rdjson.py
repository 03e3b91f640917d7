from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from hardcut.engine.report_data import Report
from hardcut.finding import Finding
from hardcut.report import rdjson
from hardcut.report.view import View
from tests.report.hostile import TEXTS, hostile_report

Make = Callable[..., Finding]
Gather = Callable[..., Report]


def diagnostics(report: Report, **sources: str) -> list[dict[str, Any]]:
    data = {f"{name}.py": text.encode() for name, text in sources.items()}
    found = json.loads(rdjson.render(report, View(root="/nowhere", sources=data)))
    assert found["source"] == {"name": "hardcut"}
    assert set(found) == {"source", "diagnostics"}
    for one in found["diagnostics"]:
        assert set(one) <= {"message", "location", "severity", "code", "suggestions"}
        assert one["severity"] in ("ERROR", "WARNING", "INFO")
    return found["diagnostics"]  # type: ignore[no-any-return]


def test_a_diagnostic(finding: Make, report: Gather) -> None:
    assert diagnostics(report(finding())) == [
        {
            "message": "shop.legacy_cart is deleted\nhelp: import shop.cart instead",
            "location": {
                "path": "src/app/main.py",
                "range": {"start": {"line": 3, "column": 18}, "end": {"line": 3, "column": 29}},
            },
            "severity": "ERROR",
            "code": {"value": "CUT101"},
        }
    ]


def test_columns_count_bytes(finding: Make, report: Gather) -> None:
    found = report(finding("a.py", line=1, column=4, end=6, end_line=2))
    (one,) = diagnostics(found, a="é𐐀 b\n名名名名名\n")
    assert one["location"]["range"] == {
        "start": {"line": 1, "column": 8},
        "end": {"line": 2, "column": 16},
    }


def test_places_without_line_or_column(finding: Make, report: Gather) -> None:
    found = report(
        finding("a.py", line=None, column=None),
        finding("b.py", column=None),
        finding("c.py", end=None, end_line=None),
    )
    first, second, third = (one["location"] for one in diagnostics(found))
    assert first == {"path": "a.py"}
    assert second["range"] == {"start": {"line": 3}}
    assert third["range"] == {"start": {"line": 3, "column": 18}}


def test_a_fix_is_a_suggestion(finding: Make, report: Gather) -> None:
    fix = {"shop.old.buy": "shop.new.buy"}
    (one,) = diagnostics(report(finding("a.py", line=1, column=6, fix=fix)), a="from shop.old import buy\n")
    place = {"start": {"line": 1, "column": 6}, "end": {"line": 1, "column": 14}}
    assert one["suggestions"] == [{"range": place, "text": "shop.new"}]


def test_a_fix_has_the_line_ends_of_the_file(finding: Make, report: Gather) -> None:
    fix = {"shop.old.buy": "shop.new.buy"}
    source = "from shop.old import buy, sell\r\n"
    (one,) = diagnostics(report(finding("a.py", line=1, column=22, fix=fix)), a=source)
    assert one["suggestions"][0]["text"] == "shop.new import buy\r\nfrom shop.old import"


def test_hostile_texts_are_all_there() -> None:
    assert len(diagnostics(hostile_report())) == 2 * len(TEXTS)
