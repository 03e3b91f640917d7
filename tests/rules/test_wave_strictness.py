"""What a wave that has not landed says lifts nothing that a landed wave asks for."""

from __future__ import annotations

from pathlib import Path

import pytest
from folders import commit, git, lay
from plans import load_plan

from hardcut.engine.options import Options
from hardcut.engine.run import check
from hardcut.finding import Finding

HEAD = '[plan]\nname = "test"\nsource = ["src"]\n'
KEEP = '[[wave.keep]]\nmodule = "shop.prices"\nsymbols = ["tax"]\n'
CLOSED = '[[wave.no_shims]]\npackages = ["shop"]\n'
BODY = """\
def tax(items, rate):
    found = []
    for item in items:
        if item.rate > rate:
            found.append((item.name, item.rate * 2))
        elif item.rate < 0:
            found.append((item.name, item.rate - rate))
        else:
            found.append((item.name, 0))
    return sorted(found, key=lambda item: item[1])
"""


def move(old: str, new: str, symbols: str = "") -> str:
    names = f'symbols = ["{symbols}"]\n' if symbols else ""
    return f'[[wave.move]]\nfrom = "{old}"\nto = "{new}"\n{names}'


def wave(name: str, state: str, gates: str) -> str:
    return f'\n[[wave]]\nid = "{name}"\nstate = "{state}"\n\n{gates}'


def run(root: Path, landed: str, other: str, state: str) -> list[Finding]:
    lay(root, {"cutover.toml": HEAD + wave("0", "landed", landed) + wave("1", state, other)})
    plan = load_plan(root / "cutover.toml", root)
    report = check(Options(root=str(root), plans=[plan], cache=False, jobs=1, compare=False))
    return [one for one in report.findings if one.wave == "0" and one.severity == "error"]


LIFTS: list[tuple[str, str, str, dict[str, str | bytes | None]]] = [
    # a move sends a kept name elsewhere, by itself or with its module
    (KEEP, move("shop.prices", "shop.money", "tax"), "CUT203", {}),
    (KEEP, move("shop.prices", "shop.money"), "CUT203", {}),
    # a kept name may be re-exported by a closed package
    (
        CLOSED,
        '[[wave.keep]]\nmodule = "shop"\nsymbols = ["tax"]\n',
        "CUT501",
        {"src/shop/__init__.py": "from shop.money import tax\n\n__all__ = ['tax']\n"},
    ),
    # a body that was to go is at the new home of a move, or is kept under its new name
    (
        '[[wave.delete]]\nmodule = "shop.prices"\n',
        move("shop.prices", "shop.money", "tax"),
        "CUT205",
        {},
    ),
    (
        '[[wave.remove]]\nmodule = "shop.prices"\nsymbols = ["tax"]\n',
        '[[wave.keep]]\nmodule = "shop.money"\nsymbols = ["levy"]\n',
        "CUT205",
        {"src/shop/money.py": BODY.replace("def tax", "def levy")},
    ),
]


@pytest.mark.parametrize(("landed", "lift", "code", "files"), LIFTS)
def test_only_a_landed_wave_lifts_what_a_landed_wave_asks_for(
    tmp_path: Path, landed: str, lift: str, code: str, files: dict[str, str | bytes | None]
) -> None:
    git(tmp_path, "init", "-qb", "main")
    commit(tmp_path, {"src/shop/__init__.py": "", "src/shop/prices.py": BODY})
    lay(tmp_path, {"src/shop/prices.py": '"""Prices."""\n', "src/shop/money.py": BODY, **files})
    if "delete" in landed:
        (tmp_path / "src/shop/prices.py").unlink()
    for state, expected in (("planned", True), ("active", True), ("landed", False)):
        codes = {one.code for one in run(tmp_path, landed, lift, state)}
        assert (code in codes) is expected, (state, codes)


def test_a_kept_name_is_said_to_be_where_a_later_wave_moves_it(tmp_path: Path) -> None:
    lay(tmp_path, {"src/shop/__init__.py": "", "src/shop/prices.py": "", "src/shop/money.py": BODY})
    (one,) = run(tmp_path, KEEP, move("shop.prices", "shop.money", "tax"), "active")
    assert "wave 1 moves it there, but is active; land wave 1" in (one.help or "")


def test_a_kept_name_moves_on_from_its_new_home(tmp_path: Path) -> None:
    lay(tmp_path, {"src/shop/__init__.py": "", "src/shop/rates.py": BODY})
    moves = move("shop.prices", "shop.money", "tax") + move("shop.money", "shop.rates", "tax")
    assert "CUT203" not in {one.code for one in run(tmp_path, KEEP, moves, "landed")}


@pytest.mark.parametrize(
    ("then", "state", "help_"),
    [
        (
            '[[wave.delete]]\nmodule = "shop.mid"\nto = "shop.new"\n',
            "landed",
            "import `shop.new` instead; `shop.mid`",
        ),
        (move("shop.mid", "shop.new"), "landed", "import `shop.new` instead; `shop.mid`"),
        (
            '[[wave.delete]]\nmodule = "shop.mid"\n',
            "landed",
            "remove the use: its new home `shop.mid` is deleted",
        ),
        ('[[wave.delete]]\nmodule = "shop.mid"\nto = "shop.new"\n', "planned", "import `shop.mid` instead"),
    ],
)
def test_a_use_is_sent_to_the_last_home_of_what_moved_on(
    tmp_path: Path, then: str, state: str, help_: str
) -> None:
    lay(tmp_path, {"src/shop/__init__.py": "", "src/shop/new.py": "", "src/shop/use.py": "import shop.old\n"})
    if state == "planned":
        lay(tmp_path, {"src/shop/mid.py": ""})
    (found,) = [
        one for one in run(tmp_path, move("shop.old", "shop.mid"), then, state) if one.code == "CUT101"
    ]
    assert (found.help or "").startswith(help_)
