"""What `hardcut fix` makes of files, by the command itself and the plan of a project."""

from __future__ import annotations

import codecs
import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from hardcut.integrations.cli.main import main

MANIFEST = """\
[plan]
name = "shop"
source = ["src"]
check = ["src", "tests"]

[[wave]]
id = "0"
state = "landed"

[[wave.move]]
from = "shop.prices"
to = "shop.money"
symbols = ["Money", "RATES"]

[[wave.move]]
from = "shop.prices"
to = "shop.taxes.vat"
symbols = ["tax"]

[[wave.move]]
from = "shop.prices"
to = "shop.later"
symbols = ["Later"]

[[wave.delete]]
module = "shop.legacy"
to = "shop.cart"

[[wave.delete]]
module = "shop.gone"
"""
FILES = {
    "src/shop/__init__.py": "",
    "src/shop/prices.py": "def price(): ...\ndef cost(): ...\n",
    "src/shop/money.py": "class Money: ...\nRATES = {}\n",
    "src/shop/taxes/__init__.py": "",
    "src/shop/taxes/vat.py": "def tax(): ...\n",
    "src/shop/later.py": "",
    "src/shop/cart.py": "def buy(): ...\nclass Cart: ...\n",
}


@pytest.fixture
def fixed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., bytes]:
    """A file's bytes after `hardcut fix`, which has nothing to do a second time."""
    for name, text in {**FILES, "tests/conftest.py": "", "cutover.toml": MANIFEST}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)

    def made(source: str | bytes, name: str = "tests/test_it.py") -> bytes:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(source if isinstance(source, bytes) else source.encode())
        code = main(["fix"])
        found = path.read_bytes()
        assert code == main(["check"])
        assert main(["fix", "--diff"]) == 0
        assert path.read_bytes() == found
        return found

    return made


