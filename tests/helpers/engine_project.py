"""Small projects in a folder, and runs over them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from folders import lay
from plans import load_plan

from hardcut.engine.options import Options
from hardcut.engine.report_data import Report
from hardcut.engine.run import check

PLAN = """
[plan]
name = "test"
source = ["src"]
check = ["src", "tests"]

[[wave]]
id = "0"
state = "landed"

[[wave.delete]]
module = "shop.old.cart"

[[wave.delete]]
module = "legacy"

[[wave.remove]]
module = "shop.prices"
symbols = ["old_tax", "Basket.old_total"]

[[wave.keep]]
module = "shop.prices"
symbols = ["tax"]

[[wave.move]]
from = "shop.prices"
to = "shop.money"
symbols = ["Money"]

[[wave.surface]]
only = "engine_ext"
banned = ["engine._internal"]
"""


def write(root: Path, files: Mapping[str, str], plan: str = PLAN) -> None:
    """Lay files (and the plan) into a folder."""
    lay(root, {"cutover.toml": plan, **files})


def run(root: Path, cache: bool = False, jobs: int | None = 1, paths: list[str] | None = None) -> Report:
    """One run over a folder with its own plan."""
    plan = load_plan(root / "cutover.toml", root)
    return check(Options(root=str(root), plans=[plan], cache=cache, jobs=jobs, paths=paths or []))


def said(report: Report) -> list[tuple[str, int | None, str, str]]:
    """What a report says, in short."""
    return [(one.place.path, one.place.line, one.code, one.subject) for one in report.findings]
