"""`hardcut apply` in this process, over one small repository."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from hardcut.engine import journal
from tests.helpers.folders import git, lay
from tests.integrations.cli.conftest import Ran

PLAN = """\
[plan]
name = "shop"
source = ["src"]
check = ["src", "tests"]

[[wave]]
id = "1"

[[wave.move]]
from = "shop.old"
to = "shop.money"
symbols = ["Money", "rate"]
reason = "money has a module of its own"

[[wave.move]]
from = "shop.helpers"
to = "shop.tools"
reason = "a better name"
"""
FILES = {
    "cutover.toml": PLAN,
    "src/shop/__init__.py": "",
    "src/shop/helpers.py": "def upper(text):\n    return text.upper()\n",
    "src/shop/old.py": (
        "import os\nfrom shop.helpers import upper\n\n\nclass Money:\n    name = upper('x')\n\n\n"
        "def rate():\n    return Money()\n\n\ndef path():\n    return os.sep\n"
    ),
    "src/shop/use.py": "from shop.old import Money, path\n\nprint(Money, path)\n",
    "tests/test_old.py": (
        "from unittest import mock\n\nfrom shop.old import rate\n\n\ndef test():\n"
        "    with mock.patch('shop.old.rate'):\n        rate()\n"
    ),
}
AFTER = {
    "src/shop/tools.py": FILES["src/shop/helpers.py"],
    "src/shop/money.py": (
        '"""Money has a module of its own."""\n\nfrom shop.tools import upper\n\n\n'
        "class Money:\n    name = upper('x')\n\n\ndef rate():\n    return Money()\n"
    ),
    "src/shop/old.py": "import os\n\n\ndef path():\n    return os.sep\n",
    "src/shop/use.py": ("from shop.money import Money\nfrom shop.old import path\n\nprint(Money, path)\n"),
    "tests/test_old.py": FILES["tests/test_old.py"].replace("shop.old", "shop.money"),
}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = lay(tmp_path / "shop", FILES)
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "old")
    monkeypatch.chdir(root)
    return root


def contents(root: Path) -> dict[str, str]:
    found = [*root.rglob("src/**/*.py"), *root.rglob("tests/*.py")]
    return {str(path.relative_to(root)): path.read_text() for path in found}


def test_a_wave_is_applied_and_verified(shop: Path, run: Callable[..., Ran]) -> None:
    before = contents(shop)
    shown = run("apply", "1", "--diff")
    assert shown.code == 1
    assert "rename from src/shop/helpers.py" in shown.out
    assert "+from shop.money import Money" in shown.out
    assert contents(shop) == before

    applied = run("apply", "1")
    assert applied.code == 0, applied.out + applied.err
    assert "shop.old.Money moved to shop.money\n" in applied.out
    assert contents(shop) == {"src/shop/__init__.py": "", **AFTER}

    again = run("apply", "1")
    assert (again.code, again.out) == (0, "wave 1: nothing to move\n")

    proved = run("apply", "1", "--verify", "--base", "HEAD")
    assert proved.code == 0, proved.out
    assert proved.out == "wave 1: 4 definitions with the same tokens, 3 definitions moved; no difference\n"

    money = shop / "src/shop/money.py"
    money.write_text(money.read_text().replace("'x'", "'y'"))
    wrong = run("apply", "1", "--verify", "--base", "HEAD", "--format", "json")
    assert wrong.code == 1
    (difference,) = json.loads(wrong.out)["differences"]
    assert (difference["path"], difference["subject"]) == ("src/shop/money.py", "Money")
    assert difference["kind"] == "changed"


def test_uncommitted_changes_are_refused(shop: Path, run: Callable[..., Ran]) -> None:
    (shop / "src/shop/use.py").write_text(FILES["src/shop/use.py"] + "# more\n")
    before = contents(shop)
    refused = run("apply", "1")
    assert refused.code == 2
    assert 'uncommitted changes in "src/shop/use.py"' in refused.err
    assert contents(shop) == before
    assert run("apply", "1", "--allow-dirty").code == 0
    assert contents(shop)["src/shop/use.py"] == AFTER["src/shop/use.py"] + "# more\n"


def test_without_git_nothing_is_written(
    tmp_path: Path, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = lay(tmp_path / "plain", FILES)
    monkeypatch.chdir(root)
    refused = run("apply", "1")
    assert refused.code == 2
    assert "--allow-dirty" in refused.err
    assert (root / "src/shop/helpers.py").exists()


def test_an_interrupted_run_is_rolled_back_by_the_next(
    shop: Path, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(shop)
    rolled = journal.roll_back
    remove = journal._remove

    def interrupted(root: str, path: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(journal, "_remove", interrupted)
        patch.setattr(journal, "roll_back", lambda root, write: None)
        assert run("apply", "1").code == 130
    assert journal.roll_back is rolled
    assert journal._remove is remove
    assert contents(shop) != before
    again = run("apply", "1", "--diff")
    assert "an interrupted run was rolled back" in again.err
    assert contents(shop) == before


def test_a_refusal_moves_the_rest(shop: Path, run: Callable[..., Ran]) -> None:
    lay(shop, {"cutover.toml": PLAN.replace('"rate"]', '"rate", "nothing"]')})
    found = run("apply", "1")
    assert found.code == 1
    assert "refused: nothing: neither shop.old nor shop.money defines it" in found.out
    assert contents(shop)["src/shop/money.py"] == AFTER["src/shop/money.py"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("apply", "2"), "unknown wave"),
        (("apply", "1", "--base", "HEAD"), "add --verify"),
        (("apply", "1", "--verify", "--base", "nothing"), "git knows no revision nothing"),
    ],
)
def test_unusable_input(shop: Path, run: Callable[..., Ran], words: tuple[str, ...], said: str) -> None:
    found = run(*words)
    assert found.code == 2
    assert said in found.err
