"""What the prefilter leaves out could not have said anything: filtered equals unfiltered."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from engine_project import PLAN, run, said, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardcut.engine import select

MODULES = [
    "shop/__init__",
    "shop/prices",
    "shop/money",
    "shop/api",
    "shop/old/__init__",
    "shop/native",
    "app",
    "shop/facade",
]
LINES = [
    "from shop.old import cart",
    "from shop.old.cart import total as t",
    "import shop.old.cart as c",
    "import shop.old as o",
    "from shop import old",
    "from .old import cart",
    "from . import old",
    "from .api import cart",
    "from shop.api import cart as again",
    "from shop.api import *",
    "from shop.native import surface",
    "from shop.facade import cart, old_tax",
    "old.cart.total()",
    "o.cart.total()",
    "c.total()",
    "t()",
    "again.total()",
    "cart = 1",
    "runtime = cart",
    "import legacy",
    "\ufeffimport legacy",
    "import \\\n    legacy",
    "if x:import legacy",
    "x = 1;import legacy",
    "'legacy'",
    "import legacy.deep as d",
    "legacy = None",
    "name = 'legacy'",
    "import importlib",
    "importlib.import_module('shop.old.cart')",
    "importlib.import_module('.cart', package='shop.old')",
    "P = 'shop.old'",
    "importlib.import_module(P + '.cart')",
    "importlib.import_module(f'{P}.cart')",
    "for n in ('engine._internal', 'engine_ext'): importlib.import_module(n)",
    "mock.patch('shop.old.cart.total')",
    "log = logging.getLogger('shop.old.cart')",
    "from shop.prices import old_tax",
    "from shop.prices import Money",
    "from shop import prices",
    "prices.old_tax(1)",
    "prices.Money()",
    "def old_tax(x): return x",
    "def tax(x): return old_tax(x)",
    "class Basket:\n    def old_total(self): return 1",
    "b = Basket()",
    "b.old_total()",
    "import engine",
    "import engine._internal as surface",
    "surface = getattr(engine, '_internal')",
    "engine._internal.go()",
    "x = __import__('engine._internal')",
    "# shop.old.cart was here",
    "'''see shop.old.cart'''",
    "__all__ = ['old_tax', 'cart', 'surface']",
    "T = {'cart': ('shop.old.cart', 'cart')}",
    "from shop.nowhere import thing",
    "from shop.prices import nothing_there",
    "self.cart = 1",
    "if x: import shop.old.cart",
    "try:\n    import engine._internal as e\nexcept ImportError:\n    import engine_ext as e",
]

project = st.dictionaries(
    st.sampled_from(MODULES), st.lists(st.sampled_from(LINES), min_size=1, max_size=6), min_size=1, max_size=6
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(project)
def test_filtered_equals_unfiltered(monkeypatch: pytest.MonkeyPatch, modules: dict[str, list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write(root, {f"src/{name}.py": "\n".join(lines) + "\n" for name, lines in modules.items()}, PLAN)
        filtered = said(run(root))
        with monkeypatch.context() as patch:
            patch.setattr(select, "_counts", lambda *_: True)
            unfiltered = said(run(root))
    assert filtered == unfiltered


EVIDENCE = {
    "after a dot": "import shop.old.cart\n",
    "in single quotes": "from shop import old\ngetattr(old, 'cart')\n",
    "in double quotes": 'from shop import old\ngetattr(old, "cart")\n',
    "in a path": "# src/shop/old/cart.py\n",
    "bound by an import": "from shop.old import cart\n",
    "bound by a star": "from shop.old import *\ncart.total()\n",
    "put together": "print('.'.join(['shop', 'old', 'cart']))\n",
}


@pytest.mark.parametrize("form", EVIDENCE)
def test_a_word_alone_is_evidence_enough(tmp_path: Path, form: str) -> None:
    write(
        tmp_path, {"src/shop/__init__.py": "", "src/shop/old/__init__.py": "", "src/app.py": EVIDENCE[form]}
    )
    report = run(tmp_path)
    found = [one.code for one in report.findings if one.place.path == "src/app.py"]
    assert found, form


@settings(max_examples=25, deadline=None)
@given(project)
def test_one_process_equals_two(modules: dict[str, list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write(root, {f"src/{name}.py": "\n".join(lines) + "\n" for name, lines in modules.items()}, PLAN)
        assert said(run(root, jobs=1)) == said(run(root, jobs=2))


def test_star_imports_in_a_circle_end(tmp_path: Path) -> None:
    stars = "from shop.api import *\nfrom shop.facade import *\n" * 6
    write(
        tmp_path,
        {
            "src/shop/__init__.py": "",
            "src/shop/api.py": stars,
            "src/shop/facade.py": stars,
            "src/app.py": "from shop.api import cart, old_tax\n",
        },
    )
    assert [one for one in said(run(tmp_path)) if one[0] == "src/app.py"] == [
        ("src/app.py", 1, "CUT105", "shop.api.cart"),
        ("src/app.py", 1, "CUT105", "shop.api.old_tax"),
    ]