CHANGES = {
    "one name": ("from shop.prices import Money\n", "from shop.money import Money\n"),
    "an alias": ("from shop.prices import Money as M  # why\n", "from shop.money import Money as M  # why\n"),
    "two names, one home": (
        "from shop.prices import Money, RATES as r\n",
        "from shop.money import Money, RATES as r\n",
    ),
    "one stays": (
        "from shop.prices import Money, price\n",
        "from shop.money import Money\nfrom shop.prices import price\n",
    ),
    "two homes": (
        "from shop.prices import Money, tax\n",
        "from shop.taxes.vat import tax\nfrom shop.money import Money\n",
    ),
    "lines, with comments": (
        "from shop.prices import (\n    # prices\n    price,  # stays\n    Money,  # goes\n    RATES,\n)\n",
        "from shop.money import Money  # goes\nfrom shop.money import RATES\n"
        "from shop.prices import (\n    # prices\n    price,  # stays\n)\n",
    ),
    "several on a line of many": (
        "from shop.prices import (price, Money,  # both\n    cost)\n",
        "from shop.money import Money\nfrom shop.prices import (price,  # both\n    cost)\n",
    ),
    "the last of a line": (
        "from shop.prices import (price, Money)\n",
        "from shop.money import Money\nfrom shop.prices import (price)\n",
    ),
    "a backslash": (
        "from shop.prices import price, \\\n    Money, \\\n    cost\n",
        "from shop.money import Money\nfrom shop.prices import price, cost\n",
    ),
    "the module on another line": (
        "from \\\n    shop.prices \\\n    import Money\n",
        "from \\\n    shop.money \\\n    import Money\n",
    ),
    "a comment that tools read": (
        "from shop.prices import Money, price  # noqa: F401\n",
        "from shop.money import Money  # noqa: F401\nfrom shop.prices import price  # noqa: F401\n",
    ),
    "a comment behind the parenthesis that tools read": (
        "from shop.prices import (  # noqa: F401\n    Money,\n    price,\n)\n",
        "from shop.money import Money  # noqa: F401\n"
        "from shop.prices import (  # noqa: F401\n    price,\n)\n",
    ),
    "a type checker's comment behind the parenthesis": (
        "from shop.prices import (  # type: ignore[attr-defined]\n    price,\n    Money,\n    tax,\n)\n",
        "from shop.money import Money  # type: ignore[attr-defined]\n"
        "from shop.taxes.vat import tax  # type: ignore[attr-defined]\n"
        "from shop.prices import (  # type: ignore[attr-defined]\n    price,\n)\n",
    ),
    "any other comment behind the parenthesis": (
        "from shop.prices import (  # all\n    Money,\n    price,\n)\n",
        "from shop.money import Money\nfrom shop.prices import (  # all\n    price,\n)\n",
    ),
    "comments of the first line, the name's line and the last line": (
        "from shop.prices import (  # noqa: F401\n    Money,  # type: ignore\n    price,\n)  # isort: skip\n",
        "from shop.money import Money  # type: ignore  # noqa: F401  # isort: skip\n"
        "from shop.prices import (  # noqa: F401\n    price,\n)  # isort: skip\n",
    ),
    "hanging names": (
        "from shop.prices import (Money,  # noqa: F401\n                         price)\n",
        "from shop.money import Money  # noqa: F401\n"
        "from shop.prices import (  # noqa: F401\n                         price)\n",
    ),
    "hanging names, the last of a line": (
        "from shop.prices import (price, Money  # noqa: F401\n                         )\n",
        "from shop.money import Money  # noqa: F401\n"
        "from shop.prices import (price  # noqa: F401\n                         )\n",
    ),
    "a comment behind the parenthesis, all names gone": (
        "from shop.prices import (  # noqa: F401\n    Money,\n    RATES,\n)\n",
        "from shop.money import (  # noqa: F401\n    Money,\n    RATES,\n)\n",
    ),
    "a comment behind the parenthesis, behind a colon": (
        "if 1: from shop.prices import (  # noqa: F401\n    Money,\n    price,\n)\n",
        "if 1: from shop.money import Money; from shop.prices import (  # noqa: F401\n    price,\n)\n",
    ),
    "any other comment": (
        "from shop.prices import Money, price  # both\n",
        "from shop.money import Money\nfrom shop.prices import price  # both\n",
    ),
    "a semicolon": (
        "x = 1; from shop.prices import Money, price; y = 2\n",
        "x = 1; from shop.money import Money; from shop.prices import price; y = 2\n",
    ),
    "behind a colon": (
        "if True: from shop.prices import Money, price\n",
        "if True: from shop.money import Money; from shop.prices import price\n",
    ),
    "two statements on a line": (
        "from shop.prices import Money; from shop.prices import tax\n",
        "from shop.money import Money; from shop.taxes.vat import tax\n",
    ),
    "a tab": (
        "def f():\n\tfrom shop.prices import Money, price\n\treturn Money\n",
        "def f():\n\tfrom shop.money import Money\n\tfrom shop.prices import price\n\treturn Money\n",
    ),
    "under TYPE_CHECKING": (
        "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from shop.prices import Money\n",
        "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from shop.money import Money\n",
    ),
    "no line end": ("from shop.prices import Money", "from shop.money import Money"),
    "a deleted module": ("from shop.legacy import buy, Cart\n", "from shop.cart import buy, Cart\n"),
    "a deleted module, named": (
        "import shop.legacy as l\n\nl.buy()\n",
        "import shop.cart as l\n\nl.buy()\n",
    ),
    "a deleted module, from its package": (
        "from shop import legacy\n\nlegacy.buy()\n",
        "from shop import cart as legacy\n\nlegacy.buy()\n",
    ),
    "a patch target": (
        'mock.patch("shop.prices.Money")\nmock.patch("shop.legacy.buy")\n',
        'mock.patch("shop.money.Money")\nmock.patch("shop.cart.buy")\n',
    ),
    "a colon in a string": ("X = 'shop.prices:Money'\n", "X = 'shop.money:Money'\n"),
    "an import function": (
        'import importlib\n\nimportlib.import_module("shop.legacy")\n',
        'import importlib\n\nimportlib.import_module("shop.cart")\n',
    ),
    "a lazy registry": (
        '_LAZY = {"Money": "shop.prices:Money"}\n',
        '_LAZY = {"Money": "shop.money:Money"}\n',
    ),
    "a lazy pair": (
        '_LAZY = {"M": ("shop.prices", "Money")}\n',
        '_LAZY = {"M": ("shop.money", "Money")}\n',
    ),
    "a lazy pair on lines of its own": (
        '_LAZY = {\n    "M": (\n        "shop.prices",\n        "Money",\n    ),\n}\n',
        '_LAZY = {\n    "M": (\n        "shop.money",\n        "Money",\n    ),\n}\n',
    ),
    "lazy pairs": (
        "T = {'M': ['shop.prices', 'Money'], 't': ('shop.prices', 'tax'), 'p': ('shop.prices', 'cost')}\n",
        "T = {'M': ['shop.money', 'Money'], 't': ('shop.taxes.vat', 'tax'), 'p': ('shop.prices', 'cost')}\n",
    ),
    "a lazy name": ('_LAZY = {"Money": "shop.prices"}\n', '_LAZY = {"Money": "shop.money"}\n'),
    "a lazy name among others": (
        'T = {\n    "price": "shop.prices",\n    "Money": "shop.prices",\n    "tax": "shop.prices"\n}\n',
        'T = {\n    "price": "shop.prices",\n    "Money": "shop.money",\n    "tax": "shop.taxes.vat"\n}\n',
    ),
    "a tuple": ('NAMES = [("shop.prices", "Money")]\n', 'NAMES = [("shop.money", "Money")]\n'),
    "a stale comment": ("x = 1  # noqa: E501, CUT101\n", "x = 1  # noqa: E501\n"),
    "a comment with a reason": ("x = 1  # noqa: CUT101, CUT204 old\n", "x = 1  # old\n"),
    "nothing but the comment": ("x = 1\n# noqa: CUT101\ny = 2\n", "x = 1\n\ny = 2\n"),
    "a comment that becomes stale": (
        "from shop.prices import Money, price  # noqa: CUT204\n",
        "from shop.money import Money\nfrom shop.prices import price\n",
    ),
}


