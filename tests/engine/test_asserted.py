"""An import whose failure a test asserts is innocent only where the module is really gone."""

from __future__ import annotations

from pathlib import Path

from engine_project import run, write

TEST = (
    "import pytest\n\n\ndef test_it():\n    with pytest.raises(ImportError):\n        import shop.old.cart\n"
)


def codes(root: Path) -> set[str]:
    return {one.code for one in run(root).findings if one.place.path == "tests/test_it.py"}


def test_gone_and_there(tmp_path: Path) -> None:
    write(tmp_path, {"src/shop/__init__.py": "", "tests/test_it.py": TEST})
    assert "CUT101" not in codes(tmp_path)
    write(tmp_path, {"src/shop/old/__init__.py": "", "src/shop/old/cart.py": "x = 1\n"})
    assert "CUT101" in codes(tmp_path)
