"""A table that is written with keywords is a table: `dict(Money="shop.prices")`."""

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
