"""Names that are bound to something below themselves lead nowhere, and following them ends."""

from __future__ import annotations

from pathlib import Path

import pytest
from engine_project import run, write

CIRCULAR = {
    "to a name below itself": {"src/shop/old.py": "T = {'cart': ('shop.old.cart', 'cart')}\n"},
    "through another module": {
        "src/shop/old.py": "T = {'cart': ('shop.other', 'cart')}\n",
        "src/shop/other.py": "T = {'cart': ('shop.old.cart', 'total')}\n",
    },
    "by an import": {"src/shop/old.py": "from shop.old.cart import cart\n"},
}


@pytest.mark.parametrize("form", CIRCULAR)
def test_a_circular_name_is_followed_once(form: str, tmp_path: Path) -> None:
    user = "from shop.old import cart\nfrom shop.old.cart import total\nfrom shop.old.cart.cart import sum\n"
    write(tmp_path, {"src/shop/__init__.py": "", "src/app.py": user, **CIRCULAR[form]})
    found = {finding.place.line for finding in run(tmp_path).findings if finding.place.path == "src/app.py"}
    assert found == {1, 2, 3}
