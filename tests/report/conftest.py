"""Findings and reports for the tests of the reports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hardcut.engine.report_data import Report
from hardcut.finding import Declared, Finding, Place


def make_finding(
    path: str = "src/app/main.py", line: int | None = 3, column: int | None = 18, **other: Any
) -> Finding:
    end = other.pop("end", None if column is None else column + 11)
    cell = other.pop("cell", None)
    end_line = other.pop("end_line", line)
    values: dict[str, Any] = {
        "rule": "deleted-module-import",
        "code": "CUT101",
        "plan": "shop",
        "wave": "0",
        "state": "landed",
        "severity": "error",
        "subject": "shop.legacy_cart",
        "form": "from-parent",
        "message": "shop.legacy_cart is deleted",
        "help": "import shop.cart instead",
        "declared": Declared("cutover.toml", 14),
    }
    return Finding(place=Place(path, line, column, end_line, end, cell), **(values | other))


def make_report(*findings: Finding, **other: Any) -> Report:
    values: dict[str, Any] = {
        "contested": [],
        "pending": [],
        "files": 1109,
        "read": 201,
        "whole": True,
        "notes": [],
    }
    return Report(findings=list(findings), **(values | other))


@pytest.fixture
def finding() -> Callable[..., Finding]:
    return make_finding


@pytest.fixture
def report() -> Callable[..., Report]:
    return make_report
