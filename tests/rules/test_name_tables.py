"""Tables of modules and names: written with keywords, and unpacked row by row."""

from __future__ import annotations

from pathlib import Path

import pytest
from engine_project import run, write

PLAN = """
[plan]
name = "test"
source = ["src"]
check = ["src"]

[[wave]]
id = "0"
state = "landed"

[[wave.move]]
from = "shop.prices"
to = "shop.money"
symbols = ["Money"]

[[wave.remove]]
module = "shop.prices"
symbols = ["old_tax"]

[[wave.delete]]
module = "shop.legacy"
to = "shop.cart"
"""
CASES = [
    ('T = dict(Money="shop.prices")', [("CUT204", "shop.prices.Money")]),
    ('T = OrderedDict(Money="shop.prices")', [("CUT204", "shop.prices.Money")]),
    ('T = dict(old_tax="shop.prices")', [("CUT202", "shop.prices.old_tax")]),
    ('T = dict(ship="shop.legacy")', [("CUT103", "shop.legacy")]),
    ('T = dict(Money="shop.money")', []),
    ('T = dict(other="shop.prices")', []),
    ('T = made(Money="shop.prices")', []),
]


@pytest.mark.parametrize(("source", "expected"), CASES)
def test_the_home_of_a_keyword_is_the_home_of_its_name(
    source: str, expected: list[tuple[str, str]], tmp_path: Path
) -> None:
    files = {
        "src/shop/__init__.py": "",
        "src/shop/prices.py": "tax = 1\n",
        "src/shop/money.py": "class Money: ...\n",
        "src/shop/cart.py": "def ship(): ...\n",
        "src/shop/use.py": f"from collections import OrderedDict\n{source}\n",
    }
    write(tmp_path, files, PLAN)
    report = run(tmp_path)
    assert [(finding.code, finding.subject) for finding in report.findings] == expected


ROWS = '"a": ("shop.prices", "tax"), "b": ("shop.money", "old_tax")'
BAD_ROWS = '"a": ("shop.prices", "old_tax"), "b": ("shop.money", "tax")'
UNPACKED = {
    "comprehension": "x = [getattr(import_module(a), b) for a, b in T.values()]",
    "loop": "for a, b in T.values():\n    getattr(import_module(a), b)",
    "nested": "for key, (a, b) in T.items():\n    setattr(import_module(a), b, key)",
    "enumerated": "for _, (a, b) in enumerate(T.values()):\n    getattr(import_module(a), b)",
    "assigned": "def load(key):\n    a, b = T[key]\n    return getattr(import_module(a), b)",
}


@pytest.mark.parametrize("form", UNPACKED)
def test_a_name_is_looked_for_in_the_module_of_its_own_row(form: str, tmp_path: Path) -> None:
    head = "from importlib import import_module\n"
    files = {
        "src/shop/__init__.py": "",
        "src/shop/prices.py": "tax = 1\n",
        "src/shop/money.py": "old_tax = tax = 1\nclass Money: ...\n",
        "src/shop/right.py": f"{head}T = {{{ROWS}}}\n{UNPACKED[form]}\n",
        "src/shop/wrong.py": f"{head}T = {{{BAD_ROWS}}}\n{UNPACKED[form]}\n",
    }
    write(tmp_path, files, PLAN)
    found = {(finding.code, finding.subject, finding.place.path) for finding in run(tmp_path).findings}
    assert found == {("CUT202", "shop.prices.old_tax", "src/shop/wrong.py")}
