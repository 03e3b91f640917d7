"""Constructs at growing sizes: each finding is there, or a CUT907 says what was not analysed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from engine_project import write
from plans import load_plan

from hardcut.engine.options import Options
from hardcut.engine.report_data import Report
from hardcut.engine.run import check
from tests.limits import within

PLAN = """
[plan]
name = "bounds"
source = ["src"]
check = ["src"]

[[wave]]
id = "0"
state = "landed"

[[wave.delete]]
module = "shop.old"

[[wave.remove]]
module = "shop.prices"
symbols = ["tax"]

[[wave.move]]
from = "shop.prices"
to = "shop.money"
symbols = ["Money"]

[[wave.fail_fast]]
guard = ["ext"]

[[wave.no_shims]]
packages = ["shop.closed"]

[[wave.delegate]]
function = "shop.work.run"
to = "ext.run"

[[wave.native]]
what = "planner"
within = ["shop.plans"]
bases = ["ext.Planner"]
"""
BASE = {
    "src/shop/__init__.py": "",
    "src/shop/prices.py": "rate = 1\n",
    "src/shop/money.py": "class Money: ...\n",
}
Files = dict[str, str]
Expected = Callable[[int], dict[str, int]]
"""How many findings of a rule a project of a size gives."""
SWALLOW = """\
    try:
        import ext
    except ImportError:
        return None
