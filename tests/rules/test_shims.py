"""Shims that only the whole project shows, and what a run asks about the modules of a plan."""

from __future__ import annotations

from pathlib import Path

import pytest
from folders import lay

from hardcut.engine.options import Options
from hardcut.engine.run import check
from hardcut.plan.load import load_plans
from hardcut.source.python.outline import outline

PLAN = """
[plan]
name = "money-moves"
source = ["src"]

[[wave]]
id = "0"
state = "landed"

[[wave.move]]
from = "shop.prices"
to = "shop.money"
symbols = ["Money"]
"""
USES = "from shop.money import Money\n\n\ndef price() -> Money: ...\n"


def found(root: Path, files: dict[str, str], paths: list[str] | None = None) -> list[tuple[str, int, str]]:
    lay(root, {"cutover.toml": PLAN, "src/shop/money.py": "class Money: ...\n", **files})
    options = Options(root=str(root), plans=load_plans(root), cache=False, jobs=1, paths=paths or [])
    return [
        (one.place.path, one.place.line or 0, one.form)
        for one in check(options).findings
        if one.code == "CUT501"
    ]


@pytest.mark.parametrize(
    "taker", ["from shop.prices import Money", "from .prices import (\n    price,\n    Money as M,\n)"]
)
def test_a_used_name_that_others_import_from_here_is_handed_on(tmp_path: Path, taker: str) -> None:
    files = {"src/shop/prices.py": USES, "src/shop/main.py": f"{taker}\n"}
    assert found(tmp_path, files) == [("src/shop/prices.py", 1, "implicit")]
    assert found(tmp_path, files, ["src/shop/prices.py"]) == []


def test_a_used_name_that_nobody_imports_is_not(tmp_path: Path) -> None:
    files = {"src/shop/prices.py": USES, "src/shop/main.py": "from shop.prices import price\n"}
    assert found(tmp_path, files) == []


def test_a_home_is_read_even_if_it_holds_no_word_of_the_plan(tmp_path: Path) -> None:
    files = {"src/shop/prices.py": "from shop.money import *\n"}
    assert {form for _, _, form in found(tmp_path, files)} == {"star", "module"}


HOSTILE = [
    b"",
    b"\xff\xfe\x00",
    b"__all__ = __all__ + [",
    b"def __getattr__(",
    b"__getattr__ = __getattr__",
    b"__getattr__, = f(\n",
    b"class A(A): pass",
    b"x = x = x\nsys.modules[",
    b"sys.modules[x] = sys.modules[x] = sys.modules[x]",
    b"globals().update({**globals()})",
    b"f = lambda: f()",
    b"def f(*): return g(*)",
    b"T = {'a': ['b', c], 'd': (), **T, 1: 2}",
    b"from . import *\nfrom .. import x as x",
    b"@deprecated\n@\ndef f(): ...",
    b"del __all__\n__all__.extend(",
    b"(" * 3000 + b")" * 3000,
    b"x = " + b"[" * 2000,
    b"A = B\nB = A\nC = C.d.e\n",
]


@pytest.mark.parametrize("source", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize(("module", "package"), [("a.b", "a"), (None, None)])
def test_an_outline_never_raises(source: bytes, module: str | None, package: str | None) -> None:
    outline(source, module, package)


@pytest.mark.parametrize("count", [1, 2, 3, 300, 2000])
def test_a_closed_package_has_one_finding_for_its_list_however_long(tmp_path: Path, count: int) -> None:
    names = [f"Name{number}" for number in range(count)]
    plan = PLAN + '\n[[wave.no_shims]]\npackages = ["shop.cart"]\n'
    lines = "".join(f"    {name!r},\n" for name in names)
    files = {
        "cutover.toml": plan,
        "src/shop/cart/__init__.py": (
            f"from shop.cart.all import *\n\n__all__ = [\n    'Own',\n{lines}]\n\n\nclass Own: ...\n"
        ),
        "src/shop/cart/all.py": "".join(f"class {name}: ...\n" for name in names),
    }
    path = "src/shop/cart/__init__.py"
    listed = [one for one in found(tmp_path, files) if one[0] == path and one[2].startswith("all")]
    assert listed == [(path, 5, "all-entry") if count == 1 else (path, 3, "all")]


def test_moved_names_of_a_closed_package_stand_for_themselves(tmp_path: Path) -> None:
    plan = PLAN + '\n[[wave.no_shims]]\npackages = ["shop.prices"]\n'
    text = "from shop.money import Money\nfrom shop.other import A, B\n\n__all__ = [\n  'Money',\n"
    text += "  'A',\n  'B',\n  'price',\n]\n\ndef price(): ...\n"
    files = {"cutover.toml": plan, "src/shop/prices/__init__.py": text, "src/shop/other.py": "A = B = 1\n"}
    listed = [one for one in found(tmp_path, files) if one[2].startswith("all")]
    assert listed == [
        ("src/shop/prices/__init__.py", 4, "all"),
        ("src/shop/prices/__init__.py", 5, "all-entry"),
    ]