LEFT = {
    "a failure that is expected": (
        "try:\n    from shop.prices import Money\nexcept ImportError:\n    Money = None\n"
    ),
    "a name that the new home has not": "from shop.prices import Later\n",
    "a star": "from shop.prices import *\n\nMoney\n",
    "a chain": "import shop.prices\n\nshop.prices.Money\n",
    "an attribute": "from shop import prices\n\nprices.Money\n",
    "no new home": "from shop.gone import x\n",
    "one of two that is nowhere": "from shop.legacy import buy, sell\n",
    "a deleted module by its whole name": "import shop.legacy\n\nshop.legacy.buy()\n",
    "a use that is nowhere": "import shop.legacy as l\n\nl.sell()\n",
    "a star of a deleted module": "from shop.legacy import *\n",
    "a string with more in it": 'X = "see shop.prices.Money"\n',
    "a string of parts": 'X = "shop.prices" ".Money"\n',
    "a string to something that is nowhere": 'X = "shop.legacy.sell"\n',
    "a pair that is nowhere": '_LAZY = {"M": ("shop.prices", "Later")}\n',
    "three of a kind": '_LAZY = {"M": ("shop.prices", "Money", "price")}\n',
    "a list": 'NAMES = ["shop.prices", "Money"]\n',
    "names of one home": '_LAZY = {"shop.prices": ["Money", "price"]}\n',
    "a pair put together": 'HOME = "shop.prices"\n_LAZY = {"M": (HOME, "Money")}\n',
    "a pair of arguments": 'load("shop.prices", "Money")\n',
    "a comment in a pair": '_LAZY = {"M": ("shop.prices",  # home\n    "Money")}\n',
    "an escape": 'X = "shop.\\x70rices.Money"\n',
    "a syntax error": "from shop.prices import Money,\n",
    "an example in a string": 'X = """\n>>> from shop.prices import Money\n"""\n',
    "a blanket comment": "x: 1  # noqa\n",
    "a comment of the last line in a block on one line": (
        "if 1: from shop.prices import (\n    price,\n    Money,\n)  # noqa: F401\n"
    ),
    "comments in a block on one line": "if 1: from shop.prices import (\n    price,\n    Money,  # goes\n)\n",
    "a comment in a string": '"""# noqa: CUT101"""\n',
}


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """All cases after one run, by name; those with other line ends have `crlf` in front."""
    root = tmp_path_factory.mktemp("every")
    for name, text in {**FILES, "cutover.toml": MANIFEST}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    cases = {name: source for name, (source, _) in CHANGES.items()} | LEFT
    cases |= {f"crlf {name}": source.replace("\n", "\r\n") for name, source in cases.items()}
    (root / "tests").mkdir()
    paths = {name: root / "tests" / f"test_{number}.py" for number, name in enumerate(cases)}
    for name, path in paths.items():
        path.write_bytes(cases[name].encode())
    assert main(["fix", "--root", str(root)]) == 1 == main(["check", "--root", str(root)])
    found = {name: path.read_bytes().decode() for name, path in paths.items()}
    assert main(["fix", "--diff", "--root", str(root)]) == 0
    return found


@pytest.mark.parametrize("case", CHANGES)
def test_mended(every: dict[str, str], case: str) -> None:
    wanted = CHANGES[case][1]
    assert every[case] == wanted
    assert every[f"crlf {case}"] == wanted.replace("\n", "\r\n")


