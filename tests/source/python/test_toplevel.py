"""What a module defines, for the rules that ask whether a name is there."""

import pytest

from hardcut.source.python.toplevel import binds, top_level

FORMS = [
    (
        "def f(): ...\nclass C:\n x = 1\n def m(self): y = 1\n class D: z: int",
        ["f", "C", "C.x", "C.m", "C.D", "C.D.z"],
    ),
    ("with a as b: ...\nfor c in d: ...\n(e := 1)\nf(g := 1)", ["b", "c", "e", "g"]),
    ("def f():\n global x\n x = 1", ["f", "x"]),
    ("if a:\n x = 1\nelse:\n def x(): ...", ["x", "x"]),
    ("try: ...\nexcept A as e: f = 1", ["f"]),
    ("match a:\n case [b, *c]: d = 1", ["b", "c", "d"]),
    ("type X[T] = T\nclass C[T]:\n x = 1", ["X", "C", "C.x"]),
    ("x += 1\nx, (y, *z) = a", ["x", "x", "y", "z"]),
    ("del x\ndef f(): y = 1\n[z for z in a]", ["f"]),
    ("class C:\n __x = 1", ["C", "C.__x"]),
    ("x: int\n(y): int\nz: int = 1", ["x", "z"]),
]


@pytest.mark.parametrize(("source", "names"), FORMS)
def test_definitions(source: str, names: list[str]) -> None:
    assert [found.name for found in top_level(source.encode(), "p")] == names


IMPORTS = [
    ("import a.b", [("a", "a")]),
    ("import a.b as c, d", [("c", "a.b"), ("d", "d")]),
    (
        "from . import b\nfrom .c import d as e\nfrom ..c import f",
        [("b", "p.q.b"), ("e", "p.q.c.d"), ("f", "p.c.f")],
    ),
    ("from .a import *", [("*", "p.q.a")]),
    ("from ....a import b", []),
    ("from __future__ import annotations", []),
    ("if TYPE_CHECKING:\n from a import b", [("b", "a.b")]),
    ("def f():\n import a", [("f", None)]),
]


@pytest.mark.parametrize(("source", "expected"), IMPORTS)
def test_imports_are_definitions_with_a_target(source: str, expected: list[tuple[str, str | None]]) -> None:
    assert [(found.name, found.target) for found in top_level(source.encode(), "p.q")] == expected


def test_a_definition_has_the_place_of_its_name_in_characters() -> None:
    found = top_level("é = 1; ü = 2\n@d\ndef f(): ...\nfrom a import (\n  b as c)".encode(), None)
    places = [(place.name, place.span.line, place.span.column, place.span.end_column) for place in found]
    assert places == [("é", 1, 1, 2), ("ü", 1, 8, 9), ("f", 3, 5, 6), ("c", 5, 3, 4)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("with a as x: ...", True),
        ("def f():\n global x\n x = 1", True),
        ("f'{(x := 1)}'", True),
        ("from __future__ import x", True),
        ("def f(): x = 1", False),
        ("del x", False),
        ("x.y = 1", False),
    ],
)
def test_whether_a_module_binds_a_name(source: str, expected: bool) -> None:
    assert binds(source.encode(), "x") is expected
