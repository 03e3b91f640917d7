"""`hardcut draft` and `hardcut check --draft`, in this process, over one small repository."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from hardcut.plan.load import load_text
from tests.helpers.archives import pack
from tests.helpers.folders import git, lay
from tests.integrations.cli.conftest import Ran

CART = """\
class Cart:
    def __init__(self, owner):
        self.owner = owner
        self.items = []

    def add(self, item, count=1):
        for _ in range(count):
            self.items.append(item)
        return len(self.items)


def total(cart, prices):
    return sum(prices[item] for item in cart.items)
"""
TAX = """\
def tax(amount, rate=19):
    if amount < 0:
        raise ValueError("no tax on a refund")
    return amount * rate / 100
"""
OLD = {
    "src/shop/__init__.py": "",
    "src/shop/cart.py": CART,
    "src/shop/tax.py": TAX,
    "src/shop/old.py": "def legacy():\n    return 1\n",
    "src/main.py": "from shop.cart import Cart\nfrom shop.tax import tax\nfrom shop.missing import x\n",
    "README.md": "Use `shop.cart`.\n",
}
NEW: dict[str, str | bytes | None] = {
    "src/shop/cart.py": None,
    "src/shop/basket.py": CART,
    "src/shop/old.py": None,
}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose working tree has moved a module, and deleted one."""
    root = lay(tmp_path / "shop", OLD)
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "old")
    git(root, "tag", "v1")
    monkeypatch.chdir(root)
    return root


def test_draft_and_check_without_a_manifest(shop: Path, run: Callable[..., Ran]) -> None:
    """One repository from no change to a manifest that is kept."""
    unchanged = run("check", "--draft")
    assert unchanged.code == 0
    assert "no change between" in unchanged.out
    assert "`--base TAG`" in unchanged.out
    plain = run("check")
    assert plain.code == 2
    assert "hardcut check --draft" in plain.err

    lay(shop, NEW)
    found = run("check", "--draft", "--format", "json")
    assert found.code == 1
    report = json.loads(found.out)
    assert [(one["code"], one["path"], one["subject"]) for one in report["findings"]] == [
        ("CUT101", "src/main.py", "shop.cart")
    ]
    assert "1 deleted module, 1 moved module" in report["notes"][0]
    assert "`hardcut draft > cutover.toml`" in report["notes"][0]
    assert run("check", "--draft", "--exit-zero").code == 0
    assert run("check", "--draft", "src/shop").code == 0
    assert run("check", "--draft", "--wave", "0").code == 2

    drafted = run("draft")
    assert drafted.code == 0
    plan = load_text(shop / "cutover.toml", shop, drafted.out.encode()).manifest
    (wave,) = plan.wave
    assert [(one.from_, one.to) for one in wave.move] == [("shop.cart", "shop.basket")]
    assert [one.module for one in wave.delete] == ["shop.old"]
    assert plan.plan.source == ["src"]
    assert "# high: 2 of 2 definitions (100% of the code) are in shop.basket." in drafted.out
    (shop / "cutover.toml").write_text(drafted.out)
    assert run("manifest").code == 0
    beside = run("check", "--draft", "--format", "concise")
    assert [line for line in beside.out.splitlines() if "CUT" in line] == [
        line for line in beside.out.splitlines() if line.startswith("src/main.py:1")
    ]
    kept = run("check", "--format", "concise")
    assert kept.code == 1
    assert "src/main.py:1" in kept.out

    git(shop, "add", "-A")
    git(shop, "commit", "-q", "-m", "new")
    again = run("draft", "v1..HEAD")
    assert again.out == drafted.out
    assert "cutover.toml says all of it already" in again.err
    (shop / "cutover.toml").write_text("")
    emptied = run("draft", "v1..HEAD")
    assert emptied.code == 2
    assert "restore it" in emptied.err


def test_draft_is_merged_without_losing_a_byte(shop: Path, run: Callable[..., Ran]) -> None:
    there = '# ours\n[plan] # the plan\nname = "shop"\nsource = ["src"]\n\n[[wave]]\nid = "7" # a number\n\n'
    there += '[[wave.delete]]\nmodule = "shop.old" # gone\n# the end'
    lay(shop, {**NEW, "cutover.toml": there})
    printed = run("draft")
    assert printed.code == 0
    assert printed.out.startswith(there)
    assert (shop / "cutover.toml").read_text() == there
    assert run("draft", "--merge").code == 0
    text = (shop / "cutover.toml").read_text()
    assert text == printed.out
    waves = tomllib.loads(text)["wave"]
    assert [wave["id"] for wave in waves] == ["7", "8"]
    assert "delete" not in waves[1]
    assert waves[1]["move"] == [{"from": "shop.cart", "to": "shop.basket"}]
    assert run("draft", "--merge").code == 0
    assert (shop / "cutover.toml").read_text() == text


def test_draft_is_merged_into_a_pyproject_toml(shop: Path, run: Callable[..., Ran]) -> None:
    there = '[tool.hardcut.plan]\nname = "shop"\nsource = ["src"]\n\n[tool.other]\nx = 1 # kept\n'
    lay(shop, {**NEW, "pyproject.toml": there})
    assert run("draft", "--merge").code == 0
    text = (shop / "pyproject.toml").read_text()
    assert text.startswith(there)
    (wave,) = tomllib.loads(text)["tool"]["hardcut"]["wave"]
    assert wave["move"] == [{"from": "shop.cart", "to": "shop.basket"}]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_folders_and_archives(folder: Path, run: Callable[..., Ran]) -> None:
    new: dict[str, str | bytes] = {path: text for path, text in OLD.items() if path not in NEW}
    new["src/shop/basket.py"] = CART
    lay(folder / "one", OLD)
    lay(folder / "two", new)
    pack(folder / "one.zip", OLD)
    pack(folder / "two.zip", new)
    pack(folder / "empty.zip", {"README.md": ""})
    texts = [
        run("draft", *words)
        for words in (("one", "two"), ("one..two",), ("one.zip", "two.zip"), ("one.zip..two",))
    ]
    assert [done.code for done in texts] == [0, 0, 0, 0]
    assert len({done.out.split("\n", 1)[1] for done in texts}) == 1
    assert 'to = "shop.basket"' in texts[0].out
    for words, said in {
        ("one", "nowhere"): "no revision here, no folder and no archive",
        ("one..nowhere",): "no revision here",
        ("one.zip", "empty.zip"): "holds no Python file",
        ("one",): "is compared with what?",
        ("a", "b", "c"): "compares two sides",
        (): "no revision to compare with",
        ("--merge", "one", "two"): "no manifest to merge with",
        ("--base", "x", "one", "two"): "--base is for the working tree",
    }.items():
        done = run("draft", *words)
        assert (done.code, said in done.err) == (2, True), (words, done.err)
    assert run("check", "--draft").code == 2


def test_what_dangled_before_is_not_the_changes_doing(shop: Path, run: Callable[..., Ran]) -> None:
    lay(
        shop,
        {
            "src/shop/tax.py": "def vat(amount):\n    return amount\n",
            "src/new.py": "from shop.gone import x\n",
        },
    )
    report = json.loads(run("check", "--draft", "--format", "json").out)
    assert sorted((one["code"], one["path"], one["subject"]) for one in report["findings"]) == [
        ("CUT105", "src/new.py", "shop.gone"),
        ("CUT202", "src/main.py", "shop.tax.tax"),
    ]
