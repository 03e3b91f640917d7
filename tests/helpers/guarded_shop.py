"""A shop whose imports are guarded, and what pytest says of it."""

from __future__ import annotations

import re
from pathlib import Path

from pytest_session import session

MANIFEST = """\
[plan]
name = "shop"
source = ["src", "tests"]
check = ["src", "tests"]
exclude = ["tests/unchecked"]

[[wave]]
id = "0"
state = "landed"

[[wave.delete]]
module = "shop.old"
to = "shop.new"
reason = "two carts disagreed"

[[wave.delete]]
module = "shop.doubtful"
contested = "two teams need it"

[[wave]]
id = "1"
state = "active"

[[wave.surface]]
only = "engine"
banned = ["native._internal"]
within = ["shop", "test_it"]
allow = ["src/shop/allowed.py"]

[[wave]]
id = "2"

[[wave.delete]]
module = "shop.later"
"""
FILES = {
    "cutover.toml": MANIFEST,
    "pyproject.toml": """\
[tool.pytest.ini_options]
addopts = ["--strict-markers", "--strict-config"]
pythonpath = ["src", "lib/site-packages", "tests"]
""",
    "src/shop/__init__.py": "",
    "src/shop/new.py": "",
    "tests/test_it.py": "",
    "src/shop/later.py": "",
    "src/shop/allowed.py": "import native._internal\n",
    "src/shop/loading.py": "from importlib import import_module\n\n"
    "def load(name):\n    try:\n        return import_module(f'shop.{name}')\n    except ImportError:\n"
    "        return None\n",
    "lib/site-packages/native/__init__.py": "from native import _internal\nfrom . import lazy\n"
    "def load(name):\n    return __import__(name, fromlist=['x'])\n",
    "lib/site-packages/native/lazy.py": "from importlib import import_module\n"
    "def engine():\n    return import_module('native._internal')\n",
    "lib/site-packages/native/_internal.py": "X = 1\n",
    "lib/site-packages/other.py": "import native._internal\nfrom importlib import import_module\n"
    "import_module('native._internal')\n",
    "lib/site-packages/helper.py": "import importlib\n\ndef string(name):\n"
    "    return importlib.import_module(name)\n",
}


def guarded(root: Path, *argv: str) -> tuple[int, str]:
    """The exit code and all that pytest says when it is told to guard imports."""
    return session(root, "--cutover-guard", *argv)


def outcomes(said: str) -> dict[str, str]:
    """The outcome of each test (of its last phase that has one), by its name."""
    shapes = (r"^tests/\w+\.py::(\S+) (PASSED|FAILED|SKIPPED|ERROR|XFAIL|XPASS)",)
    found = dict(re.findall(shapes[0], said, re.M))
    worker = r"^\[gw\d\] \[ *\d+%\] (PASSED|FAILED|SKIPPED|ERROR|XFAIL|XPASS) tests/\w+\.py::(\S+) *$"
    return found | {name: outcome for outcome, name in re.findall(worker, said, re.M)}


def message(forms: str, name: str) -> list[str]:
    """The lines that a failure of one test shows after the guard's name."""
    start = re.search(rf"^_+ (?:ERROR at \w+ of )?{name} _+$", forms, re.M)
    assert start is not None
    text = re.split(r"^_{4,} |^={4,} ", forms[start.end() :], maxsplit=1, flags=re.M)[0]
    return [line.strip() for line in text[text.index("cutover guard") :].splitlines()]
