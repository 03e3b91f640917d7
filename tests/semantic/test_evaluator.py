"""What expressions may be: a table of forms, most of them held against Python itself, and random programs."""

from __future__ import annotations

import random

import pytest

from hardcut.semantic.evaluator import MOST_NAMES, Evaluator
from hardcut.semantic.index import index
from hardcut.semantic.values import (
    Atom,
    Class,
    Constant,
    Dictionary,
    FilePath,
    Function,
    Instance,
    Module,
    Partial,
    Pattern,
    Sequence,
    String,
    Symbol,
    Value,
)
from hardcut.syntax import nodes
from hardcut.syntax.tree import read_statement

OPEN = "?"


def evaluated(
    source: str, module: str = "shop.app.main", package: str = "shop.app"
) -> tuple[Value, Evaluator]:
    """The value of the last expression of a source."""
    found = index(source.encode())
    evaluator = Evaluator(found, module, package)
    statement = read_statement(found.module, found.statements[-1])
    assert isinstance(statement, nodes.Expr)
    return evaluator.evaluate(statement.value), evaluator


def shown(value: Value) -> str:
    """The possibilities in words, sorted."""
    found = sorted(set(map(_shown, value.atoms())))
    return " | ".join([*found, OPEN] if value.is_open else found)


def _shown(atom: Atom) -> str:
    if isinstance(atom, String):
        return repr(atom.text)
    if isinstance(atom, Pattern):
        return f"{atom.prefix}*{atom.suffix}"
    if isinstance(atom, Constant):
        return repr(atom.value)
    if isinstance(atom, Sequence):
        return f"{atom.kind}({', '.join(map(shown, atom.items))})"
    if isinstance(atom, Dictionary):
        return "{" + ", ".join(f"{shown(key)}: {shown(item)}" for key, item in atom.items) + "}"
    if isinstance(atom, Partial):
        return f"partial {shown(atom.function)}"
    if isinstance(atom, FilePath):
        return f"path {atom.text}"
    assert isinstance(atom, Module | Symbol | Class | Function | Instance)
    return f"{type(atom).__name__.lower()} {atom.name if isinstance(atom, Module) else atom.path}"


