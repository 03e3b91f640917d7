"""Scopes and bindings: what the binder finds in small sources, and that it agrees with Python's
`symtable`."""

import os
import random
import sysconfig
from pathlib import Path

import pytest
import symbol_tables

from hardcut.semantic.binder import Binder
from hardcut.semantic.scopes import BindingKind, ConditionKind
from hardcut.syntax.parser import parse

SAMPLE = int(os.environ.get("HARDCUT_SYMTABLE_SAMPLE", "60"))


def bound(source: str) -> Binder:
    binder = Binder(parse(source.encode()))
    binder.bind()
    return binder


FORMS = [
    ("a = 1", ["module: a assignment"]),
    ("a: int", ["module: a annotation without a value"]),
    ("(a): int", []),
    ("a: int = 1", ["module: a assignment"]),
    ("a = b = 1", ["module: a assignment", "module: b assignment"]),
    ("a, (b, *c) = d", ["module: a assignment", "module: b assignment", "module: c assignment"]),
    ("[a, b] = d", ["module: a assignment", "module: b assignment"]),
    ("a.b = c[d] = 1", []),
    ("a += 1", ["module: a augmented assignment"]),
    ("for a, b in c: d = 1", ["module: a for target", "module: b for target", "module: d assignment"]),
    ("with a as b, c as (d, e): ...", [f"module: {name} with target" for name in "bde"]),
    ("try: ...\nexcept A as b: ...", ["module: b except target"]),
    ("try: ...\nexcept* A as b: ...", ["module: b except target"]),
    ("f(a := 1)", ["module: a assignment expression"]),
    ("f'{(a := 1)}'", ["module: a assignment expression"]),
    ("t'{(a := 1)!r:{(b := 2)}}'", [f"module: {name} assignment expression" for name in "ab"]),
    (
        "[(a := b) for b in c]",
        ["list comprehension listcomp: b comprehension target", "module: a assignment expression"],
    ),
    (
        "@(a := f)\ndef g(b=(c := 1)): ...",
        [
            "function g: b parameter",
            "module: a assignment expression",
            "module: c assignment expression",
            "module: g function",
        ],
    ),
    (
        "class C(B, m=(a := 1), **(b := {})): ...",
        [
            "module: C class",
            "module: a assignment expression",
            "module: b assignment expression",
        ],
    ),
    ("a: (b := 1)", ["module: a annotation without a value", "module: b assignment expression"]),
    (
        "match x:\n case {'k': a, **b}: ...\n case [c, *d]: ...\n case E(f, g=h) | (1 as i): ...\n"
        " case _: ...",
        [f"module: {name} match capture" for name in "abcdfhi"],
    ),
    ("import a.b, c.d as e, f", [f"module: {name} import" for name in "aef"]),
    ("from a import b, c as d\nfrom . import e", [f"module: {name} import" for name in "bde"]),
    ("lazy import a.b\nlazy from c import d", ["module: a import", "module: d import"]),
    ("from a import *", []),
    ("del a, (b, c)", [f"module: {name} del" for name in "abc"]),
    (
        "def f(a, /, b, *c, d, **e): ...",
        [
            *(f"function f: {name} parameter" for name in "abcde"),
            "module: f function",
        ],
    ),
    ("lambda a, *b: a", ["lambda lambda: a parameter", "lambda lambda: b parameter"]),
    ("class C:\n a = 1", ["class C: a assignment", "module: C class"]),
    (
        "class _C:\n __a = 1\n __b__ = 1",
        [
            "class _C: _C__a assignment",
            "class _C: __b__ assignment",
            "module: _C class",
        ],
    ),
    ("type X = int", ["module: X type alias"]),
    (
        "type X[T: int, *U, **V] = T",
        [
            "module: X type alias",
            *(f"type parameters X: {name} type parameter" for name in "TUV"),
        ],
    ),
    ("def f[T: (int, str) = int](): ...", ["module: f function", "type parameters f: T type parameter"]),
    (
        "class C[__T]: ...",
        ["module: C class", "type parameters C: _C__T type parameter"],
    ),
    ("def f():\n global a\n a = 1", ["module: a assignment", "module: f function"]),
    ("class C:\n global a\n def a(): ...", ["module: C class", "module: a function"]),
    (
        "def f():\n a = 1\n def g():\n  nonlocal a\n  a = 2",
        [
            "function f: a assignment",
            "function f: a assignment",
            "function f: g function",
            "module: f function",
        ],
    ),
    (
        "é = 1\nclass \u017f: __ñ = 1",
        [
            "class s: _s__ñ assignment",
            "module: s class",
            "module: é assignment",
        ],
    ),
    ("# é\nimport zz.é, ñ as ö\nfrom .ü import ä", [f"module: {name} import" for name in ("zz", "ä", "ö")]),
    (
        "# é\ndef é(ü): global ö; ö = 1",
        ["function é: ü parameter", "module: é function", "module: ö assignment"],
    ),
    (
        "assert TYPE_CHECKING\nTYPE_CHECKING = platform = 1",
        [
            "module: TYPE_CHECKING assignment",
            "module: platform assignment",
        ],
    ),
]


@pytest.mark.parametrize(("source", "expected"), FORMS, ids=[source for source, _ in FORMS])
def test_binding_forms(source: str, expected: list[str]) -> None:
    found = [
        f"{scope.kind.value}{scope.name and ' ' + scope.name}: {binding.name} {binding.kind.value}"
        for scope in bound(source).scopes
        for binding in scope.bindings
    ]
    assert sorted(found) == sorted(expected)