"""


def grown(template: str, size: int) -> str:
    """A text in which what stands between `<<` and `>>` is repeated; `#` is its number, `@` the next one.

    `$` is the last number.
    """

    def repeated(part: re.Match[str]) -> str:
        return "".join(part[1].replace("#", str(at)).replace("@", str(at + 1)) for at in range(size))

    return re.sub("<<(.*?)>>", repeated, template, flags=re.DOTALL).replace("$", str(size))


def chain(first: str, following: str, last: str = "") -> Callable[[int], Files]:
    """Modules in a row, each of which names the one before."""

    def files(size: int) -> Files:
        found = {"src/shop/m0.py": first}
        for at in range(size):
            found[f"src/shop/m{at + 1}.py"] = following.replace("#", str(at)).replace("@", str(at + 1))
        return found | ({"src/user.py": last.replace("$", str(size))} if last else {})

    return files


ONE_FILE: dict[str, tuple[str, Expected]] = {
    "handlers": (f"<<def f#():\n{SWALLOW}>>", lambda n: {"CUT401": n}),
    "handlers of one function": (
        f"def f():\n<<{SWALLOW.replace('return None', 'pass')}>>",
        lambda n: {"CUT401": n},
    ),
    "handlers of a module": (
        "<<try:\n    import ext as e#\nexcept ImportError:\n    e# = None\n>>",
        lambda n: {"CUT401": n},
    ),
    "probes": (
        "import ext\n<<def f#():\n    if hasattr(ext, 'x'):\n        return 1\n    return 2\n>>",
        lambda n: {"CUT403": n},
    ),
    "helpers in a row": (
        "def h0():\n    import ext\n<<def h@():\n    h#()\n>>"
        f"def g():\n{SWALLOW.replace('import ext', 'h$()')}",
        lambda n: {"CUT401": 1},
    ),
    "soft helpers in a row": (
        f"def h0():\n{SWALLOW}    return ext\n"
        "<<def h@():\n    x = h#()\n    if x is None:\n        return None\n    return x\n>>",
        lambda n: {"CUT401": 1, "CUT404": n},
    ),
    "aliases of a helper": (
        f"def h():\n    import ext\nf0 = h\n<<f@ = f#\n>>def g():\n{SWALLOW.replace('import ext', 'f$()')}",
        lambda n: {"CUT401": 1},
    ),
    "conditions before a re-raise": (
        "def f():\n    failure = None\n    try:\n        import ext\n    except ImportError as error:\n"
        "        failure = error\n"
        "<<    if a#:\n        log(#)\n>>    if failure is not None:\n        raise failure\n",
        lambda n: {"CUT401": 0},
    ),
    "operands before a probe": (
        "import ext\ndef f():\n    if <<a# or >>hasattr(ext, 'x'):\n        return 1\n    return 2\n",
        lambda n: {"CUT403": 1},
    ),
    "operands after a probe": (
        "import ext\ndef f():\n    if hasattr(ext, 'x')<< or a#>>:\n        return 1\n    return 2\n",
        lambda n: {"CUT403": 1},
    ),
    "exception types in a row": (
        f"E0 = ImportError\n<<E@ = E#\n>>def f():\n{SWALLOW.replace('ImportError', 'E$')}",
        lambda n: {"CUT401": 1},
    ),
    "elements of a tuple": (
        "import importlib\nNAMES = (<<'m#', >>'shop.old')\n"
        "for name in NAMES:\n    importlib.import_module(name)\n",
        lambda n: {"CUT102": 1},
    ),
    "constants in a row": (
        "import importlib\nx0 = 'shop.old'\n<<x@ = x#\n>>importlib.import_module(x$)\n",
        lambda n: {"CUT102": 1},
    ),
    "alternatives of a constant": (
        "import importlib\n<<if a#:\n    x = 'm#'\n>>if z:\n    x = 'shop.old'\nimportlib.import_module(x)\n",
        lambda n: {"CUT102": 1},
    ),
    "alternatives that are put together": (
        "import importlib\nA = [<<'a#', >>'shop']\nB = [<<'b#', >>'old']\nfor a in A:\n    for b in B:\n"
        "        importlib.import_module(f'{a}.{b}')\n",
        lambda n: {"CUT102": 1},
    ),
    "parts of a string": (
        "import importlib\nimportlib.import_module('shop.old' + <<'.m#' + >>'.x')\n",
        lambda n: {"CUT102": 1},
    ),
    "wrappers in a row": (
        "import importlib\ndef w0(name):\n    return importlib.import_module(name)\n"
        "<<def w@(name):\n    return w#(name)\n>>w$('shop.old')\n",
        lambda n: {"CUT102": 1},
    ),
    "aliases of a module": ("import shop.old as x0\n<<x@ = x#\n>>x$.run()\n", lambda n: {"CUT101": n + 2}),
    "bindings of one name": (
        "import shop\ndef f():\n<<    m = shop.old\n    m.run()\n>>",
        lambda n: {"CUT101": 2 * n},
    ),
    "bindings of a name by itself": (
        "import shop\ndef f():\n    m = shop.old\n<<    m = m.run#()\n>>",
        lambda n: {"CUT101": n + 1},
    ),
    "parts of a type": ("import shop.old\ndef f(x: <<A# | >>shop.old.T): ...\n", lambda n: {"CUT101": 2}),
    "targets of an assignment": (
        "import shop.old as o\n<<a# = >>o\na0.run()\n",
        lambda n: {"CUT101": 2},
    ),
    "imports": ("<<from shop.old import a#\n>>", lambda n: {"CUT101": n}),
    "uses of a removed name": ("from shop.prices import tax\n<<tax(#)\n>>", lambda n: {"CUT202": n + 1}),
}  # fmt: skip
MODULES: dict[str, tuple[Callable[[int], Files], Expected]] = {
    "rows of a lazy table": (
        lambda n: {
            "src/shop/closed.py": grown(
                "T = {<<'x#': 'shop.money.x#', >>}\ndef __getattr__(name):\n    return load(T[name])\n", n
            )
        },
        lambda n: {"CUT502": n + 1},
    ),
    "names in __all__": (
        lambda n: {
            "src/shop/closed.py": grown("from shop.money import Money\n__all__ = [<<'x#', >>'Money']\n", n)
        },
        lambda n: {"CUT501": 2},
    ),
    "functions on the way to the native side": (
        lambda n: {
            "src/shop/work.py": grown(
                "import ext\ndef w0():\n    return ext.run()\n"
                "<<def w@():\n    return w#()\n>>def run():\n    return w$()\n",
                n,
            )
        },
        lambda n: {"CUT601": 1},
    ),
    "classes above one": (
        lambda n: {
            "src/shop/plans.py": grown("import ext\nclass C0(ext.Planner): ...\n<<class C@(C#): ...\n>>", n)
        },
        lambda n: {"CUT602": n + 1},
    ),
    "files of a deleted package": (
        lambda n: {"src/shop/old/__init__.py": "", **{f"src/shop/old/m{at}.py": "" for at in range(n)}},
        lambda n: {"CUT104": n + 1},
    ),
    "re-exports": (
        chain("from shop.old import thing as t0\n", "from shop.m# import t# as t@\n"),
        lambda n: {"CUT101": n + 1},
    ),
    "modules that hand a helper on": (
        chain(
            "def h():\n    import ext\n",
            "from shop.m# import h\n",
            f"from shop.m$ import h\ndef f():\n{SWALLOW.replace('import ext', 'h()')}",
        ),
        lambda n: {"CUT401": 1},
    ),
    "modules that hand a context manager on": (
        chain(
            "from contextlib import contextmanager\n@contextmanager\ndef quiet():\n"
            + SWALLOW.replace("import ext", "yield"),
            "from shop.m# import quiet\n",
            "from shop.m$ import quiet\ndef f():\n    with quiet():\n        import ext\n",
        ),
        lambda n: {"CUT401": 1},
    ),
}


def one_file(template: str) -> Callable[[int], Files]:
    """A project of one file beside its base."""
    return lambda size: {"src/user.py": grown(template, size)}


CASES = {name: (one_file(text), expected) for name, (text, expected) in ONE_FILE.items()} | MODULES


def report_of(root: Path, files: Files) -> Report:
    """A run over a project."""
    write(root, {**BASE, **files}, PLAN)
    plan = load_plan(root / "cutover.toml", root)
    return check(Options(root=str(root), plans=[plan], cache=False, jobs=1, compare=False))


SIZES = [(name, size) for name in CASES for size in ((10, 100, 1_000) if name in ONE_FILE else (10, 250))]


@pytest.mark.parametrize(("name", "size"), SIZES)
def test_findings_grow_as_the_code_does_or_a_finding_says_why_not(
    tmp_path: Path, name: str, size: int
) -> None:
    files, expected = CASES[name]
    with within(30):
        report = report_of(tmp_path, files(size))
    found = {code: sum(one.code == code for one in report.findings) for code in expected(size)}
    given_up = [one for one in report.findings if one.code == "CUT907"]
    assert found == expected(size) or given_up
    assert all(one.severity == "error" and one.place.line for one in given_up)
    if size == 10:
        assert not given_up
