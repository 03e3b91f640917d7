"""Fingerprints: which bodies a file has, and what makes two of them alike."""

from __future__ import annotations

import ast
import random
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardcut.source.fingerprints import fingerprints, share

BODY = "".join(
    f"""
def step_{n}(items, rate):
    found = []
    for item in items:
        if item.rate > rate + {n}:
            found.append((item.name, item.rate * {n}))
    return sorted(found, key=lambda one: one[{n % 2}])

"""
    for n in range(6)
)


def names(source: str) -> list[tuple[str, str]]:
    return [(found.kind, found.name) for found in fingerprints(source.encode())]


BODIES = """\
import os; VALUE = 1
RATE: float = 1.0
declared: int
a, b = 1, 2
compared == 3
if VALUE:
    @decorated(
        1,
    )
    async def wait(
        a,
    ): ...
else:
    class Cart(Base):
        "What one buys."
        limit = 10

        def total(self):
            inner = 2
            def helper(): ...

        class Row:
            size = 1
            def key(self): ...
try:
\tdef tabbed():
\t\treturn 1
except Error: pass
type_of = f"{VALUE}"
"""


def test_bodies_of_a_module_and_its_outermost_classes() -> None:
    assert names(BODIES) == [
        ("module", ""),
        ("value", "VALUE"),
        ("value", "RATE"),
        ("function", "wait"),
        ("class", "Cart"),
        ("value", "Cart.limit"),
        ("function", "Cart.total"),
        ("class", "Cart.Row"),
        ("function", "tabbed"),
        ("value", "type_of"),
    ]


def test_the_span_is_that_of_the_name() -> None:
    (found,) = fingerprints('größe = "ä"; Übung = 1\r\nclass Größe: ...\n'.encode())[-1:]
    assert (found.span.line, found.span.column, found.span.end_column) == (2, 7, 12)
    (found,) = [one for one in fingerprints("é = 1; ßx = 2\n".encode()) if one.name == "ßx"]
    assert (found.span.line, found.span.column, found.span.end_column) == (1, 8, 10)


def test_a_bracket_without_its_end_hides_no_definition() -> None:
    assert names("x = (1,\n\ndef total():\n    return 1\n")[1:] == [("value", "x"), ("function", "total")]


def defined(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The functions and classes of a module and its outermost classes, as `ast` finds them."""

    def below(statements: list[ast.stmt], owner: str) -> Iterator[tuple[str, str]]:
        for node in statements:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield "function", owner + node.name
            elif isinstance(node, ast.ClassDef):
                yield "class", owner + node.name
                if not owner:
                    yield from below(node.body, f"{node.name}.")
            else:
                blocks = [getattr(node, name, []) for name in ("body", "orelse", "finalbody")]
                blocks += [handler.body for handler in getattr(node, "handlers", [])]
                blocks += [case.body for case in getattr(node, "cases", [])]
                for block in blocks:
                    yield from below(block, owner)

    yield from below(tree.body, "")


def test_definitions_of_the_standard_library_are_those_of_ast() -> None:
    folder = Path(sysconfig.get_path("stdlib"))
    files = sorted(folder.glob("*.py"))
    assert len(files) > 100
    for file in random.Random(1).sample(files, 40):
        data = file.read_bytes()
        found = [(one.kind, one.name) for one in fingerprints(data)]
        expected = sorted(defined(ast.parse(data)))
        assert sorted(one for one in found if one[0] in ("function", "class")) == expected, file.name


@pytest.mark.parametrize("seed", range(6))
def test_a_share_falls_with_every_line_that_is_rewritten(seed: int) -> None:
    (whole, *_) = fingerprints(BODY.encode())
    rows = BODY.split("\n")
    order = [at for at, row in enumerate(rows) if len(row.split()) > 2]
    random.Random(seed).shuffle(order)
    last = 1.0
    for at in order:
        indent = len(rows[at]) - len(rows[at].lstrip())
        rows[at] = " " * indent + f"other_{at} = work({at}, {seed})"
        (changed, *_) = fingerprints("\n".join(rows).encode())
        assert share(whole, changed) <= last
        last = share(whole, changed)
    assert last < 0.3


def test_layout_comments_and_private_names_are_no_difference() -> None:
    plain = "def total(a, b):\n    return sum(a) + sum(b) * Rate(a, b)\n"
    dressed = 'def _total(  # why\n    a, b,\n):\n    """Doc."""\n    # so\n'
    dressed += "    return sum(a) + sum(b) * _Rate(a, b)\n"
    one, other = fingerprints(plain.encode())[1], fingerprints(dressed.encode())[1]
    assert (one.kind, other.name) == ("function", "_total")
    assert share(one, other) >= 0.5
    assert one.shape == other.shape
    names = "def x(p, q):\n    return y(p) + y(q) * Z(p, q)\n"
    assert fingerprints(names.encode())[1].shape == one.shape
    other_work = "def x(p, q):\n    return y(p) - y(q) * Z(p, q)\n"
    assert fingerprints(other_work.encode())[1].shape != one.shape


def test_half_typed_and_huge_sources_are_read() -> None:
    assert fingerprints(b"def f(:\n  x = (\n")[0].kind == "module"
    assert fingerprints(b"x = " + b"(" * 5000) is not None
    assert fingerprints(b"#" * 5_000_000) == []
    assert [one.kind for one in fingerprints(b"")] == ["module"]
    assert fingerprints(b"import os\n")[0].lines == []