@pytest.mark.parametrize(("source", "expected"), FORMS, ids=[source for source, _ in FORMS])
def test_a_binding_has_the_range_of_its_name(source: str, expected: list[str]) -> None:
    binder = bound(source)
    for scope in binder.scopes:
        for binding in scope.bindings:
            assert binding.statement_start <= binding.start <= binding.end <= binding.statement_end
            if binding.kind is not BindingKind.IMPORT:
                text = binder.module.dotted_name(binding.start, binding.end)
                assert binding.name.endswith(text), binding


HEADS = [
    ("def f(): ...", "def f(): ...", "f"),
    ("async  def \\\n f(): ...", "async  def \\\n f(): ...", "f"),
    ("@a.b\n@c(d)\ndef   f(): ...", "@a.b\n@c(d)\ndef   f(): ...", "f"),
    ("x; y\n@a\nasync def f(): ...", "@a\nasync def f(): ...", "f"),
    ("class  C: ...", "class  C: ...", "C"),
    ("@(a)\n@b\nclass \\\n  C(\n): ...", "@(a)\n@b\nclass \\\n  C(\n): ...", "C"),
    ("@a('@')\nclass C: ...", "@a('@')\nclass C: ...", "C"),
    ("if x:\n  @a\n  class C: ...\n", "@a\n  class C: ...", "C"),
    ("def é(): ...", "def é(): ...", "é"),
]


@pytest.mark.parametrize(("source", "whole", "name"), HEADS)
def test_a_definition_has_its_range_and_that_of_its_name(source: str, whole: str, name: str) -> None:
    binder = bound(source)
    (definition,) = [scope.definition for scope in binder.scopes if scope.definition is not None]
    text = binder.module.text
    assert text(definition.statement_start, definition.statement_end) == whole
    assert text(definition.start, definition.end) == name
    assert (binder.scopes[1].start, binder.scopes[1].end) == (
        definition.statement_start,
        definition.statement_end,
    )


CONDITIONS = [
    ("if a: x = 1", "if"),
    ("if a: ...\nelse: x = 1", "else"),
    ("if a: ...\nelif b: x = 1", "if else"),
    ("if a: ...\nelif b: ...\nelse: x = 1", "else else"),
    ("try: x = 1\nexcept A: ...", "try"),
    ("try: x = 1\nfinally: ...", ""),
    ("try: ...\nexcept A: x = 1", "except"),
    ("try: ...\nexcept A: ...\nelse: x = 1", "try else"),
    ("try: ...\nfinally: x = 1", ""),
    ("for y in z: x = 1", "loop"),
    ("while y: ...\nelse: x = 1", "loop else"),
    ("with y:\n if z: x = 1", "if with"),
    ("match y:\n case 1: x = 1", "case"),
    ("if a:\n def f(): x = 1", ""),
    ("if a: ...\nx = 1", ""),
]


@pytest.mark.parametrize(("source", "expected"), CONDITIONS)
def test_a_binding_knows_its_conditions(source: str, expected: str) -> None:
    (binding,) = [found for scope in bound(source).scopes for found in scope.bindings if found.name == "x"]
    assert " ".join(condition.kind.value for condition in binding.conditions()) == expected


def test_a_try_block_knows_its_handlers() -> None:
    binder = bound("try: x = 1\nexcept ImportError: ...\nexcept: ...")
    condition = binder.top["x"][0].condition
    assert condition is not None
    assert condition.kind is ConditionKind.TRY
    named, bare = condition.handlers
    reader = binder.module.reader(named.position + 1)
    assert (reader.string(), bare.position) == ("ImportError", -1)


def test_a_position_is_where_the_statement_can_be_read_again() -> None:
    binder = bound("if a:\n  x = 1\n  y = (z := 2)\ndef f(): ...\n")
    tags = {name: binder.module.stream[binder.top[name][0].position] for name in "xyzf"}
    assert tags == {"x": 169, "y": 169, "z": 169, "f": 179}


def test_chains_are_read_without_recursion() -> None:
    for chain in (" + a" * 30_000, ".b" * 30_000, "()" * 30_000, "[c]" * 30_000):
        assert bound("a" + chain).names[0] == "a"


NESTED = ["f(%s)", "[%s]", "(lambda a: %s)", "f[g(%s)]", "{1: %s}", "(a if b else %s)", "[a for b in %s]"]


@pytest.mark.parametrize("form", NESTED)
def test_nesting_is_read_as_deep_as_python_allows(form: str) -> None:
    source = "deep"
    for _ in range(60):
        source = form % source
    binder = bound(source)
    assert binder.module.problems == []
    assert "deep" in binder.names


@pytest.mark.parametrize("form", [*NESTED, "not %s", "-%s", "a ** %s"])
def test_deeper_nesting_is_a_problem_and_no_crash(form: str) -> None:
    source = "deep"
    for _ in range(400):
        source = form % source
    binder = bound("before\n" + source + "\nafter\n")
    assert "nested" in binder.module.problems[0].message
    assert binder.names[0] == "before"


def test_a_sample_of_installed_files_agrees_with_symtable() -> None:
    paths = list(symbol_tables.python_files([Path(sysconfig.get_path("stdlib"))]))
    seed = random.randrange(1_000_000)
    read = 0
    for path in random.Random(seed).sample(paths, min(SAMPLE, len(paths))):
        try:
            found = symbol_tables.differences(path)
        except symbol_tables.Unreadable:
            continue
        read += 1
        assert found is None, f"seed {seed}: {found}"
    assert read
