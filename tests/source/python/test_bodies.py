"""What a function's body says, and that no body takes a reader down or keeps it for long."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from hardcut.flow import cfg
from hardcut.source.bodies import Body
from hardcut.source.python import body_flow
from hardcut.source.python.bodies import bodies
from tests.limits import within

N = 3000
DEEP = {
    "parentheses": "x = " + "(" * N + "f(a)" + ")" * N,
    "tuples": "return " + "(" * N + "1," + ")," * (N - 1) + ")",
    "lists": "if not a: return " + "[" * N + "]" * N,
    "tuples compared": "if a == " + "(" * N + "1," + ")," * (N - 1) + "): pass",
    "plus": "x = " + " + ".join(["a"] * N),
    "plus of strings": "x = " + " + ".join(['"a"'] * N),
    "plus to the right": "x = a + (" * N + "a" + ")" * N,
    "or of sets": "x = " + " | ".join(["set(a)"] * N),
    "a chain of assignments": " = ".join(f"x{number}" for number in range(N)) + " = f(a)",
    "conditions": "return " + " if a else ".join(["f(a)"] * N),
    "or": "return " + " or ".join(["f(a)"] * N),
    "not": "if " + "not " * N + "a: pass",
    "comparisons": "return " + " < ".join(["a"] * N),
    "calls": "a" + "()" * N,
    "calls in calls": "return " + "f(" * N + "a" + ")" * N,
    "attributes": "return a" + ".b" * N,
    "subscripts": "return a" + "[0]" * N,
    "lambdas": "return " + "lambda: " * N + "a",
    "comprehensions": "return " + "[" * 200 + "a" + " for a in b]" * 200,
    "elif": "if a: return 1\n" + "elif a: f(a)\n" * N,
    "ways": "".join(f"if a: f{number}(a)\nelse: g{number}(a)\n" for number in range(N)),
    "branches within": "".join(" " * level + "if a:\n" for level in range(95)) + " " * 95 + "f(a)",
    "functions within": "".join(" " * level + "def f():\n" for level in range(95)) + " " * 95 + "f(a)",
    "handlers": "try: f(a)\n" + "except E: pass\n" * N,
    "patterns": "match a:\n case " + "(" * 500 + "1" + ")" * 500 + ": pass",
    "aliases": "\n".join(f"x{number + 1} = x{number}" for number in range(N)) + f"\nx{N}(a)",
    "names that meet": "\n".join(f"x{n + 1} = x{n} if a else x{n}.y" for n in range(60)) + "\nx60()",
    "half a statement": "return f(a",
    "nothing": "",
}


def read(body: str) -> list[Body]:
    text = "def f(a, b=None):\n" + "".join(f"    {line}\n" for line in body.split("\n"))
    return bodies(text.encode(), "m", "", "f")


@pytest.mark.parametrize("name", DEEP)
def test_deep_and_wide_bodies_end(name: str) -> None:
    with within(10):
        read(DEEP[name])


@pytest.mark.parametrize("seed", range(3))
def test_cut_and_garbled_bodies(seed: int) -> None:
    chance = random.Random(seed)
    data = Path(body_flow.__file__).read_bytes()
    for _ in range(40):
        cut = chance.randrange(len(data))
        garbled = bytes(chance.randrange(256) if chance.random() < 0.01 else one for one in data)
        for text in (data[:cut], data[cut:], garbled):
            for name in (
                "BodyFlow.read",
                "_GraphReader._block",
                "ROLES",
                "BodyFlow.imports",
                "",
                ".",
                "a.b.c.d",
            ):
                bodies(text, "m", "", name)


def calls(body: Body, *names: str) -> set[int]:
    """The calls of some functions, by their places in the body's list."""
    return {
        number
        for number, call in enumerate(body.calls)
        if any(path.rsplit(".", 1)[-1] in names for path in call.paths)
    }


