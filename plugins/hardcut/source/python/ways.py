"""The states in which code is left: what a failure's way through a function is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from hardcut.source.python.values import State, joined

if TYPE_CHECKING:
    from tree_sitter import Node

MOST_STATES = 200


class Touch(msgspec.Struct, frozen=True):
    """A place that may fail: `paths` what it reaches, `types` the exceptions it then raises."""

    node: Node
    paths: tuple[str, ...]
    how: str
    types: tuple[str, ...]


class Caught(NamedTuple):
    """A failure that did not reach the caller: which touch, what caught it, how it ended."""

    touch: int
    by: int
    ending: str


class Leave(NamedTuple):
    """What a context manager does with an exception: whether it may end there, and what goes on.

    `through` names a manager of another module: whether it ends there, its own file tells.
    """

    ends: bool
    on: frozenset[str]
    through: tuple[str, ...] = ()


class Ways(msgspec.Struct):
    """The states in which a piece of code is left, by the way it is left."""

    normal: set[State]
    raised: set[tuple[State, str]]
    returned: set[tuple[State, str]]
    broke: set[State]
    continued: set[State]

    @classmethod
    def empty(cls) -> Ways:
        """No way at all."""
        return cls(set(), set(), set(), set(), set())

    def add(self, other: Ways, normal: bool = True) -> None:
        """Take over another piece's ways."""
        if normal:
            self.normal |= other.normal
        self.raised |= other.raised
        self.returned |= other.returned
        self.broke |= other.broke
        self.continued |= other.continued


def going(states: set[State]) -> Ways:
    """The ways of code that simply goes on."""
    ways = Ways.empty()
    ways.normal = set(states)
    return ways


def narrow(states: set[State]) -> set[State]:
    """The same states, or where they are too many one for each failure, with what holds in all of them.

    No failure is lost by that; what a name holds may be unknown afterwards, so that both branches are taken.
    """
    if len(states) <= MOST_STATES or len({(one.hurt, one.by) for one in states}) == len(states):
        return states
    return set(joined(states))


def is_safe(node: Node) -> bool:
    """Whether a statement cannot fail: an assignment of a constant or name, `pass` and its like."""
    if node.type in ("pass_statement", "break_statement", "continue_statement", "function_definition"):
        return True
    inner = node.named_child(0) if node.type == "expression_statement" else None
    if inner is None or inner.type != "assignment":
        return inner is not None and inner.type == "string"
    left, right = inner.child_by_field_name("left"), inner.child_by_field_name("right")
    return (
        left is not None
        and left.type == "identifier"
        and right is not None
        and right.type in ("none", "true", "false", "integer", "string", "identifier")
    )
