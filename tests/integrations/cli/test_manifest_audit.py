"""`hardcut manifest --audit`, over real files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

HEAD = '[plan]\nname = "shop"\nsource = ["src"]\ncheck = ["src", "tests"]\n'
CODE = {
    "src/shop/__init__.py": "",
    "src/shop/cart.py": "def total():\n    return part()\n"
    "def part():\n    return 1\n"
    "def gone():\n    return 2\n",
    "src/shop/main.py": "from shop.cart import total\n\nprint(total())\n",
    "src/shop/sub/__init__.py": "",
    "tests/test_cart.py": "from shop.cart import gone\n\n\ndef test_gone():\n    assert gone() == 2\n",
}


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def audit(run: Run, root: Path, plan: str) -> tuple[int, str]:
    for path, text in {**CODE, "cutover.toml": HEAD + plan}.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    ended = run("manifest", "--audit")
    return ended.code, ended.out


def wave(identifier: str, *entries: str, state: str = "planned") -> str:
    return f'[[wave]]\nid = "{identifier}"\nstate = "{state}"\n' + "\n".join(entries) + "\n"


REMOVE = '[[wave.remove]]\nmodule = "shop.cart"\nsymbols = ["{}"]'
KEEP = '[[wave.keep]]\nmodule = "shop.cart"\nsymbols = ["total"]'
MOVE = '[[wave.move]]\nfrom = "shop.cart"\nto = "shop.new"\nsymbols = ["total", "part"]'
CEILING = '[[wave.ceiling]]\npath = "src/shop/new.py"\nmax_lines = {}'
SURFACE = '[[wave.surface]]\nonly = "shop.sub"\nbanned = ["shop.cart"]\nwithin = ["{}"]'


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (wave("0", REMOVE.format("total")), "wave 0: shop.cart.total is alive"),
        (
            wave("0", REMOVE.format("part"), KEEP),
            "part is alive: shop.cart.total, which the plan keeps, needs it",
        ),
        (wave("0", MOVE, CEILING.format(3)), "4 lines move to shop.new, whose ceilings allow 3"),
        (
            wave("0", REMOVE.format("gone")) + wave("1", REMOVE.format("part")),
            "waves 0 and 1 both change shop.cart; neither requires the other",
        ),
        (
            # What needs the name goes in a later wave only.
            wave("0", REMOVE.format("total")) + wave("1", '[[wave.delete]]\nmodule = "shop.main"'),
            "wave 0: shop.cart.total is alive",
        ),
        (wave("0", SURFACE.format("shop.sub")), "shop.cart is also imported outside shop.sub"),
        (wave("0", REMOVE.format("gone")), "2 references in 1 test file\n    tests/test_cart.py"),
        (
            wave("0", REMOVE.format("never")),
            "this entry matches nothing: `shop.cart` does not define `never`",
        ),
    ],
)
def test_what_the_audit_reports(run: Run, empty: Path, plan: str, said: str) -> None:
    code, out = audit(run, empty, plan)
    assert (code, said in out) == (1, True), out


@pytest.mark.parametrize(
    "plan",
    [
        # Everything that needs the name goes with it.
        wave("0", REMOVE.format("total"), REMOVE.format("part"), '[[wave.delete]]\nmodule = "shop.main"'),
        wave("0", MOVE, CEILING.format(4)),
        wave("0", SURFACE.format("shop")),
        wave("0", REMOVE.format("total"), state="landed"),
    ],
)
def test_what_it_accepts(run: Run, empty: Path, plan: str) -> None:
    _, out = audit(run, empty, plan)
    for said in ("is alive", "lines move", "neither requires", "also imported"):
        assert said not in out


def test_a_clean_plan(run: Run, empty: Path) -> None:
    code, out = audit(run, empty, wave("0", '[[wave.delete]]\nmodule = "shop.sub"'))
    assert (code, out) == (0, "the audit found nothing\n")
