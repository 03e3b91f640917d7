"""Verdicts about names, over small projects."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from hardcut.refactor.liveness import Liveness, Verdict
from hardcut.refactor.references import ReferenceKind, References
from hardcut.source.modules import Roots
from hardcut.source.tree import DiskTree

RUNS = "from shop.cart import total\n\nprint(total())\n"
CART = "def total():\n    return 1\n"


def ask(
    root: Path, files: Mapping[str, str], name: str = "shop.cart.total", kept: Mapping[str, str] | None = None
) -> tuple[Verdict, Liveness]:
    """The verdict about a name of a project."""
    for path, text in {"src/shop/__init__.py": "", "src/shop/cart.py": CART, **files}.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    tree = DiskTree(root)
    paths = tree.listing(["."], []).files
    liveness = Liveness(References(tree, Roots(tree, ["src"]), paths), kept)
    return liveness.of(name).verdict, liveness


MAIN = "src/shop/main.py"
TEST = "tests/test_cart.py"


@pytest.mark.parametrize(
    ("files", "verdict"),
    [
        ({}, Verdict.DEAD),
        ({"src/shop/cart.py": CART + "__all__ = ['total']\n"}, Verdict.DEAD),
        ({"src/shop/cart.py": "def total():\n    return total()\n"}, Verdict.DEAD),
        ({"src/shop/cart.py": CART + "def other():\n    total()\n"}, Verdict.DEAD_WITH_OTHERS),
        (
            {"src/shop/cart.py": "def total():\n    other()\ndef other():\n    total()\n"},
            Verdict.DEAD_WITH_OTHERS,
        ),
        # A local name, a parameter, and the name of another module are not the function.
        ({MAIN: "total = 1\nprint(total)\ndef f(total): return total\nf(1)\n"}, Verdict.DEAD),
        ({MAIN: "from other import total\ntotal()\n"}, Verdict.DEAD),
        ({MAIN: '"""total, of shop.cart.total"""\n# total\n'}, Verdict.DEAD),
        ({TEST: RUNS}, Verdict.TESTS_ONLY),
        ({"src/shop/cart.py": CART + "def other():\n    total()\n", TEST: RUNS}, Verdict.TESTS_ONLY),
        ({"src/shop/__init__.py": "from shop.cart import total\n"}, Verdict.RE_EXPORTED),
        ({"src/shop/__init__.py": "from .cart import *\n__all__ = ['total']\n"}, Verdict.RE_EXPORTED),
        # The package offers the name without writing it.
        ({"src/shop/__init__.py": "from .cart import *\n"}, Verdict.RE_EXPORTED),
        ({"docs/cart.md": "Call `total` of a cart.\n"}, Verdict.RE_EXPORTED),
        ({"docs/cart.rst": ".. automodule:: shop.cart\n   :members:\n"}, Verdict.RE_EXPORTED),
        ({"docs/cart.md": "The total is what a cart costs.\n"}, Verdict.DEAD),
        ({MAIN: RUNS}, Verdict.ALIVE),
        ({MAIN: "import shop.cart as c\nc.total()\n"}, Verdict.ALIVE),
        ({MAIN: "from shop import cart\ncart.total()\n"}, Verdict.ALIVE),
        ({MAIN: "import shop.cart\nshop.cart.total()\n"}, Verdict.ALIVE),
        ({MAIN: "from .cart import *\nprint(total())\n"}, Verdict.ALIVE),
        (
            {
                "src/shop/__init__.py": "from shop.cart import total as sum_up\n",
                MAIN: "import shop\nshop.sum_up()\n",
            },
            Verdict.ALIVE,
        ),
        (
            {
                "src/shop/__init__.py": "def __getattr__(name):\n    return load(TABLE[name])\n"
                "TABLE = {'total': ('shop.cart', 'total')}\n",
                MAIN: "from shop import total\ntotal()\n",
            },
            Verdict.ALIVE,
        ),
        ({"pyproject.toml": "[project.scripts]\nshop = 'shop.cart:total'\n"}, Verdict.ALIVE),
        ({MAIN: "from unittest.mock import patch\npatch('shop.cart.total')\n"}, Verdict.ALIVE),
        ({"src/shop/cart.py": CART + "KEPT = print(total)\n"}, Verdict.ALIVE),
        ({"src/shop/cart.py": CART + "if True:\n    print(total)\n"}, Verdict.ALIVE),
        ({"src/shop/cart.py": CART + "total = print(total)\n"}, Verdict.ALIVE),
        (
            {"src/shop/cart.py": "if 1:\n    def total(): ...\n    def run(): total()\n", MAIN: ""},
            Verdict.ALIVE,
        ),
        ({MAIN: "getattr(thing, 'total')()\n"}, Verdict.UNCERTAIN),
        ({MAIN: "from shop import cart\nrun(cart)\n"}, Verdict.UNCERTAIN),
        ({MAIN: "from importlib import import_module\nimport_module('shop.cart')\n"}, Verdict.UNCERTAIN),
        ({MAIN: "import pkgutil, shop\npkgutil.iter_modules(shop.__path__)\n"}, Verdict.UNCERTAIN),
        ({MAIN: "from shop import cart\ngetattr(cart, 'other')\n"}, Verdict.DEAD),
        (
            {MAIN: "def find(name):\n    return __import__('shop.' + name).total()\n"},
            Verdict.UNCERTAIN,
        ),
        ({MAIN: "def find(name):\n    return __import__('shop.' + name).other()\n"}, Verdict.DEAD),
        ({MAIN: '"""\n>>> x\n...     total()\n"""\n__import__("shop." + name)\n'}, Verdict.DEAD),
        ({"src/shop/cart.py": CART + "def f(n):\n    return globals()[n]\n"}, Verdict.UNCERTAIN),
        ({"src/shop/cart.py": "@app.route\ndef total():\n    return 1\n"}, Verdict.UNCERTAIN),
        (
            {"src/shop/cart.py": "import functools\n@functools.cache\ndef total():\n    return 1\n"},
            Verdict.DEAD,
        ),
        ({"src/shop/cart.py": "import other\nclass total(other.Base): ...\n"}, Verdict.UNCERTAIN),
        ({"src/shop/cart.py": "class B: ...\nclass total(B): ...\n"}, Verdict.DEAD),
        (
            {
                "src/shop/cart.py": "class B:\n    def __init_subclass__(cls): ...\nclass total(B): ...\n",
            },
            Verdict.UNCERTAIN,
        ),
        (
            {
                "src/shop/cart.py": "class B: ...\nclass total(B): ...\n",
                MAIN: "def find(module):\n    return [c for c in vars(module) if issubclass(c, B)]\n",
            },
            Verdict.UNCERTAIN,
        ),
        ({MAIN: "def broken(:\n    total\n"}, Verdict.UNCERTAIN),
        ({"book.ipynb": '{"cells": ["total"]}'}, Verdict.UNCERTAIN),
        ({"src/shop/cart.py": "def other():\n    return 1\n"}, Verdict.MISSING),
    ],
)
def test_verdicts(tmp_path: Path, files: dict[str, str], verdict: Verdict) -> None:
    assert ask(tmp_path, files)[0] is verdict


@pytest.mark.parametrize(
    ("loop", "verdict"),
    [
        ("[n for n in globals() if n.endswith('_view')]", Verdict.DEAD),
        ("[n for n in globals() if n.endswith('_view') or n]", Verdict.UNCERTAIN),
        ("[n for n in globals() if not n.endswith('_view')]", Verdict.UNCERTAIN),
        ("[n for n in globals() if n.startswith('to')]", Verdict.UNCERTAIN),
        ("globals()['other']", Verdict.DEAD),
    ],
)
def test_a_filter_of_globals_counts(tmp_path: Path, loop: str, verdict: Verdict) -> None:
    assert ask(tmp_path, {"src/shop/cart.py": f"{CART}def find():\n    return {loop}\n"})[0] is verdict


def test_annotations_alone_are_told_apart(tmp_path: Path) -> None:
    files = {
        "src/shop/cart.py": "class Total: ...\n",
        MAIN: "from __future__ import annotations\nfrom typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    from shop.cart import Total\n"
        "def show(total: Total) -> None: ...\nshow(1)\n",
    }
    assert ask(tmp_path, files, "shop.cart.Total")[0] is Verdict.TYPES_ONLY
    files[MAIN] = files[MAIN].replace("show(1)\n", "")
    assert ask(tmp_path, files, "shop.cart.Total")[0] is Verdict.DEAD_WITH_OTHERS
    files[MAIN] = "from shop.cart import Total\nprint(Total())\n"
    assert ask(tmp_path, files, "shop.cart.Total")[0] is Verdict.ALIVE


def test_members_are_found_by_name(tmp_path: Path) -> None:
    members = "".join(f"    def {name}(self): ...\n" for name in ("total", "size", "__len__"))
    cart = f"class Cart:\n{members}print(Cart)\n"
    files = {"src/shop/cart.py": cart, MAIN: "def f(cart):\n    return cart.total()\n"}
    assert ask(tmp_path, files, "shop.cart.Cart.total")[0] is Verdict.UNCERTAIN
    assert ask(tmp_path, files, "shop.cart:Cart.size")[0] is Verdict.DEAD
    assert ask(tmp_path, files, "shop.cart.Cart.__len__")[0] is Verdict.UNCERTAIN


def test_a_name_that_the_plan_keeps_is_not_dead(tmp_path: Path) -> None:
    verdict, liveness = ask(tmp_path, {}, kept={"shop.cart.total": "cutover.toml:7"})
    assert verdict is Verdict.UNCERTAIN
    assert liveness.of("shop.cart.total").reasons == ["the plan keeps it (cutover.toml:7)"]


def test_references_say_their_kind_and_who_keeps_the_name_alive(tmp_path: Path) -> None:
    _, liveness = ask(
        tmp_path,
        {
            "src/shop/cart.py": CART + "__all__ = ['total']\n",
            MAIN: "from shop.cart import total\ndef run():\n    return total()\nrun()\n",
        },
    )
    usage = liveness.of("shop.cart.total")
    assert [(found.path, found.line, found.kind) for found in usage.references] == [
        ("src/shop/cart.py", 3, ReferenceKind.ALL),
        (MAIN, 1, ReferenceKind.IMPORT),
        (MAIN, 3, ReferenceKind.CALL),
    ]
    assert usage.keepers == ["shop.main.run", f"{MAIN}:4"]