PURE = [
    "'a'",
    "'a' 'b'",
    "1",
    "-3",
    "None",
    "True",
    "not 'a'",
    "b'a'",
    "'a' + 'b' + 'c'",
    "'ab' * 3",
    "('a', 'b')",
    "['a', *('b', 'c')]",
    "{'a': 'b', **{'c': 'd'}}",
    "{'a': 1} | {'b': 2}",
    "('a',) + ('b',)",
    "'shop.%s' % 'live'",
    "'%s.%s' % ('shop', 'live')",
    "'%(a)s.%(b)s' % {'a': 'shop', 'b': 'live'}",
    "'%d%%' % 5",
    "'%r' % 'a'",
    "'%5s|%-5s|%.2s' % ('a', 'b', 'cde')",
    "'%s' % 1.5",
    "'{}.{}'.format('shop', 'live')",
    "'{1}.{0}'.format('live', 'shop')",
    "'{a}.{b}'.format(a='shop', b='live')",
    "'{0[a]}'.format({'a': 'live'})",
    "'{!r}'.format('a')",
    "'{:>4}'.format('a')",
    "'{{}}'.format()",
    "'{a}'.format_map({'a': 'b'})",
    "f'plain'",
    'f\'{"shop"}.{"live"}\'',
    "f'{\"a\"!r}'",
    "f'{\"a\":>3}'",
    "f'{1}{None}{True}'",
    "f'{{}}'",
    "'.'.join(['shop', 'live'])",
    "'.'.join(('shop', 'live'))",
    "'.'.join('abc')",
    "'.'.join({'a': 1, 'b': 2})",
    "''.join([])",
    "''.join(reversed('evil'))",
    "'.'.join(sorted(('shop', 'live')))",
    "list(reversed(('a', 'b')))",
    "'SHOP'.lower()",
    "'shop'.upper()",
    "'shop live'.title()",
    "'shop'.capitalize()",
    "' shop '.strip()",
    "'xshopx'.strip('x')",
    "'shop.live'.removeprefix('shop.')",
    "'shop.py'.removesuffix('.py')",
    "'shop/live'.replace('/', '.')",
    "'a a a'.replace('a', 'b', 2)",
    "'shop.live'.split('.')",
    "'shop live'.split()",
    "'shop.live.x'.rsplit('.', 1)",
    "'shop.live.x'.rsplit('.', 1)[0]",
    "'shop.live'.partition('.')",
    "'shop.live'.rpartition('.')[2]",
    "'a\\nb'.splitlines()",
    "'shop'.startswith('sh')",
    "'shop'.startswith(('a', 's'))",
    "'shop'.find('o')",
    "'7'.zfill(3)",
    "'a'.center(5, '.')",
    "'shop'[0]",
    "'shop'[-1]",
    "'shop.live'[5:]",
    "'shop'[::-1]",
    "('a', 'b')[1]",
    "['a', 'b', 'c'][-1]",
    "['a', 'b', 'c'][:2]",
    "{'a': 'b', 'c': 'd'}['c']",
    "{'a': 'b'}.get('a')",
    "{'a': 'b'}.get('a', 'z')",
    "list({'a': 'b'}.keys())",
    "list({'a': 'b'}.values())",
    "list({'a': 'b'}.items())",
    "list(('a', 'b'))",
    "tuple(['a', 'b'])",
    "dict(a='b')",
    "dict([('a', 'b')])",
    "dict({'a': 'b'}, c='d')",
    "list(zip(('a', 'b'), ('c', 'd')))",
    "list(map(str.upper, ('a', 'b')))",
    "str('a')",
    "str(5)",
    "repr('a')",
    "chr(97)",
    "len('abc')",
    "str.join('.', ('a', 'b'))",
    "str.upper('a')",
    "'a' if True else 'b'",
    "'' or 'b'",
    "'a' and 'b'",
    "'a' or 'b'",
    "(x := 'a')",
    "dict.fromkeys(('a', 'b'), 1)",
    "next(iter(('a',)))",
    "getattr('a', 'upper')()",
    "P = 'shop'\nf'{P}.live'",
    "P = 'shop'\nP + '.live'",
    "a, b = 'shop', 'live'\nb",
    "a, (b, c) = 'x', ('y', 'z')\nc",
    "a, *b, c = 'x', 'y', 'z'\nc",
    "a = b = 'shop'\na",
    "a: str = 'shop'\na",
    "a = 'shop'\na += '.live'\na",
    "a = ['x']\na += ['y']\na",
    "a = 'x'\na = a + 'y'\na",
    "class C:\n    X = 'shop'\nC.X",
    "class B:\n    X = 'shop'\nclass C(B): ...\nC.X",
    "class B:\n    X = 'shop'\nclass C(B):\n    X = 'live'\nC().X",
    "class C:\n    X = 'shop'\n    def f(self): return self.X\nC.X",
    "def f(): return 'shop'\nf()",
    "def f():\n    x = 'shop'\n    return x + '.live'\nf()",
    "import os.path\nos.path.join('shop', 'live.py')",
    "import os.path\nos.path.basename('shop/live.py')",
    "from os.path import splitext\nsplitext('live.py')[0]",
    "from pathlib import PurePosixPath as P\nstr(P('shop') / 'live.py')",
    "from pathlib import PurePosixPath as P\nP('shop/live.py').stem",
    "from pathlib import PurePosixPath as P\nP('shop/live.py').parent.name",
    "from pathlib import PurePosixPath as P\nP('shop', 'live').with_suffix('.py').as_posix()",
    "from typing import cast\ncast('int', 'shop')",
    "from functools import partial\npartial('{}.{}'.format, 'shop')('live')",
    "from functools import cache\n@cache\ndef f(): return 'shop'\nf()",
    "from operator import itemgetter\nitemgetter(1)(('a', 'b'))",
    "from itertools import chain\nlist(chain(('a',), ['b']))",
    "from importlib.util import resolve_name\nresolve_name('.live', 'shop')",
    "import copy\ncopy.copy('shop')",
    "from types import MappingProxyType as M\nM({'a': 'b'})['a']",
]
"""Expressions that have one value, which is Python's."""


