"""Which line the guard shows, and which test or module it blames."""

from __future__ import annotations

from pathlib import Path

import pytest
from folders import lay
from guarded_shop import MANIFEST, guarded, message, outcomes


def test_a_computed_name_shows_who_called(shop: Path) -> None:
    text = "import shop.loading\n\n\ndef test_it():\n    assert shop.loading.load('old') is None\n"
    lay(shop, {"tests/test_it.py": text})
    code, said = guarded(shop)
    assert code == 1
    assert message(said, "test_it")[:3] == [
        "cutover guard: src/shop/loading.py:5: imports `shop.old`, but `shop.old` is deleted "
        "(two carts disagreed)",
        "return import_module(f'shop.{name}')",
        "called from tests/test_it.py:5: assert shop.loading.load('old') is None",
    ]


def test_a_lazy_attribute(shop: Path) -> None:
    lazy = "import importlib\n\ndef __getattr__(name):\n    if name == 'Cart':\n"
    lazy += "        return getattr(importlib.import_module('.old', __name__), name)\n"
    lazy += "    raise AttributeError(name)\n"
    lay(shop, {"src/shop/__init__.py": lazy})
    lay(shop, {"tests/test_it.py": "import shop\n\ndef test_it():\n    hasattr(shop, 'x')\n    shop.Cart\n"})
    code, said = guarded(shop)
    assert code == 1
    assert "\nE   ModuleNotFoundError: No module named 'shop.old'" in said
    assert "cutover guard -----" in said
    assert "\nsrc/shop/__init__.py:5: imports `shop.old`, but `shop.old` is deleted" in said
    assert "\n  called from tests/test_it.py:5: shop.Cart\n" in said


def test_an_entry_point(shop: Path) -> None:
    info = "lib/site-packages/addon-1.dist-info"
    lay(shop, {f"{info}/METADATA": "Metadata-Version: 2.1\nName: addon\nVersion: 1\n"})
    lay(shop, {f"{info}/entry_points.txt": "[shop.addons]\na = shop.old:Cart\n"})
    text = "from importlib.metadata import entry_points\n\ndef test_it():\n"
    text += "    for point in entry_points(group='shop.addons'):\n        try:\n            point.load()\n"
    text += "        except ImportError:\n            pass\n"
    lay(shop, {"tests/test_it.py": text})
    code, said = guarded(shop)
    assert code == 1
    assert message(said, "test_it")[0].startswith("cutover guard: tests/test_it.py:6: imports `shop.old`")


def test_a_doctest(shop: Path) -> None:
    lay(shop, {"src/shop/tools.py": '"""\n>>> import native._internal\n>>> 1\n1\n"""\n'})
    code, said = guarded(shop, "--doctest-modules", "src/shop/tools.py")
    assert code == 1
    assert "src/shop/tools.py: <doctest shop.tools[0]>:1: imports `native._internal`" in said


def test_collection_names_the_module_that_was_collected(shop: Path) -> None:
    lay(shop, {"src/shop/basket.py": "try:\n    from shop import old\nexcept ImportError:\n    old = None\n"})
    lay(shop, {"tests/test_a.py": "def test_a(): pass\n"})
    lay(shop, {"tests/test_b.py": "import shop.basket\n\ndef test_b(): pass\n"})
    lay(shop, {"tests/test_c.py": "import pytest\npytest.importorskip('shop.old')\n\ndef test_c(): pass\n"})
    lay(shop, {"tests/test_d.py": "from shop.old import Cart\n\ndef test_d(): pass\n"})
    code, said = guarded(shop, "-v", "--continue-on-collection-errors")
    assert code == 1
    assert outcomes(said) == {"test_a": "PASSED"}
    assert "3 errors" in said
    assert (
        "\ncutover guard: while tests/test_b.py was collected:\nsrc/shop/basket.py:2: imports `shop.old`"
        in said
    )
    assert (
        "\ncutover guard: while tests/test_c.py was collected:\ntests/test_c.py:2: imports `shop.old`" in said
    )
    assert (
        "\ncutover guard: while tests/test_d.py was collected:\ntests/test_d.py:1: imports `shop.old`" in said
    )
    assert "No module named 'shop.old'" in said


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["alone", "xdist"])
def test_what_no_test_caused_fails_the_session(shop: Path, workers: list[str]) -> None:
    text = "try:\n    import shop.old\nexcept ImportError:\n    pass\n\ndef pytest_collection_finish():\n"
    text += "    try:\n        __import__('shop.old.x')\n    except ImportError:\n        pass\n"
    lay(shop, {"conftest.py": text})
    lay(shop, {"tests/test_a.py": "def test_a(): pass\n"})
    lay(shop, {"cutover.toml": MANIFEST.replace('"tests"]\nexclude', '"tests", "conftest.py"]\nexclude')})
    code, said = guarded(shop, "-v", *workers)
    assert code == 1
    summary = said[said.index("= cutover guard =") :]
    assert summary.count("\nwhile pytest started:\nconftest.py:2: imports `shop.old`") == 1
    assert summary.count("conftest.py:8: imports `shop.old.x`") == 1


def test_an_installed_copy_of_a_checked_module_is_that_module(shop: Path) -> None:
    lay(shop, {"elsewhere/site-packages/shop/__init__.py": ""})
    lay(shop, {"elsewhere/site-packages/shop/new.py": "def f():\n    import native._internal\n"})
    text = (shop / "pyproject.toml").read_text().replace('["src", ', '["elsewhere/site-packages", ')
    lay(shop, {"pyproject.toml": text})
    lay(shop, {"tests/test_it.py": "from shop.new import f\n\ndef test_it():\n    f()\n"})
    code, said = guarded(shop)
    assert code == 1
    assert "cutover guard: src/shop/new.py:2: imports `native._internal`" in said
