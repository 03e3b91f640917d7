"""Old homes put together from shapes whose truth is known: 2,000 modules, no disagreement."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from hardcut.engine.options import Options
from hardcut.engine.run import check
from hardcut.plan.load import load_plans

MODULES, PROJECTS = 200, 10
SHAPES: dict[str, tuple[str, str]] = {
    "import": ("from {new} import {name}  #! CUT501", ""),
    "relative": ("from .{leaf} import {name}  #! CUT501", ""),
    "as itself": ("from {new} import {name} as {name}  #! CUT501", "def use_{name}(): return {name}"),
    "as itself, late": ("", "from {new} import {name} as {name}  #! CUT501"),
    "for type checkers": ("if TYPE_CHECKING:\n    from {new} import {name}  #! CUT501", ""),
    "with a fallback": ("try:\n    from {new} import {name}  #! CUT501\nexcept ImportError:\n    raise", ""),
    "listed": ("from {new} import {name}  #! CUT501", '__all__ += [\n    "{name}",  #! CUT501\n]'),
    "function": (
        "import {new} as n_{name}",
        "def {name}(a, *b, **c):  #! CUT504\n    return n_{name}.{name}(a, *b, **c)",
    ),
    "renamed": (
        "import {new} as n_{name}",
        "def {name}(x, y):  #! CUT504\n    'Doc.'\n    return n_{name}.{name}(y, b=x)",
    ),
    "import within": (
        "",
        "def {name}(*a):  #! CUT504\n    from {new} import {name} as new\n    return new(*a)",
    ),
    "class": ("import {new} as n_{name}", "class {name}(n_{name}.{name}):  #! CUT504\n    'Doc.'"),
    "warning class": (
        "import {new} as n_{name}",
        "class {name}(n_{name}.{name}):  #! CUT504\n    def __init__(self, *a):\n"
        "        warnings.warn('old', DeprecationWarning)  #! CUT505\n        super().__init__(*a)",
    ),
    "alias": ("import {new} as n_{name}", "{name} = n_{name}.{name}  #! CUT504"),
    "alias of another": ("from {new} import {name} as _{name}", "{name} = _{name}  #! CUT504"),
    "getattr": ("import {new} as n_{name}", "{name} = getattr(n_{name}, '{name}')  #! CUT504"),
    "lambda": ("import {new} as n_{name}", "{name} = lambda a, b: n_{name}.{name}(a, b)  #! CUT504"),
    "proxy": ("", "{name} = Proxy('{new}:{name}')  #! CUT504"),
    "deprecated": ("", "@deprecated('gone')  #! CUT505\ndef {name}(): return 1"),
    "table": ("", "LAZY_{name} = {{'{name}': ('{new}', '{name}')}}  #! CUT502"),
    "used": ("from {new} import {name}", "def use_{name}(): return {name}(1) + 1"),
    "annotation": (
        "if TYPE_CHECKING:\n    from {new} import {name}",
        "def use_{name}(a: '{name}'): return a + 1",
    ),
    "base of its own": ("from {new} import {name}", "class Own{name}({name}):\n    def work(self): return 1"),
    "own work": ("import {new} as n_{name}", "def use_{name}(a): return n_{name}.{name}(a, 1)"),
    "still here": (
        "import {new} as n_{name}",
        "def {name}(a):\n    b = a + 1\n    return n_{name}.{name}(b)",
    ),
    "another name": ("from {new} import Other{name}", ""),
    "string": ("", "TEXT_{name} = '{new}.Unmoved{name}'"),
    "local": ("", "def use_{name}():\n    from {new} import {name}\n    return {name}(1) + 1"),
    "nothing": ("", ""),
}
HEAD = "import warnings\nfrom typing import TYPE_CHECKING\n\n"
TAIL = '__all__ = ["price"]\n\n\ndef price(): return 1\n'


def program(choose: random.Random, number: int) -> tuple[str, set[tuple[int, str]], list[str]]:
    """A module's source, what is to be found on which lines, and the names that have moved from it."""
    names = [f"Name{number}x{at}" for at in range(choose.randint(1, 5))]
    picked = [(name, *SHAPES[choose.choice(list(SHAPES))]) for name in names]
    given = {"new": f"shop.new{number}", "leaf": f"new{number}"}
    parts = [one[1].format(name=one[0], **given) for one in picked]
    bodies = [one[2].format(name=one[0], **given) for one in picked]
    choose.shuffle(bodies)
    text = HEAD + "\n".join(parts) + "\n" + TAIL + "\n".join(bodies) + "\n"
    if "CUT502" in text or choose.random() < 0.2:
        mark = "  #! CUT502" if "CUT502" in text else ""
        last = "return load(name)" if mark else "raise AttributeError(name)"
        text += f"def __getattr__(name):{mark}\n    if name == 'x':\n        raise KeyError\n    {last}\n"
    truth = {
        (at, code)
        for at, line in enumerate(text.splitlines(), 1)
        if "#! " in line
        for code in line.split("#! ")[1].split()
    }
    return text, truth, names


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(PROJECTS))
def test_programs_of_known_truth(seed: int, tmp_path: Path) -> None:
    choose = random.Random(seed)
    plan = ['[plan]\nname = "p"\nsource = ["src"]\ncheck = ["src"]\n\n[[wave]]\nid = "0"\nstate = "landed"\n']
    truth: set[tuple[str, int, str]] = set()
    home = tmp_path / "src" / "shop"
    home.mkdir(parents=True)
    for number in range(MODULES):
        text, marks, names = program(choose, number)
        (home / f"old{number}.py").write_text(text, encoding="utf-8")
        (home / f"new{number}.py").write_text(
            "".join(f"class {name}: ...\n" for name in names), encoding="utf-8"
        )
        truth |= {(f"src/shop/old{number}.py", line, code) for line, code in marks}
        plan.append(f'[[wave.move]]\nfrom = "shop.old{number}"\nto = "shop.new{number}"\nsymbols = {names}\n')
    (tmp_path / "cutover.toml").write_text("\n".join(plan), encoding="utf-8")
    report = check(Options(root=str(tmp_path), plans=load_plans(tmp_path), cache=False, jobs=1))
    found = {(one.place.path, one.place.line, one.code) for one in report.findings if one.code[:4] == "CUT5"}
    wrong = sorted(found ^ truth, key=str)
    assert {code for _, _, code in truth} == {"CUT501", "CUT502", "CUT504", "CUT505"}
    assert not wrong, (tmp_path / wrong[0][0]).read_text(encoding="utf-8")