def answers_without(text: str) -> list[tuple[str, int]]:
    """The kinds and lines of the answers that need no call of `native`; `fail` never returns."""
    (body,) = read(text)
    empty = {number for number, answer in enumerate(body.answers) if answer.empty}
    found = body.summary.answers_without(
        calls(body, "native"), calls(body, "fail", "exit"), calls(body, "log"), empty
    )
    return [(body.answers[number].kind, body.answers[number].span.line - 1) for number in found]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("return native(a)", []),
        ("return a.b", [("value", 1)]),
        ("if x: native()\nelse:\n  native()\n  g()\nreturn 1", []),
        ("if x: native()\nreturn 1", [("value", 2)]),
        ("if x: native()", [("end", 1)]),
        ("x = y or native()\nreturn x", [("value", 2)]),
        ("x = y and native()\nreturn x", [("value", 2)]),
        ("x = native() or y\nreturn x", []),
        ("return native() if x else g()", [("value", 1)]),
        ("return native(x if y else z)", []),
        ("for x in y:\n  native()", []),
        ("for x in y:\n  return native()\nelse:\n  raise E", []),
        ("for x in y:\n  return native()", [("end", 2)]),
        ("return [native(x) for x in y]", []),
        ("while True:\n  return native()", []),
        ("while True:\n  if x: return native()\n  native()", []),
        ("raise E", []),
        ("assert False", []),
        ("assert x\nreturn native()", []),
        ("if x:\n  return native()\nfail()", []),
        ("if x:\n  return native()\nimport sys\nsys.exit(1)", []),
        ("if x:\n  return native()\nelse:\n  g()\n  fail()", []),
        ("try:\n  g()\nexcept E:\n  return 1\nreturn native()", []),
        ("try:\n  return native()\nfinally:\n  g()", []),
        ("with g() as h:\n  return native()", []),
        ("match x:\n  case 1: return native()\n  case _: raise E", []),
        ("match x:\n  case 1: return native()", [("end", 2)]),
        ("def inner(): return native()\nreturn inner", []),
        ("x = lambda: native()\nreturn x", []),
        ("return NotImplemented", []),
        ("return native()\nreturn 1", []),
        ("if x: return g()\nelif y: return native()\nelse: pass\nreturn native()", [("value", 1)]),
        ("if a: return native()\nreturn []", [("value", 2)]),
    ],
)
def test_answers_to_which_a_way_leads_without_a_call(text: str, wanted: list[tuple[str, int]]) -> None:
    assert answers_without(text) == wanted


@pytest.mark.parametrize(
    ("test", "empty"),
    [
        ("a is None", True),
        ("not a", True),
        ("len(a) == 0", True),
        ("a.b is None", True),
        ("a is None or b is None", True),
        ("a is None and b", True),
        ("not (a and b)", True),
        ("a", False),
        ("a is not None", False),
        ("a is None or x", False),
        ("self.a is None", False),
        ("c is None", False),
        ("a is True", False),
    ],
)
def test_nothing_for_nothing(test: str, empty: bool) -> None:
    assert answers_without(f"if {test}:\n  return []\nreturn native(a)") == ([] if empty else [("value", 2)])
    assert answers_without(f"if {test}:\n  log(a)\n  return []\nreturn native(a)") == (
        [] if empty else [("value", 3)]
    )
    assert answers_without(f"if {test}:\n  g(a)\n  return []\nreturn native(a)") == [("value", 3)]
    assert answers_without(f"if {test}:\n  return 7\nreturn native(a)") == [("value", 2)]


