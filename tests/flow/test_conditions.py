"""Values and conditions: what is known of an expression holds for every value that its names may have."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from flow_effects import PlainEffects

from hardcut.flow.conditions import (
    ANYTHING,
    EMPTY,
    FALSE,
    FALSY,
    NONE,
    SET,
    SOME,
    TRUE,
    Conditions,
    Environment,
    bind,
    join_environments,
)
from hardcut.flow.exceptions import ANY, Hierarchy, covers
from hardcut.syntax import nodes
from hardcut.syntax.parser import parse
from hardcut.syntax.tree import read_module

VALUES: list[object] = [None, True, False, "x", "", [1], [], ImportError("x"), KeyError("x")]
NAMES = ("a", "b", "c")


def expression(source: str) -> nodes.Expression:
    statement = read_module(parse(source.encode())).body[0]
    assert isinstance(statement, nodes.Expr)
    return statement.value


def abstract(conditions: Conditions, value: object) -> int:
    """The exact value of an object."""
    if value is None:
        return NONE
    if isinstance(value, bool):
        return TRUE if value else FALSE
    if isinstance(value, BaseException):
        return conditions.exception(type(value).__name__)
    return SOME if value else EMPTY


def holds(conditions: Conditions, known: int, value: object) -> bool:
    """Whether an object is one of the possibilities of a value."""
    allowed = ANYTHING | abstract(conditions, value)
    allowed |= FALSY if not value else SOME
    if value is not None:
        allowed |= SET
    if isinstance(value, BaseException):
        allowed |= conditions.exception(ANY)
    return bool(known & allowed)


class Expressions:
    """Writes random expressions over three names."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def write(self, depth: int) -> str:
        inner: Callable[[], str] = lambda: self.write(depth - 1)  # noqa: E731
        name = self.random.choice(NAMES)
        if depth <= 0:
            return name
        kind = self.random.choice(["ImportError", "(KeyError, OSError)", "Exception"])
        sign = self.random.choice(["is", "is not"])
        forms = [
            name,
            f"(not {inner()})",
            f"({inner()} and {inner()})",
            f"({inner()} or {inner()} or {inner()})",
            f"({inner()} if {inner()} else {inner()})",
            f"({inner()} {sign} None)",
            f"({inner()} {sign} {self.random.choice(['True', 'False'])})",
            f"bool({inner()})",
            f"isinstance({inner()}, {kind})",
            self.random.choice(["None", "True", "'x'", "''", "[]", "0", "1"]),
            f"all([{inner()} for _ in (1,)])",
        ]
        return self.random.choice(forms)


@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@pytest.mark.parametrize("first", range(0, 2000, 500))
def test_a_value_is_known_for_every_run(first: int) -> None:
    for seed in range(first, first + 500):
        source = Expressions(seed).write(3)
        node = expression(source)
        chance = random.Random(seed)
        for _ in range(6):
            conditions = Conditions(PlainEffects())
            held = {name: chance.choice(VALUES) for name in NAMES}
            env: Environment = {}
            for name, value in held.items():
                others = [value, *chance.choices(VALUES, k=chance.randrange(3))]
                if chance.random() < 0.8:
                    joined = 0
                    for other in others:
                        joined |= abstract(conditions, other)
                    env[name] = joined
            found = eval(source, dict(held))
            known, yes, no = conditions.assess(node, env)
            assert holds(conditions, known, found), (source, held, env)
            narrowed = yes if found else no
            assert narrowed is not None, (source, held, env)
            for name, value in held.items():
                assert holds(conditions, narrowed.get(name, ANYTHING), value), (source, held, env)


def test_environments_join_to_what_holds_in_both() -> None:
    first, second = {"a": NONE, "b": SOME, "c": TRUE}, {"a": TRUE, "b": SOME}
    assert join_environments(first, second) == {"a": NONE | TRUE, "b": SOME}
    assert join_environments(first, first) is first
    assert join_environments(first, {"a": NONE, "b": SOME, "c": TRUE}) is first
    below = ["a.b", "a.c"]
    assert bind({"a": NONE, "a.b": SOME, "ab": TRUE}, "a", SOME, below) == {"a": SOME, "ab": TRUE}
    assert bind({"a": SOME, "a.b": SOME}, "a", SOME, below) == {"a": SOME}
    same = {"a": SOME, "ab": TRUE}
    assert bind(same, "a", SOME, below) is same
    assert bind({"a": NONE}, "a", ANYTHING) == {}


@pytest.mark.parametrize(
    ("caught", "raised", "expected"),
    [
        (["ImportError"], "ModuleNotFoundError", True),
        (["ModuleNotFoundError"], "ImportError", False),
        (["Exception"], "shop.Missing", True),
        (["Exception"], "SystemExit", False),
        (["BaseException"], "SystemExit", True),
        (["LookupError"], "shop.Missing", True),
        (["KeyError"], "shop.Missing", False),
        (["shop.Base"], "shop.Missing", True),
        (["ValueError"], ANY, True),
        ([], "ImportError", False),
        ([], ANY, False),
    ],
)
def test_which_types_catch_which(caught: list[str], raised: str, expected: bool) -> None:
    hierarchy = Hierarchy()
    hierarchy.note("shop.Base", ["LookupError"])
    hierarchy.note("shop.Missing", ["shop.Base"])
    assert hierarchy.catches(caught, raised) is expected


def test_what_a_name_alone_tells() -> None:
    assert covers(["BaseException"], "shop.Missing")
    assert covers(["OSError"], "FileNotFoundError")
    assert not covers(["KeyError"], "shop.Missing")