@pytest.mark.parametrize("source", PURE)
def test_a_pure_expression_is_what_python_makes_of_it(source: str) -> None:
    value, evaluator = evaluated(source)
    assert not value.is_open
    assert shown(value) == _python(source)
    assert evaluator.limits == []


def _python(source: str) -> str:
    """What Python makes of the last line, as `shown` shows it."""
    *before, last = source.split("\n")
    names: dict[str, object] = {"__name__": "shop"}
    exec("\n".join(before), names)
    return _of_python(eval(last, names))


def _of_python(found: object) -> str:
    if isinstance(found, tuple | list):
        return f"{type(found).__name__}({', '.join(map(_of_python, found))})"
    if isinstance(found, dict):
        return "{" + ", ".join(f"{_of_python(key)}: {_of_python(item)}" for key, item in found.items()) + "}"
    return repr(found)


SEVERAL = [
    ("for n in ('.live', '.old'): ...\nn", "'.live' | '.old'"),
    ("for n, m in [('a', 'b'), ('c', 'd')]: ...\nm", "'b' | 'd'"),
    ("for k, v in {'a': 'b', 'c': 'd'}.items(): ...\nv", "'b' | 'd'"),
    ("for k in {'a': 'b', 'c': 'd'}: ...\nk", "'a' | 'c'"),
    ("for i, n in enumerate(('a', 'b')): ...\nn", "'a' | 'b'"),
    ("for n in sorted({'a', 'b'}): ...\nf'shop.{n}'", "'shop.a' | 'shop.b'"),
    ("x = 'a'\nif c: x = 'b'\nx", "'a' | 'b'"),
    ("'a' if c else 'b'", "'a' | 'b'"),
    ("import os\nos.environ.get('X') or 'shop.live'", "'shop.live' | ?"),
    ("import os\nos.environ.get('X', 'shop.live')", "'shop.live' | ?"),
    ("import os\nos.getenv('X', 'shop') + '.live'", "'shop.live' | *.live"),
    ("def f(name='shop'): ...\nf", "function shop.app.main.f"),
    ("def f(name='shop'): return name\nf()", "'shop' | ?"),
    ("f'shop.{kind}_cart'", "shop.*_cart"),
    ("'shop.' + kind", "shop.*"),
    ("'shop.%s.live' % kind", "shop.*.live"),
    ("'shop.{}.live'.format(kind)", "shop.*.live"),
    ("'.'.join(['shop', kind, 'live'])", "shop.*.live"),
    ("'.'.join(kinds)", "*"),
    ("f'{\"a\":>100000}'", "*"),
    ("'%100000s' % 'a'", "*"),
    ("'a' * 100000000", OPEN),
    ("'a'.ljust(100000000)", OPEN),
    ("T = {'a': 'b', 'c': 'd'}\nT[key]", "'b' | 'd'"),
    ("T = ('a', 'b')\nT[key]", "'a' | 'b'"),
    ("T = {'a': 'b'}\nT.get(key, 'z')", "'b' | 'z'"),
    ("[f'shop.{n}' for n in ('a', 'b')]", "list('shop.a', 'shop.b') | ?"),
    ("[*OTHER, 'a']", "list('a') | ?"),
    ("x", OPEN),
    ("__name__", "'shop.app.main'"),
    ("__package__", "'shop.app'"),
    ("__spec__.name", "'shop.app.main'"),
    ("def f(): return f()\nf()", OPEN),
    ("x = x", OPEN + "!"),
    ("def f():\n    yield 'a'\nf()", OPEN),
    ("async def f(): return 'a'\nf()", OPEN),
    ("@deco\ndef f(): return 'a'\nf()", OPEN),
    ("def f(*a, **k): return k\nf()", OPEN),
    # Modules and symbols.
    ("import shop.live\nshop.live", "symbol shop.live"),
    ("import shop.live as x\nx", "module shop.live"),
    ("import shop.live as x\nx.Cart.total", "symbol shop.live.Cart.total"),
    ("from shop import live\nlive", "symbol shop.live"),
    ("from .. import live\nlive", "symbol shop.live"),
    ("from ..live import Cart as C\nC", "symbol shop.live.Cart"),
    ("from .... import live\nlive", OPEN),
    ("import shop\ngetattr(shop, 'live')", "symbol shop.live"),
    ("import shop\ngetattr(shop, name)", OPEN),
    ("import shop\nvars(shop)['live']", "symbol shop.live"),
    ("import shop\nshop.__dict__['live']", "symbol shop.live"),
    ("import sys\nsys.modules['shop.live']", "module shop.live"),
    ("import sys\nsys.modules[__name__]", "module shop.app.main"),
    ("from operator import attrgetter as get\nimport shop\nget('live.Cart')(shop)", "symbol shop.live.Cart"),
    ("import importlib\nimportlib.import_module('shop.live')", "module shop.live"),
    ("import importlib as i\ni.import_module('.live', 'shop')", "module shop.live"),
    ("from importlib import import_module as load\nload('.live', package='shop')", "module shop.live"),
    ("from importlib import import_module as load\nload('..live', __package__)", "module shop.live"),
    ("from importlib import import_module as load\nload('.live', other)", OPEN),
    (
        "from importlib import import_module as i\nfor n in ('.a', '.b'):\n    m = i(n, package='shop')\nm",
        "module shop.a | module shop.b",
    ),
    (
        "import importlib as i, functools as f\nf.partial(i.import_module, package='shop')('.old')",
        "module shop.old",
    ),
    ("from importlib import import_module\nlist(map(import_module, ('a', 'b')))", "list(module a, module b)"),
    ("__import__('shop.live')", "module shop"),
    ("__import__('shop.live', fromlist=['Cart'])", "module shop.live"),
    ("__import__('shop.live', globals(), locals(), ['Cart'], 0)", "module shop.live"),
    ("__import__('live', globals(), locals(), ['Cart'], 2)", "module shop.live"),
    ("__import__('live', fromlist=('Cart',), level=1)", "module shop.app.live"),
    ("__import__('shop.live', fromlist=[])", "module shop"),
    ("import runpy\nrunpy.run_module('shop.live')", "module shop.live"),
    ("import pkgutil\npkgutil.resolve_name('shop.live:Cart')", "symbol shop.live.Cart"),
    ("import pydoc\npydoc.locate('shop.live.Cart')", "symbol shop.live.Cart"),
    (
        "from django.utils.module_loading import import_string\nimport_string('shop.live.Cart')",
        "symbol shop.live.Cart",
    ),
    ("import lazy_loader\nlazy_loader.load('shop.live')", "module shop.live"),
    ("import importlib.util\nimportlib.util.find_spec('shop.live')", "None | ?"),
    (
        "_LAZY = {'Cart': '.old'}\nfrom importlib import import_module\nimport_module(_LAZY[name], 'shop')",
        "module shop.old",
    ),
    ("def load(name): return __import__(name)\nload('a')", OPEN),
    # Classes and objects of the file.
    ("class C: ...\nC", "class shop.app.main.C"),
    ("class C: ...\nC()", "instance shop.app.main.C"),
    ("class C:\n    class D: ...\nC.D", "class shop.app.main.C.D"),
    ("class C:\n    def f(self): return self\nC().f", "function shop.app.main.C.f"),
    ("class C:\n    def f(self): return self\nC.f(1)", "instance shop.app.main.C"),
    ("class C:\n    @classmethod\n    def f(cls): return cls\nC.f()", "class shop.app.main.C"),
    ("class C(Other): ...\nC.x", "symbol shop.app.main.C.x"),
    ("class C(C): ...\nC.x", "symbol shop.app.main.C.x"),
]
"""Expressions that have several values, or such as Python has only where the modules are there."""