RECOVERIES = [
    ("try:\n  native()\nexcept E:\n  return 1", [3]),
    ("try:\n  native()\nexcept E:\n  raise F", []),
    ("try:\n  native()\nexcept E:\n  if x: raise F", [3]),
    ("try:\n  native()\nexcept E:\n  fail()", []),
    ("try:\n  native()\nexcept E:\n  assert False", []),
    ("try:\n  native()\nexcept E:\n  import sys\n  sys.exit(1)", []),
    ("try:\n  native()\nexcept E as e:\n  error = e\nelse:\n  return 1\nraise error", []),
    ("try:\n  native()\nexcept E:\n  while True:\n    if x: raise F", []),
    ("try:\n  native()\nexcept E:\n  while True:\n    return 1", [3]),
    ("try:\n  native()\nexcept E:\n  for x in y:\n    raise F\n  raise G", []),
    ("try:\n  g()\nexcept E:\n  return 1\nreturn native()", []),
    ("try:\n  try:\n    native()\n  except E:\n    raise F\nexcept F:\n  return 1", [6]),
    ("try:\n  try:\n    native()\n  finally:\n    g()\nexcept F:\n  return 1", [6]),
    ("try:\n  native()\nfinally:\n  return 1", [4]),
    ("try:\n  native()\nexcept* E:\n  pass", [3]),
    ("try:\n  native()\nexcept* E:\n  raise F", []),
    ("for x in y:\n  try:\n    return native()\n  except E:\n    continue\nraise F", [4]),
    ("for x in y:\n  try:\n    native()\n  except E:\n    fail()", []),
    ("with suppress(E):\n  native()", [1]),
    ("with suppress(E) as s, lock:\n  native()", [1, 1]),
    ("try:\n  import native\nexcept ImportError:\n  return 1", [3]),
    ("def inner():\n  try:\n    native()\n  except E:\n    return 1\nreturn inner()", [4]),
]


@pytest.mark.parametrize(("text", "lines"), RECOVERIES)
def test_where_a_failure_ends(text: str, lines: list[int]) -> None:
    (body,) = read(text)
    native = calls(body, "native")
    failing = [
        number
        for number, block in enumerate(body.summary.blocks)
        if native.intersection(block.calls) or "native" in block.imports
    ]
    found = body.summary.recoveries(failing, calls(body, "fail", "exit"))
    assert [recovery.line - 1 for recovery in found] == lines


@pytest.mark.parametrize(
    ("text", "returns"),
    [
        ("raise E", False),
        ("fail()", False),
        ("return fail()", False),
        ("g()", True),
        ("if a: fail()", True),
        ("while True: g()", False),
        ("while True:\n  if g(): return 1", True),
        ("for x in a: fail()", True),
        ("try: fail()\nexcept E: pass", True),
        ("try: fail()\nfinally: g()", False),
        ("try:\n  return 1\nfinally:\n  fail()", True),
        ("def inner(): return 1\nfail()", False),
        ("yield 1", True),
    ],
)
def test_whether_a_function_returns(text: str, returns: bool) -> None:
    (body,) = read(text)
    assert body.summary.may_return(calls(body, "fail")) is returns


def test_works_of_a_handler_that_raises_are_doomed() -> None:
    (body,) = read("try:\n  g()\nexcept E:\n  x = 1 - a\n  raise F(x)\nreturn a - 1")
    doomed = body.summary.doomed(frozenset())
    assert [doomed.issuperset(work.blocks) for work in body.works] == [True, False]


def test_what_never_runs_does_nothing() -> None:
    (body,) = read("return a\nreturn native(a) - 1")
    assert (body.calls, body.works, len(body.answers)) == ([], [], 1)


def test_a_function_that_is_too_large_is_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cfg, "MOST_BLOCKS", 50)
    assert read("if a: pass\n" * 100)[0].kind == "unread"


def test_definitions_of_a_name() -> None:
    text = (
        b"from typing import overload\n@overload\ndef f(a: int): ...\n@overload\ndef f(a: str): ...\n"
        b"def f(a): return g(a)\nif x:\n    f = lambda a: h(a)\nelse:\n    f = k\n"
        b"class C:\n    f = 1\n    def __init__(self, a): self.raw = Raw(a)\n"
        b"    def f(self): return self.raw.f()\n"
        b"def outer():\n    def f(): pass\n"
    )
    assert [one.kind for one in bodies(text, "m", "", "f")] == ["stub", "stub", "function", "lambda", "bound"]
    assert [one.gives for one in bodies(text, "m", "", "C.raw")] == [["m.Raw()"]]
    assert [one.gives for one in bodies(text, "m", "", "C.f")] == [[], ["m.C.raw.f()"]]
    assert bodies(text, "m", "", "nothing") == bodies(text, "m", "", "outer.f") == []
