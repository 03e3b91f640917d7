"""The syntax tree against the interpreter's `ast`: constructs one by one, and a sample of real files."""

from __future__ import annotations

import random
import site
import sysconfig
from pathlib import Path

import pytest
from tree_comparison import compare

from hardcut.source.decode import decode
from hardcut.syntax import nodes
from hardcut.syntax.parser import parse
from hardcut.syntax.tree import read_module, read_statement, walk

SEED = 20261130
SAMPLE = 60

SOURCES = [
    "",
    "# comment\n",
    "x = y = 1\nx: int = 1\nx: int\n(x): int\nx.y: int = 2\nx += 1\nx @= y\ndel x, y.z\n"
    "del (x, y)\ndel (x)\n",
    "[a, *b] = c\n[] = c\n(a, [b]), c = d\n[a][0], b = c\n",
    "if a: pass\nelif b:\n    pass # elif x:\nelif(c):\n  pass\nelse: pass\n",
    "if a:\n  x = 'elif'\n  # elif\n\\\nelif b: pass\n",
    "for x, in y: break\nelse: continue\nwhile (x): pass\nelse: pass\n",
    "try:\n  a\n  # except\nexcept (A, B) as e: pass\nexcept\tC.d: pass\nexcept: pass\n"
    "else: pass\nfinally: pass\n",
    "try: a\nexcept* A: pass\nexcept *B as b: pass\n",
    "with a, b as c, d() as (e, f): pass\nwith (a as b, c,): pass\nwith (a): pass\n",
    "async def f():\n async with a: await b\n async for x in y: pass\n"
    " return [x async for x in y if await z]\n",
    "def f(a, /, b: int = 1, *c: str, d, e=2, **f: bytes) -> None: ...\nlambda a, /, *b, c=1, **d: (yield)\n",
    "def f(__a, __b=()): pass\ndef g(__a, b=(1), /, **c): pass\ndef h(*, a): pass\nlambda __x: __x\n",
    "@a\n@b.c(d)\nasync def f(): pass\n@a\nclass B(C, metaclass=D): pass\n",
    "class A(B, *c, d=1, **e): pass\nclass A(**{')': 1}): 'x ** y'\n"
    "class A(B[{'**': 2}], d=(')'), **e): x ** y\n",
    "class A: x = 2 ** 3\nclass B(\n  C,  # **\n): pass\n",
    "import a, b.c as d\nfrom . import x\nfrom ..y.z import (p as q, r,)\nfrom s import *\n",
    "global a, b\ndef f():\n  nonlocal c\nraise\nraise A\nraise A from b\nassert a, 'b'\n",
    "match x:\n case A(b, c=1) | [1, *_] | {'a': 1, **r} if y: pass\n"
    " case None | -1 | 1+2j: pass\n case (a as b): 1\n case [*y] | {}: pass\n"
    " case 'x' 'y' | a.b | b'z': pass\n case _: pass\n",
    "a and b and not c or d\na if b else c\n(x := 1)\na < b <= c is not d not in e\n-a ** ~b\n",
    "a + b - c * d // e % f @ g << h >> i | j & k ^ l / m\n(a + b) * (c\n + d)\n",
    "f(a, *b, c=1, **d)\nf(x for x in y)\nf((x) for x in y)\nf(*a)(b)[c].d\na[b:c:d, ::, e]\na[b, *c]\n",
    "{1: 2, **a, 'b': c}\n{1, *a}\n(1,)\n()\n[1, *a]\n{x: y for x in z for y in w if x if y}\n"
    "{x for x in y}\n",
    "1\n1_0\n0xff\n0b1\n0o7\n1e5\n.5\n1j\n1.5J\n...\nNone\nTrue\nFalse\n"
    "9999999999999999999999999999999999999999\n0xffffffffffffffffffffffffffffffffffffffff\n",
    "4999999999\n9223372036854775807\n9223372036854775808\n2147483648\n536870911\n",
    "'a' \"b\" '''c\nd'''\nr'\\n' u'x'\nb'\\xff\\'\\\"' rb'\\x'\n'\\N{BULLET}\\u1234\\x00\\\nz'\n",
    "f'a{b!r:>{w}}c' 'd' f'{e=}' rf'{{\\d{f}'\nf''\nf'{x:%H:%M}'\nf'{a}{b}' f'{c!s}'\n",
    "ü = 'é' + y.ß\nf'é{ä!r:{ö}é}ü' 'zz'\nb'zz'\n'puzzle'\ndef fé(ä, *ö, ü=1): global ñ\n"
    "class É(ß=1): import zzé.ñ as ü\n",
    "from zzö.ñzz import (ï,\n  ô as û)\nf(ï=1, ô='î')\nmatch x:\n"
    " case A(ö=1) | {**ü} | [*ä] | (1 as ß): pass\ntry: a\nexcept A as ö: pass\n",
    "ﬁ = ﬁ.ﬁ\ndef ﬁ(ﬁ): pass\n",
    "'''x\n# type: ignore\né'''\nx = 1  # type: int\ndef f(a):\n  # type: (int) -> str\n  pass\n",
    "x: a.b[c, d.e] | None\nx: 'a | b'\nx: 'é[b]'\nx: a[()]\nx: a[b,]\nx: a[*b]\n"
    "x: Callable[[a, 'b'], ...]\n",
    "x: (a)\nx: (a).b\nx: a . b[c]\nx: a[b][c]\nx: a().b\n"
    "x: Annotated[a, f(1, b=c), -1, 1.5, d + e, 'doc']\n",
    "x: {'a': b}\nx: lambda: 1\nx: (yield)\nx: not a\nx: a[1:2]\nx: f'{a}'\nx: True\nx: 1\n"
    "x: 10 ** 20\nx: b'a'\n",
    "x: Literal['a b', 'c', True, None, -3, b'd', e.f]\nx: a | (b | c) | 'd' | [e]\nx: (a, b)\n"
    "x: ()\nx: (a := b)\n",
    "x: Dict[\n  a,\n  b,\n]\nx: (\n  a | b\n)\ndef f(x: (\n  a | b\n) = 1, *y: c[d(e)]): pass\n"
    "def g(*a: *b): pass\n",
    "def f(\n  a: b(c),\n  d: [\n    e(f)],\n): pass\n",
    "if a:\n\tx = (\n1)\n\x0c\ny = 2\n",
]
NEWER = [
    "type X[T: int = str, *Ts = *a, **P] = list[T]\ndef f[T: (int, str)](a: T) -> T: ...\n"
    "class A[T](B): pass\n",
    "f'{x['a']}' f'{'\\n'.join(y)}'\n",
    "try: a\nexcept A, B: pass\n",
    "t'a{b!r:c}' t'{d}'\n",
]