@pytest.mark.parametrize(("source", "expected"), SEVERAL)
def test_what_an_expression_may_be(source: str, expected: str) -> None:
    if expected.endswith("!"):
        source, expected = f"{source}\nx", expected[:-1]
    value, _ = evaluated(source)
    assert shown(value) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("'a'", "0-3 direct"),
        ("X = 'a'\nX", "4-7 constant"),
        ("for x in ('a',): ...\nx", "10-13 loop"),
        ("def f(x='a'): return x\nf()", "8-11 default"),
        ("'a' if c else 'b'", "0-3 conditional, 14-17 conditional"),
        ("{'k': 'a'}['k']", "6-9 constant"),
        ("f'a'", "0-4 direct"),
        ("'a' + ''", ""),
        ("X = 'a'\nX + 'b'", ""),
        ("é = 'a'\né", "5-8 constant"),
    ],
)
def test_a_string_knows_where_it_is_written(source: str, expected: str) -> None:
    value, _ = evaluated(source)
    origins = [atom.origin for atom in value.atoms() if isinstance(atom, String) and atom.origin is not None]
    assert ", ".join(map(repr, sorted(origins, key=lambda origin: origin.start))) == expected


@pytest.mark.parametrize(
    "source",
    [
        "\n".join(["a0 = 'ab'", *(f"a{i + 1} = a{i} + a{i}" for i in range(60)), "a60"]),
        "\n".join(["a0 = ('x',)", *(f"a{i + 1} = a{i} + a{i}" for i in range(60)), "a60"]),
        "\n".join(["a0 = ['x']", *(f"a{i + 1} = [a{i}, a{i}]" for i in range(60)), "a60"]),
        "\n".join(
            [*(f"for x{i} in 'abcdefgh': ..." for i in range(12)), "+".join(f"x{i}" for i in range(12))]
        ),
        "+".join(["'a'"] * 6000),
        "'a'" + ".lower()" * 2000,
        "\n".join(["a0 = 'x'", *(f"a{i + 1} = a{i}" for i in range(3000)), "a3000"]),
        "\n".join(["x = 'a'", *["x = x + 'b'"] * 3000, "x"]),
        "{" + ", ".join(f"'k{i}': 'v{i}'" for i in range(5000)) + "}[key]",
    ],
    ids=range(9),
)
def test_the_evaluation_is_bounded(source: str) -> None:
    value, evaluator = evaluated(source)
    assert evaluator._steps < 200_000
    assert value.is_open or value.atoms()


