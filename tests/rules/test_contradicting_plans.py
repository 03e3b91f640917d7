"""Contradictions between the plans of one run, and the look-alikes that hold together."""

from __future__ import annotations

from pathlib import Path

import pytest
from folders import lay

from hardcut.engine.options import Options
from hardcut.engine.run import check
from hardcut.plan.load import load_plans

HEAD = '[plan]\nname = "{}"\nsource = ["src"]\n\n[[wave]]\nid = "0"\n\n'


def delete(to: str | None = None, module: str = "shop.old", more: str = "") -> str:
    return f'[[wave.delete]]\nmodule = "{module}"\n' + (f'to = "{to}"\n' if to else "") + more


def move(to: str, symbols: str = "") -> str:
    return f'[[wave.move]]\nfrom = "shop.old"\nto = {to}\n' + (
        f'symbols = ["{symbols}"]\n' if symbols else ""
    )


REMOVE = '[[wave.remove]]\nmodule = "shop.old"\nsymbols = ["tax"]\n'
KEEP = '[[wave.keep]]\nmodule = "shop.old"\nsymbols = ["tax"]\n'
CONTESTED = 'contested = "nobody knows"\n'


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (
            delete("shop.a"),
            delete("shop.b"),
            "`shop.old` has the new home `shop.b` here, and `shop.a` in wave 0",
        ),
        (delete("shop.a"), move('"shop.b"'), "`shop.old` has the new home `shop.b` here"),
        (move('"shop.a"'), move('"shop.b"'), "`shop.old` has the new home `shop.b` here"),
        (move('"shop.a"', "tax"), move('"shop.b"', "tax"), "`tax` of `shop.old` has the new home `shop.b`"),
        (REMOVE, KEEP, "`tax` of `shop.old` is kept here, and is to go by wave 0 of the plan `one`"),
        (delete(), KEEP, "`tax` of `shop.old` is kept here"),
        (delete(module="shop"), KEEP, "`tax` of `shop.old` is kept here"),
        (delete("shop.a"), delete("shop.a"), None),
        (delete("shop.a"), delete(), None),
        (delete("shop.a"), delete("shop.b", more=CONTESTED), None),
        (delete("shop.a", more=CONTESTED), delete("shop.b"), None),
        (delete("shop.a"), move('["shop.a", "shop.b"]'), None),
        (delete("shop.a"), move('"shop.b"', "tax"), None),
        (move('"shop.a"', "tax"), move('"shop.b"', "price"), None),
        (delete() + move('"shop.a"', "tax"), KEEP, None),
        (delete(more="submodules_only = true\n"), KEEP, None),
    ],
)
def test_two_plans(tmp_path: Path, first: str, second: str, said: str | None) -> None:
    files = {"src/shop/__init__.py": "", "src/shop/old.py": "def tax(): ...\ndef price(): ...\n"}
    lay(tmp_path, {"a.toml": HEAD.format("one") + first, "b.toml": HEAD.format("two") + second, **files})
    plans = load_plans(tmp_path, tmp_path, [tmp_path / "a.toml", tmp_path / "b.toml"])
    report = check(Options(root=str(tmp_path), plans=plans, cache=False, jobs=1, compare=False))
    found = [(one.place.path, one.message) for one in report.findings if one.code == "CUT906"]
    if said is None:
        assert found == []
    else:
        ((path, message),) = found
        assert path == "b.toml" and message.startswith(said) and "a.toml, line 8" in message
