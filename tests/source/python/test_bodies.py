"""What a function's body says, and that no body takes a reader down or keeps it for long."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from hardcut.source.bodies import Body
from hardcut.source.python import ways_out
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
    data = Path(ways_out.__file__).read_bytes()
    for _ in range(40):
        cut = chance.randrange(len(data))
        garbled = bytes(chance.randrange(256) if chance.random() < 0.01 else one for one in data)
        for text in (data[:cut], data[cut:], garbled):
            for name in ("WaysOut._if", "WaysOut._try", "_is_value", "WaysOut.tree", "", ".", "a.b.c.d"):
                bodies(text, "m", "", name)


def test_an_answer_knows_what_was_called_before_on_every_way() -> None:
    (body,) = read("if a:\n    g()\nelse:\n    h()\n    i()\nreturn j(k())")
    assert [call.paths for call in body.calls] == [["m.g"], ["m.h"], ["m.i"], ["m.k"], ["m.j"]]
    assert body.answers[0].before == [[0, 3, 4], [1, 2, 3, 4]]


def test_what_only_may_be_called_is_not_called_before() -> None:
    (body,) = read("x = b or g()\nfor one in h():\n    pass\ntry:\n    i()\nexcept E:\n    raise\nreturn x")
    assert body.answers[0].before == [[1, 2]]
    assert (body.answers[0].kind, body.works) == ("value", [])


@pytest.mark.parametrize(
    ("test", "empty"),
    [
        ("a is None", True),
        ("not a", True),
        ("len(a) == 0", True),
        ("a.b is None", True),
        ("a is None or b is None", True),
        ("a is None and b", True),
        ("a", False),
        ("a is not None", False),
        ("a is None or g()", False),
        ("self.a is None", False),
        ("c is None", False),
    ],
)
def test_nothing_for_nothing(test: str, empty: bool) -> None:
    (body,) = read(f"if {test}:\n    return []\nreturn g(a)")
    assert body.answers[0].nothing is empty


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