@pytest.mark.parametrize("source", [*SOURCES, *NEWER])
def test_a_tree_is_that_of_the_interpreter(source: str) -> None:
    try:
        compile(source, "source", "exec", 0x400, dont_inherit=True)
    except SyntaxError:
        if source not in NEWER:
            raise
        pytest.skip("newer syntax than the interpreter's")
    compare(source.encode())


def files() -> list[Path]:
    """The standard library and the installed packages."""
    roots = [Path(sysconfig.get_path("stdlib")), *map(Path, site.getsitepackages())]
    return sorted({path for root in roots for path in root.rglob("*.py")})


def test_real_files_have_the_trees_of_the_interpreter() -> None:
    every = files()
    assert len(every) > 500
    compared = 0
    for path in random.Random(SEED).sample(every, SAMPLE):
        text = decode(path.read_bytes())
        try:
            compare(text.data)
        except (SyntaxError, ValueError):
            continue
        except AssertionError as error:
            raise AssertionError(path) from error
        compared += 1
    assert compared > SAMPLE // 2


@pytest.mark.parametrize(
    ("start", "link", "end", "length"),
    [
        ("", "a + ", "b", 20_000),
        ("a", ".b", "", 20_000),
        ("a", "(1)", "", 20_000),
        ("a", "[1]", "", 20_000),
        ("x: ", "a | ", "b", 20_000),
        ("if a: pass\n", "elif b: pass\n", "", 5_000),
    ],
)
def test_a_long_chain_needs_no_deep_stack(start: str, link: str, end: str, length: int) -> None:
    module = read_module(parse((start + link * length + end + "\n").encode()))
    assert sum(1 for _ in walk(module)) > length


NESTED = ["(", "[", "-", "not ", "lambda: ", "a if b else ", "{**", "f(", "a[", "x.y(*"]


@pytest.mark.parametrize("opening", NESTED)
def test_what_the_parser_allows_to_be_nested_is_read(opening: str) -> None:
    module = read_module(parse(("x = " + opening * 1000).encode()))
    assert module.body


def test_nested_blocks_are_read() -> None:
    source = "".join(f"{' ' * depth}if a:\n" for depth in range(400)) + " " * 400 + "pass\n"
    assert read_module(parse(source.encode())).body


def test_a_statement_is_read_alone() -> None:
    parsed = parse(b"x = 1\ndef f(): return g()\n")
    first = read_module(parsed).body[1]
    reader = parsed.reader()
    reader.integer()
    position = next(at for at in range(len(parsed.stream)) if parsed.stream[at : at + 4] == b"\xb3\x04\x16f")
    alone = read_statement(parsed, position)
    assert isinstance(alone, nodes.FunctionDef) and isinstance(first, nodes.FunctionDef)
    assert (alone.name, alone.line, alone.start, alone.end) == ("f", 2, first.start, first.end)


@pytest.mark.parametrize(
    "source",
    [
        "x = (",
        "def f(:\n pass\nx = 1\n",
        "class A(**",
        "x: (",
        "for",
        "f'{",
        "print 'a'",
        "a = b'é'",
        "match x:\n case",
    ],
)
def test_a_syntax_error_leaves_a_tree(source: str) -> None:
    list(walk(read_module(parse(source.encode()))))
