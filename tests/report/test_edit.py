from __future__ import annotations

from collections.abc import Callable

import pytest

from hardcut.engine.report_data import Report
from hardcut.finding import Finding
from hardcut.report.edit import Edit, edit
from hardcut.report.foreign import items
from hardcut.report.view import View

Make = Callable[..., Finding]
Gather = Callable[..., Report]
FIX = {"kind": "import", "from": "shop.old", "to": "shop.new", "name": "buy"}


@pytest.fixture
def of(finding: Make, report: Gather) -> Callable[..., Edit | None]:
    def made(source: str, path: str = "a.py", **other: object) -> Edit | None:
        one = finding(path, **({"line": 1, "column": 6, "fix": FIX} | other))
        return edit(items(report(one), View(root="/nowhere", sources={path: source.encode()}))[0])

    return made


def test_one_name_on_a_line_of_its_own(of: Callable[..., Edit | None]) -> None:
    assert of("from shop.old import buy\n") == Edit(1, 6, 14, "shop.new")
    assert of("    from shop.old import buy as b  # why\n") == Edit(1, 10, 18, "shop.new")


@pytest.mark.parametrize(
    "source",
    [
        "from shop.old import buy, sell\n",
        "from shop.old import (\n",
        "from .old import buy\n",
        "import shop.old; shop.old.buy()\n",
        "from shop.older import buy\n",
        "from shop.old import buyer\n",
        "x = 1; from shop.old import buy\n",
        "",
    ],
)
def test_all_else_is_left_to_people(of: Callable[..., Edit | None], source: str) -> None:
    assert of(source) is None


@pytest.mark.parametrize(
    "other", [{"path": "a.md"}, {"cell": 1}, {"fix": None}, {"fix": FIX | {"kind": "x"}}, {"end_line": 2}]
)
def test_only_in_python_and_only_for_a_fix(of: Callable[..., Edit | None], other: dict[str, object]) -> None:
    assert of("from shop.old import buy\n", **other) is None
