"""Generated programs have the same scopes and bindings as Python's `symtable` has for them.

They are full of what the parser treats in its own way: comments and assertions for type checkers, characters
other than ASCII, private names, and annotations that are no types.
"""

import os
import random

import pytest
import symbol_tables

PROGRAMS = int(os.environ.get("HARDCUT_PROGRAMS", "150"))
NAMES = ["a", "b", "é", "名", "zz", "__p", "platform", "TYPE_CHECKING", "version_info", "MYPY"]
CONDITIONS = [
    "sys.platform == 'x'",
    "sys.platform.startswith('x')",
    "sys.version_info < (3,)",
    "sys.version_info[0] == 2",
    "TYPE_CHECKING",
    "not typing.TYPE_CHECKING",
    "PY2",
    "not PY3",
    "MYPY and PY2",
    "False",
]
NOISE = [
    "# type: ignore",
    "# type: ignore[é]",
    "#type:ignore",
    "# mypy: ignore-errors",
    "# mypy: always-true=a",
    "# type: int",
    "# é # type: list[int",
    "# type: (int) -> str",
]


class Program:
    """A program of random statements."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.fresh = 0

    def name(self) -> str:
        return self.random.choice(NAMES)

    def expression(self, depth: int = 0) -> str:
        if depth > 2:
            return self.random.choice([self.name(), "'é # type: ignore'", "1", "b'x'"])
        inner = [self.expression(depth + 1) for _ in range(3)]
        return self.random.choice(
            [
                "{0}.{3}({1}, {3}={2})[{0}]",
                "({0} + {1} < {2})",
                "[{0} for {3} in {1} if {2}]",
                "{{{0}: {1} for {3}, *b in {2}}}",
                "({0} for {3} in {1} for a in {2})",
                "(lambda {3}, b={0}, *c: {1})",
                "({3} := {0})" if depth < 2 else "{0}",
                "f'{{{3}!r:>{{{3}}}}} é {{({3} := 1)}}'" if depth < 2 else "f'{{{3}=}}'",
                "{{**{0}, 'é': {1}}}",
                "({0} if {1} else not {2})",
                "({0}, *{1}, -{2})",
                "{3}",
                "'''é\n# type: ignore\n'''",
            ]
        ).format(*inner, self.name())

    def block(self, depth: int, indent: str, function: bool) -> str:
        count = self.random.randint(1, 2)
        return "".join(self.statement(depth + 1, indent + "  ", function) for _ in range(count))

    def statement(self, depth: int, indent: str, function: bool) -> str:
        return (
            self.simple(indent)
            if depth > 2 or self.random.random() < 0.5
            else self.compound(depth, indent, function)
        )

    def simple(self, indent: str) -> str:
        end = f"  {self.random.choice(NOISE)}\n" if self.random.random() < 0.3 else "\n"
        text = self.random.choice(
            [
                "{1} = {2} = {0}",
                "{1}, [*{2}, c] = {0}",
                "{1}: Annotated[{2}, f({3}), lambda é: é] = {0}",
                "{1}: '{2}'",
                "{1}.x: {2}[1:2] = {0}",
                "{1} += {0}",
                "import {1}.{2} as {3}, {1}.c",
                "from .{1} import {2} as {3}, c",
                "from {1} import ({2},  # é\n c as {3})",
                "assert {4}, {0}",
                "del {1}",
                "{0}",
                "assert {4}; {1} = 1",
            ]
        ).format(self.expression(1), self.name(), self.name(), self.name(), self.random.choice(CONDITIONS))
        return indent + text + end

    def compound(self, depth: int, indent: str, function: bool) -> str:
        blocks = [self.block(depth, indent, function) for _ in range(3)]
        self.fresh += 1
        form = self.random.choice(
            [
                "{i}if {c}:\n{0}{i}elif {e}:\n{1}{i}else:\n{2}",
                "{i}for {n}, b in {e}:\n{0}{i}else:\n{1}",
                "{i}while {e}:\n{0}",
                "{i}with {e} as {n}, {e} as (a, b):\n{0}",
                "{i}try:\n{0}{i}except (A, {n}) as {m}:\n{1}{i}finally:\n{2}",
                "{i}match {e}:\n{i} case [{m}, *{n}]:\n{b}{i} case {{'k': {m}, **b}} if {e}:\n{b}",
                "{i}@{n}.{m}({e})\n{i}def f{k}(self, {m}{k}: {n} = {e}, *c: {n}.x, d: f({m})) -> {n}:\n{f}",
                "{i}async  def {n}(x):\n{f}",
                "{i}@{n}\n{i}class {n}({m}, metaclass={n}, **{m}):\n{0}",
                "{i}class _{n}:\n{0}",
            ]
        )
        return form.format(
            *blocks,
            i=indent,
            c=self.random.choice(CONDITIONS),
            e=self.expression(1),
            n=self.name(),
            m=self.name(),
            k=self.fresh,
            b=self.block(depth, indent + " ", function),
            f=self.body(depth, indent),
        )

    def body(self, depth: int, indent: str) -> str:
        declared = self.random.choice(["", f"{indent}  global {self.name()}, q\n"])
        return declared + self.block(depth, indent, True)

    def text(self) -> str:
        head = "".join(
            self.random.choice([*NOISE, "", "'é'"]) + "\n" for _ in range(self.random.randint(0, 3))
        )
        return head + "".join(self.statement(0, "", False) for _ in range(self.random.randint(1, 4)))


def test_generated_programs_agree_with_symtable() -> None:
    first = random.randrange(10_000_000)
    read = 0
    for seed in range(first, first + PROGRAMS):
        source = Program(seed).text().encode()
        try:
            expected = symbol_tables.of_python(source)
        except SyntaxError:
            continue
        read += 1
        found = symbol_tables.of_binder(source)
        assert found == expected, f"seed {seed}:\n{source.decode()}\n{found - expected}\n{expected - found}"
    assert read > PROGRAMS // 10, f"seed {first}: {read} of {PROGRAMS} programs are Python"


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_for_type_checkers_hides_nothing(condition: str) -> None:
    source = f"# type: ignore\nassert {condition}\nif {condition}: a = 1\nelse: b = 2\nc: int = 3\n".encode()
    assert symbol_tables.of_binder(source) == symbol_tables.of_python(source)
