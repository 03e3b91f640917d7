"""How often a content is parsed for the index: once in a run, whatever is asked about it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from hardcut.engine.options import Options
from hardcut.engine.run import check
from hardcut.plan.load import load_plans
from hardcut.semantic import index as index_module
from hardcut.syntax.parser import ParsedModule

PLAN = """\
[plan]
name = "shop"
source = ["src"]

[[wave]]
id = "0"
state = "active"

[[wave.keep]]
module = "shop.cart"
symbols = ["Cart"]

[[wave.remove]]
module = "shop.cart"
symbols = ["Basket"]

[[wave.move]]
from = "shop.prices"
to = "shop.money"
symbols = ["Money"]

[[wave.no_shims]]
packages = ["shop"]
"""
FILES = {
    "src/shop/__init__.py": "from shop.cart import *\nfrom .money import Money\n__all__ = ['Cart']\n",
    "src/shop/cart.py": "class Cart: ...\nwith open('a') as stream: ...\nglobals()['A'] = 1\n",
    "src/shop/money.py": "class Money: ...\n\n\ndef __getattr__(name):\n    return name\n",
    "src/shop/prices.py": "from shop.money import Money as Money\n",
    "src/main.py": "from shop.cart import A, stream, Cart, Nothing\nfrom shop import Money, Cart, other\n",
    "src/again.py": "from shop.cart import A, stream, Cart, Nothing\nimport shop.nothing\n",
}


def test_each_content_is_parsed_once_in_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path, text in {"cutover.toml": PLAN, **FILES}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        # The names in the text of a file of one's own: no other test has indexed this content.
        (tmp_path / path).write_text(f"# {tmp_path.name}\n{text}", encoding="utf-8")
    parsed: Counter[bytes] = Counter()
    real = index_module.parse

    def counting(source: bytes) -> ParsedModule:
        parsed[source] += 1
        return real(source)

    monkeypatch.setattr(index_module, "parse", counting)
    report = check(Options(root=str(tmp_path), plans=load_plans(tmp_path), cache=False, jobs=1))
    assert {one.code for one in report.findings} >= {"CUT105", "CUT501"}
    assert len(parsed) >= 3
    assert set(parsed.values()) == {1}