@pytest.mark.parametrize("case", LEFT)
def test_left_to_people(every: dict[str, str], case: str) -> None:
    assert every[case] == LEFT[case]
    assert every[f"crlf {case}"] == LEFT[case].replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("name", "source", "wanted"),
    [
        ("src/shop/a.py", "from .prices import Money as M\n", "from .money import Money as M\n"),
        ("src/shop/a.py", "from . import legacy\n", "from . import cart as legacy\n"),
        ("src/shop/taxes/a.py", "from ..prices import tax\n", "from ..taxes.vat import tax\n"),
        ("src/shop/taxes/a.py", "from ..prices import Money\n", "from ..money import Money\n"),
        ("src/shop/money.py", "from .prices import Money\n", "from .prices import Money\n"),
        ("src/shop/a.pyi", "from .prices import Money as Money\n", "from .money import Money as Money\n"),
    ],
)
def test_relative(fixed: Callable[..., bytes], name: str, source: str, wanted: str) -> None:
    assert fixed(source, name).decode() == wanted


def test_encodings_are_kept(fixed: Callable[..., bytes]) -> None:
    source, wanted = "# coding: latin-1\nfrom shop.prices import Money  # é\n", "shop.money"
    assert fixed(source.encode("latin-1")) == source.replace("shop.prices", wanted).encode("latin-1")
    text = codecs.BOM_UTF8 + "from shop.prices import Money, price  # é\r\nx = 1\ny = 2\r".encode()
    assert fixed(text) == codecs.BOM_UTF8 + (
        "from shop.money import Money\r\nfrom shop.prices import price  # é\r\nx = 1\ny = 2\r".encode()
    )


def test_what_cannot_be_read_is_left(fixed: Callable[..., bytes]) -> None:
    source = b"from shop.prices import Money\nx = '\xff'\n"
    assert fixed(source) == source


def test_diff_writes_nothing(
    fixed: Callable[..., bytes], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "tests").mkdir(exist_ok=True)
    path = tmp_path / "tests" / "a.py"
    path.write_text("from shop.prices import Money\n")
    assert main(["fix", "--diff"]) == 1
    said = capsys.readouterr()
    assert said.out.splitlines()[:2] == ["--- a/tests/a.py", "+++ b/tests/a.py"]
    assert "-from shop.prices import Money\n+from shop.money import Money\n" in said.out
    assert "tests/a.py:1:25: CUT204 would be fixed: shop.prices.Money is now shop.money.Money\n" in said.err
    assert said.err.endswith("1 finding would be fixed in 1 file; 1 left\n")
    assert path.read_text() == "from shop.prices import Money\n"


def test_a_planned_wave_is_mended_when_it_is_named(fixed: Callable[..., bytes], tmp_path: Path) -> None:
    (tmp_path / "cutover.toml").write_text(MANIFEST.replace('state = "landed"', 'state = "planned"'))
    source = "from shop.prices import Money\n"
    assert fixed(source).decode() == source
    assert main(["fix", "--wave", "0"]) == 0
    assert (tmp_path / "tests/test_it.py").read_text() == "from shop.money import Money\n"


def test_contested_is_left(fixed: Callable[..., bytes], tmp_path: Path) -> None:
    text = MANIFEST.replace('to = "shop.money"\n', 'to = "shop.money"\ncontested = "some say no"\n')
    (tmp_path / "cutover.toml").write_text(text)
    source = "from shop.prices import Money\n"
    assert fixed(source).decode() == source


def test_links_and_modes(fixed: Callable[..., bytes], tmp_path: Path) -> None:
    away = tmp_path.parent / f"{tmp_path.name}-away.py"
    away.write_text("from shop.prices import Money\n")
    (tmp_path / "tests").mkdir(exist_ok=True)
    (tmp_path / "tests" / "link.py").symlink_to(away)
    tool = tmp_path / "tests" / "tool.py"
    tool.write_text("from shop.prices import Money\n")
    tool.chmod(0o755)
    fixed("")
    assert away.read_text() == "from shop.prices import Money\n"
    assert tool.read_text() == "from shop.money import Money\n"
    assert stat.S_IMODE(os.stat(tool).st_mode) == 0o755


def test_mended_is_what_check_wants(fixed: Callable[..., bytes], tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q"], check=True)
    fixed("from shop.prices import (\n    Money,\n    price,\n    tax,\n)\n")
    assert main(["check", "tests"]) == 0