def test_a_bound_is_reported() -> None:
    source = "\n".join(
        ["a0 = 'x'", *(f"a{i + 1} = a{i}" for i in range(MOST_NAMES + 5)), f"a{MOST_NAMES + 5}"]
    )
    value, evaluator = evaluated(source)
    assert value.is_open
    assert [limit.what for limit in evaluator.limits] == [f"a constant was followed {MOST_NAMES} steps only"]


METHODS = ["upper()", "lower()", "strip()", "title()", "strip('a.')", "replace('a', 'b.c')", "split('.')[0]"]


def _program(chance: random.Random) -> str:
    """Assignments of strings that are put together from those before, and an expression at the end."""
    lines = ["v0 = 'a.b'", "v1 = 'shop'"]

    def text(depth: int) -> str:
        form = chance.randrange(11 if depth else 2)
        if form == 0:
            return repr("".join(chance.choice("ab._ ") for _ in range(chance.randrange(5))))
        if form == 1:
            return f"v{chance.randrange(len(lines))}"
        first, second = text(depth - 1), text(depth - 1)
        return [
            f"({first} + {second})",
            f"('%s.%s' % ({first}, {second}))",
            f"'{{}}-{{}}'.format({first}, {second})",
            f"'{{b}}{{a}}'.format(a={first}, b={second})",
            f"'.'.join([{first}, {second}])",
            f"{first}.{chance.choice(METHODS)}",
            f"({first} or {second})",
            f"[{first}, {second}][{chance.randrange(-2, 2)}]",
            f"{{'k': {first}, 'l': {second}}}['{chance.choice('kl')}']",
        ][form - 2]

    for _ in range(chance.randrange(8)):
        lines.append(f"v{len(lines)} = {text(2)}")
    return "\n".join([*lines, text(3)])


@pytest.mark.parametrize("seed", range(200))
def test_random_programs_of_strings(seed: int) -> None:
    source = _program(random.Random(seed))
    value, _ = evaluated(source)
    assert shown(value) == _python(source), source
